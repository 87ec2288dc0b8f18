"""A patient without JavaScript who goes through the whole journey, by the address that patients use."""

import re
import urllib.request
from html.parser import HTMLParser
from http.client import HTTPException
from http.cookiejar import CookieJar
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urljoin

from django.conf import settings
from django.urls import reverse

from clinic import self_test

TIMEOUT_SECONDS = 10
LONGEST_PAGE = 1024 * 1024
REFERENCE = re.compile(r'class="reference">(R-[0-9A-Z-]+)<')


class Broken(Exception):
    """The journey went no further; the text is a code without anything that a page said."""


def ask(test, answers):
    """Ask for an appointment as a patient would, and return the reference that is shown."""
    visitor = _Visitor(self_test.mark_of(test))
    try:
        visitor.open(reverse("request_start"))
        visitor.send(reverse("request_start"), {"answer": "none"})
        visitor.send(reverse("request_form"), answers)
        visitor.send(reverse("request_send"), {})
    except HTTPError as error:
        raise Broken(f"HTTP {error.code}") from error
    except (OSError, HTTPException, UnicodeDecodeError) as error:
        # A refused or mistrusted connection comes as the reason of another error.
        cause = error.reason if isinstance(error, URLError) else error
        raise Broken(type(cause).__name__) from error
    if not (reference := REFERENCE.search(visitor.page)):
        raise Broken("no reference")
    return reference[1]


class _Visitor:
    """Keeps cookies and the last page; certificates are verified, as by any browser."""

    def __init__(self, mark):
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(cookies, _OneRedirect)
        # Browsers send where a form comes from, and the check against forged forms asks for it.
        self.opener.addheaders = [(self_test.HEADER, mark), ("Origin", settings.SITE_URL)]
        self.page = ""

    def open(self, path, fields=None):
        """Get an address, or post fields to it."""
        body = fields and urlencode(fields, doseq=True).encode()
        with self.opener.open(settings.SITE_URL + path, body, timeout=TIMEOUT_SECONDS) as answer:
            self.page = answer.read(LONGEST_PAGE).decode()

    def send(self, path, answers):
        """Fill in the form of the last page that leads to this address."""
        form = _HiddenFields(path)
        form.feed(self.page)
        if not form.is_there:
            raise Broken(f"no form to {path}")
        self.open(path, [*form.fields, *answers.items()])


class _OneRedirect(urllib.request.HTTPRedirectHandler):
    max_redirections = 1

    def redirect_request(self, request, answer, code, message, headers, address):
        """Stay on this site: the mark is for nobody else."""
        if not urljoin(request.full_url, address).startswith(f"{settings.SITE_URL}/"):
            raise Broken("led elsewhere")
        return super().redirect_request(request, answer, code, message, headers, address)


class _HiddenFields(HTMLParser):
    """What the form with this address sends whatever is typed into it."""

    def __init__(self, path):
        super().__init__()
        self.path, self.fields = path, []
        self.is_there = self.is_inside = False

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "form":
            self.is_inside = attributes.get("action") == self.path
            self.is_there |= self.is_inside
        elif tag == "input" and self.is_inside and attributes.get("type") == "hidden":
            self.fields.append((attributes["name"], attributes.get("value") or ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self.is_inside = False

"""A visitor without JavaScript: reads pages, fills in forms, keeps cookies, follows nothing by itself."""

import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

# Without an e-mail address, so that a request owes one mail: the notice.
ANSWERS = {
    "full_name": "Rosa Valdez",
    "phone": "(555) 010-0123",
    "location": "northside",
}


@dataclass
class Form:
    """A form as the browser would send it."""

    action: str
    method: str
    fields: list = field(default_factory=list)

    def fill(self, **answers):
        """Answer questions; a list answers with several values."""
        self.fields = [(name, value) for name, value in self.fields if name not in answers]
        for name, given in answers.items():
            self.fields += [(name, value) for value in (given if isinstance(given, list) else [given])]
        return self


@dataclass(frozen=True)
class Page:
    """An answer of the server."""

    url: str
    status: int
    headers: object
    text: str

    @property
    def location(self):
        return self.headers["Location"]

    @property
    def forms(self):
        reader = _FormReader(self.url)
        reader.feed(self.text)
        return reader.forms

    def form(self, ending):
        """Return the one form whose action ends like this."""
        (form,) = (form for form in self.forms if form.action.endswith(ending))
        return form


class Visitor:
    def __init__(self, site_url, timeout=60):
        self.site_url, self.timeout = site_url, timeout
        self.seen = []
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar()), _StayHere()
        )

    def open(self, path, fields=None, **headers):
        """Get an address, or post fields to it."""
        return self._ask(path, None if fields is None else urlencode(fields).encode(), headers)

    def upload(self, form, name, content):
        """Send a form with a file in its field `upload`."""
        files = {"upload": SimpleUploadedFile(name, content)}
        body = encode_multipart(BOUNDARY, dict(form.fields) | files)
        return self._ask(form.action, body, {"Content-Type": MULTIPART_CONTENT})

    def _ask(self, path, body, headers):
        url = urljoin(self.site_url, path)
        try:
            answer = self.opener.open(urllib.request.Request(url, body, headers), timeout=self.timeout)
        except HTTPError as error:
            answer = error
        with answer:
            page = Page(url, answer.status, answer.headers, answer.read().decode())
        self.seen.append(page)
        return page

    def send(self, form, **headers):
        return self.open(form.action, form.fields, **headers)

    def sign_in(self, username, password):
        form = self.open("/admin/login/").form("/admin/login/")
        return self.send(form.fill(login=username, password=password))

    def form_page(self):
        return self.open("/appointments/request/")

    def checked(self, **answers):
        """Fill in the request form and return the form of the check page, ready to send."""
        form = self.form_page().form("/appointments/request/").fill(**ANSWERS | answers)
        return self.send(form).form("/appointments/request/send/")

    def ask(self, **answers):
        """Go all the way through the journey and return the answer to the last click."""
        return self.send(self.checked(**answers))


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


class _FormReader(HTMLParser):
    def __init__(self, url):
        super().__init__()
        self.url, self.forms = url, []
        self.form = self.select = self.textarea = None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            action = urljoin(self.url, attributes.get("action") or self.url)
            self.form = Form(action, attributes.get("method", "get").lower())
            self.forms.append(self.form)
        elif self.form is not None:
            getattr(self, f"_{tag}", lambda _: None)(attributes)

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "textarea" and self.textarea:
            name, text = self.textarea
            # Browsers drop the line break that templates put before the text.
            self.form.fields.append((name, text.removeprefix("\n")))
            self.textarea = None
        elif tag == "select" and self.select:
            name, first, chosen = self.select
            self.form.fields.append((name, first if chosen is None else chosen))
            self.select = None

    def handle_data(self, data):
        if self.textarea:
            self.textarea[1] += data

    def _input(self, attributes):
        kind = attributes.get("type", "text")
        is_left_out = kind in ("radio", "checkbox") and "checked" not in attributes
        if "name" in attributes and kind != "submit" and not is_left_out:
            default = "on" if kind == "checkbox" else ""
            self.form.fields.append((attributes["name"], attributes.get("value", default)))

    def _textarea(self, attributes):
        self.textarea = [attributes["name"], ""]

    def _select(self, attributes):
        self.select = [attributes["name"], None, None]

    def _option(self, attributes):
        value = attributes.get("value", "")
        if self.select[1] is None:
            self.select[1] = value
        if "selected" in attributes:
            self.select[2] = value

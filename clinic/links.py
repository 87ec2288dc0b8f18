"""Where links to our own site lead: to a page, by an old address to a newer one, or nowhere.

Each app registers which rows have a page, so that a text full of links is followed in one query.
"""

from collections import defaultdict
from urllib.parse import unquote, urlsplit

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.db.models import Value
from django.urls import Resolver404, resolve

from clinic import redirects
from clinic.models import Document, Location, Page

NOWHERE = ""

_rows_of = {}


def register(route, rows):
    """Name the function that returns the rows with a page at this route, told apart by their slugs."""
    _rows_of[route] = rows


register("page_detail", Page.objects.published)
register("location_detail", Location.objects.all)
register("document", Document.objects.listed)


def follow(hrefs):
    """Return {link: where it leads} for those of these links that stay on our site.

    A link leads to itself, to the newer address of its page, or NOWHERE.
    """
    own = {href: address for href in hrefs if (address := _own_address(href))}
    there = _with_a_page({urlsplit(address).path for address in own.values()})
    return {
        href: href if urlsplit(address).path in there else _newer(address) for href, address in own.items()
    }


def _own_address(href):
    try:
        return redirects.own_address(href)
    except ValueError:
        return None


def _newer(address):
    parts = urlsplit(address)
    redirect = redirects.find(unquote(parts.path), parts.query)
    return redirect.target if redirect else NOWHERE


def _with_a_page(paths):
    """Return those of these paths at which readers find something."""
    there, asked = set(), defaultdict(dict)
    for path in paths:
        match = _match(path)
        if match is None or match.namespaces:
            continue
        if match.url_name in _rows_of:
            asked[match.url_name].setdefault(match.kwargs["slug"], []).append(path)
        elif match.url_name != "media" or _is_stored(match.kwargs["path"]):
            there.add(path)
    for route, slug in _existing(asked):
        there.update(asked[route][slug])
    return there


def _existing(asked):
    """Return (route, slug) of those asked for that have a page."""
    kinds = [
        _rows_of[route]().filter(slug__in=slugs).order_by().values_list(Value(route), "slug")
        for route, slugs in asked.items()
    ]
    return kinds[0].union(*kinds[1:]) if kinds else []


def _match(path):
    """Return the route of a path, with the slash at its end that Django would add."""
    for address in (unquote(path), unquote(path) + "/"):
        try:
            return resolve(address)
        except Resolver404:
            continue
    return None


def _is_stored(name):
    try:
        return default_storage.exists(name)
    except SuspiciousFileOperation:
        return False

"""The plan of a move: where each public text of the earlier site will be, before the first one is stored."""

import hashlib
from itertools import chain, count
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from django.urls import Resolver404, resolve, reverse
from django.utils.text import slugify

from articles.importers.wordpress.export import Export, Item
from articles.models import Article
from articles.writing import RESERVED_SLUGS

PREFIX = "wordpress:"
LONGEST_SOURCE = Article._meta.get_field("imported_from").max_length
# Leaves room for a number; articles.writing cuts at 56.
LONGEST_SLUG = 53
# These queries are addresses of their own; others only say where a visitor came from.
NUMBERS = ("p", "page_id", "attachment_id", "cat", "author")
UPLOADS = "/uploads/"


class Plan:
    """The old addresses of an export, and the new one of each text that was public."""

    def __init__(self, export: Export):
        sites = [urlsplit(site) for site in export.sites if site]
        self.hosts = {_host(site) for site in sites}
        self.home = min((site.path.rstrip("/") for site in sites), key=len, default="") + "/"
        self.sources = _sources(export.texts)
        self.slugs = self._slugs(export.texts)
        self.moved = {
            path.rstrip("/"): self.address(item)
            for item in export.texts
            if item.is_public
            for path in self.old_paths(item)
        }

    def replaced_by(self, item: Item) -> str:
        """Return the address of the site's own page in place of a page, such as /staff/, or nothing."""
        path = self.path(item.link) if item.type == "page" else ""
        return path if is_fixed(path) else ""

    def address(self, item: Item) -> str:
        """Return the new address of a post or page."""
        if own := self.replaced_by(item):
            return own
        name = "article_detail" if item.type == "post" else "page_detail"
        return reverse(name, args=[self.slugs[item.number]])

    def old_paths(self, item: Item) -> set[str]:
        """Return the addresses of a post, page or attachment on the earlier site."""
        numbers = {"page": ("page_id", "p"), "attachment": ("attachment_id",)}.get(item.type, ("p",))
        paths = {f"{self.home}?{name}={item.number}" for name in numbers}
        # A guid with a number in it may be that of another post, after an import into WordPress.
        guid = "" if "?" in item.guid else item.guid
        return paths | {path for url in (item.link, guid) if (path := self.path(url))}

    def path(self, url: str) -> str:
        """Return the path of an address on the earlier site, with the query that counts; else nothing."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return ""
        if parts.scheme not in ("http", "https") or _host(parts) not in self.hosts:
            return ""
        query = parse_qs(parts.query)
        number = next((f"?{name}={query[name][0]}" for name in NUMBERS if name in query), "")
        return (unquote(parts.path) or "/") + number

    def link(self, href: str, page: str) -> str:
        """Return where a link on a page of the earlier site leads now; nothing if to one of its files."""
        address, hash_, fragment = href.partition("#")
        path = self.path(_joined(page, address)) if address else ""
        if not path:
            return href
        return "" if UPLOADS in path else self.moved.get(path.rstrip("/"), path) + hash_ + fragment

    def _slugs(self, items):
        imported = Article.objects.filter(imported_from__startswith=PREFIX)
        known = dict(imported.values_list("imported_from", "slug"))
        taken = {"post": {*RESERVED_SLUGS, *Article.objects.values_list("slug", flat=True)}, "page": set()}
        slugs = {}
        for item in items:
            slug = known.get(self.sources[item.number]) if item.type == "post" else None
            slugs[item.number] = slug or _free_slug(item, taken[item.type])
            taken[item.type].add(slugs[item.number])
        return slugs


def _sources(items):
    """Return the mark by which a second import knows each text; a guid that came before gets its number."""
    sources, taken = {}, set()
    for item in items:
        source = PREFIX + (item.guid or item.link)
        if source in taken:
            source += f"#{item.number}"
        if len(source) > LONGEST_SOURCE:
            source = PREFIX + hashlib.sha256(source.encode()).hexdigest()
        sources[item.number] = source
        taken.add(source)
    return sources


def _free_slug(item, taken):
    stem = (slugify(unquote(item.slug)) or slugify(item.title))[:LONGEST_SLUG].strip("-") or item.type
    candidates = chain([stem], (f"{stem}-{number}" for number in count(2)))
    return next(
        slug
        for slug in candidates
        if slug not in taken and (item.type == "post" or not is_fixed(f"/{slug}/"))
    )


def is_fixed(path: str) -> bool:
    """Tell whether a path is a page that every site has, such as / or /staff/."""
    try:
        return not resolve(path).kwargs
    except Resolver404:
        return False


def _joined(page, address):
    try:
        return urljoin(page, address)
    except ValueError:
        return ""


def _host(parts):
    return (parts.hostname or "").removeprefix("www.")

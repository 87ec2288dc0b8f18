"""Words of schema.org for what a page shows, as plain data.

What machines read about a page is a list of nodes, the page's own first; the site draws them as one graph.
"""

from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

VOCABULARY = "https://schema.org"
PHYSIOTHERAPY = f"{VOCABULARY}/Physiotherapy"


def address(path):
    """Return the full address of a path of this site; one of a file stored elsewhere is full already."""
    return urljoin(settings.SITE_URL, path)


def identity(path, name):
    """Return the name by which nodes of every page refer to the same thing."""
    return f"{address(path)}#{name}"


def clinic():
    """Return the reference to the clinic, whose node stands in the graph of every page."""
    return {"@id": identity("/", "clinic")}


def node(kind, known_as="", **properties):
    """Return a thing of this type without its empty properties."""
    named = {"@type": kind, **({"@id": known_as} if known_as else {})}
    return named | {name: value for name, value in properties.items() if value not in (None, "", [])}


def page(kind, path, *, name, crumbs=(), share_image="", **properties):
    """Return the node of a page; `crumbs` are the (name, path) of the pages above it.

    What a shared link shows is read from it too: name, description, dates and the thumbnail, which is
    the clinic's unless the page has a path to its own `share_image`.
    """
    return node(
        kind,
        identity(path, "page"),
        url=address(path),
        name=name,
        inLanguage=get_language(),
        thumbnailUrl=address(share_image or reverse("share_image")),
        isPartOf={"@id": identity("/", "site")},
        breadcrumb=_breadcrumb([*crumbs, (name, path)]) if crumbs else None,
        **properties,
    )


def listing(rows):
    """Return the list of those (name, path) that a page leads to."""
    return node("ItemList", itemListElement=[_row(number, *row) for number, row in enumerate(rows, start=1)])


def moment(at):
    """Return an instant as the page dates it: in the clinic's time zone."""
    return timezone.localtime(at).isoformat(timespec="seconds")


def _row(number, name, path):
    return node("ListItem", position=number, name=name, url=address(path))


def _breadcrumb(rows):
    steps = [
        node("ListItem", position=number, name=name, item=address(path))
        for number, (name, path) in enumerate(rows, start=1)
    ]
    return node("BreadcrumbList", itemListElement=steps)

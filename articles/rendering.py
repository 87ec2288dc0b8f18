"""From the HTML that authors keep to what readers see: pictures, guarded links, care cards."""

import re
from dataclasses import dataclass

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from articles import html
from articles.models import CareCard
from articles.tree import Element, parse
from clinic.models import Picture

PICTURE_SIZES = "(min-width: 60rem) 38rem, 100vw"
CARD = re.compile(r'<care-card data-card="([a-z0-9-]+)"></care-card>')
# What `ready` writes, beyond what authors may.
SHOWN_ATTRIBUTES = {
    **html.ATTRIBUTES,
    "a": {"href", "rel"},
    "h2": {"id"},
    "h3": {"id"},
    "img": {"alt", "src", "srcset", "sizes", "width", "height", "loading"},
    "div": {"aria-label"},
}
SHOWN_VALUES = {"div": {"role": {"group"}, "tabindex": {"0"}}}
SHOWN_CLASSES = {"div": {"table-scroll"}, "figure": {"tall"}}


# Shorter texts are read faster without a table of contents.
FEWEST_HEADINGS = 4


@dataclass(frozen=True)
class Part:
    """A stretch of a text: HTML to show as it stands, or the care card that has its place there."""

    html: SafeString | None = None
    card: CareCard | None = None


def ready(body):
    """Return cleaned HTML with its anchors, guarded links, the markup of its pictures, tables that scroll."""
    tree = parse(html.with_guarded_links(html.with_anchors(body)))
    for parent in [tree, *tree.elements()]:
        parent.children = [_scrolling(child) if _is(child, "table") else child for child in parent.children]
    _draw_pictures(tree)
    return tree.markup()


def parts(ready_html, cards):
    """Return what a page shows of HTML made by `ready`, with each of these care cards in its place once."""
    safe = nh3.clean(
        ready_html,
        tags={*html.KEPT_TAGS, "div"},
        attributes=SHOWN_ATTRIBUTES,
        tag_attribute_values=SHOWN_VALUES,
        allowed_classes=SHOWN_CLASSES,
        url_schemes=html.SCHEMES,
        link_rel=None,
    )
    waiting = {card.slug: card for card in cards}
    # The pattern has one group, so that every second piece is the short name of a card.
    for number, piece in enumerate(CARD.split(safe)):
        if number % 2 == 0:
            # Cleaned when it was saved and again above, in case a row was written some other way.
            yield Part(html=mark_safe(piece))  # noqa: S308
        elif piece in waiting:
            yield Part(card=waiting.pop(piece))


def contents(outline, *, has_sources=False):
    """Return the rows (level, text, anchor) of the table of contents, none for a short text."""
    if len(outline) < FEWEST_HEADINGS:
        return []
    return [*outline, *([(2, _("Sources"), "sources")] if has_sources else [])]


def _is(node, tag):
    return isinstance(node, Element) and node.tag == tag


def _scrolling(table):
    """Return the table in a box that scrolls by touch and keys, so that the page never has to."""
    captions = [element.text() for element in table.elements() if element.tag == "caption"]
    label = captions[0] if captions else _("Table")
    return Element(
        "div", {"class": "table-scroll", "role": "group", "tabindex": "0", "aria-label": label}, [table]
    )


def _draw_pictures(tree):
    images = [element for element in tree.elements() if element.tag == "img"]
    numbers = {int(image.attributes["data-picture"]) for image in images}
    pictures = Picture.objects.in_bulk(numbers) if numbers else {}
    for figure in [element for element in tree.elements() if element.tag == "figure"]:
        _complete_caption(figure, pictures)
        if any(picture.height > picture.width for picture in _pictures_in(figure, pictures)):
            figure.attributes = {"class": "tall"}
    for image in images:
        # A picture that has left the library keeps the address it was saved with.
        if picture := pictures.get(int(image.attributes["data-picture"])):
            image.attributes = _picture_attributes(picture, image.attributes.get("alt", picture.alt))


def _complete_caption(figure, pictures):
    """Add the library's caption where the text has none, and say who made the picture."""
    shown = _pictures_in(figure, pictures)
    written = next((child for child in figure.children if _is(child, "figcaption")), None)
    words = [] if written else [picture.caption for picture in shown if picture.caption]
    words += [_("Picture: %(credit)s") % {"credit": picture.credit} for picture in shown if picture.credit]
    if words and written:
        written.children.append(" " + " ".join(words))
    elif words:
        figure.children.append(Element("figcaption", {}, [" ".join(words)]))


def _pictures_in(figure, pictures):
    numbers = [int(child.attributes["data-picture"]) for child in figure.children if _is(child, "img")]
    return [pictures[number] for number in numbers if number in pictures]


def _picture_attributes(picture, alt):
    return {
        "src": picture.url,
        "srcset": picture.srcset,
        "sizes": PICTURE_SIZES,
        "width": str(picture.width),
        "height": str(picture.height),
        "alt": alt,
        "loading": "lazy",
    }

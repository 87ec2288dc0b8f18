"""The HTML of articles: made safe and regular once, then read for outlines, words and cards.

`clean` is the only way into the database; every other function here takes HTML that came out of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import nh3
from django.utils.text import slugify

from articles.tidy import BLOCKS, CELLS, HOLDS, INLINE, RENAMED, tidy
from articles.tree import Element, parse

KEPT_TAGS = {*INLINE, *BLOCKS, *HOLDS, *CELLS, "li", "caption", "figcaption"}
# nh3 leaves these for `tidy`, which renames them or turns them into paragraphs.
PASSING_TAGS = {*RENAMED, "div", "section", "article", "header", "footer", "main", "aside", "nav"} | {
    *("address", "center", "pre", "dl", "dt", "dd", "hr", "form", "fieldset", "details", "summary"),
}
DROPPED_WITH_CONTENT = {"script", "style", "title", "template", "noscript", "svg", "math", "iframe", "object"}
ATTRIBUTES = {
    "a": {"href"},
    "img": {"data-picture", "alt", "src"},
    "th": {"scope"},
    "care-card": {"data-card"},
}
SCHEMES = {"http", "https", "mailto", "tel"}
# Moving a stray element can make a parser move another; five rounds settled all that we tried.
MOST_ROUNDS = 5

ANCHORED = ("h2", "h3")
# Ids of the templates around an article, those of the page for reviewers included.
PAGE_IDS = {"main", "site-nav", "contents-title", "check", "read-next", "sources", "answer", "answer-title"}
NEW_LINE = {*BLOCKS, "li", "tr", "caption", "figcaption", "br"}


@dataclass(frozen=True)
class Heading:
    """A heading of the table of contents, and the id it has on the page."""

    level: int
    text: str
    anchor: str


def clean(html: str) -> str:
    """Return the HTML reduced to the structure that articles may have; cleaning twice changes nothing."""
    for _round in range(MOST_ROUNDS):
        safe = nh3.clean(
            html,
            tags=KEPT_TAGS | PASSING_TAGS,
            clean_content_tags=DROPPED_WITH_CONTENT,
            attributes=ATTRIBUTES,
            url_schemes=SCHEMES,
            link_rel=None,
        )
        cleaned = tidy(parse(safe)).markup()
        if cleaned == html:
            return cleaned
        html = cleaned
    return f"<p>{escape(' '.join(parse(html).text().split()), quote=False)}</p>"


def outline(html: str) -> list[Heading]:
    """Return the headings of the table of contents with their anchors."""
    return [heading for heading, _element in _anchored(parse(html))]


def with_anchors(html: str) -> str:
    """Return the HTML with an id on each heading of the table of contents."""
    tree = parse(html)
    for heading, element in _anchored(tree):
        element.attributes["id"] = heading.anchor
    return tree.markup()


def with_guarded_links(html: str) -> str:
    """Return the HTML with links to other sites that tell them nothing about the reader."""
    tree = parse(html)
    for element in tree.elements():
        if element.tag == "a" and element.attributes["href"].lower().startswith("http"):
            element.attributes["rel"] = "noopener noreferrer"
    return tree.markup()


def plain_text(html: str) -> str:
    """Return the words alone, each block on a line of its own."""
    return words_in(parse(html))


def words_in(element: Element) -> str:
    """Return the words below an element, each block on a line of its own."""
    lines = "".join(_text_parts(element)).split("\n")
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


def words(html: str) -> int:
    """Count the words."""
    return len(plain_text(html).split())


def card_slugs(html: str) -> list[str]:
    """Return the short names of the care cards in the text, each once."""
    cards = (element for element in parse(html).elements() if element.tag == "care-card")
    return list(dict.fromkeys(card.attributes["data-card"] for card in cards))


def _anchored(tree: Element) -> Iterator[tuple[Heading, Element]]:
    taken = set(PAGE_IDS)
    headings = (element for element in tree.elements() if element.tag in ANCHORED)
    for number, element in enumerate(headings, start=1):
        text = " ".join(element.text().split())
        wanted = slugify(text)[:60].strip("-") or f"section-{number}"
        anchor, copy = wanted, 1
        while anchor in taken:
            copy += 1
            anchor = f"{wanted}-{copy}"
        taken.add(anchor)
        yield Heading(int(element.tag[1]), text, anchor), element


def _text_parts(element: Element) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, str):
            yield child
        else:
            edge = "\n" if child.tag in NEW_LINE else " " if child.tag in CELLS else ""
            yield edge
            yield from _text_parts(child)
            yield edge

"""From the text of a post to the HTML of an article, without storing anything."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape, unescape

import nh3

from articles import html
from articles.importers.wordpress.paragraphs import with_paragraphs
from articles.importers.wordpress.shortcodes import without_comments, without_shortcodes
from articles.tree import Element, parse
from clinic.text import one_line, visible

# Care cards come from our own library only.
TAGS = (html.KEPT_TAGS | html.PASSING_TAGS) - {"care-card"}
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "th": {"scope"}}
EMBEDDED = re.compile(
    r"<(?:iframe|video|audio|object|embed)\b[^<>]*?(?:src|data)=[\"']([^\"']+)", re.IGNORECASE
)

UNSEEN = re.compile(
    rf"<({'|'.join(html.DROPPED_WITH_CONTENT)})\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL
)
TAG = re.compile(r"</?([a-z][a-z0-9]*)\b[^>]*>", re.IGNORECASE)
WITHIN_WORDS = set(
    "a abbr b big cite code del em font i ins mark q s small span strike strong sub sup tt u".split()
)
WORD = re.compile(r"\w+")


@dataclass
class Converted:
    """A text as an article keeps it; `data-picture="1"` is the first of `pictures` until it is stored."""

    body: str
    pictures: list[str] = field(default_factory=list)
    # Addresses of pictures, files and frames from elsewhere that the text had and has no more.
    missing: list[str] = field(default_factory=list)
    unlinked: list[str] = field(default_factory=list)
    embedded: list[str] = field(default_factory=list)
    shortcodes: list[str] = field(default_factory=list)
    words: int = 0
    lost: Counter[str] = field(default_factory=Counter)


def convert(
    text: str,
    *,
    link: Callable[[str], str],
    find: Callable[[str], str | None],
    gallery: Callable[[list[str]], str],
) -> Converted:
    """Return the text cleaned.

    `link` returns the new address of a link, `find` the file of a picture by its address, and `gallery`
    the markup for the numbers of a [gallery].
    """
    text, blocks = without_comments(text)
    embedded = EMBEDDED.findall(text)
    text, names = without_shortcodes(text, gallery)
    tree = _tree(with_paragraphs(text))
    converted = Converted("", embedded=embedded, shortcodes=[*blocks, *names])
    for element in tree.elements():
        if element.tag == "img":
            _place(element, find, converted)
        elif element.tag == "a":
            _lead(element, link, converted)
    converted.body = html.clean(tree.markup())
    before = words(text)
    converted.words, converted.lost = before.total(), before - words(converted.body)
    return converted


def _tree(markup):
    safe = nh3.clean(
        markup,
        tags=TAGS,
        clean_content_tags=html.DROPPED_WITH_CONTENT,
        attributes=ATTRIBUTES,
        url_schemes=html.SCHEMES,
        link_rel=None,
    )
    return parse(safe)


def words(markup: str) -> Counter[str]:
    """Count the words of any HTML, in a way that shares nothing with how it is cleaned."""
    seen = TAG.sub(lambda tag: "" if tag[1].lower() in WITHIN_WORDS else " ", UNSEEN.sub(" ", markup))
    return Counter(WORD.findall(visible(unescape(seen))))


def plain(markup: str) -> str:
    """Return the words of a title or excerpt in one line."""
    return one_line(html.plain_text(markup))


def figure(url: str, alt: str) -> str:
    """Return the markup of a picture by its old address."""
    return f'<figure><img src="{escape(url)}" alt="{escape(alt)}"></figure>'


def _place(image: Element, find, converted):
    url, alt = image.attributes.get("src", ""), image.attributes.get("alt", "")
    file = find(url)
    image.attributes = {}
    if file is None:
        # Without an address, the picture was written into the text itself.
        converted.missing.append(url or "data:")
        return
    if file not in converted.pictures:
        converted.pictures.append(file)
    image.attributes["data-picture"] = str(converted.pictures.index(file) + 1)
    if alt.strip():
        # WordPress writes an empty one where nobody ever decided.
        image.attributes["alt"] = alt


def _lead(anchor: Element, link, converted):
    href = anchor.attributes.get("href", "")
    is_around_picture = not anchor.text().strip() and any(child.tag == "img" for child in anchor.elements())
    anchor.attributes["href"] = link(href) if href and not is_around_picture else ""
    if href and not is_around_picture and not anchor.attributes["href"]:
        converted.unlinked.append(href)

"""The blocks of a Word document: which heading is the title, and where headings, pictures and captions go."""

import re
from itertools import chain, zip_longest

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import html
from articles.importers.blocks import Block, is_like_heading
from articles.tree import Element
from clinic.text import one_line

LINK = re.compile(r"(?:https?://|mailto:|tel:).", re.IGNORECASE)
PLACE = re.compile(r'\\l\s+"([^"]+)')
HEADING = re.compile(r"h[1-6]")
TOP, DEEPEST = 2, 4
# The tag that stands for a paragraph in the style of a subtitle until it has found its place.
SUBTITLE = "subtitle"
# What Word and cameras write where nobody has described a picture.
NO_DESCRIPTION = re.compile(
    r".*automatically generated\b.*|\S*\.(?:jpe?g|png|webp|gif|tiff?|bmp)"
    r"|(?:picture|image|graphic|img)[\s_-]*\d*",
    re.IGNORECASE | re.DOTALL,
)


def drop_links(tree: Element, dropped: list[str]) -> None:
    """Unwrap the links that lead to no web address, and name them."""
    lost = []
    for link in [element for element in tree.elements() if element.tag == "a"]:
        target = _target(link.attributes.get("href", ""))
        link.attributes = {"href": target} if LINK.match(target) else {}
        if target and not link.attributes and _words(link):
            lost.append(_words(link))
    for parent in [tree, *tree.elements()]:
        parent.children = _unwrapped(parent.children, lambda part: part.tag == "a" and not part.attributes)
    if lost:
        label = ngettext(
            "%(count)d link that leads to no web address",
            "%(count)d links that lead to no web address",
            len(lost),
        )
        quotes = ", ".join(f"“{text}”" for text in lost)
        dropped.append(f"{label % {'count': len(lost)}}: {quotes}")


def _words(element):
    return one_line(html.words_in(element))


def _unwrapped(children, is_wrapper):
    unwrapped = []
    for child in children:
        unwrapped += child.children if isinstance(child, Element) and is_wrapper(child) else [child]
    return unwrapped


def _target(href):
    """Return where a link leads: mammoth leaves the switches of a HYPERLINK field behind its address."""
    address, _quote, switches = href.partition('"')
    place = PLACE.search(switches)
    return f"{address}#{place[1]}" if place else address


def blocks(tree: Element, doubts: list[str]) -> list[Block]:
    """Return the blocks of the document, its title first, and note what is doubtful."""
    elements = _with_captions([part for child in tree.children for part in _with_figures(child)])
    elements = _with_title_first(elements, doubts)
    _level_headings(elements)
    _find_bold_headings(elements, doubts)
    _doubt_details(elements, doubts)
    return [_block(element) for element in elements]


def _block(element):
    text = _words(element)
    is_plain = all(isinstance(child, str) for child in element.children)
    if element.attributes.get("class") == "summary":
        return Block(SUBTITLE, (text,), f"<p>{element.markup()}</p>")
    if element.tag == "p" or HEADING.fullmatch(element.tag):
        return Block(element.tag, (text,), "" if is_plain else element.outer_markup())
    return Block(element.tag, (text,), element.outer_markup())


def _with_figures(element):
    """Return an element and, after it, the pictures that stood in its text."""
    if not isinstance(element, Element):
        return [Element("p", {}, [element])] if element.strip() else []
    for image in [part for part in element.elements() if part.tag == "img"]:
        if NO_DESCRIPTION.fullmatch(image.attributes.get("alt", "")):
            del image.attributes["alt"]
    if element.tag != "p" and not HEADING.fullmatch(element.tag):
        return [element]
    figures = []
    for parent in [element, *element.elements()]:
        images = [part for part in parent.children if isinstance(part, Element) and part.tag == "img"]
        figures += [Element("figure", {}, [image]) for image in images if "data-picture" in image.attributes]
        parent.children = [part for part in parent.children if not any(part is image for image in images)]
    return [*([element] if element.text().strip() else []), *figures]


def _with_captions(elements):
    """Put each caption to the picture above it or the table beside it; another one is a paragraph."""
    kept = []
    for element, below in zip_longest(elements, elements[1:]):
        if element.tag != "figcaption":
            kept.append(element)
        elif kept and kept[-1].tag == "figure":
            kept[-1].children.append(element)
        elif below is not None and below.tag == "table":
            below.children.insert(0, Element("caption", {}, element.children))
        elif kept and kept[-1].tag == "table":
            kept[-1].children.insert(0, Element("caption", {}, element.children))
        else:
            kept.append(Element("p", {}, element.children))
    return kept


def _with_title_first(elements, doubts):
    """Move the paragraph in the style of a title to the top; without one the first heading stays there."""
    styled = next((element for element in elements if element.attributes.get("class") == "title"), None)
    if styled is not None:
        return [styled, *(element for element in elements if element is not styled)]
    first = next((element for element in elements if element.tag != "figure"), None)
    if first is not None and sum(element.tag == first.tag for element in elements) > 1 and _level(first):
        doubts.append(
            _("The first of several headings became the title: “%(text)s”") % {"text": _words(first)}
        )
    return elements


def _level(element):
    return int(element.tag[1]) if HEADING.fullmatch(element.tag) else 0


def _level_headings(elements):
    """Let the headings below the title begin at the level that the page leaves them."""
    text = [element for element in elements if element.tag != "figure"]
    headings = [element for element in text[1:] if _level(element)]
    shallowest = min(map(_level, headings), default=1)
    for element in headings:
        element.tag = f"h{min(_level(element) - shallowest + TOP, DEEPEST)}"
    for element in [*text[:1], *headings]:
        # Bold in a heading says nothing.
        element.children = _unwrapped(element.children, lambda part: part.tag == "strong")
    if text and _level(text[0]):
        text[0].tag = f"h{TOP}"


def _find_bold_headings(elements, doubts):
    """Make headings of short bold paragraphs above others, each of them a doubt."""
    level = TOP
    start = next((number for number, element in enumerate(elements) if element.tag != "figure"), 0) + 1
    for element, below in zip_longest(elements[start:], elements[start + 1 :]):
        if _level(element):
            level = min(_level(element) + 1, DEEPEST)
        elif below is not None and not _level(below) and _is_bold_heading(element):
            element.tag, element.children = f"h{level}", [_words(element).rstrip(":")]
            doubts.append(_("A bold line became a heading: “%(text)s”") % {"text": _words(element)})


def _is_bold_heading(element):
    is_bold = all(
        child.isspace() if isinstance(child, str) else child.tag in ("strong", "br")
        for child in element.children
    )
    return element.tag == "p" and is_bold and is_like_heading(Block("p", (_words(element),)))


def _doubt_details(elements, doubts):
    for element in chain(*([element, *element.elements()] for element in elements)):
        words = _words(element)
        if element.tag == "s":
            doubts.append(_("The line through these words is gone: “%(text)s”") % {"text": words})
        if element.tag == "table":
            inner = list(element.elements())
            if not any(part.tag == "th" for part in inner):
                doubts.append(_("A table has no header row: “%(text)s”") % {"text": words[:40]})
            if any({"colspan", "rowspan"} & part.attributes.keys() for part in inner):
                doubts.append(_("Merged cells of a table came apart: “%(text)s”") % {"text": words[:40]})

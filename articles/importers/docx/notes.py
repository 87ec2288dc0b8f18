"""Footnotes and endnotes become the sources of an article; their marks stay as plain numbers.

Readers then find the number of a statement in the numbered list under the text.
"""

import re

from django.utils.translation import ngettext

from articles.tidy import HEADINGS
from articles.tree import Element
from clinic.text import one_line

NOTE = re.compile(r"(?:foot|end)note-")
MARK = re.compile(r"#((?:foot|end)note-\d+)")
URL = re.compile(r"https?://[^\s<>\"“”]+[^\s<>\"“”.,;:)\]]")
BACK = "↑"
LONGEST_TITLE = 300
LONGEST_URL = 500


def take(tree: Element, doubts: list[str]) -> list[dict]:
    """Take the notes off the end of mammoth's HTML and return them as sources, each once."""
    last = tree.children[-1] if tree.children else ""
    if not isinstance(last, Element) or not _is_notes(last):
        return []
    del tree.children[-1]
    sources, numbers = [], {}
    for note in last.children:
        source = _source(note)
        if source not in sources:
            sources.append(source)
        numbers[note.attributes["id"]] = sources.index(source) + 1
    _number_marks(tree, numbers)
    doubts.append(
        ngettext(
            "%(count)d note became a source. Check it and its number in the text.",
            "%(count)d notes became sources. Check them and their numbers in the text.",
            len(sources),
        )
        % {"count": len(sources)}
    )
    return sources


def _is_notes(element):
    return element.tag == "ol" and all(
        isinstance(item, Element) and NOTE.match(item.attributes.get("id", "")) for item in element.children
    )


def _source(note):
    links = [element.attributes.get("href", "") for element in note.elements() if element.tag == "a"]
    text = one_line(note.text().replace(BACK, ""))
    urls = [url for url in [*links, *URL.findall(text)] if URL.fullmatch(url) and len(url) <= LONGEST_URL]
    if not urls:
        return {"title": text[:LONGEST_TITLE]}
    title = one_line(text.replace(urls[0], "")).strip(" .,:;()<>[]")
    return {"title": (title or urls[0])[:LONGEST_TITLE], "url": urls[0]}


def _number_marks(element, numbers, *, is_heading=False):
    """Write the numbers of the sources into the marks; headings bear none."""
    children = []
    for child in element.children:
        if note := _marked(child):
            number = str(numbers.get(note, ""))
            if children and _is_numbered(children[-1]):
                children[-1].children[0] += f", {number}"
            elif not is_heading:
                children.append(Element("sup", {"class": "note"}, [number]))
            continue
        if isinstance(child, Element):
            _number_marks(child, numbers, is_heading=is_heading or child.tag in ("h1", *HEADINGS))
        children.append(child)
    element.children = children


def _is_numbered(node):
    return isinstance(node, Element) and node.attributes == {"class": "note"}


def _marked(node):
    """Return the id of the note that a mark leads to, or nothing for what is no mark."""
    if not isinstance(node, Element) or node.tag != "sup":
        return ""
    marks = (MARK.fullmatch(element.attributes.get("href", "")) for element in node.elements())
    return next((mark[1] for mark in marks if mark), "")

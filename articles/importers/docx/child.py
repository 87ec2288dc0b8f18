"""Turn a Word file into HTML, pictures and a list of losses; runs by clinic.apart, without Django.

Reads the file from standard input and prints JSON. mammoth sees only XML that was checked and written
anew, and pictures by name alone: nothing of the file leads it anywhere else.
"""

import base64
import html
import json
import re
import sys
from collections import Counter

import mammoth

from articles.importers.docx.losses import DECORATIVE, Cleaning, local, text_of
from articles.importers.docx.package import Refused, members, packed, xml_parts

MOST_TEXT = 200_000
MOST_PICTURES = 40
BODIES = {"document", "footnotes", "endnotes"}
STYLE_MAP = """
p[style-name='Title'] => h1.title:fresh
p[style-name='Subtitle'] => p.summary:fresh
p[style-name='caption'] => figcaption:fresh
p[style-name='Caption'] => figcaption:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='Quotations'] => blockquote > p:fresh
"""


def read(content):
    """Return what the file holds, ready for JSON; raise Refused if it is not read."""
    found = members(content)
    parts = xml_parts(found)
    cleaning = _clean(parts)
    text = "".join(text_of(root) for root in parts.values() if local(root) in BODIES)
    if len(text.encode()) > MOST_TEXT:
        raise Refused("long")
    pictures = _Pictures(cleaning.lost)
    converted = mammoth.convert_to_html(
        packed(parts, found.keys() - parts.keys()),
        style_map=STYLE_MAP,
        include_embedded_style_map=False,
        convert_image=mammoth.images.img_element(pictures.attributes),
    ).value
    return {
        "html": converted,
        "pictures": [base64.b64encode(found[name]).decode() for name in pictures.names],
        "lost": cleaning.lost,
        "missing": (Counter(_letters(text)) - Counter(_letters(_text_of_html(converted)))).total(),
    }


def _clean(parts):
    cleaning = Cleaning(next((root for root in parts.values() if local(root) == "styles"), ()))
    cleaning.name_headings()
    for root in parts.values():
        cleaning.note_part(root)
        if local(root) in BODIES:
            cleaning.clean(root)
        elif local(root) == "comments":
            # The marks that stay in the text lead nowhere then, and are dropped.
            root.clear()
        elif local(root) == "Types" and "macroEnabled" in str([part.attrib for part in root]):
            raise Refused("macros")
    return cleaning


class _Pictures:
    """Numbers the pictures in the order of the text, each once."""

    def __init__(self, lost):
        self.lost, self.names = lost, []

    def attributes(self, image):
        try:
            with image.open() as file:
                name = file.read().decode()
        except (KeyError, ValueError):
            # mammoth refuses, by ValueError, what lies outside the file. What has no number is dropped.
            self.lost["outside_pictures"].append(image.alt_text or "")
            return {}
        if name not in self.names:
            self.names.append(name)
        if len(self.names) > MOST_PICTURES:
            raise Refused("pictures")
        number = {"data-picture": str(self.names.index(name) + 1)}
        return {**number, "alt": ""} if image.alt_text == DECORATIVE else number


def _letters(text):
    return filter(str.isalnum, text)


def _text_of_html(converted):
    return html.unescape(re.sub("<[^>]*>", " ", converted))


if __name__ == "__main__":
    try:
        answer = read(sys.stdin.buffer.read())
    except Refused as refusal:
        answer = {"refused": str(refusal)}
    json.dump(answer, sys.stdout)

"""Read an article from a plain text file.

The first short line is the title; headings and lists are found by `blocks`, the rest by `parts`.
"""

import codecs
import re

from django.utils.translation import gettext as _

from articles import html, red_flags
from articles.importers import parts
from articles.importers.blocks import split, with_headings
from articles.importers.parsed import Counts, ImportRefused, ParsedArticle
from clinic.text import has_unreadable, lines

MOST_BYTES = 1_000_000

OTHER_FORMATS = (b"%PDF", b"{\\rtf", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
CONTROLS = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
HTML_TAG = re.compile(r"</?(?:p|div|span|h\d|a|br|b|strong|em|li|ul)\b[^<]*>", re.IGNORECASE)


def read(content: bytes, name: str) -> ParsedArticle:
    """Parse the bytes of a file; raise ImportRefused with a sentence if they hold no article."""
    doubts: list[str] = []
    dropped: list[str] = []
    text = lines(_decoded(content, name, doubts))
    if not text:
        raise ImportRefused(_("%(name)s is empty.") % {"name": name})
    blocks = split(text, dropped)
    title = parts.take_title(blocks, name, doubts)
    parts.drop_byline(blocks, dropped)
    biography = parts.take_biography(blocks, doubts, dropped)
    call_to_action = parts.take_appeal(blocks)
    body = parts.body(with_headings(blocks), name)
    return ParsedArticle(
        title=title,
        body_html=body,
        call_to_action=call_to_action,
        biography=biography,
        doubts=doubts,
        kept=Counts.of(body),
        dropped=dropped,
        cards=red_flags.cards_for(f"{title}\n{html.plain_text(body)}"),
    )


def _decoded(content: bytes, name: str, doubts: list[str]) -> str:
    if len(content) > MOST_BYTES:
        raise ImportRefused(_("%(name)s is too large for an article: more than 1 MB.") % {"name": name})
    text = None if content.startswith(OTHER_FORMATS) else _text(content, doubts)
    if text is None or CONTROLS.search(text):
        raise ImportRefused(
            _("%(name)s is not a text file. Save it as plain text (UTF-8) and try again.") % {"name": name}
        )
    if has_unreadable(text):
        doubts.append(_("Some characters could not be read. Look for � in the text."))
    if HTML_TAG.search(text):
        doubts.append(_("The file holds HTML tags. They stand in the text as they were typed."))
    return text


def _text(content: bytes, doubts: list[str]) -> str | None:
    has_utf_16_mark = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if has_utf_16_mark else ("utf-8-sig", "windows-1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "windows-1252":
            doubts.append(_("The file is not UTF-8; it was read as Windows-1252. Check quotes and accents."))
        return text
    return None

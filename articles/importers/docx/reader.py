"""Read an article from a Word document (.docx).

A child process takes the file apart; what comes back is HTML that mammoth made, the bytes of the pictures
as they were, and the pieces that were left out. Here the HTML becomes blocks, as every importer has them.
"""

import base64
import json

from django.utils.translation import gettext_lazy

from articles import html, red_flags
from articles.importers import parts
from articles.importers.docx import notes, report, structure
from articles.importers.parsed import Counts, ImportRefused, ParsedArticle
from articles.models import Revision
from articles.tree import parse
from clinic import apart

MOST_BYTES = 10 * 1024 * 1024
SECONDS = 20
MEGABYTES = 512
LONGEST_SUMMARY = Revision._meta.get_field("summary").max_length

REFUSALS = {
    "old": gettext_lazy(
        "%(name)s has a password or is an old Word file. Save it as .docx without a password."
    ),
    "damaged": gettext_lazy(
        "%(name)s is damaged, or not a Word document. Open it in Word and save it again."
    ),
    "macros": gettext_lazy("%(name)s holds macros. Save it as a Word document without them (.docx)."),
    "bomb": gettext_lazy("%(name)s unpacks to much more than an article holds."),
    "doctype": gettext_lazy("%(name)s was not written by Word: its XML declares a document type."),
    "long": gettext_lazy("%(name)s holds more than 200 KB of text. Split it first."),
    "pictures": gettext_lazy("%(name)s holds more than 40 pictures. Split it first."),
    "large": gettext_lazy("%(name)s is larger than 10 MB. Make its pictures smaller first."),
    "heavy": gettext_lazy("%(name)s could not be read: it is damaged, or takes too much time or memory."),
}


def read(content: bytes, name: str) -> ParsedArticle:
    """Parse the bytes of a file; raise ImportRefused with a sentence if they hold no article."""
    found = _taken_apart(content, name)
    doubts, dropped = report.doubts(found), report.dropped(found)
    tree = parse(found["html"])
    sources = notes.take(tree, doubts)
    structure.drop_links(tree, dropped)
    blocks = structure.blocks(tree, doubts)
    title = parts.take_title(blocks, name, doubts)
    summary = _take_summary(blocks)
    parts.drop_byline(blocks, dropped)
    biography = parts.take_biography(blocks, doubts, dropped)
    call_to_action = parts.take_appeal(blocks)
    body = parts.body(blocks, name)
    return ParsedArticle(
        title=title,
        summary=summary,
        body_html=body,
        call_to_action=call_to_action,
        biography=biography,
        sources=sources,
        pictures=[base64.b64decode(picture) for picture in found["pictures"]],
        kept=Counts.of(body),
        doubts=doubts,
        dropped=dropped,
        cards=red_flags.cards_for(f"{title}\n{html.plain_text(body)}"),
    )


def _taken_apart(content, name):
    try:
        found = {"refused": "large"} if len(content) > MOST_BYTES else _answer(content)
    except apart.Broken:
        found = {"refused": "heavy"}
    if "refused" in found:
        raise ImportRefused(REFUSALS[found["refused"]] % {"name": name})
    return found


def _answer(content):
    return json.loads(
        apart.run("articles.importers.docx.child", content, seconds=SECONDS, megabytes=MEGABYTES)
    )


def _take_summary(blocks):
    """Take the subtitle under the title, which says in a sentence or two what follows."""
    is_summary = blocks and blocks[0].tag == structure.SUBTITLE and len(blocks[0].text) <= LONGEST_SUMMARY
    return blocks.pop(0).text if is_summary else ""

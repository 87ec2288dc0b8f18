"""Read an article from a plain text file.

The first short line is the title; headings and lists are found by `blocks`. Paragraphs at the end may
be an appeal to make an appointment or a biography, as `endings` tells.
"""

import codecs
import re
from pathlib import PurePath

from django.utils.translation import gettext as _

from articles import html, red_flags
from articles.importers import endings
from articles.importers.blocks import Block, is_like_heading, split, with_headings
from articles.importers.parsed import Biography, Counts, ImportRefused, ParsedArticle
from clinic.text import has_unreadable, lines

MOST_BYTES = 1_000_000
MOST_HTML = 500_000
LONGEST_TITLE = 80
MOST_TITLE_WORDS = 20
# A biography may be followed by so many paragraphs, such as an appeal.
LAST_BLOCKS = 4

OTHER_FORMATS = (b"%PDF", b"{\\rtf", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
CONTROLS = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
BYLINE = re.compile(r"(?i:(?:written )?by) [^\W\d_a-z]\S*(?: \S+){0,6}")
HTML_TAG = re.compile(r"</?(?:p|div|span|h\d|a|br|b|strong|em|li|ul)\b[^<]*>", re.IGNORECASE)


def read(content: bytes, name: str) -> ParsedArticle:
    """Parse the bytes of a file; raise ImportRefused with a sentence if they hold no article."""
    doubts: list[str] = []
    dropped: list[str] = []
    text = lines(_decoded(content, name, doubts))
    if not text:
        raise ImportRefused(_("%(name)s is empty.") % {"name": name})
    blocks = split(text, dropped)
    title = _take_title(blocks, name, doubts)
    _drop_byline(blocks, dropped)
    biography = _take_biography(blocks, doubts, dropped)
    call_to_action = _take_appeal(blocks)
    blocks = with_headings(blocks)
    body = _body(blocks, name)
    return ParsedArticle(
        title=title,
        body_html=body,
        call_to_action=call_to_action,
        biography=biography,
        doubts=doubts,
        kept=Counts(
            headings=sum(block.tag == "h2" for block in blocks),
            paragraphs=sum(block.tag == "p" for block in blocks),
            words=html.words(body),
        ),
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


def _take_title(blocks: list[Block], name: str, doubts: list[str]) -> str:
    first = blocks[0] if blocks else Block("p", ("",))
    if first.tag == "p" and len(first.text.split()) <= MOST_TITLE_WORDS and first.text[-1:] not in ".,;":
        del blocks[:1]
        title = first.text
    else:
        stem = re.sub(r"[-_\s]+", " ", PurePath(name).stem).strip()
        title = stem[:1].upper() + stem[1:]
        doubts.append(_("The text has no title. The name of the file stands in for it."))
    if len(title) > LONGEST_TITLE:
        doubts.append(_("The title was longer: “%(title)s”") % {"title": title})
        title = title[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"
    return title


def _drop_byline(blocks: list[Block], dropped: list[str]) -> None:
    if blocks and blocks[0].tag == "p" and BYLINE.fullmatch(blocks[0].text):
        dropped.append(
            _("The byline “%(line)s”: name the author with --author.") % {"line": blocks.pop(0).text}
        )


def _take_biography(blocks: list[Block], doubts: list[str], dropped: list[str]) -> Biography | None:
    """Take the biography from the last blocks, with its heading and the paragraphs that go on with it."""
    for start in range(max(1, len(blocks) - LAST_BLOCKS), len(blocks)):
        rest = "\n".join(block.text for number, block in enumerate(blocks) if number != start)
        found = endings.biography(blocks[start].text, rest) if blocks[start].tag == "p" else None
        if found is None:
            continue
        end = start + 1
        while end < len(blocks) and endings.continues_biography(blocks[end].text, found.name):
            end += 1
        text = "\n\n".join(block.text for block in blocks[start:end])
        del blocks[start:end]
        if endings.introduces_biography(blocks[start - 1].text, found.name):
            dropped.append(_("The heading “%(line)s”") % {"line": blocks.pop(start - 1).text})
        if " " not in found.name:
            doubts.append(_("The biography names “%(name)s” without a surname.") % {"name": found.name})
        return Biography(found.name, text)
    return None


def _take_appeal(blocks: list[Block]) -> str:
    """Take the closing appeal to make an appointment, with a heading that led up to it."""
    taken = ""
    while len(blocks) > 1 and blocks[-1].tag == "p":
        told, appeal = endings.split_appeal(blocks[-1].text)
        longer = f"{appeal} {taken}".strip()
        if not appeal or len(longer) > endings.LONGEST_APPEAL:
            break
        taken = longer
        blocks[-1:] = [Block("p", (told,))] if told else []
    if taken and len(blocks) > 1 and is_like_heading(blocks[-1]):
        led_up = f"{blocks[-1].text} {taken}"
        if len(led_up) <= endings.LONGEST_APPEAL:
            del blocks[-1]
            return led_up
    return taken


def _body(blocks: list[Block], name: str) -> str:
    if not any(block.tag == "p" for block in blocks):
        raise ImportRefused(_("%(name)s holds no paragraph of text.") % {"name": name})
    body = html.clean("".join(block.markup() for block in blocks))
    if len(body) > MOST_HTML:
        raise ImportRefused(_("%(name)s is too long for one article. Split it first.") % {"name": name})
    return body

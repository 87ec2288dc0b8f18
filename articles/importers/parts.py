"""The parts of an article that importers tell apart: title, byline, biography, appeal and body.

Each takes its blocks off the text and notes what an editor should look at.
"""

import re
from pathlib import PurePath

from django.utils.translation import gettext as _

from articles import html
from articles.importers import endings
from articles.importers.blocks import Block, is_like_heading
from articles.importers.parsed import Biography, ImportRefused
from articles.tidy import HEADINGS, LISTS

MOST_HTML = 500_000
# Without one of these there is nothing to read.
TELLING = ("p", *LISTS, "blockquote", "table")
LONGEST_TITLE = 80
MOST_TITLE_WORDS = 20
# A biography may be followed by so many paragraphs, such as an appeal.
LAST_BLOCKS = 4
BYLINE = re.compile(r"(?i:(?:written )?by) [^\W\d_a-z]\S*(?: \S+){0,6}")


def take_title(blocks: list[Block], name: str, doubts: list[str]) -> str:
    """Take the first block as the title, below a picture as well, or make one of the file's name."""
    place = next((number for number, block in enumerate(blocks) if block.tag != "figure"), None)
    if place is not None and _is_title(blocks[place]):
        title = blocks.pop(place).text
    else:
        stem = re.sub(r"[-_\s]+", " ", PurePath(name).stem).strip()
        title = stem[:1].upper() + stem[1:]
        doubts.append(_("The text has no title. The name of the file stands in for it."))
    if len(title) > LONGEST_TITLE:
        doubts.append(_("The title was longer: “%(title)s”") % {"title": title})
        title = title[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"
    return title


def _is_title(block: Block) -> bool:
    if block.tag == "p":
        return len(block.text.split()) <= MOST_TITLE_WORDS and block.text[-1:] not in ".,;"
    return block.tag in HEADINGS


def drop_byline(blocks: list[Block], dropped: list[str]) -> None:
    """Drop a line such as "By Ana Ruiz" from the top: the author is a profile, not a line."""
    if blocks and blocks[0].tag == "p" and BYLINE.fullmatch(blocks[0].text):
        dropped.append(_("The byline “%(line)s”: choose the author instead.") % {"line": blocks.pop(0).text})


def take_biography(blocks: list[Block], doubts: list[str], dropped: list[str]) -> Biography | None:
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


def take_appeal(blocks: list[Block]) -> str:
    """Take the closing appeal to make an appointment, with a heading that led up to it."""
    taken = ""
    while len(blocks) > 1 and blocks[-1].tag == "p":
        told, appeal = endings.split_appeal(blocks[-1].text)
        longer = f"{appeal} {taken}".strip()
        if not appeal or len(longer) > endings.LONGEST_APPEAL:
            break
        if told and blocks[-1].rich:
            # Its links and emphasis would be lost.
            break
        taken = longer
        blocks[-1:] = [Block("p", (told,))] if told else []
    if taken and len(blocks) > 1 and (blocks[-1].tag in HEADINGS or is_like_heading(blocks[-1])):
        led_up = f"{blocks[-1].text} {taken}"
        if len(led_up) <= endings.LONGEST_APPEAL:
            del blocks[-1]
            return led_up
    return taken


def body(blocks: list[Block], name: str) -> str:
    """Return what is left as cleaned HTML; raise ImportRefused if it tells nothing or too much."""
    if not any(block.tag in TELLING for block in blocks):
        raise ImportRefused(_("%(name)s holds no paragraph of text.") % {"name": name})
    body = html.clean("".join(block.markup() for block in blocks))
    if len(body) > MOST_HTML:
        raise ImportRefused(_("%(name)s is too long for one article. Split it first.") % {"name": name})
    return body

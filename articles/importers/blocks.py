"""Split plain text into paragraphs, headings and lists.

A short line above another block is a heading, if it ends like a question or without a full stop.
Lines that begin with a bullet or number are a list. Indents and no-break spaces say nothing.
"""

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby, zip_longest
from typing import NamedTuple

from django.utils.translation import gettext as _

MOST_HEADING_WORDS = 12
MOST_LABEL_WORDS = 5
# Texts without a longer line than this are taken to be broken by hand within their paragraphs.
LONGEST_WRAPPED_LINE = 100
BULLET = re.compile(r"(?:[-*•·‣▪–]|(?P<number>\d{1,2}[.)])) (?=\S)")


class Block(NamedTuple):
    """A paragraph ("p") or heading ("h2") of one text, or a list ("ul", "ol") of its items.

    `rich` is its HTML where that is more than the plain text, as in word processors.
    """

    tag: str
    parts: tuple[str, ...]
    rich: str = ""

    @property
    def text(self) -> str:
        """Return the text, with the items of a list in one line."""
        return " ".join(self.parts)

    def markup(self) -> str:
        """Return the block as HTML."""
        if self.rich:
            return self.rich
        texts = [escape(part, quote=False) for part in self.parts]
        inner = "".join(f"<li>{text}</li>" for text in texts) if self.tag in ("ul", "ol") else texts[0]
        return f"<{self.tag}>{inner}</{self.tag}>"


def split(text: str, dropped: list[str]) -> list[Block]:
    """Return the paragraphs and lists of a text, and name the lines that were dropped."""
    is_wrapped = "\n\n" in text and max(map(len, text.split("\n"))) <= LONGEST_WRAPPED_LINE
    blocks: list[Block] = []
    for has_words, group in groupby(text.split("\n"), key=bool):
        if has_words:
            blocks += _paragraphs_and_items(list(group), is_wrapped, dropped)
    return list(_with_lists(blocks))


def _paragraphs_and_items(group: list[str], is_wrapped: bool, dropped: list[str]) -> list[Block]:
    found: list[Block] = []
    for line in group:
        bullet = BULLET.match(line)
        if not any(map(str.isalnum, line)):
            dropped.append(_("A line of signs: %(line)s") % {"line": line[:20]})
        elif bullet:
            found.append(Block("ol" if bullet["number"] else "ul", (line,)))
        elif is_wrapped and found:
            found[-1] = Block(found[-1].tag, (f"{found[-1].text} {line}",))
        else:
            found.append(Block("p", (line,)))
    return found


def _with_lists(blocks: list[Block]) -> Iterator[Block]:
    """Join items that follow each other to lists; a single one is a paragraph, or a numbered heading."""
    for tag, group in groupby(blocks, key=lambda block: block.tag):
        run = list(group)
        if tag == "p":
            yield from run
        elif len(run) == 1:
            yield Block("p", run[0].parts)
        else:
            yield Block(tag, tuple(BULLET.sub("", item.text, count=1) for item in run))


def with_headings(blocks: list[Block]) -> list[Block]:
    """Return the blocks with short lines above others as headings."""
    return [
        Block("h2", (block.text.rstrip(":"),)) if below and _is_heading(block, below) else block
        for block, below in zip_longest(blocks, blocks[1:])
    ]


def _is_heading(block: Block, below: Block) -> bool:
    """Tell a heading from the line that leads up to a list, such as "We bring:"."""
    return is_like_heading(block) and (below.tag == "p" or not block.text.endswith(":"))


def is_like_heading(block: Block) -> bool:
    """Tell whether a paragraph looks like a heading: short, and no sentence with a full stop."""
    words, ending = block.text.split(), block.text.rstrip("\"'”’»)")[-1:]
    if block.tag != "p" or len(words) > MOST_HEADING_WORDS or block.text[:1].islower():
        return False
    return len(words) <= MOST_LABEL_WORDS if ending == ":" else ending not in ".!;,…"

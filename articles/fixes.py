"""Tell an editorial fix, which keeps a clinician's signature, from a change of what they signed.

Judged by machine and strictly: a refusal costs another signature, a slip could hurt a patient. The
lists of words are English; in other languages structure, count and digits still protect.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple

from articles.tidy import INLINE
from articles.tree import VOID_TAGS, Element, parse

MOST_CHANGED_WORDS = 3
# Longer blocks are not compared word by word, which takes time by the square of their length.
LONGEST_BLOCK = 2000

# What readers act on first, and what tells them which number is whose.
PROTECTED_TAGS = {"h2", "h3", "h4", "th", "care-card"}

NUMBERS = set(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds
    thousand thousands million millions billion dozen dozens couple half halves quarter quarters third
    thirds first second fourth fifth sixth seventh eighth ninth tenth tenths once twice thrice single
    double triple both percent
    """.split()
)
ROMAN_NUMERAL = re.compile("[ivx]{2,}")
NEGATIONS = set(
    """
    no not non never none nobody nothing nowhere nor neither without cannot avoid unless except hardly
    barely rarely seldom less cant dont doesnt didnt wont shouldnt mustnt couldnt wouldnt neednt isnt
    arent wasnt werent hasnt havent hadnt
    """.split()
)
NEGATING_PREFIXES = ("un", "in", "im", "il", "ir", "dis", "non", "mis", "anti", "contra")
APOSTROPHES = str.maketrans("’‘ʼ′`´", "''''''")


@dataclass(frozen=True)
class Change:
    """One word for another; empty where a word was only added or only removed."""

    old: str
    new: str
    is_protected: bool


class Word(NamedTuple):
    """A word as it is read, and the inline elements around each of its parts."""

    text: str
    marks: tuple[tuple[str, ...], ...]


@dataclass
class Block:
    """The words of one paragraph, item, cell or heading."""

    is_protected: bool
    words: list[Word] = field(default_factory=list)


def is_editorial_fix(old_html: str, new_html: str) -> bool:
    """Tell whether at most three words changed, none of them protected, and nothing but words."""
    if _skeleton(parse(old_html)) != _skeleton(parse(new_html)):
        return False
    changes = changed_words(old_html, new_html)
    return len(changes) <= MOST_CHANGED_WORDS and not any(change.is_protected for change in changes)


def changed_words(old_html: str, new_html: str) -> list[Change]:
    """Return what changed, word by word; what moved counts where it left and where it came."""
    nothing = Block(is_protected=False)
    blocks = zip_longest(_blocks(old_html), _blocks(new_html), fillvalue=nothing)
    return [change for old, new in blocks if old.words != new.words for change in _changes(old, new)]


def _changes(old: Block, new: Block) -> Iterator[Change]:
    for old_range, new_range in _different_ranges(old.words, new.words):
        beside_number = _touches_number(old.words, old_range) or _touches_number(new.words, new_range)
        for before, after in zip_longest(
            (old.words[index].text for index in old_range),
            (new.words[index].text for index in new_range),
            fillvalue="",
        ):
            is_protected = old.is_protected or new.is_protected or beside_number or _is_weighty(before, after)
            yield Change(before, after, is_protected)


def _different_ranges(old: list[Word], new: list[Word]) -> Iterator[tuple[range, range]]:
    if max(len(old), len(new)) > LONGEST_BLOCK:
        yield range(len(old)), range(len(new))
        return
    for kind, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new, False).get_opcodes():
        if kind != "equal":
            yield range(old_start, old_end), range(new_start, new_end)


def _touches_number(words: list[Word], changed: range) -> bool:
    """Tell whether a number stands among or beside these words: "mg" belongs to "10 mg"."""
    return any(_is_number(word.text) for word in words[max(changed.start - 1, 0) : changed.stop + 1])


def _is_number(text: str) -> bool:
    parts = _parts(text)
    return any(character.isnumeric() for character in text) or any(
        part in NUMBERS or ROMAN_NUMERAL.fullmatch(part) for part in parts
    )


def _is_weighty(before: str, after: str) -> bool:
    """Tell whether a change between two words brings, takes or turns a negation."""
    if any(part in NEGATIONS for text in (before, after) for part in _parts(text)):
        return True
    one, other = ("".join(_parts(text)) for text in (before, after))
    return one.endswith("less") != other.endswith("less") or any(
        one == prefix + other or other == prefix + one for prefix in NEGATING_PREFIXES
    )


def _parts(text: str) -> list[str]:
    """Return the runs of letters in lower case; "n't" counts as "not"."""
    plain = re.sub(r"n't\b", " not", text.casefold().translate(APOSTROPHES))
    return re.findall(r"[^\W\d_]+", plain)


def _blocks(html: str) -> list[Block]:
    blocks = [Block(is_protected=False)]
    in_word = False
    for text, path in _runs(parse(html), ()):
        if text is None:
            blocks.append(Block(is_protected=not PROTECTED_TAGS.isdisjoint(path)))
            in_word = False
            continue
        marks = tuple(tag for tag in path if tag in INLINE)
        for piece in re.findall(r"\s+|\S+", text):
            words = blocks[-1].words
            if piece.isspace():
                in_word = False
            elif in_word:
                words[-1] = Word(words[-1].text + piece, (*words[-1].marks, marks))
            else:
                words.append(Word(piece, (marks,)))
                in_word = True
    return blocks


def _runs(element: Element, path: tuple[str, ...]) -> Iterator[tuple[str | None, tuple[str, ...]]]:
    """Yield each text with the tags around it, and None where a block begins or ends."""
    for child in element.children:
        if isinstance(child, str):
            yield child, path
        elif child.tag in VOID_TAGS:
            # A line break or picture stands in the text like a word.
            yield f" <{child.tag}> ", path
        elif child.tag in INLINE:
            yield from _runs(child, (*path, child.tag))
        else:
            yield None, (*path, child.tag)
            yield from _runs(child, (*path, child.tag))
            yield None, path


def _skeleton(element: Element) -> tuple:
    """Return the elements and attributes without the words."""
    elements = (child for child in element.children if isinstance(child, Element))
    return element.tag, element.attributes, [_skeleton(child) for child in elements]

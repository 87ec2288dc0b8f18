"""Show what differs between two texts, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from articles import html

COMPARED = ("title", "summary", "body", "call_to_action", "description")
# Longer texts are shown side by side without marks: comparing takes time by the square of the length.
MOST_WORDS = 5000


@dataclass(frozen=True)
class Stretch:
    """Words that stand in both texts, or in only one of them."""

    words: str
    is_changed: bool


def side_by_side(old: str, new: str) -> tuple[list[Stretch], list[Stretch]]:
    """Return both plain texts as stretches of words, those marked that the other one lacks."""
    old_words, new_words = (re.findall(r"\S+|\n", text) for text in (old, new))
    if max(len(old_words), len(new_words)) > MOST_WORDS:
        return [Stretch(old, old != new)], [Stretch(new, old != new)]
    left, right = [], []
    matches = SequenceMatcher(None, old_words, new_words, autojunk=False).get_opcodes()
    for kind, old_start, old_end, new_start, new_end in matches:
        _add(left, old_words[old_start:old_end], kind != "equal")
        _add(right, new_words[new_start:new_end], kind != "equal")
    return left, right


def differences(old: dict[str, str], new: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield (field, old, new) in plain words for the fields in which two texts differ."""
    for name in COMPARED:
        if old[name] != new[name]:
            yield name, _plain(old, name), _plain(new, name)


def _plain(text, name):
    return html.plain_text(text[name]) if name == "body" else text[name]


def _add(stretches, words, is_changed):
    if words:
        stretches.append(Stretch(" ".join(words), is_changed))

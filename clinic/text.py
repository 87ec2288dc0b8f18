"""The normaliser: one reading of typed text for forms, importers and the admin.

Django accepts line breaks and invisible characters inside a name, and text that reads backwards.
Names keep their apostrophes, hyphens, digits and any script.
"""

import re
import unicodedata

LINE_BREAKS = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
BLANKS = re.compile(r"[\t \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
JOINERS = "\u200c\u200d"

# Soft hyphens, zero-width characters and marks that turn the direction of reading.
INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
# Controls, surrogates, private use and unassigned.
UNWANTED_CATEGORIES = {"Cc", "Cs", "Co", "Cn"}
# Tag characters can hide a whole sentence behind an emoji.
TAGS = range(0xE0000, 0xE0080)


def one_line(value: str) -> str:
    """Return the value as one visible line in NFC, without blanks at its ends or in runs."""
    return BLANKS.sub(" ", visible(LINE_BREAKS.sub(" ", value))).strip(" ")


def lines(value: str) -> str:
    """Return the value as visible lines split by LF, each without blanks at its ends or in runs."""
    return "\n".join(one_line(line) for line in LINE_BREAKS.split(value)).strip("\n")


def visible(value: str) -> str:
    """Return the value in NFC without characters that nobody sees; line feeds and tabs stay."""
    kept = "".join(character for character in value if _is_wanted(character))
    return unicodedata.normalize("NFC", _without_stray_joiners(kept))


def has_unreadable(value: str) -> bool:
    """Tell whether some bytes could not be decoded; Django puts U+FFFD in their place."""
    return "\ufffd" in value


def _is_wanted(character: str) -> bool:
    if character in "\n\t":
        return True
    if INVISIBLE.match(character) or ord(character) in TAGS:
        return False
    return unicodedata.category(character) not in UNWANTED_CATEGORIES


def _without_stray_joiners(value: str) -> str:
    """Drop joiners, except between letters, marks or emoji: Persian, Indic scripts and emoji need them."""
    return "".join(
        character
        for index, character in enumerate(value)
        if character not in JOINERS
        or (_joins(value[index - 1 : index]) and _joins(value[index + 1 : index + 2]))
    )


def _joins(neighbour: str) -> bool:
    return bool(neighbour) and unicodedata.category(neighbour)[0] in "LMS"

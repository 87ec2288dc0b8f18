"""Words of the field, and what patients say instead; glossary.toml lists them, in English."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_LISTS = tomllib.loads(Path(__file__).with_name("glossary.toml").read_text())

# Long words that the subject demands; the short ones in them, such as "disc", are words like all others.
NAMES = frozenset(word for name in _LISTS["names"] for word in name.split() if len(word) > 6)

# How far from a term its plain twin may stand, in characters, with one of the two in brackets.
BESIDE = 60


@dataclass(frozen=True)
class Jargon:
    """A term as it stands in a text, and its plain twin."""

    said: str
    plain: str


@dataclass(frozen=True)
class _Term:
    name: str
    plain: str

    @property
    def stem(self):
        """Return what singular and plural share."""
        return self.name.removesuffix("y")

    @property
    def pattern(self):
        return re.escape(self.stem) + ("(?:y|ies)" if self.name.endswith("y") else "(?:e?s)?")


# Long terms first: "plantar fasciitis" is one term and not two.
_TERMS = sorted(
    (_Term(name, plain) for names in _LISTS.values() for name, plain in names.items() if plain),
    key=lambda term: -len(term.name),
)


def jargon(text: str) -> Iterator[Jargon]:
    """Yield once each term of the field that the text nowhere explains."""
    lowered = text.lower()
    # One pattern of every term would be tried at every letter.
    terms = [term for term in _TERMS if term.stem in lowered]
    pattern = re.compile(rf"\b(?:{'|'.join(f'({term.pattern})' for term in terms)})\b", re.IGNORECASE)
    found, explained = {}, set()
    for match in pattern.finditer(text) if terms else ():
        term = terms[match.lastindex - 1]
        found.setdefault(term, match[0])
        around = text[max(0, match.start() - BESIDE) : match.end() + BESIDE].lower()
        if "(" in around and term.plain.lower() in around:
            explained.add(term)
    return (Jargon(said, term.plain) for term, said in found.items() if term not in explained)

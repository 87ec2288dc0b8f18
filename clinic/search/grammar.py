"""From what people type to what is looked for: one grammar for both databases.

All words must be there, "quoted ones" side by side; names of the same thing count as each other. What
leaves this module is made of stems, letters and digits alone, so that no database reads a patient's
signs as its own.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from clinic.search.words import STOP_WORDS, WORD, fold, stem, stems

MOST_CHARACTERS = 200
MOST_WORDS = 10
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
# Shorter words are mostly finished: who types "disc" does not mean "discuss".
SHORTEST_BEGINNING = 5
SHORTEST_LOOSE_BEGINNING = 3


@dataclass(frozen=True)
class Phrase:
    """Stems side by side; as a beginning, one word that goes on anyhow."""

    stems: tuple[str, ...]
    is_beginning: bool = False


# All of these phrases.
Wording = tuple[Phrase, ...]


@dataclass(frozen=True)
class Query:
    """What is looked for: for each thing its wordings, of which one is enough."""

    things: tuple[tuple[Wording, ...], ...] = ()
    any_is_enough: bool = False

    @property
    def phrases(self):
        """Return everything that counts as a hit in a text."""
        return {phrase for wordings in self.things for wording in wordings for phrase in wording}


GROUPS = [
    [tuple(stems(name)) for name in group]
    for group in tomllib.loads((Path(__file__).parent / "synonyms.toml").read_text())["groups"]
]
# Each name with the others of its group.
SYNONYMS = {
    name: tuple((Phrase(other),) for other in group if other != name) for group in GROUPS for name in group
}
LONGEST_NAME = max(map(len, SYNONYMS))


def read(typed, *, loosely=False):
    """Return the Query of a typed text; loosely, any word will do, and each may be a beginning."""
    pieces = typed[:MOST_CHARACTERS].translate(QUOTES).split('"')
    things = []
    for number, piece in enumerate(pieces):
        is_last = number == len(pieces) - 1
        # Behind an odd number of quotation marks, unless the last one was never closed.
        if number % 2 and not is_last:
            things.extend(_quoted(piece))
        else:
            things.extend(_plain(piece, is_last=is_last, loosely=loosely))
    return Query(tuple(dict.fromkeys(things))[:MOST_WORDS], any_is_enough=loosely)


def _quoted(piece):
    if phrase := tuple(stems(piece)):
        yield ((Phrase(phrase),),)


def _plain(piece, *, is_last, loosely):
    words = list(filter(None, map(fold, WORD.findall(piece))))
    position = 0
    while position < len(words):
        name = _name_at(words, position)
        typed = words[position : position + len(name)]
        position += len(name)
        as_typed = tuple(Phrase((stem(word),)) for word in typed if word not in STOP_WORDS)
        if not as_typed:
            continue
        wordings = [as_typed, *SYNONYMS.get(name, ())]
        if len(name) == 1 and (loosely or (is_last and position == len(words))):
            wordings.extend(_beginning(typed[0], loosely=loosely))
        yield tuple(wordings)
        if loosely and len(name) > 1:
            yield from (((phrase,),) for phrase in as_typed)


def _name_at(words, position):
    """Return the stems of the longest name that begins here, or of the one word."""
    ahead = tuple(stem(word) for word in words[position : position + LONGEST_NAME])
    lengths = range(len(ahead), 1, -1)
    return next((ahead[:length] for length in lengths if ahead[:length] in SYNONYMS), ahead[:1])


def _beginning(word, *, loosely):
    if len(word) >= (SHORTEST_LOOSE_BEGINNING if loosely else SHORTEST_BEGINNING):
        yield (Phrase((word,), is_beginning=True),)

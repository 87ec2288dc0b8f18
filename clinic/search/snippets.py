"""Show where a text holds what was looked for: stretches of words, the hits marked."""

from collections import defaultdict
from dataclasses import dataclass

from clinic.search.words import WORD, stem

# In words.
LENGTH = 36
WORDS_BEFORE = 6
# In characters. Most texts say here what they are about, and the rest need not be read.
BEGINNING = 1_500


@dataclass(frozen=True)
class Stretch:
    """A stretch of a text, as it stands."""

    text: str
    is_hit: bool = False


@dataclass(frozen=True)
class Result:
    """A line of the list of results."""

    kind: str
    url: str
    title: list[Stretch]
    snippet: list[Stretch]


class Marker:
    """Knows the hits of one query in any text."""

    def __init__(self, query):
        self.beginnings = {}
        self.phrases = defaultdict(list)
        self.things = set(range(len(query.things)))
        for thing, wordings in enumerate(query.things):
            for phrase in {phrase for wording in wordings for phrase in wording}:
                if phrase.is_beginning:
                    self.beginnings[phrase.stems[0]] = thing
                else:
                    self.phrases[phrase.stems[0]].append((list(phrase.stems), thing))

    def result(self, entry):
        """Return what to show of an entry that was found."""
        return Result(entry.get_kind_display(), entry.url, self.marked(entry.title), self.snippet(entry.text))

    def marked(self, text):
        """Return the whole text with its hits marked."""
        words = list(WORD.finditer(text))
        return _stretches(text, words, self._hits(words))

    def snippet(self, text):
        """Return the part of a text that holds the most of what was looked for, or its beginning."""
        beginning = text if len(text) <= BEGINNING else text[:BEGINNING].rpartition(" ")[0]
        for part in (beginning, text):
            words = list(WORD.finditer(part))
            hits = self._hits(words)
            if self.things.issubset(hits.values()):
                break
        first = max(_densest(hits) - WORDS_BEFORE, 0)
        last = first + LENGTH - 1
        begins = words[first].start() if first else 0
        ends = words[last].end() if last < len(words) else len(part)
        close = [number for number in hits if first <= number <= last]
        before, after = ("… " if begins else ""), (" …" if ends < len(text) else "")
        return [Stretch(before), *_stretches(text[:ends], words, close, begins), Stretch(after)]

    def _hits(self, words):
        """Return the numbers of the words that are hits, in order, each with the number of what it is."""
        text = [stem(word[0]) for word in words]
        beginnings = tuple(self.beginnings)
        hits = {}
        for number, word in enumerate(text):
            for phrase, thing in self.phrases.get(word, ()):
                if text[number : number + len(phrase)] == phrase:
                    hits.update(dict.fromkeys(range(number, number + len(phrase)), thing))
            if beginnings and word.startswith(beginnings):
                hits.setdefault(number, self._thing_begun(word))
        return dict(sorted(hits.items()))

    def _thing_begun(self, word):
        return next(thing for beginning, thing in self.beginnings.items() if word.startswith(beginning))


def _densest(hits):
    """Return the number of the hit from which on the most different things stand close together."""
    room = LENGTH - WORDS_BEFORE
    numbers = list(hits)

    def variety(place):
        first, *others = numbers[place : place + room]
        return len({hits[first], *(hits[number] for number in others if number < first + room)})

    return numbers[max(range(len(numbers)), key=variety)] if hits else 0


def _stretches(text, words, hits, position=0):
    """Cut a text into stretches from a position on; hits side by side make one."""
    stretches = []
    for hit in hits:
        word = words[hit]
        between = text[position : word.start()]
        if between == " " and stretches and stretches[-1].is_hit:
            stretches[-1] = Stretch(f"{stretches[-1].text} {word[0]}", is_hit=True)
        else:
            stretches += [Stretch(between), Stretch(word[0], is_hit=True)]
        position = word.end()
    return [*stretches, Stretch(text[position:])]

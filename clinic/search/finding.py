"""Find what people look for, and show where it stands."""

from dataclasses import dataclass

from clinic.models import SearchEntry
from clinic.search import grammar
from clinic.search.matching import Part
from clinic.search.snippets import Marker

MOST_RESULTS = 200


@dataclass(frozen=True)
class Found:
    """The entries found, best first, at most MOST_RESULTS; `is_close` where none has all of the words."""

    query: grammar.Query
    pks: list
    is_close: bool = False

    @property
    def has_more(self):
        return len(self.pks) == MOST_RESULTS


def find(typed):
    """Return what was Found for a typed text: with all of its words, or else what comes close."""
    query = grammar.read(typed)
    if not query.things:
        return Found(query, [])
    if pks := _pks(SearchEntry.objects.matching(query)):
        return Found(query, pks)
    query = grammar.read(typed, loosely=True)
    # What is about one of the words comes closer than what has many of them in passing.
    near = _pks(SearchEntry.objects.near(query, Part.GIST)) or _pks(SearchEntry.objects.near(query, Part.ALL))
    return Found(query, near, is_close=True)


def results(query, pks):
    """Return what to show of these entries, in their order."""
    entries = SearchEntry.objects.in_bulk(pks)
    marker = Marker(query)
    return [marker.result(entries[pk]) for pk in pks if pk in entries]


def _pks(entries):
    return list(entries.values_list("pk", flat=True)[:MOST_RESULTS])

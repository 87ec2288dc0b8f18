"""Keep the search index in step with the site. Apps call this when something appears, changes or goes."""

import hashlib
import json
import re
from collections import Counter

from django.db import connection, transaction

from clinic.models import SearchEntry
from clinic.search.words import RULES, STOP_WORDS, stems
from clinic.text import visible

# A tsvector knows no more positions than about 16,000, and holds at most 1 MB.
MOST_WORDS = 10_000
OFTEN = 4
# A heading or a point of a list, which would run into what follows.
UNFINISHED_LINE = re.compile(r"(?<![.?!:;,…\s])\s*\n\s*")

SQLITE = (
    "INSERT OR REPLACE INTO clinic_searchterms (title, lead, often, text, rowid) VALUES (%s, %s, %s, %s, %s)"
)
POSTGRESQL = "UPDATE clinic_searchentry SET about = %s::tsvector, terms = %s::tsvector WHERE id = %s"


def put(kind, object_id, *, url, title, lead="", text="", also=""):
    """Let people find an object by these words; `also` is found and never shown."""
    title, lead, text, also = map(visible, (title, lead, text, also))
    digest = hashlib.sha256(json.dumps([RULES, url, title, lead, text, also]).encode()).hexdigest()
    # Asked first, because on SQLite a transaction keeps all other writers waiting.
    if SearchEntry.objects.filter(kind=kind, object_id=object_id, digest=digest).exists():
        return
    with transaction.atomic():
        entry, _is_new = SearchEntry.objects.update_or_create(
            kind=kind,
            object_id=object_id,
            defaults={"url": url, "title": title, "text": flowing(f"{lead}\n{text}"), "digest": digest},
        )
        _write_terms(entry.pk, stems(title), stems(f"{lead}\n{also}"), stems(text)[:MOST_WORDS])


def drop(kind, object_id):
    """Let nobody find an object any more."""
    _remove(SearchEntry.objects.filter(kind=kind, object_id=object_id))


def keep_only(kind, object_ids):
    """Sweep out all objects of a kind but these."""
    _remove(SearchEntry.objects.filter(kind=kind).exclude(object_id__in=object_ids))


def distrust():
    """Let the next put() of each object write its words afresh, changed or not."""
    SearchEntry.objects.update(digest="")


def flowing(text):
    """Return a text of many lines as one, for snippets."""
    return " ".join(UNFINISHED_LINE.sub(" · ", text.strip()).split())


def _write_terms(pk, title, lead, text):
    often = sorted(word for word, times in Counter(text).items() if times >= OFTEN and word not in STOP_WORDS)
    if connection.vendor == "postgresql":
        gist = _vector((title, "A"), (lead, "B"), (often, "C"))
        row = [gist, _vector((title, ""), (lead, ""), (text, "")), pk]
    else:
        row = [*map(" ".join, (title, lead, often, text)), pk]
    with connection.cursor() as cursor:
        cursor.execute(POSTGRESQL if connection.vendor == "postgresql" else SQLITE, row)


def _vector(*weighted_words):
    """Write words as a tsvector, with a gap after each part, so that no phrase spans two of them."""
    lexemes, position = [], 0
    for words, weight in weighted_words:
        lexemes += [f"'{word}':{place}{weight}" for place, word in enumerate(words, start=position + 1)]
        position += len(words) + 1
    return " ".join(lexemes)


@transaction.atomic
def _remove(entries):
    if connection.vendor == "sqlite":
        rows = [(pk,) for pk in entries.values_list("pk", flat=True)]
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM clinic_searchterms WHERE rowid = %s", rows)
    entries.delete()

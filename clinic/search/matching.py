"""Ask the database which entries hold what is looked for, each in its own language.

Their tables and the function are made by the migration 0005_search_index.
"""

from enum import Enum

from django.db.models import BooleanField, Func


class Part(Enum):
    """A part of what an entry says: its columns in FTS5, its weights in PostgreSQL's tsvector `about`."""

    TITLE = "title", "A"
    LEAD = "title lead", "AB"
    # Title, lead, and the words that come often.
    GIST = "title lead often", "ABC"
    # Too long for `about`.
    ALL = "title lead text", ""


class Matches(Func):
    """Tell whether a part of an entry holds what a Query looks for."""

    output_field = BooleanField()

    def __init__(self, query, part):
        super().__init__()
        self.query, self.part = query, part

    def as_sqlite(self, compiler, connection, **context):
        columns, _weights = self.part.value
        found = "SELECT rowid FROM clinic_searchterms WHERE clinic_searchterms MATCH %s"
        return f"clinic_searchentry.id IN ({found})", [f"{{{columns}}} : ({fts5(self.query)})"]

    def as_postgresql(self, compiler, connection, **context):
        _columns, weights = self.part.value
        if self.part is Part.ALL:
            sql = "clinic_searchentry.id IN (SELECT * FROM clinic_searchentry_with(%s::tsquery))"
        else:
            sql = "clinic_searchentry.about @@ %s::tsquery"
        return sql, [tsquery(self.query, weights)]


def fts5(query):
    """Return a Query in the language of SQLite's FTS5."""
    return _joined(query, " AND ", " OR ", _fts5_phrase)


def tsquery(query, weights=""):
    """Return a Query in the language of PostgreSQL's tsquery, for words of these weights alone."""
    return _joined(query, " & ", " | ", lambda phrase: _tsquery_phrase(phrase, weights))


def _joined(query, and_, or_, written):
    things = (
        or_.join(f"({and_.join(map(written, wording))})" for wording in wordings) for wordings in query.things
    )
    return (or_ if query.any_is_enough else and_).join(f"({thing})" for thing in things)


def _fts5_phrase(phrase):
    return f'"{" ".join(phrase.stems)}"' + (" *" if phrase.is_beginning else "")


def _tsquery_phrase(phrase, weights):
    label = ("*" if phrase.is_beginning else "") + weights
    return " <-> ".join(f"'{stem}'" + (f":{label}" if label else "") for stem in phrase.stems)

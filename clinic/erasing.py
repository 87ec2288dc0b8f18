"""What was erased leaves the database file as well.

SQLite's secure_delete overwrites the place of a row. But pages that were split or filled up keep older copies
in the gaps between their rows, so the file is written afresh; and the write-ahead log, which keeps pages as
they were, is emptied. On PostgreSQL its own vacuum does what can be done.

That a fresh file is owed stands in the file itself, so that no failure and no crash forgets it: user_version
counts the transactions that erased, and is negative once the file was written afresh after the last of them.
"""

import logging

from django.db import connection, transaction

log = logging.getLogger(__name__)

# While we wait for readers to be done, nobody can write: a patient's request comes first.
PATIENCE_MS = 2000


def owe_fresh_file():
    """Owe a SQLite file without what the present transaction erases, until leave_the_file() succeeds."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA user_version = {abs(_ask(cursor, 'PRAGMA user_version')) + 1}")


def leave_the_file():
    """Write a SQLite file afresh if that is owed, and empty its log; not within a transaction."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        try:
            if (erased := _ask(cursor, "PRAGMA user_version")) > 0:
                cursor.execute("VACUUM")
                _note_fresh_file(cursor, erased)
        finally:
            _empty_log(cursor)


def _note_fresh_file(cursor, erased):
    with transaction.atomic():
        # What was erased meanwhile owes another one.
        if _ask(cursor, "PRAGMA user_version") == erased:
            cursor.execute(f"PRAGMA user_version = -{erased}")


def _empty_log(cursor):
    """Empty SQLite's write-ahead log, or note that somebody was reading all the time."""
    usual = _ask(cursor, "PRAGMA busy_timeout")
    _ask(cursor, f"PRAGMA busy_timeout = {PATIENCE_MS}")
    was_busy = _ask(cursor, "PRAGMA wal_checkpoint(TRUNCATE)")
    _ask(cursor, f"PRAGMA busy_timeout = {usual}")
    if was_busy:
        log.warning("erasing.log_was_busy")


def _ask(cursor, question):
    cursor.execute(question)
    return cursor.fetchone()[0]

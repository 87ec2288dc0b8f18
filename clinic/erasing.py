"""What was erased leaves the database file as well.

SQLite's secure_delete overwrites the place of a row. But pages that were split or filled up keep older copies
in the gaps between their rows, so the file is written afresh; and the write-ahead log, which keeps pages as
they were, is emptied. On PostgreSQL its own vacuum does what can be done.
"""

import logging

from django.db import connection

log = logging.getLogger(__name__)

# While we wait for readers to be done, nobody can write: a patient's request comes first.
PATIENCE_MS = 2000


def leave_the_file():
    """Write a SQLite file afresh without what was erased, and empty its log; not within a transaction."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
        empty_log()


def empty_log():
    """Empty SQLite's write-ahead log, or note that somebody was reading all the time."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        usual = _ask(cursor, "PRAGMA busy_timeout")
        _ask(cursor, f"PRAGMA busy_timeout = {PATIENCE_MS}")
        was_busy = _ask(cursor, "PRAGMA wal_checkpoint(TRUNCATE)")
        _ask(cursor, f"PRAGMA busy_timeout = {usual}")
    if was_busy:
        log.warning("erasing.log_was_busy")


def _ask(cursor, question):
    cursor.execute(question)
    return cursor.fetchone()[0]

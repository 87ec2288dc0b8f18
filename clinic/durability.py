"""A patient who saw the confirmation page must find the request stored, even after a power cut.

Settings alone do not prove that: a network disk may refuse WAL, a server may run with fsync off.
So the running processes ask the database itself before they take any work.
"""

import logging
import sqlite3

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

SQLITE_SYNCHRONOUS_FULL = 2
# The low byte of what SQLite says when a disk takes nothing more.
NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}


def refuse_less():
    """Stop the start of this process unless the database keeps what it has confirmed.

    A PostgreSQL server that is down does not stop it: readers then still get the page with the
    clinic's phone number, and the first request after its return is stored.
    """
    try:
        sentences = weaknesses(connection)
    except OperationalError as problem:
        if connection.vendor == "sqlite":
            raise ImproperlyConfigured(_cause(problem)) from problem
        logger.warning("database.unreachable_at_start")
        return
    finally:
        connection.close()
    if sentences:
        raise ImproperlyConfigured(sentences[0])


def _cause(problem):
    if getattr(problem.__cause__, "sqlite_errorcode", 0) & 0xFF in NO_ROOM:
        return _(
            "The disk of the database is full or failing. Make room: an installed site then starts alone."
        )
    return _("The database file can’t be opened. Make its folder writable for the site.")


def weaknesses(connection):
    """Return a sentence for each way in which this connection may lose a committed row."""
    return (
        _sqlite_weaknesses(connection)
        if connection.vendor == "sqlite"
        else _postgresql_weaknesses(connection)
    )


def _sqlite_weaknesses(connection):
    sentences = []
    if _ask(connection, "PRAGMA journal_mode") != "wal":
        sentences.append(_("SQLite can’t keep its write-ahead log here. Move DATABASE_URL to a local disk."))
    if _ask(connection, "PRAGMA synchronous") != SQLITE_SYNCHRONOUS_FULL:
        sentences.append(_("SQLite does not wait for the disk. Leave PRAGMA synchronous at FULL."))
    return sentences


def _postgresql_weaknesses(connection):
    sentences = []
    if _ask(connection, "SHOW synchronous_commit") == "off":
        sentences.append(_("PostgreSQL confirms before it has stored. Set synchronous_commit to on."))
    if _ask(connection, "SHOW fsync") != "on":
        sentences.append(_("PostgreSQL does not wait for the disk. Set fsync to on in postgresql.conf."))
    return sentences


def _ask(connection, question):
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]

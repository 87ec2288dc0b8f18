"""A SQLite database: copied while it is in use, checked, and put in place.

Copies are files without a name, so that a crash leaves no plain copy behind.
"""

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection

from clinic.backup import places
from clinic.backup.problems import BackupProblem

FORMAT_VERSIONS_AT = 18
ROLLBACK_JOURNAL = b"\x01\x01"


@contextmanager
def frozen():
    """Yield a copy of the database as an open file; inside, queries see the moment of the copy."""
    with _nameless() as (file, copy), connection.cursor() as cursor:
        # Deferred, because Django's own transactions would keep all writers waiting.
        cursor.execute("BEGIN")
        try:
            # The copy alone would let go of its moment; a query holds on to it.
            cursor.execute("SELECT 1 FROM sqlite_master")
            connection.connection.backup(copy)
            copy.close()
            # What PRAGMA journal_mode=DELETE writes: a write-ahead log belongs to a name.
            os.pwrite(file.fileno(), ROLLBACK_JOURNAL, FORMAT_VERSIONS_AT)
            yield file
        finally:
            cursor.execute("ROLLBACK")


def check(content):
    """Open the copied database; raises BackupProblem if it is not sound."""
    with _nameless() as (file, copy):
        shutil.copyfileobj(content, file)
        file.flush()
        _refuse_unsound(copy)


def exists():
    """Return whether there is a database, without making one."""
    return _path().exists()


def size():
    """Return how many bytes the database takes."""
    files = (_path(), _path().with_name(_path().name + "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


def save_plain(file):
    """Copy the database to a file that this release alone has to read again."""
    _copy(_path(), file)


def restore_plain(file):
    """Put such a copy over the database in one transaction, whoever has it open."""
    _copy(file, _path())


class Arrival:
    """A database on its way in: beside the present one until commit() puts it in its place."""

    def __init__(self, aside):
        self.aside = aside

    def __enter__(self):
        _path().parent.mkdir(parents=True, exist_ok=True)
        self.draft = places.beside(_path(), "restoring")
        return self

    def __exit__(self, *problem):
        self.draft.unlink(missing_ok=True)

    def take(self, content):
        """Write the database to the disk and check it."""
        self.draft.unlink(missing_ok=True)
        with places.private_file(self.draft) as file:
            shutil.copyfileobj(content, file)
        with closing(sqlite3.connect(self.draft)) as copy:
            _refuse_unsound(copy)

    def commit(self):
        """Put the database in its place, and the one that was there aside."""
        _fold_log()
        for ending in ("", "-wal", "-shm"):
            old = _path().with_name(_path().name + ending)
            if old.exists():
                old.rename(places.beside(_path(), self.aside + ending))
        self.draft.rename(_path())
        places.settle(_path().parent)


def _fold_log():
    """Write the log of the old database into its file, so that none is left to be taken for the new one's.

    Raises BackupProblem while another process has it open: what that one writes would be lost.
    """
    connection.close()
    if not exists():
        return
    with closing(sqlite3.connect(_path(), timeout=1)) as old:
        try:
            old.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.DatabaseError as error:
            # What can't be read has to go aside all the same.
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise BackupProblem(
                    "running", "The database is in use. Stop web server and worker."
                ) from error


def _copy(source, target):
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target, timeout=30)) as new,
    ):
        old.backup(new)


def _path():
    return Path(connection.settings_dict["NAME"])


@contextmanager
def _nameless():
    """Yield a file that has lost its name, and SQLite's connection to it."""
    descriptor, name = tempfile.mkstemp(dir=_path().parent)
    with (
        os.fdopen(descriptor, "w+b") as file,
        closing(sqlite3.connect(name, isolation_level=None)) as copy,
    ):
        os.unlink(name)
        # A journal would need a name.
        copy.execute("PRAGMA journal_mode=OFF")
        yield file, copy


def _refuse_unsound(copy):
    try:
        answer = copy.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        answer = str(error)
    if answer != "ok":
        raise BackupProblem(
            "unsound-database", "The database in this backup is not sound. Use another backup."
        )

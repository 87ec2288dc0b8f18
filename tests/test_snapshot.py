"""The copy of the database that `make upgrade` keeps: of the right database, whole or not there."""

import resource
import shutil
import sqlite3
import sys
from contextlib import closing

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from clinic import environment
from clinic.backup import databases, postgresql, sqlite
from clinic.management.commands.snapshot import COPIES, MARGIN

MEGABYTE = 1024 * 1024
# In the place of pg_dump: notes what it was told, as arguments and in the environment.
PG_DUMP = """#!/bin/sh
{ echo "$@"; env | grep ^PG | sort; } > "$HOME/told"
"""


@pytest.fixture
def small_files():
    """Let no file grow beyond some pages, as on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    writes_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    resource.setrlimit(resource.RLIMIT_FSIZE, (16 * 1024, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    sys.dont_write_bytecode = writes_bytecode


@pytest.fixture
def reached_by(monkeypatch, tmp_path):
    """Make the site's database what an address in DATABASE_URL says."""

    def reach(url):
        monkeypatch.setenv("DATABASE_URL", url)
        address = {"OPTIONS": {}} | environment.database(tmp_path)
        database = connections["default"]
        monkeypatch.setattr(database, "settings_dict", database.settings_dict | address)

    return reach


@pytest.mark.django_db(transaction=True)
def test_a_copy_that_the_disk_has_no_room_for_leaves_nothing_behind(tmp_path, small_files):
    with pytest.raises(CommandError):
        call_command("snapshot", "save", tmp_path / "copy")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(("missing", "said"), [(0, None), (50 * MEGABYTE, "50.0 MB")])
def test_how_much_room_is_missing_is_told_before_anything_is_closed(tmp_path, monkeypatch, missing, said):
    free = COPIES * databases.kind().size() + MARGIN - missing
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(free, 0, free))
    folder = tmp_path / "upgrades"

    try:
        call_command("snapshot", "room", folder)
        answer = None
    except CommandError as refusal:
        answer = str(refusal)

    assert answer == (said and f"The disk of {folder} is too full: make room for {said} more.")


@pytest.mark.django_db
def test_what_a_crash_left_of_a_copy_is_gone_before_room_is_counted(tmp_path):
    for name in ("before-0.2.0.part", "before-0.2.0.part-journal", "before-0.1.0"):
        (tmp_path / name).touch()

    call_command("snapshot", "room", tmp_path)

    assert [file.name for file in tmp_path.iterdir()] == ["before-0.1.0"]


def test_pg_dump_goes_where_database_url_says_and_verifies_the_server_as_the_site_does(
    tmp_path, monkeypatch, reached_by
):
    program = tmp_path / "bin/pg_dump"
    program.parent.mkdir()
    program.write_text(PG_DUMP)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(tmp_path))
    reached_by(
        "postgres://clin%40ic:p%3Aw%2F@db.example:5433/my%20clinic?sslmode=verify-full&sslrootcert=/ca"
    )

    postgresql.save_plain(tmp_path / "copy")

    told, *variables = (tmp_path / "told").read_text().splitlines()
    assert told.startswith("-U clin@ic -h db.example -p 5433 --exclude-schema=")
    assert told.endswith(f"--file={tmp_path}/copy my clinic")
    assert variables == ["PGPASSWORD=p:w/", "PGSSLMODE=verify-full", "PGSSLROOTCERT=/ca"]


def test_options_in_database_url_are_no_part_of_the_name_of_a_sqlite_file(tmp_path, reached_by):
    with closing(sqlite3.connect(tmp_path / "the clinic?.sqlite3")) as database:
        database.execute("CREATE TABLE patient (name)")
    reached_by(f"sqlite:///{tmp_path}/the%20clinic%3F.sqlite3?timeout=30")

    sqlite.save_plain(tmp_path / "copy")

    with closing(sqlite3.connect(tmp_path / "copy")) as copy:
        assert copy.execute("SELECT name FROM sqlite_master").fetchall() == [("patient",)]

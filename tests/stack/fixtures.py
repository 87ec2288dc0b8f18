"""`stack`: a whole site of real processes for one test. `cluster`: a PostgreSQL server that may crash.

`promise`: a line of the table at the end.
"""

import fcntl
import os
import re
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.stack.databases import PostgresCluster, PostgresDatabase, SqliteDatabase, database_at
from tests.stack.site import PROJECT, Stack, unused_port

# LONG=1 makes every sweep so many times as long.
LONGER = 5
HEADING = "| Promise | What was done | What was seen |\n| --- | --- | --- |\n"

_promises = []


@pytest.fixture(scope="session")
def template(request, tmp_path_factory, worker_id):
    """Make the one demo site that every stack is a copy of, on the database engine of this run.

    Of workers side by side the first makes it, and the others start from a copy.
    """
    base, folder = tmp_path_factory.getbasetemp(), tmp_path_factory.mktemp("template")
    note = (base if worker_id == "master" else base.parent) / "template.txt"

    def end():
        # Not while another worker makes its copy.
        with _alone():
            if is_first:
                note.unlink(missing_ok=True)
            site.end()

    with _alone():
        is_first = not note.exists()
        site = Stack(folder, _new_database(folder)) if is_first else _site_at(note).copy(folder)
        request.addfinalizer(end)
        if is_first:
            site.prepare()
            note.write_text(f"{folder}\n{site.database.url}")
    return site


def _site_at(note):
    folder, url = note.read_text().splitlines()
    return Stack(Path(folder), database_at(url))


@contextmanager
def _alone():
    """Let one worker at a time at what all share: the first site and, with other runs, the static files."""
    (PROJECT / "var").mkdir(exist_ok=True)
    with (PROJECT / "var/preparing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _new_database(folder):
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith("postgres"):
        return PostgresDatabase.create(url)
    return SqliteDatabase(folder / "site.sqlite3")


@pytest.fixture
def stack(template, tmp_path):
    """Give the test a demo site that is ready to start, with a mail server that answers."""
    folder = tmp_path / "stack"
    folder.mkdir()
    stack = template.copy(folder)
    yield stack
    stack.end()


@pytest.fixture(scope="module")
def cluster():
    """Run a PostgreSQL server of its own for the tests of a module."""
    programs = PostgresCluster.programs_here()
    if programs is None:
        pytest.skip("There is no PostgreSQL server on this machine.")
    cluster = PostgresCluster(programs, unused_port())
    cluster.start()
    yield cluster
    cluster.end()


@pytest.fixture
def promise(request):
    """Note what a fault sweep has seen: promise(number, what was done, what was seen)."""
    return lambda *line: request.node.user_properties.append(("promise", line))


@pytest.fixture
def rounds():
    """Say how often a sweep does something: rounds(200), or five times as often under LONG=1."""
    factor = LONGER if os.environ.get("LONG") == "1" else 1
    return lambda number: number * factor


def pytest_runtest_logreport(report):
    """Collect the lines of tests that hold, from whichever process ran them."""
    if report.when == "call" and report.passed:
        _promises.extend(line for name, line in report.user_properties if name == "promise")


def pytest_terminal_summary(terminalreporter, exitstatus):
    """Print the table, and keep that of a whole run in the file that PROMISES names."""
    lines = sorted(_promises, key=_by_number)
    if lines:
        terminalreporter.section("promises")
    for number, done, seen in lines:
        terminalreporter.write_line(f"{number:<4} {done:<64} {seen}")
    if lines and exitstatus == 0 and (table := os.environ.get("PROMISES")):
        Path(table).write_text(HEADING + "".join(f"| {' | '.join(line)} |\n" for line in lines))


def _by_number(line):
    letters, digits = re.fullmatch(r"([A-Z]+)(\d*)", line[0]).groups()
    return letters, int(digits or 0), line[1]

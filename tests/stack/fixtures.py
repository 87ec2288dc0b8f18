"""`stack`: a whole site of real processes for one test. `promise`: a line of the table at the end."""

import os

import pytest

from tests.stack.databases import PostgresDatabase, SqliteDatabase
from tests.stack.site import Stack

promises = []


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """Make the one demo site that every stack is a copy of, on the database engine of this run."""
    folder = tmp_path_factory.mktemp("template")
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith("postgres"):
        database = PostgresDatabase.create(url)
    else:
        database = SqliteDatabase(folder / "site.sqlite3")
    site = Stack(folder, database)
    try:
        site.prepare()
        yield site
    finally:
        site.end()


@pytest.fixture
def stack(template, tmp_path):
    """Give the test a demo site that is ready to start, with a mail server that answers."""
    folder = tmp_path / "stack"
    folder.mkdir()
    stack = template.copy(folder)
    yield stack
    stack.end()


@pytest.fixture
def promise():
    """Note what a fault sweep has seen: promise(number, what was done, what was seen)."""
    return lambda *line: promises.append(line)


def pytest_terminal_summary(terminalreporter):
    if promises:
        terminalreporter.section("promises")
    for number, done, seen in promises:
        terminalreporter.write_line(f"{number:<4} {done:<64} {seen}")

"""`stack`: a whole site of real processes for one test. `promise`: a line of the table at the end."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.stack.databases import PostgresDatabase, SqliteDatabase
from tests.stack.site import Stack

promises = []


@pytest.fixture(scope="session", autouse=True)
def template_in_the_making(request, tmp_path_factory):
    """Begin the template, when it will be needed, with the first test: making it keeps one core busy."""
    if not any("template" in item.fixturenames for item in request.session.items):
        yield None
        return
    folder = tmp_path_factory.mktemp("template")
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith("postgres"):
        database = PostgresDatabase.create(url)
    else:
        database = SqliteDatabase(folder / "site.sqlite3")
    site = Stack(folder, database)
    with ThreadPoolExecutor(1) as other_core:
        yield site, other_core.submit(site.prepare)
    site.end()


@pytest.fixture(scope="session")
def template(template_in_the_making):
    """Return the one demo site that every stack is a copy of, on the database engine of this run."""
    site, preparation = template_in_the_making
    preparation.result()
    return site


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

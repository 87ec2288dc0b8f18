"""P23: what is erased is gone, from the tables and from the bytes of the database file.

SQLite leaves copies of rows where pages were split, secure_delete or not. So the sites here have many
requests, and rows that grew after others had come behind them.
"""

import random
import re
from contextlib import closing

import pytest

from tests.stack.site import past

pytestmark = pytest.mark.faults

REQUESTS = "appointments_appointmentrequest"
ERASED = f"SELECT count(*) FROM {REQUESTS} WHERE erased_at IS NOT NULL AND source = 'web'"
# Apart from the phone numbers of the demo.
NUMBERS = range(5000, 6500)
# How each canary looks in the file; the search finds phone numbers by their end.
CANARIES = {
    "name": rb"Quokka(\d{4})",
    "notes": rb"Potoroo(\d{4})",
    "address": rb"numbat(\d{4})@",
    "phone": rb"\(555\) 010-(\d{4})",
    "number": rb"\+1555010(\d{4})",
    "key": rb"p (\d{4})0105551",
}
COLUMNS = {
    "reference": "Q-{number}",
    "form_token": "canary {number}",
    "full_name": "Quokka{number} Valdez",
    "phone": "(555) 010-{number}",
    "phone_e164": "+1555010{number}",
    "email": "numbat{number}@example.org",
    "notes": "Potoroo{number} hurts.",
    "status": "closed",
    "outcome": "declined",
}


def all_of(numbers):
    return {(name, number) for name in CANARIES for number in numbers}


def found_in(stack):
    """Return which canaries of which requests the bytes of the database hold."""
    files = [stack.folder / f"site.sqlite3{ending}" for ending in ("", "-wal", "-shm")]
    held = b"".join(file.read_bytes() for file in files if file.exists())
    found = set()
    for name, pattern in CANARIES.items():
        numbers = (digits[::-1] if name == "key" else digits for digits in re.findall(pattern, held))
        found |= {(name, int(number)) for number in numbers}
    return found & all_of(NUMBERS)


def close_many(stack, days_ago):
    """Store a request for each number, closed as long ago as `days_ago` says, and let earlier ones grow."""
    dice = random.Random(23)
    with closing(stack.database.connect()) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA synchronous = OFF")
        for number in NUMBERS:
            store(connection, number, past(days=days_ago(number)).replace(tzinfo=None))
            grown = f"Q-{dice.randrange(NUMBERS.start, number + 1)}"
            connection.execute(
                f"UPDATE {REQUESTS} SET appointment_number = ? WHERE reference = ?",
                ["7" * dice.randrange(40), grown],
            )


def store(connection, number, closed_at):
    """Copy a request of the demo, with the canaries of a number and the keys of its search."""
    changed = {name: text.format(number=number) for name, text in COLUMNS.items()}
    changed |= {"source": "web", "closed_at": closed_at.isoformat(" ")}
    columns = [column[0] for column in connection.execute(f"SELECT * FROM {REQUESTS} LIMIT 0").description]
    kept = [name for name in columns if name not in {*changed, "id", "link_digest", "erased_at"}]
    pk = connection.execute(
        f"INSERT INTO {REQUESTS} ({', '.join([*changed, *kept])})"
        f" SELECT {', '.join(['?'] * len(changed) + kept)} FROM {REQUESTS} ORDER BY id LIMIT 1",
        list(changed.values()),
    ).lastrowid
    keys = (f"n quokka{number}valdez", f"p {str(number)[::-1]}0105551", f"e numbat{number}@example.org")
    connection.executemany(
        "INSERT INTO appointments_searchkey (request_id, key) VALUES (?, ?)", [(pk, key) for key in keys]
    )


@pytest.fixture
def site(stack):
    """Start the web server of a site on SQLite."""
    if stack.database.vendor != "sqlite":
        pytest.skip("SQLite only: what a PostgreSQL server keeps in its files is the server's.")
    stack.start_web()
    return stack


def test_p23_what_is_due_leaves_tables_and_file_within_an_hour_of_the_worker(site, promise):
    due, young = NUMBERS[::2], NUMBERS[1::2]
    close_many(site, lambda number: 90 if number in due else 89)
    # The positive control: all of it is there to be found.
    assert found_in(site) == all_of(NUMBERS)

    site.start_worker()
    site.wait_until(lambda: site.number(ERASED) == len(due), "the due ones are erased", seconds=120)
    site.wait_until(
        lambda: found_in(site) == all_of(young), "their bytes are gone, and no others", seconds=30
    )

    promise("P23", f"{len(due)} of {len(NUMBERS)} requests due, clock moved", "0 bytes left in file and log")


def test_p23_people_who_ask_for_it_leave_the_file_at_once(site, promise):
    close_many(site, lambda number: 1)
    gone = NUMBERS[::500]

    for number in gone:
        site.manage("erase_person", f"numbat{number}@example.org", "--reason", "asked", "--yes")

    assert found_in(site) == all_of(NUMBERS) - all_of(gone)
    promise("P23", f"{len(gone)} of {len(NUMBERS)} people erased by command, site running", "0 bytes left")

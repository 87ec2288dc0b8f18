"""The promises about what is stored, swept with real processes and real failures: `make faults`.

Each test adds a line to the table at the end of the run.
"""

import random
import resource
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPException

import pytest

from tests.stack.databases import PostgresDatabase
from tests.stack.site import Stack

pytestmark = pytest.mark.faults

PHONE = "(555) 010-0140"
NAMES = "SELECT full_name FROM appointments_appointmentrequest WHERE source = 'web'"
REQUESTS_AND_MAILS = """
SELECT count(DISTINCT r.id), count(m.id) FROM appointments_appointmentrequest r
LEFT JOIN clinic_outboxmessage m ON m.object_id = r.id AND m.kind = 'front_desk_notice'
WHERE r.source = 'web'
"""


def test_p1_no_accepted_request_is_lost_when_the_web_server_is_killed(stack, promise, rounds):
    kills, posts_a_kill = rounds(200), 5
    dice = random.Random(1)
    # Starting two takes longer than all the rest; the threads of one meet as well.
    stack.environment["WEB_WORKERS"] = "1"
    stack.start(workers=0)
    visitor = stack.visitor(timeout=20)
    accepted_early = 0

    for kill in range(kills):
        # One place may send a hundred an hour; these are many patients' places.
        stack.sql("DELETE FROM clinic_hit")
        forms = {name: visitor.checked(full_name=name) for name in patients(kill, posts_a_kill)}
        with ThreadPoolExecutor(posts_a_kill) as clicks:
            answers = {name: clicks.submit(is_accepted, visitor, form) for name, form in forms.items()}
            time.sleep(dice.uniform(0, 0.05))
            stack.web.kill()
        accepted = {name for name, answer in answers.items() if answer.result()}
        accepted_early += len(accepted)
        assert accepted <= names(stack)
        stack.start_web()
        assert [name for name, form in forms.items() if not is_accepted(visitor, form)] == []

    total = kills * posts_a_kill
    assert Counter(row[0] for row in stack.sql(NAMES)) == Counter(
        name for kill in range(kills) for name in patients(kill, posts_a_kill)
    )
    assert stack.sql(REQUESTS_AND_MAILS) == [(total, total)]
    # Kills that all came too early or too late would prove nothing.
    assert 0 < accepted_early < total
    promise(
        "P1",
        f"{total} posts over {kills} kills of the web server",
        f"0 lost, 0 double; {accepted_early} before the kill",
    )


def patients(kill, count):
    return [f"Patient {kill:03}-{number}" for number in range(count)]


def is_accepted(visitor, form):
    """Send a form and tell whether the confirmation came; a cut line is a no."""
    try:
        return visitor.send(form).status == 303
    except (HTTPException, OSError):
        return False


def names(stack):
    return {row[0] for row in stack.sql(NAMES)}


def test_p10_a_database_locked_for_half_a_minute_takes_requests_again(stack, promise):
    if stack.database.vendor != "sqlite":
        pytest.skip("SQLite only: PostgreSQL locks rows, and has its own test.")
    stack.start(workers=0)
    visitor = stack.visitor()
    form = visitor.checked()

    with closing(stack.database.connect()) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        during = visitor.send(form)
        time.sleep(max(0, began + 30 - time.monotonic()))
        other.execute("ROLLBACK")
    after = visitor.send(form)

    assert (during.status, PHONE in during.text) == (503, True)
    assert (after.status, stack.requests(), stack.owed()) == (303, 1, 1)
    promise("P10", "SQLite locked for 30 s", "503 with the phone number, then accepted")


def test_p10_a_crashed_database_server_takes_requests_again_without_a_restart_of_ours(
    cluster, tmp_path, promise
):
    stack = Stack(tmp_path, PostgresDatabase.create(cluster.url))
    try:
        stack.prepare()
        stack.start(workers=0)
        visitor = stack.visitor()
        forms = {name: visitor.checked(full_name=name) for name in patients(0, 60)}

        with ThreadPoolExecutor(4) as clicks:
            answers = {name: clicks.submit(visitor.send, form) for name, form in forms.items()}
            time.sleep(0.15)
            cluster.crash()
        seen = Counter(answer.result().status for answer in answers.values())
        refused = visitor.send(forms["Patient 000-0"])
        cluster.start()
        first_after = visitor.send(forms["Patient 000-0"])

        assert set(seen) == {303, 503}
        assert {name for name, answer in answers.items() if answer.result().status == 303} <= names(stack)
        assert (refused.status, PHONE in refused.text) == (503, True)
        assert first_after.status == 303
        promise(
            "P10", "PostgreSQL crashed under 60 posts", f"0 of {seen[303]} accepted lost, next post accepted"
        )
    finally:
        stack.end()


def test_p11_a_full_disk_leaves_no_half_rows_and_recovers_alone(stack, promise):
    if stack.database.vendor != "sqlite" or not sys.platform.startswith("linux"):
        pytest.skip("SQLite on Linux only: the test limits the size of the files that the site may write.")
    stack.start(workers=0)
    visitor = stack.visitor()
    accepted, forms = 0, [visitor.checked(full_name=name) for name in patients(0, 40)]

    limit_file_size(stack.web, 256 * 1024)
    while (answer := visitor.send(forms[accepted])).status == 303:
        accepted += 1
    page = visitor.open("/")
    limit_file_size(stack.web, resource.RLIM_INFINITY)
    after = visitor.send(forms[accepted])

    assert (answer.status, PHONE in answer.text) == (503, True)
    assert page.status == 200
    assert (after.status, stack.requests(), stack.owed()) == (303, accepted + 1, accepted + 1)
    assert stack.sql("PRAGMA integrity_check") == [("ok",)]
    promise("P11", f"disk full after {accepted} requests", "503, reading works, integrity ok, recovers alone")


def limit_file_size(process, size):
    for pid in process.pids():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

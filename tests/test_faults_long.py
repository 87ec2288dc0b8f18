"""The promises about mail with their numbers, swept with real processes. Minutes long: `make faults`.

Each test adds a line to the table at the end of the run. Tests move rows into the past where a
person would have to wait.
"""

import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.stack.mail import BUSY, CLOSED, DROPS, LATER, MUTE, OK, REFUSES, RESET, STUCK
from tests.stack.queue import owe_notices
from tests.stack.site import past

pytestmark = pytest.mark.faults


def test_p4_no_mail_is_lost_when_the_worker_is_killed(stack, promise):
    owed, most_kills = 500, 100
    dice = random.Random(4)
    stack.mail.pause = lambda: dice.uniform(0, 0.03)
    owe_notices(stack.database, owed)
    kills = 0

    while kills < most_kills and stack.owed():
        worker = stack.start_worker()
        got = len(stack.mail.mails)
        stack.wait_until(lambda got=got: len(stack.mail.mails) > got or not stack.owed(), "mails go out")
        time.sleep(dice.uniform(0, 0.12))
        worker.kill()
        stack.end_leases()
        kills += 1
    stack.start_worker()
    stack.wait_until(lambda: stack.owed() == 0, "the rest is sent", seconds=60)

    deliveries = Counter(stack.mail.ids())
    copies = sum(deliveries.values()) - owed
    assert len(deliveries) == owed
    assert copies <= kills
    promise(
        "P4",
        f"{owed} mails over {kills} kills of the worker",
        f"0 lost, {copies} copies, each with its own Message-ID",
    )


def test_p5_four_workers_make_no_copy(stack, promise):
    dice = random.Random(5)
    stack.mail.pause = lambda: dice.uniform(0, 0.03)
    owe_notices(stack.database, 1000)

    for _ in range(4):
        stack.start_worker()
    stack.wait_until(lambda: stack.owed() == 0, "every mail is sent", seconds=120)

    assert Counter(Counter(stack.mail.ids()).values()) == {1: 1000}
    promise("P5", "1000 mails, 4 workers at once", "0 lost, 0 copies")


@pytest.mark.parametrize("mode", [CLOSED, MUTE, RESET, BUSY, LATER, REFUSES, DROPS, STUCK])
def test_p6_nothing_is_lost_while_the_mail_server(stack, promise, mode):
    owe_notices(stack.database, 10)
    stack.mail.be(mode)
    stack.start()
    stack.wait_until(lambda: is_down(stack), "the worker sees that the server is down", seconds=30)
    tries = stack.number("SELECT sum(attempts) FROM clinic_outboxmessage WHERE sent_at IS NULL")

    seconds = [seconds_to_confirmation(stack) for _ in range(5)]
    assert tried(stack) == tries
    for probe in (1, 2):
        stack.end_probe_pause()
        stack.wait_until(lambda probe=probe: tried(stack) == tries + probe, "one probe goes out", seconds=15)
        time.sleep(2.5)
        assert tried(stack) == tries + probe
    assert mode == CLOSED or len(stack.mail.calls) == tries + 2

    stack.mail.be(OK)
    stack.end_probe_pause()
    stack.wait_until(lambda: stack.owed() == 0, "every mail is sent", seconds=30)

    deliveries = Counter(stack.mail.ids())
    assert len(deliveries) == 15
    # Only a server that took a mail without saying so gets it again.
    assert mode in (DROPS, STUCK) or set(deliveries.values()) == {1}
    assert max(seconds) < 1
    promise("P6", f"mail server {mode}", f"0 of 15 lost, one probe a minute, form ≤ {max(seconds):.2f} s")


def is_down(stack):
    return stack.sql("SELECT 1 FROM clinic_mailroute WHERE down_since IS NOT NULL")


def tried(stack):
    return stack.number("SELECT sum(attempts) FROM clinic_outboxmessage WHERE sent_at IS NULL")


def seconds_to_confirmation(stack):
    visitor = stack.visitor()
    form = visitor.checked()
    began = time.monotonic()
    assert visitor.send(form).status == 303
    return time.monotonic() - began


def test_p6_a_mail_refused_for_its_own_reasons_climbs_the_ladder(stack, promise):
    owe_notices(stack.database, 1)
    stack.mail.unknown_recipients.add("northside@harbor.example")
    stack.start_worker()
    waits = []

    for attempt in range(1, 6):
        stack.wait_until(lambda attempt=attempt: tried(stack) == attempt, "the next try")
        waits.append(stack.number("SELECT due_at FROM clinic_outboxmessage WHERE sent_at IS NULL"))
        stack.sql("UPDATE clinic_outboxmessage SET due_at = %s WHERE sent_at IS NULL", past(seconds=1))

    minutes = [round((moment(due) - datetime.now(UTC)).total_seconds() / 60) for due in waits]
    assert minutes == [1, 5, 15, 60, 60]
    promise("P6", "one mailbox refuses", f"tried again after {minutes} minutes")


def moment(stored):
    """Read a time as either database gives it."""
    return datetime.fromisoformat(stored).replace(tzinfo=UTC) if isinstance(stored, str) else stored


DEAD_MAILBOXES = ["gone@harbor.example", "left@harbor.example", "moved@harbor.example", "full@harbor.example"]
POISON = f"""
from appointments.models import AppointmentRequest
from clinic.models import Location, OutboxMessage
def go_to(address, message):
    place = Location.objects.create(name=address, slug=f"poison-{{message.pk}}", front_desk_emails=address)
    AppointmentRequest.objects.filter(pk=message.object_id).update(location=place)
rows = list(OutboxMessage.objects.waiting().order_by("due_at", "pk")[:10])
for row, kind in zip(rows[:2], ["no_such_kind", ""]):
    OutboxMessage.objects.filter(pk=row.pk).update(kind=kind)
for row, about in zip(rows[2:4], [-1, 999999]):
    OutboxMessage.objects.filter(pk=row.pk).update(object_id=about)
for row, address in zip(rows[4:], ["@", "a@b@c", *{DEAD_MAILBOXES}]):
    go_to(address, row)
"""


def test_p7_poison_rows_hold_up_the_others_for_at_most_a_minute(stack, promise):
    owe_notices(stack.database, 50)
    stack.manage("shell", "-v0", "-c", POISON)
    stack.mail.unknown_recipients.update(DEAD_MAILBOXES)
    # Poison comes first, one row after the other.
    stack.sql(
        "UPDATE clinic_outboxmessage SET due_at = %s WHERE id IN"
        " (SELECT id FROM clinic_outboxmessage WHERE sent_at IS NULL ORDER BY id LIMIT 10)",
        past(hours=1),
    )

    stack.start_worker()
    stack.wait_until(lambda: is_down(stack) or len(stack.mail.mails) == 40, "the poison is tried")
    minutes = len(is_down(stack))
    stack.end_probe_pause()
    stack.wait_until(lambda: len(stack.mail.mails) == 40, "the healthy ones are sent", seconds=10)

    assert Counter(Counter(stack.mail.ids()).values()) == {1: 40}
    assert stack.owed() == 10
    promise("P7", "10 poison rows before 40 healthy ones", f"40 sent, {minutes} min late")


def test_p13_what_a_jumped_clock_put_far_into_the_future_counts_as_due(stack, promise):
    owe_notices(stack.database, 6)
    future = datetime.now(UTC) + timedelta(days=2)
    first = stack.number("SELECT min(id) FROM clinic_outboxmessage WHERE sent_at IS NULL")
    stack.sql("UPDATE clinic_outboxmessage SET due_at = %s WHERE id >= %s", future, first)
    stack.sql("UPDATE clinic_outboxmessage SET leased_until = %s WHERE id >= %s", future, first + 3)
    stack.sql(
        "INSERT INTO clinic_mailroute (id, down_since, next_probe_at) VALUES (1, %s, %s)", future, future
    )
    stack.sql("INSERT INTO clinic_workerbeat (id, at) VALUES (1, %s)", future)

    stack.start()
    stack.wait_until(lambda: stack.owed() == 0, "every mail is sent")

    assert Counter(stack.mail.ids()).most_common(1)[0][1] == 1
    stack.wait_until(lambda: stack.visitor().open("/readyz").status == 200, "all is well")
    promise("P13", "leases, tries, probes and beat two days ahead", "0 stuck, 0 copies")

"""P4, P5, P7: workers that are killed, that are many, and that meet poison: `make faults`.

Each test adds a line to the table at the end of the run. Tests move rows into the past where a
person would have to wait.
"""

import random
import time
from collections import Counter

import pytest

from tests.stack.queue import owe_notices
from tests.stack.site import past

pytestmark = pytest.mark.faults


def test_p4_no_mail_is_lost_when_the_worker_is_killed(stack, promise, rounds):
    owed, most_kills = rounds(500), rounds(100)
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
    stack.wait_until(lambda: stack.owed() == 0, "the rest is sent", seconds=rounds(60))

    deliveries = Counter(stack.mail.ids())
    copies = sum(deliveries.values()) - owed
    assert len(deliveries) == owed
    assert copies <= kills
    promise(
        "P4",
        f"{owed} mails over {kills} kills of the worker",
        f"0 lost, {copies} copies, each with its own Message-ID",
    )


@pytest.mark.parametrize(("workers", "mails"), [(2, 500), (4, 1000)])
def test_p5_workers_at_once_make_no_copy(stack, promise, rounds, workers, mails):
    dice = random.Random(5)
    stack.mail.pause = lambda: dice.uniform(0, 0.03)
    owe_notices(stack.database, rounds(mails))

    for _ in range(workers):
        stack.start_worker()
    stack.wait_until(lambda: stack.owed() == 0, "every mail is sent", seconds=rounds(120))

    assert Counter(Counter(stack.mail.ids()).values()) == {1: rounds(mails)}
    promise("P5", f"{rounds(mails)} mails, {workers} workers at once", "0 lost, 0 copies")


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
    stack.wait_until(lambda: stack.is_mail_down() or len(stack.mail.mails) == 40, "the poison is tried")
    minutes = len(stack.is_mail_down())
    stack.end_probe_pause()
    stack.wait_until(lambda: stack.owed() == 10, "the healthy ones are sent")

    assert Counter(Counter(stack.mail.ids()).values()) == {1: 40}
    promise("P7", "10 poison rows before 40 healthy ones", f"40 sent, {minutes} min late")

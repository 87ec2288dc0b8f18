"""What holds when the clock jumps, and when nobody looks: `make faults`.

Each test adds a line to the table at the end of the run. Tests move what is stored, which to the
processes is the same as a clock that moves.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.stack.queue import owe_notices
from tests.stack.site import past
from tests.test_faults_mail_server import moment

pytestmark = pytest.mark.faults

# Without the moment a message was made: its Message-ID holds it, and no clock changes that.
MOMENTS = {
    "clinic_outboxmessage": ["waiting_since", "due_at", "leased_until"],
    "clinic_mailroute": ["down_since", "next_probe_at"],
    "clinic_workerbeat": ["at"],
}
JUMPS = {
    "an hour ahead, as clocks do in spring": timedelta(hours=1),
    "an hour back, as clocks do in fall": timedelta(hours=-1),
    "a day ahead": timedelta(days=1),
    "a day back": timedelta(days=-1),
}


@pytest.mark.parametrize("jump", JUMPS)
def test_p13_no_mail_is_stuck_when_the_clock_jumps_while_one_is_on_its_way(stack, promise, jump):
    owe_notices(stack.database, 6)
    stack.mail.pause = lambda: 2
    stack.start_worker()
    stack.wait_until(lambda: stack.mail.mails, "the server has taken the first mail")

    move_what_is_stored(stack, by=-JUMPS[jump])
    stack.mail.pause = lambda: 0
    stack.start()
    stack.wait_until(lambda: stack.owed() == 0, "every mail is sent")
    stack.wait_until(lambda: stack.visitor().open("/readyz").status == 200, "all is well")

    deliveries = Counter(stack.mail.ids())
    copies = deliveries.total() - len(deliveries)
    assert len(deliveries) == 6
    assert copies <= 1
    promise("P13", f"clock jumps {jump}, one mail on its way", f"0 lost, 0 stuck, {copies} copies")


def move_what_is_stored(stack, by):
    """Move every stored moment of the queue: to the processes it is their clock that moved."""
    for table, names in MOMENTS.items():
        for pk, *values in stack.sql(f"SELECT id, {', '.join(names)} FROM {table}"):
            moved = {name: moment(value) + by for name, value in zip(names, values, strict=True) if value}
            assignments = ", ".join(f"{name} = %s" for name in moved)
            stack.sql(f"UPDATE {table} SET {assignments} WHERE id = %s", *moved.values(), pk)


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


def test_p9_a_request_that_nobody_calls_is_on_every_desk_and_told_once(stack, promise):
    stack.start(workers=0)
    stack.visitor().ask()
    desk = stack.visitor()
    desk.sign_in(*stack.password("front-desk"))
    before = late_on(desk)
    stack.sql(
        "UPDATE appointments_appointmentrequest SET alarm_at = %s, due_at = %s WHERE source = 'web'",
        past(hours=2),
        past(hours=1),
    )

    stack.start_worker()
    stack.wait_until(lambda: len(escalations(stack)) == 1, "the escalation is sent")
    stack.start_worker()
    stack.wait_until(lambda: stack.owed() == 0, "every mail is sent")

    assert late_on(desk) == before + 1
    assert escalations(stack) == [(True,)]
    promise("P9", "a request past its promised time, two workers", "counted on the desk, one escalation")


def late_on(desk):
    """Return how many late requests the list of the desk tells of."""
    page = desk.open("/admin/appointments/appointmentrequest/").text
    _before, found, after = page.partition('class="badge badge-urgent desk-late"')
    return int(after.partition(">")[2].split()[0]) if found else 0


def escalations(stack):
    """Return, for each escalation owed, whether it was sent."""
    owed = stack.sql("SELECT sent_at FROM clinic_outboxmessage WHERE kind = 'escalation'")
    return [(sent_at is not None,) for (sent_at,) in owed]

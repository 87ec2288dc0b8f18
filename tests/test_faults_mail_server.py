"""P6: whatever the mail server does, nothing is lost and nobody at the form waits: `make faults`.

Each test adds a line to the table at the end of the run. Tests move rows into the past where a
person would have to wait.
"""

import time
from collections import Counter
from datetime import UTC, datetime

import pytest

from tests.stack.mail import (
    BUSY,
    CLOSED,
    DROPS,
    LATER,
    MUTE,
    NO_TLS,
    OK,
    REFUSES,
    RESET,
    STAGES,
    STUCK,
    Fault,
)
from tests.stack.queue import owe_notices
from tests.stack.site import past

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("mode", [CLOSED, MUTE, RESET, BUSY, LATER, REFUSES, DROPS, STUCK], ids=str)
def test_p6_nothing_is_lost_while_the_mail_server(stack, promise, mode):
    owe_notices(stack.database, 10)
    stack.mail.be(mode)
    stack.start()
    stack.wait_until(stack.is_mail_down, "the worker sees that the server is down", seconds=30)
    tries = stack.tries()

    seconds = [seconds_to_confirmation(stack) for _ in range(5)]
    assert stack.tries() == tries
    stack.end_probe_pause()
    stack.wait_until(lambda: stack.tries() == tries + 1, "one probe goes out", seconds=15)
    time.sleep(2.5)
    assert stack.tries() == tries + 1
    assert mode == CLOSED or len(stack.mail.calls) == tries + 1

    stack.mail.be(OK)
    stack.end_probe_pause()
    stack.wait_until(lambda: stack.owed() == 0, "every mail is sent", seconds=30)

    deliveries = Counter(stack.mail.ids())
    assert len(deliveries) == 15
    # Only a server that took a mail without saying so gets it again.
    assert mode in (DROPS, STUCK) or set(deliveries.values()) == {1}
    assert max(seconds) < 1
    promise("P6", f"mail server: {mode}", f"0 of 15 lost, one probe a minute, form ≤ {max(seconds):.2f} s")


def seconds_to_confirmation(stack):
    visitor = stack.visitor()
    form = visitor.checked()
    began = time.monotonic()
    assert visitor.send(form).status == 303
    return time.monotonic() - began


@pytest.mark.parametrize("kind", ["4xx", "5xx", "drop"])
def test_p6_a_conversation_that_fails_at_any_stage_loses_nothing(stack, promise, kind):
    owe_notices(stack.database, len(STAGES))
    stack.mail.take_turns(*(Fault(kind, stage) for stage in STAGES))

    stack.start_worker()
    for tries in range(1, len(STAGES) + 1):
        stack.wait_until(lambda tries=tries: stack.tries() >= tries, "the next try")
        stack.let_time_pass()
    stack.mail.be(OK)
    stack.let_time_pass()
    stack.wait_until(lambda: stack.owed() == 0, "every mail is sent")

    deliveries = Counter(stack.mail.ids())
    copies = deliveries.total() - len(deliveries)
    assert len(deliveries) == len(STAGES)
    # What was cut off after the whole message may have arrived.
    assert copies == 0 or kind == "drop"
    promise("P6", f"{kind} at {', '.join(STAGES)}", f"0 of {len(STAGES)} lost, {copies} copies")


def test_p6_a_conversation_that_hangs_at_any_stage_ends_and_loses_nothing(stack, promise):
    # At the first and the last stage it hangs in a test above.
    stages = STAGES[1:-1]
    owe_notices(stack.database, len(stages))
    stack.mail.take_turns(*(Fault("hang", stage) for stage in stages))

    for _ in stages:
        stack.start_worker()
    stack.wait_until(lambda: stack.tries() >= len(stages), "every worker gives up", seconds=30)
    stack.mail.be(OK)
    stack.let_time_pass()
    stack.wait_until(lambda: stack.owed() == 0, "every mail is sent", seconds=30)

    assert Counter(Counter(stack.mail.ids()).values()) == {1: len(stages)}
    promise("P6", f"hang at {', '.join(stages)}", f"0 of {len(stages)} lost, 0 copies")


def test_p6_a_slow_mail_server_gets_every_mail_once(stack, promise):
    stages = [stage for stage in STAGES if stage != "text"]
    owe_notices(stack.database, len(stages))
    stack.mail.take_turns(*(Fault("slow", stage) for stage in stages))

    stack.start_worker()
    stack.start_worker()
    stack.wait_until(lambda: stack.owed() == 0, "every mail is sent", seconds=40)

    assert Counter(Counter(stack.mail.ids()).values()) == {1: len(stages)}
    promise("P6", f"3 s late at {', '.join(stages)}", f"0 of {len(stages)} lost, 0 copies")


@pytest.mark.parametrize(
    ("url", "mood", "said"),
    [
        ("smtp+tls", OK, "STARTTLS not offered"),
        ("smtp+tls", Fault("4xx", NO_TLS), "STARTTLS refused"),
        ("smtp+tls", Fault("drop", NO_TLS), "line cut during STARTTLS"),
        ("smtps", OK, "no TLS where TLS was meant"),
    ],
)
def test_p6_t33_without_encryption_the_mail_waits_and_not_a_byte_of_it_leaves(
    stack, promise, url, mood, said
):
    owe_notices(stack.database, 1)
    plain = stack.environment["EMAIL_URL"]
    stack.environment["EMAIL_URL"] = plain.replace("smtp:", f"{url}:")
    stack.mail.be(mood)

    worker = stack.start_worker()
    stack.wait_until(lambda: stack.tries() == 1, "the worker has tried", seconds=20)
    worker.stop()
    heard = stack.mail.heard.upper()

    assert (stack.owed(), b"MAIL FROM" in heard, b"NORTHSIDE" in heard) == (1, False, False)

    stack.environment["EMAIL_URL"] = plain
    stack.mail.be(OK)
    stack.let_time_pass()
    stack.start_worker()
    stack.wait_until(lambda: stack.owed() == 0, "the mail is sent")

    assert len(stack.mail.mails) == 1
    # The positive control: once it is sent, it is heard.
    assert b"MAIL FROM" in stack.mail.heard.upper()
    promise("P6", said, "0 bytes of the mail in clear, sent once the server is mended")


def test_p6_a_mail_refused_for_its_own_reasons_climbs_the_ladder(stack, promise):
    owe_notices(stack.database, 1)
    stack.mail.unknown_recipients.add("northside@harbor.example")
    stack.start_worker()
    waits = []

    for attempt in range(1, 6):
        stack.wait_until(lambda attempt=attempt: stack.tries() == attempt, "the next try")
        waits.append(stack.number("SELECT due_at FROM clinic_outboxmessage WHERE sent_at IS NULL"))
        stack.sql("UPDATE clinic_outboxmessage SET due_at = %s WHERE sent_at IS NULL", past(seconds=1))

    minutes = [round((moment(due) - datetime.now(UTC)).total_seconds() / 60) for due in waits]
    assert minutes == [1, 5, 15, 60, 60]
    promise("P6", "one mailbox refuses", f"tried again after {minutes} minutes")


def moment(stored):
    """Read a time as either database gives it."""
    return datetime.fromisoformat(stored).replace(tzinfo=UTC) if isinstance(stored, str) else stored

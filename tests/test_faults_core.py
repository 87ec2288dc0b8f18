"""What must hold whatever breaks, tried on real processes: web server, workers, mail server, database.

Tests move rows into the past where a person would have to wait for minutes.
"""

import json
import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.stack.mail import CLOSED, MUTE, OK
from tests.stack.queue import owe_notices
from tests.stack.site import past

PHONE = "(555) 010-0140"
REFERENCE = re.compile(r"R-[0-9A-Z]{4}-[0-9A-Z]{3}")


def test_p6_mail_server_down_for_a_whole_journey_delays_only_the_mail(stack):
    stack.mail.be(CLOSED)
    stack.start()
    visitor = stack.visitor()
    form = visitor.checked()

    began = time.monotonic()
    answer = visitor.send(form)
    seconds = time.monotonic() - began
    confirmation = visitor.open(answer.location)
    stack.wait_until(lambda: stack.tries() == 1, "the worker has tried")

    assert (answer.status, confirmation.status, stack.requests()) == (303, 200, 1)
    assert seconds < 1
    assert REFERENCE.search(confirmation.text)

    stack.mail.be(OK)
    stack.end_probe_pause()
    stack.wait_until(lambda: stack.owed() == 0, "the mail is sent")

    assert len(stack.mail.mails) == 1
    assert REFERENCE.search(confirmation.text).group() in stack.mail.mails[0].text


def test_p4_a_worker_killed_after_the_server_took_the_mail_makes_one_copy_with_the_same_id(stack):
    owe_notices(stack.database, 1)
    stack.mail.pause = lambda: 60
    worker = stack.start_worker()
    stack.wait_until(lambda: stack.mail.mails, "the server has taken the mail")

    worker.kill()
    stack.mail.pause = lambda: 0
    stack.end_leases()
    stack.start_worker()
    stack.wait_until(lambda: stack.owed() == 0, "the mail is marked as sent")

    first, copy = stack.mail.ids()
    assert first == copy


def test_p4_a_worker_killed_before_the_server_took_the_mail_loses_nothing(stack):
    owe_notices(stack.database, 1)
    stack.mail.be(MUTE)
    worker = stack.start_worker()
    stack.wait_until(lambda: stack.mail.calls, "the worker has called")

    worker.kill()
    stack.mail.be(OK)
    stack.end_leases()
    stack.start_worker()
    stack.wait_until(lambda: stack.owed() == 0, "the mail is sent")

    assert len(stack.mail.mails) == 1


@pytest.mark.faults
def test_a_living_worker_keeps_its_message_to_itself(stack):
    owe_notices(stack.database, 1)
    stack.mail.pause = lambda: 3
    stack.start_worker()
    stack.wait_until(lambda: stack.mail.mails, "the server has taken the mail")

    stack.start_worker()
    stack.wait_until(lambda: stack.owed() == 0, "the mail is marked as sent")

    assert len(stack.mail.mails) == 1


def test_a_worker_told_to_stop_finishes_the_mail_in_its_hand(stack):
    owe_notices(stack.database, 2)
    stack.mail.pause = lambda: 1
    worker = stack.start_worker()
    stack.wait_until(lambda: stack.mail.mails, "the server has taken the mail")

    exit_code = worker.stop()

    assert (exit_code, stack.owed(), len(stack.mail.mails)) == (0, 1, 1)


def test_p5_two_workers_at_once_make_no_copy(stack):
    owe_notices(stack.database, 60)

    stack.start_worker()
    stack.start_worker()
    stack.wait_until(lambda: stack.owed() == 0, "every mail is sent", seconds=30)

    assert Counter(Counter(stack.mail.ids()).values()) == {1: 60}


@pytest.mark.faults
def test_p3_twenty_parallel_posts_of_one_form_are_one_request_and_one_mail(stack, promise):
    # As many as it takes for posts to meet in the database.
    stack.environment["WEB_WORKERS"] = "8"
    stack.start()
    visitor = stack.visitor()
    form = visitor.checked()

    with ThreadPoolExecutor(20) as clicks:
        answers = list(clicks.map(visitor.send, [form] * 20))
    stack.wait_until(lambda: stack.owed() == 0, "the mail is sent")

    confirmed = Counter((answer.status, *REFERENCE.findall(answer.location or "")) for answer in answers)
    reference = stack.number("SELECT reference FROM appointments_appointmentrequest WHERE source = 'web'")
    assert confirmed == {(303, reference): 20}
    assert (stack.requests(), len(stack.mail.mails)) == (1, 1)
    promise("P3", "20 posts of one form at once", "1 request, 1 mail, 20 confirmations")


@pytest.mark.parametrize("moment", ["insert", "commit"])
@pytest.mark.parametrize("table", ["appointments_appointmentrequest", "clinic_outboxmessage"])
def test_p2_what_cannot_be_stored_is_not_confirmed(stack, promise, table, moment):
    stack.start(workers=0)
    visitor = stack.visitor()
    form = visitor.checked()
    stack.database.refuse(table, moment)

    refused = visitor.send(form)

    assert (refused.status, refused.location) == (503, None)
    assert PHONE in refused.text
    assert REFERENCE.findall(refused.text) == []
    assert (stack.requests(), stack.owed()) == (0, 0)

    stack.database.allow(table)

    assert visitor.send(form).status == 303
    assert (stack.requests(), stack.owed()) == (1, 1)
    promise("P2", f"{moment} into {table} fails", "503 with the phone number, 0 confirmed, 0 rows")


def test_p7_a_poison_row_holds_up_nobody(stack):
    owe_notices(stack.database, 12)
    # The oldest three, so that they come first: of an unknown kind, about nothing, for a dead mailbox.
    first = stack.number("SELECT min(id) FROM clinic_outboxmessage WHERE sent_at IS NULL")
    message = "UPDATE clinic_outboxmessage SET due_at = %s"
    stack.sql(f"{message}, kind = 'no_such_kind' WHERE id = %s", past(hours=3), first)
    stack.sql(f"{message}, object_id = 999999 WHERE id = %s", past(hours=2), first + 1)
    stack.sql(f"{message} WHERE id = %s", past(hours=1), first + 2)
    move_to_mill_road(stack, message=first + 2)
    stack.mail.unknown_recipients.add("front-desk@harbor.example")

    stack.start_worker()
    stack.wait_until(lambda: stack.owed() == 3, "the healthy ones are sent")

    stuck = stack.sql(
        "SELECT id, attempts, last_error FROM clinic_outboxmessage WHERE sent_at IS NULL ORDER BY id"
    )
    assert stuck == [
        (first, 1, "KeyError"),
        (first + 1, 1, "DoesNotExist"),
        (first + 2, 1, "SMTPRecipientsRefused 550"),
    ]
    assert len(stack.mail.mails) == 9


@pytest.mark.faults
def test_p6_a_message_given_up_is_kept_reported_and_can_be_sent_again(stack):
    owe_notices(stack.database, 1)
    stack.mail.unknown_recipients.add("northside@harbor.example")
    stack.sql("UPDATE clinic_outboxmessage SET waiting_since = %s WHERE sent_at IS NULL", past(hours=73))

    stack.start()
    stack.wait_until(lambda: stack.owed() == 0, "the message is given up")

    assert health(stack) == (503, ["mail-failed"])
    queue = stack.manage("check_queue", check=False)
    assert (queue.returncode, queue.stdout) == (1, "0 waiting, 1 failed\n")

    stack.mail.unknown_recipients.clear()
    again = (
        "from clinic import outbox, models; outbox.send_again(models.OutboxMessage.objects.failed().get())"
    )
    stack.manage("shell", "-v0", "-c", again)
    stack.wait_until(lambda: stack.mail.mails, "the message is sent")
    stack.wait_until(lambda: health(stack) == (200, []), "all is well again")


@pytest.mark.faults
def test_p8_a_silent_worker_and_a_late_mail_are_reported(stack, promise):
    (worker,) = stack.start()
    stack.wait_until(lambda: health(stack) == (200, []), "all is well")

    worker.stop()
    stack.sql("UPDATE clinic_workerbeat SET at = %s", past(minutes=6))
    owe_notices(stack.database, 1)
    stack.sql("UPDATE clinic_outboxmessage SET waiting_since = %s WHERE sent_at IS NULL", past(minutes=16))

    assert health(stack) == (503, ["worker-silent", "mail-late"])
    assert stack.visitor().open("/livez").status == 200
    queue = stack.manage("check_queue", check=False)
    assert (queue.returncode, queue.stderr) == (1, "CommandError: Needs a person: worker-silent, mail-late\n")

    stack.start_worker()
    stack.wait_until(lambda: health(stack) == (200, []), "all is well again")

    assert stack.manage("check_queue").stdout == "0 waiting, 0 failed\n"
    promise(
        "P8", "worker stopped, one mail 16 minutes old", "readyz 503, check_queue 1, both until it runs again"
    )


def health(stack):
    answer = stack.visitor().open("/readyz")
    return answer.status, json.loads(answer.text)["reasons"]


def move_to_mill_road(stack, message):
    """Send a message elsewhere: the demo's second location has no address of its own."""
    stack.sql(
        "UPDATE appointments_appointmentrequest"
        " SET location_id = (SELECT id FROM clinic_location WHERE slug = 'mill-road')"
        " WHERE id = (SELECT object_id FROM clinic_outboxmessage WHERE id = %s)",
        message,
    )

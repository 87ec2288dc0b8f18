"""The rules of delivery against a real SMTP server: whose fault a failure is, and when to try again."""

import logging
import socket
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.core.mail import EmailMessage

from clinic import delivery, mail_kinds, outbox
from clinic.models import MailRoute, OutboxMessage

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class MailServer:
    """Keeps what arrives; `refuse` maps a recipient to the reply it gets instead."""

    def __init__(self):
        self.messages = []
        self.refuse = {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        if reply := self.refuse.get(address) or self.refuse.get("*"):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.messages.append(envelope.content.decode())
        return "250 OK"


@pytest.fixture
def server(settings):
    handler = MailServer()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.SITE_URL = "https://clinic.example"
    yield handler
    controller.stop()


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def kinds():
    mail_kinds.register("letter", "tests.test_delivery.letter", "A letter")


def letter(object_id):
    """Make the mail of one number; 13 cannot be made and 0 need not be."""
    if object_id == 13:
        raise LookupError("a name that must not reach the logs")
    if object_id == 0:
        raise mail_kinds.NothingToSend
    return EmailMessage("A letter", f"Letter {object_id}", to=[f"desk-{object_id}@clinic.example"])


def owe(*numbers):
    for number in numbers:
        outbox.owe("letter", number)


def deliver_all():
    sent = 0
    while message := delivery.claim(datetime.now(UTC)):
        sent += delivery.deliver(message)
    return sent


def message(number):
    return OutboxMessage.objects.get(object_id=number)


def test_what_is_owed_goes_out_once_with_a_name_of_its_own(server):
    owe(1, 2)

    assert (deliver_all(), deliver_all()) == (2, 0)
    assert [f"Letter {number}" in mail for number, mail in enumerate(server.messages, start=1)] == [
        True,
        True,
    ]
    assert f"Message-ID: {delivery.message_id(message(1))}" in server.messages[0]
    assert message(1).sent_at == NOON


def test_owing_the_same_thing_twice_is_owing_it_once(server):
    assert [outbox.owe("letter", 1), outbox.owe("letter", 1)] == [True, False]
    assert deliver_all() == 1


def test_p7_a_message_that_cannot_be_made_holds_up_nobody(server):
    owe(13, 1, 2)

    assert deliver_all() == 2
    assert (message(13).sent_at, message(13).last_error) == (None, "LookupError")


def test_a_message_that_need_not_go_out_is_done(server):
    owe(0)

    assert deliver_all() == 0
    assert message(0).sent_at == NOON
    assert server.messages == []


def test_p6_a_refused_message_is_tried_after_1_5_15_60_minutes_then_hourly(server, clock):
    server.refuse["desk-1@clinic.example"] = "550 no such box"
    owe(1)
    waits = []

    for _try in range(6):
        deliver_all()
        waits.append((message(1).due_at - datetime.now(UTC)) // MINUTE)
        clock.move_to(message(1).due_at)

    assert waits == [1, 5, 15, 60, 60, 60]
    assert message(1).last_error == "SMTPRecipientsRefused 550"


def test_p6_after_72_hours_a_message_is_given_up_but_kept(server, clock):
    server.refuse["*"] = "550 no"
    owe(1)
    clock.shift(timedelta(hours=72))

    deliver_all()

    assert message(1).failed_at == datetime.now(UTC)
    assert list(OutboxMessage.objects.failed()) == [message(1)]
    assert delivery.claim(datetime.now(UTC)) is None


def test_send_again_gives_a_failed_message_a_new_start(server, clock):
    server.refuse["*"] = "550 no"
    owe(1)
    clock.shift(timedelta(hours=72))
    deliver_all()
    server.refuse.clear()

    assert outbox.send_again(message(1)) is True
    # The failure of one message alone was its own, so nothing waits for a probe.
    assert deliver_all() == 1
    assert message(1).failed_at is None


def test_send_again_leaves_a_sent_message_alone(server):
    owe(1)
    deliver_all()

    assert outbox.send_again(message(1)) is False


def test_p6_while_the_server_is_down_one_probe_goes_out_a_minute(server, settings, clock):
    open_port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    owe(1, 2, 3)

    tries = []
    for _minute in range(3):
        deliver_all()
        deliver_all()
        tries.append(sum(OutboxMessage.objects.values_list("attempts", flat=True)))
        clock.shift(MINUTE)
    settings.EMAIL_PORT = open_port

    assert tries == [1, 2, 3]
    assert deliver_all() == 3
    assert not MailRoute.objects.filter(down_since__isnull=False).exists()


def test_p6_the_first_success_makes_due_whatever_the_outage_put_off(server, settings, clock):
    open_port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    owe(1)
    for _minute in range(10):
        deliver_all()
        clock.shift(MINUTE)
    settings.EMAIL_PORT = open_port
    owe(2)

    deliver_all()

    # Message 1 had climbed the ladder; it must not wait an hour for a server that is back.
    assert (message(1).sent_at, message(2).sent_at) == (datetime.now(UTC), datetime.now(UTC))


def test_two_different_messages_refused_in_a_row_are_the_servers_fault(server):
    server.refuse["*"] = "451 try later"
    owe(1, 2, 3)

    deliver_all()

    assert [message(number).attempts for number in (1, 2, 3)] == [1, 1, 0]
    assert MailRoute.objects.get().down_since == NOON


def test_p5_a_leased_message_is_left_to_its_worker():
    owe(1)

    assert delivery.claim(NOON) == message(1)
    assert delivery.claim(NOON) is None
    assert delivery.claim(NOON + timedelta(minutes=2, seconds=1)) == message(1)


@pytest.mark.parametrize(
    "ahead",
    [{"leased_until": NOON + timedelta(days=1)}, {"due_at": NOON + timedelta(days=1)}],
    ids=["P13-lease", "P13-due"],
)
def test_p13_a_moment_beyond_reason_is_a_clock_that_jumped(ahead):
    owe(1)
    OutboxMessage.objects.update(**ahead)

    assert delivery.claim(NOON) == message(1)


@pytest.mark.parametrize(
    ("age", "failed_at", "codes"),
    [
        (timedelta(minutes=14), None, []),
        (timedelta(minutes=16), None, ["mail-late"]),
        (timedelta(minutes=1), NOON, ["mail-failed"]),
    ],
)
def test_p8_what_waits_too_long_or_was_given_up_is_trouble(age, failed_at, codes):
    owe(1)
    OutboxMessage.objects.update(waiting_since=NOON - age, failed_at=failed_at)

    assert [code for code, rows in delivery.trouble(NOON).items() if rows.exists()] == codes

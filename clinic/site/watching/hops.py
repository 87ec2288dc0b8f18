"""The daily self-test: a synthetic request travels form → inbox → mail, and the hop where it stops is named.

Whatever process looks next takes a running test further, so that neither the end of a worker nor a
second one makes a difference.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from appointments.models import AppointmentRequest
from appointments.models.choices import CallTime, Channel, Purpose
from clinic.models import Location, OutboxMessage, SelfTest, WorkerBeat
from clinic.site.watching import visitor
from clinic.site.watching.addresses import alarm_addresses

log = logging.getLogger(__name__)

Hop = SelfTest.Hop

EVERY = timedelta(hours=24)
# What broke is tried again sooner, so that its alarm ends soon after the repair.
AFTER_A_BREAK = timedelta(hours=1)
# The row is committed before the form is confirmed; a mail has as long as any other.
INBOX_WITHIN = timedelta(minutes=2)
MAIL_WITHIN = timedelta(minutes=15)


def is_due(now):
    """Tell whether to test by now; never while the site takes no requests on purpose."""
    if settings.MAINTENANCE_FILE.exists() or not Location.objects.taking_requests().exists():
        return False
    last = SelfTest.objects.order_by("pk").last()
    rest = AFTER_A_BREAK if last and last.broken_hop else EVERY
    return last is None or not timedelta(0) <= now - last.started_at < rest


@transaction.atomic
def start(now):
    """Begin a self-test and return it, or None while another one is under way."""
    # PostgreSQL lets a second worker wait here; SQLite lets nobody else write anyway.
    WorkerBeat.objects.select_for_update().first()
    if SelfTest.objects.running().exists():
        return None
    # What was sent too late for its own test.
    AppointmentRequest.probes.all().delete()
    OutboxMessage.objects.filter(kind="self_test").delete()
    return SelfTest.objects.create(started_at=now)


def send_form(test):
    """Send the form as a patient would; a form that fails ends the test."""
    try:
        reference = visitor.ask(test, _answers(test))
    except visitor.Broken as problem:
        _end(test, broken_hop=Hop.FORM, error=str(problem))
    except Exception as error:
        # A page that reads otherwise than ever before is a broken form, whatever it trips the visitor with.
        _end(test, broken_hop=Hop.FORM, error=type(error).__name__)
    else:
        log.info("self_test.form_sent test=%s request=%s", test.pk, reference)


def follow(now):
    """Take the running self-test as far as it has come; end it if it has passed, or waited too long."""
    for test in SelfTest.objects.running():
        if test.sent_at is None:
            _give_up_unsent(test, now)
        elif test.listed_at is None:
            _look_into_inbox(test, now)
        else:
            _look_for_mail(test, now)


def _answers(test):
    """Return what the synthetic patient types; without its mark the front desk would read this."""
    return {
        "who": "me",
        "full_name": _name(test),
        "email": settings.DEFAULT_FROM_EMAIL,
        "channel": Channel.EMAIL,
        "wants_no_email": "on",
        "call_time": CallTime.ANY,
        "purpose": Purpose.NEW,
        "location": Location.objects.taking_requests().values_list("slug", flat=True)[0],
        "notes": "The website tests itself. If you read this, tell whoever looks after the site.",
    }


def _name(test):
    return f"Self-test {test.pk}"


def _give_up_unsent(test, now):
    """Forget a test whose process ended before it had sent the form: that says nothing about the site."""
    if now - test.started_at > INBOX_WITHIN:
        test.delete()


def _look_into_inbox(test, now):
    shown = AppointmentRequest.probes.in_inbox(now).filter(quarantined_at=None, full_name=_name(test))
    if shown.exists():
        SelfTest.objects.running().filter(pk=test.pk).update(listed_at=now)
    elif now - test.sent_at > INBOX_WITHIN:
        _end(test, broken_hop=Hop.INBOX, error="not listed")


def _look_for_mail(test, now):
    mail = OutboxMessage.objects.filter(kind="self_test", object_id=test.pk).first()
    if not alarm_addresses():
        _end(test, broken_hop=Hop.MAIL, error="no address")
    elif mail is None:
        _end(test, broken_hop=Hop.MAIL, error="not owed")
    elif mail.sent_at:
        _end(test, passed_at=mail.sent_at)
    elif now - test.sent_at > MAIL_WITHIN:
        _end(test, broken_hop=Hop.MAIL, error=mail.last_error[:60] or "late")


@transaction.atomic
def _end(test, **outcome):
    """Note how a test ended, and leave nothing of it but that."""
    if SelfTest.objects.running().filter(pk=test.pk).update(**outcome):
        AppointmentRequest.probes.filter(full_name=_name(test)).delete()
        OutboxMessage.objects.filter(kind="self_test", object_id=test.pk).delete()
        log.info("self_test.ended test=%s hop=%s", test.pk, outcome.get("broken_hop") or "passed")

"""Deliver what the outbox owes: lease → send → mark, row by row, so that no crash loses a mail.

A worker that dies between sending and marking leaves a lease that runs out; the copy sent then has
the same Message-ID. While the mail server is down one probe goes out a minute; the first success
makes every message that failed meanwhile due at once.
"""

import logging
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.db.models import F, Q
from django.utils import timezone

from clinic import mail_kinds
from clinic.models import MailRoute, OutboxMessage
from clinic.models.outbox import CLOCK_MARGIN, LADDER, LEASE

log = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(hours=72)
PROBE_EVERY = timedelta(minutes=1)


def claim(now):
    """Lease the next message for this worker, or return None.

    The conditional update decides between workers: whoever changes the row has it.
    """
    waiting = OutboxMessage.objects.waiting().unleased(now)
    candidates = waiting.due(now).order_by("due_at", "pk")
    if MailRoute.objects.filter(down_since__isnull=False).exists():
        if not _may_probe(now):
            return None
        # Any row may prove that the server is back, whatever its own ladder says. The newest untried
        # one is the least likely to be refused for its own sake and so to hold up the others.
        candidates = waiting.order_by(F("tried_at").asc(nulls_first=True), "-pk")
    for pk in list(candidates.values_list("pk", flat=True)[:10]):
        if waiting.filter(pk=pk).update(leased_until=now + LEASE):
            return OutboxMessage.objects.get(pk=pk)
    return None


def claim_this(message, now):
    """Lease this very message, whoever's turn it would be; return whether nobody else has it."""
    row = OutboxMessage.objects.waiting().unleased(now).filter(pk=message.pk)
    return bool(row.update(leased_until=now + LEASE))


def deliver(message):
    """Render, send and mark one leased message; return whether it went out.

    Whatever goes wrong with one message must not stop the next, hence the wide except clauses.
    """
    try:
        mail = mail_kinds.make(message.kind, message.object_id)
    except mail_kinds.NothingToSend:
        _mark_sent(message)
        return False
    except Exception as error:
        _put_off(message, error)
        return False
    mail.extra_headers |= {"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"}
    if not _send(mail, message):
        return False
    _mark_sent(message)
    _note_server_up()
    return True


def _send(mail, message):
    """Hand a mail to the server, and return whether it took it; else the message is put off."""
    mail.connection = get_connection()
    try:
        mail.connection.open()
    except Exception as error:
        _put_off(message, error)
        _note_server_down()
        return False
    try:
        mail.send()
    except Exception as error:
        _put_off(message, error)
        # An address that cannot be written down says nothing about the server.
        if isinstance(error, OSError):
            _suspect_server(message, error)
        return False
    finally:
        _close(mail.connection)
    return True


def message_id(message):
    """Return the one Message-ID of this message, so that a rare copy collapses in the mailbox."""
    host = urlsplit(settings.SITE_URL).hostname
    return f"<{message.kind}.{message.pk}.{message.created_at:%Y%m%d%H%M%S%f}@{host}>"


def trouble(now):
    """Return, for each reason why mail needs a person, the rows that show it."""
    return {"mail-failed": OutboxMessage.objects.failed(), "mail-late": OutboxMessage.objects.late(now)}


def _may_probe(now):
    probe_due = Q(next_probe_at__lte=now) | Q(next_probe_at__gt=now + PROBE_EVERY + CLOCK_MARGIN)
    return bool(MailRoute.objects.filter(probe_due).update(next_probe_at=now + PROBE_EVERY))


def _mark_sent(message):
    now = timezone.now()
    OutboxMessage.objects.filter(pk=message.pk).update(
        sent_at=now,
        tried_at=now,
        attempts=message.attempts + 1,
        leased_until=None,
        failed_at=None,
        last_error="",
    )


def _put_off(message, error):
    now = timezone.now()
    code = _code(error)
    has_failed = now - message.waiting_since >= GIVE_UP_AFTER
    OutboxMessage.objects.waiting().filter(pk=message.pk).update(
        attempts=message.attempts + 1,
        tried_at=now,
        due_at=now + LADDER[min(message.attempts, len(LADDER) - 1)],
        leased_until=None,
        last_error=code,
        failed_at=now if has_failed else None,
    )
    log.warning("mail.put_off message=%s kind=%s error=%s", message.pk, message.kind, code)


def _suspect_server(message, error):
    """Two different messages refused in a row are the server's trouble, a single one is its own.

    So is every refusal within a minute of a success, else a few dead mailboxes would hold up everybody.
    """
    is_refusal = isinstance(error, SMTPResponseException | SMTPRecipientsRefused)
    if is_refusal and OutboxMessage.objects.filter(sent_at__gte=timezone.now() - PROBE_EVERY).exists():
        return
    route, _ = MailRoute.objects.get_or_create(pk=1)
    if route.suspect_id in (None, message.pk):
        MailRoute.objects.update(suspect=message)
    else:
        _note_server_down()


def _note_server_down():
    now = timezone.now()
    MailRoute.objects.get_or_create(pk=1)
    if MailRoute.objects.filter(down_since=None).update(down_since=now, next_probe_at=now + PROBE_EVERY):
        log.error("mail.server_down")


def _note_server_up():
    route = MailRoute.objects.filter(Q(down_since__isnull=False) | Q(suspect__isnull=False)).first()
    if route is None:
        return
    if route.down_since is not None:
        # The first failure of an outage comes a moment before the outage is noticed.
        since = route.down_since - PROBE_EVERY
        OutboxMessage.objects.waiting().filter(tried_at__gte=since).update(due_at=timezone.now())
        log.info("mail.server_up")
    MailRoute.objects.update(down_since=None, next_probe_at=None, suspect=None)


def _close(connection):
    try:
        connection.close()
    except (OSError, SMTPException):
        log.info("mail.connection_closed_badly")


def _code(error):
    """Name an error without its text, which may quote an address."""
    name = type(error).__name__
    if isinstance(error, SMTPResponseException):
        return f"{name} {error.smtp_code}"
    if isinstance(error, SMTPRecipientsRefused):
        return f"{name} {min(code for code, _ in error.recipients.values())}"
    return name

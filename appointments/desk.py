"""What the front desk does with a request. Every step is one conditional update and one line of history."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from appointments.models import MOVES, AppointmentRequest, Attempt, RequestEvent
from appointments.models.choices import Outcome
from clinic import audit, outbox
from clinic.models import OutboxMessage
from clinic.moves import move


@transaction.atomic
def take_step(request, step, *, by, rows=None, remark="", attempt="", **changes):
    """Take one step of MOVES, or raise Stale if someone else was faster.

    `rows` may narrow the condition ("has no owner yet"); `changes` are written with the step.
    """
    rows = AppointmentRequest.objects if rows is None else rows
    move(rows.filter(pk=request.pk), MOVES[step], **changes)
    event = RequestEvent.objects.create(request=request, step=step, actor=by, remark=remark, attempt=attempt)
    audit.record(f"request.{step}", actor=by, subject=request.reference)
    request.refresh_from_db()
    return event


def claim(request, *, by):
    """Make this request mine, if it is still nobody's."""
    return take_step(request, "claim", by=by, owner=by)


def take_over(request, *, by):
    """Make a colleague's request mine; the colleague I saw must still be the owner."""
    rows = AppointmentRequest.objects.filter(owner=request.owner)
    return take_step(request, "take_over", by=by, rows=rows, owner=by)


def release(request, *, by):
    """Give a request back to everybody, unless a colleague has just taken it over."""
    rows = AppointmentRequest.objects.filter(owner=request.owner)
    return take_step(request, "release", by=by, rows=rows, owner=None)


def log_attempt(request, attempt, *, by, remark=""):
    """Note a call and how it went; reaching the patient answers the request."""
    changes = {"attempts": F("attempts") + 1}
    if attempt == Attempt.REACHED and request.answered_at is None:
        changes["answered_at"] = timezone.now()
    return take_step(request, "log_attempt", by=by, remark=remark, attempt=attempt, **changes)


def wait(request, *, by, remark=""):
    """Put a request aside until the patient answers."""
    return take_step(request, "wait", by=by, remark=remark)


def resume(request, *, by):
    """Take a waiting request up again."""
    return take_step(request, "resume", by=by)


def book(request, *, by, appointment_at=None, appointment_with=None, appointment_number="", remark=""):
    """Record the appointment, here or by the other system's number, and close the request."""
    return _close(
        request,
        "book",
        Outcome.BOOKED,
        by=by,
        remark=remark,
        appointment_at=appointment_at,
        appointment_with=appointment_with,
        appointment_number=appointment_number,
    )


def close(request, outcome, *, by, remark=""):
    """Close a request with an outcome."""
    return _close(request, "close", outcome, by=by, remark=remark)


def _close(request, step, outcome, *, by, remark, **changes):
    now = timezone.now()
    if request.answered_at is None and outcome in (Outcome.BOOKED, Outcome.DECLINED, Outcome.EMERGENCY):
        changes["answered_at"] = now
    return take_step(request, step, by=by, remark=remark, outcome=outcome, closed_at=now, **changes)


def reopen(request, *, by, remark):
    """Open a closed request again, for everybody, with the reason why."""
    return take_step(request, "reopen", by=by, remark=remark, outcome="", closed_at=None, owner=None)


def not_spam(request, *, by):
    """Let a suspect request join the others at once."""
    rows = AppointmentRequest.objects.maybe_spam()
    return take_step(request, "not_spam", by=by, rows=rows, quarantined_at=None, quarantine_reasons="")


def escalate_overdue(now):
    """Owe one more mail for every open request whose promise has passed; return how many."""
    told = OutboxMessage.objects.filter(kind="escalation").values("object_id")
    count = 0
    for request in AppointmentRequest.objects.overdue(now).real().exclude(pk__in=told):
        with transaction.atomic():
            if outbox.owe("escalation", request.pk):
                RequestEvent.objects.create(request=request, step="escalated", at=now)
                count += 1
    return count

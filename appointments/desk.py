"""What the front desk does with a request. Every step is one conditional update and one line of history."""

from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from appointments import acknowledging, intake, owners
from appointments.models import MOVES, AppointmentRequest, Attempt, RequestEvent
from appointments.models.choices import Outcome
from appointments.models.moves import IN_WORK
from clinic import audit, outbox
from clinic.models import OutboxMessage
from clinic.moves import Stale, move

# Later, opening again with a reason says more than undoing.
UNDO_WITHIN = timedelta(minutes=15)
ALARMS = ("alarm", "escalation")
# Steps after which an earlier state can't be had back.
FINAL = {"erase", "undo", "withdraw"}
# The patient is told of these, if there is an address.
TOLD = {"book", "change_appointment", "cancel_appointment", "reopen"}


@transaction.atomic
def take_step(request, step, *, by, rows=None, remark="", attempt="", **changes):
    """Take one step of MOVES, or raise Stale if someone else was faster.

    The request must still be as it was fetched. `rows` may narrow the condition further; `changes`
    are written with the step, and what they replace is kept with it. What is nobody's becomes one's
    own when work on it begins.
    """
    rows = AppointmentRequest.objects if rows is None else rows
    if MOVES[step].target in IN_WORK and request.owner_id is None:
        changes["owner"] = by
    before = {name: _stored(request, name) for name in ("status", *changes)}
    rows = rows.filter(pk=request.pk, version=request.version)
    move(rows, MOVES[step], **changes, version=F("version") + 1)
    return _note(request, step, by, before, remark, attempt)


def claim(request, *, by):
    """Make this request mine, if it is still nobody's."""
    return take_step(request, "claim", by=by)


def take_over(request, *, by):
    """Make a colleague's request mine; the colleague I saw must still be the owner."""
    return take_step(request, "take_over", by=by, owner=by)


def hand_over(request, *, to, by, remark=""):
    """Make a colleague's request that of another one, who must be allowed to see it."""
    return take_step(request, "hand_over", by=by, owner=to, remark=remark)


def release(request, *, by, remark=""):
    """Give a request back to everybody, unless a colleague has just taken it over."""
    return take_step(request, "release", by=by, owner=None, remark=remark)


@transaction.atomic
def hand_over_all(person, *, to, by, remark):
    """Hand over each open request, or give back what the heir may not see; count them by step."""
    went = Counter()
    seen = AppointmentRequest.objects.visible_to(to) if to else AppointmentRequest.objects.none()
    may_see = set(seen.owned_by(person).values_list("pk", flat=True))
    for request in AppointmentRequest.objects.owned_by(person).select_for_update():
        if request.pk in may_see:
            event = hand_over(request, to=to, by=by, remark=remark)
        else:
            event = release(request, by=by, remark=remark)
        went[event.step] += 1
    return went


def log_attempt(request, attempt, *, by, remark="", next_try_at=None):
    """Note a call, how it went, and when to try again; reaching the patient answers the request."""
    now = timezone.now()
    changes = {"attempts": F("attempts") + 1, "next_try_at": next_try_at}
    # At a wrong number nobody was called who asked for it.
    if request.called_at is None and attempt != Attempt.WRONG_NUMBER:
        changes["called_at"] = now
    if attempt == Attempt.REACHED and request.answered_at is None:
        changes["answered_at"] = now
    return take_step(request, "log_attempt", by=by, remark=remark, attempt=attempt, **changes)


def wait(request, *, by, until=None, remark=""):
    """Put a request aside until the patient answers, or until it is to be looked at again."""
    return take_step(request, "wait", by=by, remark=remark, next_try_at=until)


def resume(request, *, by):
    """Take a waiting request up again."""
    return take_step(request, "resume", by=by, next_try_at=None)


def book(
    request,
    *,
    by,
    appointment_at=None,
    appointment_with=None,
    appointment_number="",
    heard_from="",
    remark="",
):
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
        heard_from=heard_from or request.heard_from,
    )


def change_appointment(
    request, *, by, appointment_at=None, appointment_with=None, appointment_number="", remark=""
):
    """Record another time, therapist or number for the appointment."""
    return take_step(
        request,
        "change_appointment",
        by=by,
        remark=remark,
        rows=AppointmentRequest.objects.filter(outcome=Outcome.BOOKED, erased_at=None),
        appointment_at=appointment_at,
        appointment_with=appointment_with,
        appointment_number=appointment_number,
    )


def cancel_appointment(request, *, by, remark=""):
    """Record that the appointment will not take place; its time stays, for the patient's calendar."""
    return take_step(
        request,
        "cancel_appointment",
        by=by,
        remark=remark,
        rows=AppointmentRequest.objects.filter(outcome=Outcome.BOOKED, erased_at=None),
        outcome=Outcome.CANCELLED,
    )


def correct(request, *, by, **contact):
    """Replace names, phone number or e-mail address; the earlier ones stay in the history until erasure."""
    return take_step(request, "correct", by=by, **contact)


def relocate(request, location, *, by, remark=""):
    """Hand a request to another location, whose desk is told; the promise stays."""
    event = take_step(
        request, "relocate", by=by, remark=remark, location=location, owner=None, next_try_at=None
    )
    outbox.owe("relocation_notice", event.pk)
    return event


def close(request, outcome, *, by, remark="", duplicate_of=None, heard_from=""):
    """Close a request with an outcome; of a duplicate, with the request that stays."""
    return _close(
        request,
        "close",
        outcome,
        by=by,
        remark=remark,
        duplicate_of=duplicate_of,
        heard_from=heard_from or request.heard_from,
    )


def _close(request, step, outcome, *, by, remark, **changes):
    now = timezone.now()
    if request.answered_at is None and outcome in (Outcome.BOOKED, Outcome.DECLINED, Outcome.EMERGENCY):
        changes["answered_at"] = now
    return take_step(
        request, step, by=by, remark=remark, outcome=outcome, closed_at=now, next_try_at=None, **changes
    )


def withdraw(request):
    """Close a request because its patient says so."""
    return take_step(
        request,
        "withdraw",
        by=None,
        outcome=Outcome.DECLINED,
        closed_at=timezone.now(),
        next_try_at=None,
    )


def reopen(request, *, by, remark):
    """Open a closed request again, for everybody, with the reason why."""
    changes = {"outcome": "", "closed_at": None, "owner": None, "next_try_at": None, "duplicate_of": None}
    # Closing it counted as an answer; a call that reached somebody still does.
    if request.answered_at == request.closed_at:
        changes["answered_at"] = None
    return take_step(request, "reopen", by=by, remark=remark, **changes)


def not_spam(request, *, by):
    """Let a suspect request join the others at once."""
    rows = AppointmentRequest.objects.maybe_spam()
    event = take_step(request, "not_spam", by=by, rows=rows, quarantined_at=None, quarantine_reasons="")
    acknowledging.owe(request, peer="", now=timezone.now())
    return event


def undoable_step(request, *, by, now):
    """Return the last step, if this person took it a moment ago and it can be taken back; else None."""
    last = request.events.filter(version__isnull=False).first()
    is_mine = last is not None and last.actor_id == by.pk and now - last.at <= UNDO_WITHIN
    can_go_back = is_mine and last.step not in FINAL and last.version == request.version
    is_possible = can_go_back and request.erased_at is None and _has_an_owner_after(last, request, by)
    return last if is_possible else None


def _has_an_owner_after(undone, request, by):
    """Tell whether a request, once this step is undone, is in the hands of nobody who can't open it."""
    owner = undone.before.get("owner", request.owner_id)
    if owner in (None, by.pk) or undone.before["status"] not in IN_WORK:
        return True
    here = undone.before.get("location", request.location_id)
    return owners.able([here]).filter(pk=owner).exists()


@transaction.atomic
def undo(request, *, by):
    """Take one's own last step back, or raise Stale if it is the last no longer."""
    now = timezone.now()
    step = undoable_step(request, by=by, now=now)
    if step is None:
        raise Stale
    before = {name: _stored(request, name) for name in step.before}
    changes = {name: _field(name).to_python(value) for name, value in step.before.items()}
    rows = AppointmentRequest.objects.filter(pk=request.pk, version=step.version)
    columns = {_field(name).attname: value for name, value in changes.items()}
    if rows.update(**columns, version=F("version") + 1) != 1:
        raise Stale
    RequestEvent.objects.filter(pk=step.pk).update(undone_at=now)
    return _note(request, "undo", by, before, was=step)


def _note(request, step, by, before, remark="", attempt="", was=None):
    """Write the line of history and the line of audit, and owe the mail that the step asks for."""
    request.refresh_from_db()
    event = RequestEvent.objects.create(
        request=request,
        step=step,
        actor=by,
        remark=remark,
        attempt=attempt,
        before=before,
        version=request.version,
    )
    audit.record(f"request.{step}", actor=by, subject=request.reference)
    if not {"full_name", "patient_name", "phone", "email"}.isdisjoint(before):
        intake.renew_keys(request)
    if _concerns_an_appointment(step, before, was) and request.may_be_mailed:
        outbox.owe("appointment_mail", event.pk)
    if step in ("undo", "reopen") and request.is_open and not request.is_promise_kept:
        # Whoever was told, or was spared it, is told again: nobody waits unseen.
        OutboxMessage.objects.filter(kind__in=ALARMS, object_id=request.pk).exclude(sent_at=None).delete()
    return event


def _concerns_an_appointment(step, before, was):
    """Tell whether the patient should hear of a step; of one taken back only who heard of it before."""
    if step == "undo":
        return was.step in TOLD and _was_told(was)
    return step in TOLD and (step != "reopen" or before["outcome"] == Outcome.BOOKED)


def _was_told(event):
    """Tell whether the patient has, or is just being sent, the mail about a step.

    Its row stays locked until we commit, so that no worker starts on it after this look.
    """
    mails = OutboxMessage.objects.select_for_update().filter(kind="appointment_mail", object_id=event.pk)
    return any(mail.sent_at or mail.leased_until for mail in mails)


def _stored(request, name):
    value = getattr(request, _field(name).attname)
    # Django's JSON encoder would cut the microseconds off.
    return value.isoformat() if isinstance(value, datetime) else value


def _field(name):
    return AppointmentRequest._meta.get_field(name)

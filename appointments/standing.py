"""Where a request stands, in words for its patient: the same on the private page and in mails.

Nothing here repeats what was typed, and nothing tells how the desk judged it: a request closed as spam
or as a duplicate is closed, and no more.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.models.choices import Channel, Outcome, Purpose, Status
from clinic.clock import spoken_with_day

NOT_YET = (gettext_lazy("This is not yet an appointment. Nothing changes before we talk."),)
# Whoever asks to change or cancel an appointment has one.
STAYS = (
    gettext_lazy("Your appointment stays as it is until we have talked."),
    gettext_lazy("Is it before then? Call us."),
)


@dataclass(frozen=True)
class Standing:
    """A heading, sentences under it, and the appointment as (label, text) if there is one."""

    heading: str
    sentences: tuple[str, ...]
    appointment: tuple[tuple[str, str], ...] = ()


def latest(request):
    """Return the request that has replaced this one, or this one: the patient's word that counts.

    Not past a corrected e-mail address: the link to the first request may be in a stranger's mailbox.
    """
    while request.outcome == Outcome.REPLACED:
        newer = request.replaced_by.filter(erased_at=None, email=request.email)
        if (found := newer.select_related("location", "appointment_with").order_by("pk").last()) is None:
            break
        request = found
    return request


def of(request, now):
    """Say where a request stands, and what its patient can do."""
    return _open(request, now) if request.is_open else _closed(request)


def _open(request, now):
    until_then = STAYS if request.purpose == Purpose.CHANGE else NOT_YET
    if request.status == Status.WAITING:
        return Standing(_("We are waiting to hear from you"), (_("Call us to find a time."),))
    if request.appointment_at:
        reopened = _("Your appointment is not fixed any more")
        return Standing(reopened, (_("We will find a time together."),))
    if request.is_answered:
        return Standing(_("We are finding a time for you"), until_then)
    if request.called_at:
        return Standing(_("We tried to reach you"), (_next_try(request, now), _("You can also call us.")))
    return Standing(_("We have your request"), (_promise(request, now), *until_then))


def _promise(request, now):
    by = {"by": _in_words(request.due_at, request)}
    if now >= request.due_at:
        return _("We said we would answer by %(by)s, and are late. You can also call us.") % by
    if request.channel == Channel.EMAIL:
        return _("We will write to you by %(by)s.") % by
    return _("We will call you by %(by)s.") % by


def _next_try(request, now):
    if request.next_try_at and request.next_try_at > now:
        return _("We will try again from %(time)s.") % {"time": _in_words(request.next_try_at, request)}
    return _("We will try again.")


def _closed(request):
    if request.outcome == Outcome.BOOKED:
        return _booked(request)
    if request.outcome == Outcome.CANCELLED:
        return _cancelled(request)
    if request.outcome == Outcome.REPLACED:
        return Standing(_("You sent us a corrected request"), (_("We work with that one."),))
    if request.outcome == Outcome.UNREACHABLE:
        return Standing(_("We could not reach you"), (_("Call us, and we go on from there."),))
    if request.events.filter(step="withdraw", version=request.version).exists():
        return Standing(_("You withdrew this request"), (_("We will not call you about it."),))
    return Standing(_("This request is closed"), (_("Call us with any question."),))


def _booked(request):
    heading = _("Your appointment is recorded")
    if request.appointment_at is None:
        return Standing(heading, (_("Call us for its day and time."),))
    facts = [
        (_("When"), _in_words(request.appointment_at, request)),
        (_("With"), request.appointment_with and request.appointment_with.full_name),
        (_("Where"), f"{request.location.name}, {request.location.address_line}"),
    ]
    known = tuple((label, text) for label, text in facts if text)
    return Standing(heading, (_("To change or cancel it, call us."),), known)


def _cancelled(request):
    heading = _("Your appointment is cancelled")
    if request.appointment_at is None:
        return Standing(heading, (_("Call us to find another time."),))
    was = _("It was on %(time)s.") % {"time": _in_words(request.appointment_at, request)}
    return Standing(heading, (was, _("Call us to find another time.")))


def _in_words(moment, request):
    return spoken_with_day(moment, ZoneInfo(request.location.time_zone), settings.COUNTRY)

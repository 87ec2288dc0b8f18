"""Mails to patients: where their request stands, and not a word that anybody typed."""

from itertools import groupby

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments import desk, private_links, standing
from appointments.models import AppointmentRequest, RequestEvent
from appointments.models.choices import Outcome
from clinic import emergency
from clinic.clock import spoken_time
from clinic.mail_kinds import NothingToSend
from clinic.models import Clinic, OutboxMessage
from clinic.models.hours import WEEKDAYS

HEADING = "%(heading)s"
# How a mail about a step begins, where the heading alone would not say what is new.
BEGINNINGS = {
    "change_appointment": gettext_lazy("Your appointment has changed"),
    "undo": gettext_lazy("Our last e-mail was a mistake. This is how it stands: %(heading)s"),
}
YOUR_REQUEST = gettext_lazy("Your request at %(clinic)s")
YOUR_APPOINTMENT = gettext_lazy("Your appointment at %(clinic)s")
SUBJECTS = {
    "change_appointment": gettext_lazy("Your appointment at %(clinic)s has changed"),
    "cancel_appointment": gettext_lazy("Your appointment at %(clinic)s is cancelled"),
    "reopen": gettext_lazy("Your appointment at %(clinic)s has changed"),
}
# A later step may have overtaken the one that a mail was owed for; it has a mail of its own.
STILL_TRUE = {
    "book": Outcome.BOOKED,
    "change_appointment": Outcome.BOOKED,
    "cancel_appointment": Outcome.CANCELLED,
    "reopen": "",
}


def acknowledgement(request_id):
    """Return the word that we have a request, unless it is suspect or no longer open.

    A correction sent before this mail left has none of its own at the same address: this one tells of it.
    """
    request = standing.latest(AppointmentRequest.objects.select_related("location").get(pk=request_id))
    if not request.is_open or request.quarantined_at:
        raise NothingToSend
    return _mail(request, YOUR_REQUEST)


def appointment_mail(event_id):
    """Return the word that an appointment was recorded, changed or cancelled, or that this was a mistake."""
    related = ("request__location", "request__appointment_with")
    event = RequestEvent.objects.select_related(*related).get(pk=event_id)
    expected = STILL_TRUE.get(event.step, event.request.outcome)
    later = event.request.events.filter(pk__gt=event.pk, step__in=desk.TOLD, undone_at=None)
    if event.undone_at or event.request.outcome != expected or later.exists():
        raise NothingToSend
    # To whoever has heard nothing so far, a changed appointment is a new one.
    step = "book" if event.step == "change_appointment" and not _was_told_before(event) else event.step
    return _mail(event.request, SUBJECTS.get(step, YOUR_APPOINTMENT), BEGINNINGS.get(step, HEADING))


def _was_told_before(event):
    # A mail that there was no need to send is marked as sent, too, but later than what overtook it.
    earlier = event.request.events.filter(pk__lt=event.pk).values("pk")
    mails = OutboxMessage.objects.filter(kind="appointment_mail", object_id__in=earlier)
    return mails.filter(sent_at__lte=event.at).exists()


def _mail(request, subject, beginning=HEADING):
    # Mail servers may refuse letters beyond ASCII before the @ (behind it Django spells them out); such
    # an address is one to call.
    if not request.may_be_mailed or not request.email.rpartition("@")[0].isascii():
        raise NothingToSend
    clinic = Clinic.objects.first() or Clinic()
    stands = standing.of(request, timezone.now())
    context = {
        "beginning": beginning % {"heading": stands.heading},
        "standing": stands,
        "reference": request.reference,
        "link": private_links.address_of(request),
        "clinic": clinic.name,
        "location": request.location.name,
        "phone": request.location.phone,
        "hours": _hours(request.location.schedule().weekly),
        "emergency": emergency.for_country(settings.COUNTRY).action,
    }
    text = render_to_string("appointments/emails/to_the_patient.txt", context)
    return EmailMessage(subject % {"clinic": clinic.name}, text, to=[request.email])


def _hours(weekly):
    """Say the hours of a week: "Monday to Friday 8 am to 6 pm, Saturday 9 am to 12 noon"."""
    said = []
    for periods, group in groupby(WEEKDAYS, key=lambda day: weekly.get(day[0])):
        days = [name for _number, name in group]
        if periods:
            when = _span(days[0], days[-1]) if len(days) > 1 else days[0]
            times = [_span(*(spoken_time(time, settings.COUNTRY) for time in period)) for period in periods]
            said.append(f"{when} {get_text_list(times, _('and'))}")
    return ", ".join(said)


def _span(first, last):
    return _("%(first)s to %(last)s") % {"first": first, "last": last}

"""What is known of a request, in the order in which a practice system asks for it."""

from dataclasses import dataclass, replace
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from appointments.models.choices import Day, PartOfDay
from clinic import phones
from clinic.clock import spoken

# Days that stand in every week of wishes; the others only where somebody chose them.
WORKDAYS = Day.values[:5]


@dataclass(frozen=True)
class Fact:
    """One line that is shown and can be copied; `name` is what the audit trail says was copied."""

    name: str
    label: str
    text: str
    href: str = ""
    is_large: bool = False
    is_to_copy: bool = True
    # Said in bold beside it: what must not be done.
    warning: str = ""

    @property
    def line(self):
        return f"{self.label}: {self.text}"


def of(request, now):
    """Return the facts of a request that are not empty."""
    # A practice system asks who the patient is and what is wished; the rest is copied with all of it.
    rest = (replace(fact, is_to_copy=False) for fact in (*_origin(request), *_times(request, now)))
    return [fact for fact in (*_contact(request), *_wants(request), *rest) if fact.text]


def week(request):
    """Return the wished times as days and rows of (part of the day, [whether it suits on each day]).

    None if any time suits. Days alone mean all of these days, and parts alone every day.
    """
    if not (request.days or request.parts_of_day):
        return None
    days = [day for day in Day if day in WORKDAYS or day in request.days]
    wanted_days, wanted_parts = request.days or days, request.parts_of_day or PartOfDay
    rows = [(part.label, [day in wanted_days and part in wanted_parts for day in days]) for part in PartOfDay]
    return {"days": [day.label for day in days], "rows": rows}


def _contact(request):
    patient = request.patient_name or (_("Someone else") if request.is_for_someone_else else "")
    # Quoted, since a question mark in an address would begin headers.
    address = f"mailto:{quote(request.email, safe='@')}"
    no_message = "" if request.may_leave_message else _("leave no message")
    no_email = _("send no e-mail") if request.wants_no_email else ""
    message = no_message or _("may leave a message")
    how = (request.get_channel_display(), request.get_call_time_display().lower(), message)
    yield Fact("full_name", _("Name"), request.full_name or str(request.short_name), is_large=True)
    yield Fact("patient_name", _("Patient’s name"), patient, is_large=True)
    dial = phones.href(request.phone, settings.COUNTRY)
    yield Fact("phone", _("Phone"), request.phone, dial, is_large=True, warning=no_message)
    yield Fact("email", _("E-mail"), request.email, address, warning=no_email)
    yield Fact("channel", _("How to reach"), ", ".join(how))


def _wants(request):
    labels = (request.day_labels, request.part_labels)
    suits = " · ".join(", ".join(map(str, names)) for names in labels if names)
    payment = request.insurance_plan or request.get_payment_display()
    yield Fact("purpose", _("New or returning"), request.get_purpose_display())
    yield Fact("location", _("Location"), request.location.name)
    yield Fact("therapist", _("Therapist"), str(request.therapist or ""))
    yield Fact("insurance", _("Payment"), str(payment))
    yield Fact("referral", _("Referral"), request.get_referral_display())
    yield Fact("suits", _("Suits"), suits or _("Any time"))
    yield Fact("needs", _("Needs"), request.needs)
    yield Fact("notes", _("Notes"), request.notes)


def _origin(request):
    article = request.article
    yield Fact("screening", _("Warning signs"), request.get_screening_display())
    if article:
        yield Fact("article", _("Came from"), str(article.live or article.slug), article.get_absolute_url())
    yield Fact("heard_from", _("Heard of us from"), request.get_heard_from_display())
    yield Fact("spam", _("Why maybe spam"), " · ".join(map(str, request.suspicion_labels)))


def _times(request, now):
    zone = ZoneInfo(request.location.time_zone)

    def said(moment):
        return spoken(moment, zone, now, settings.COUNTRY) if moment else ""

    yield Fact("received", _("Received"), f"{said(request.received_at)} · {request.get_source_display()}")
    yield Fact("due", _("Call by"), said(request.due_at))
    yield Fact("called", _("First called"), said(request.called_at))
    yield Fact("answered", _("First answered"), said(request.answered_at))
    yield Fact("next_try", _("Next try"), said(request.next_try_at))
    yield Fact("appointment", _("Appointment"), said(request.appointment_at))
    yield Fact("appointment_with", _("Appointment with"), str(request.appointment_with or ""))
    yield Fact("appointment_number", _("Number in your system"), request.appointment_number)
    yield Fact("outcome", _("Outcome"), request.get_outcome_display())
    yield Fact("closed", _("Closed"), said(request.closed_at))

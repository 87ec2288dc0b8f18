"""A recorded appointment as a file for calendars (RFC 5545)."""

from datetime import UTC, timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from appointments.models.choices import Outcome
from clinic.models import Clinic

# No end is recorded, and calendars draw an event without one as a moment that blocks nothing.
LENGTH = timedelta(hours=1)
MOST_OCTETS = 75
# Summary and description.
BOOKED = _("Appointment at %(clinic)s"), _("To change or cancel it, call %(phone)s.")
CANCELLED = _("Cancelled: appointment at %(clinic)s"), _("To find another time, call %(phone)s.")


def has_one(request):
    """Tell whether there is an appointment to put into a calendar, or to take out of it."""
    return request.outcome in (Outcome.BOOKED, Outcome.CANCELLED) and request.appointment_at is not None


def of(request, now):
    """Return the file as bytes: no word of the patient, and not the therapist, since calendars are shared."""
    clinic, place = Clinic.objects.first() or Clinic(), request.location
    # In UTC, because Python adds within one zone by the wall clock.
    begins = request.appointment_at.astimezone(UTC)
    is_cancelled = request.outcome == Outcome.CANCELLED
    summary, description = CANCELLED if is_cancelled else BOOKED
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Clinic site//Appointments//EN",
        f"METHOD:{'CANCEL' if is_cancelled else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:{request.reference}@{urlsplit(settings.SITE_URL).hostname}",
        f"DTSTAMP:{_utc(now)}",
        f"DTSTART:{_utc(begins)}",
        f"DTEND:{_utc(begins + LENGTH)}",
        # It grows with every step, undone ones included, so that calendars always take the newer file.
        f"SEQUENCE:{request.version}",
        f"STATUS:{'CANCELLED' if is_cancelled else 'CONFIRMED'}",
        f"SUMMARY:{_text(summary % {'clinic': clinic.name})}",
        f"LOCATION:{_text(f'{place.name}, {place.address_line}')}",
        f"DESCRIPTION:{_text(description % {'phone': place.phone})}",
        # What is published has to name who publishes it (RFC 5546).
        f"ORGANIZER:mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _utc(moment):
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value):
    """Escape what has a meaning of its own; facts of the clinic are single lines."""
    for special in "\\;,":
        value = value.replace(special, f"\\{special}")
    return value


def _folded(line):
    """Return a line as octets, in pieces of at most 75 that split no character."""
    pieces = [b""]
    for character in line:
        octets = character.encode()
        # From the second piece on, a blank stands in front.
        if len(pieces[-1]) + len(octets) > MOST_OCTETS - (len(pieces) > 1):
            pieces.append(b"")
        pieces[-1] += octets
    return b"\r\n ".join(pieces) + b"\r\n"

"""Mails to the front desk: no word that a patient typed, ever."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.models import AppointmentRequest
from clinic.clock import spoken_with_day
from clinic.mail_kinds import NothingToSend
from clinic.models import Clinic


def front_desk_notice(request_id):
    """Return the notice of a new request, for the addresses of its location."""
    request = _fetch(request_id)
    subject = _("Urgent appointment request") if request.is_urgent else _("New appointment request")
    return _to_the_desk(request, subject, "appointments/emails/front_desk_notice.txt")


def escalation(request_id):
    """Return the second notice, owed when the promised time has passed and nobody has answered."""
    request = _fetch(request_id)
    if not request.is_open or request.answered_at:
        raise NothingToSend
    return _to_the_desk(request, _("Overdue appointment request"), "appointments/emails/escalation.txt")


def _fetch(request_id):
    return AppointmentRequest.objects.select_related("location").get(pk=request_id)


def _to_the_desk(request, subject, template):
    now = timezone.now()
    zone = request.location.schedule().zone
    context = {
        "request": request,
        # With its day, because mail is read when it is read.
        "received": spoken_with_day(request.received_at, zone, settings.COUNTRY),
        "due": spoken_with_day(request.due_at, zone, settings.COUNTRY),
        "waiting": AppointmentRequest.objects.to_do(now).filter(location=request.location).count(),
        "link": settings.SITE_URL
        + reverse("admin:appointments_appointmentrequest_change", args=[request.pk]),
        "inbox": settings.SITE_URL + reverse("admin:appointments_appointmentrequest_changelist"),
    }
    return EmailMessage(subject, render_to_string(template, context), to=desk_addresses(request.location))


def desk_addresses(location):
    """Return who is told of requests here: the location's addresses, else the clinic's."""
    clinic = Clinic.objects.first() or Clinic()
    addresses = (location.front_desk_emails or clinic.front_desk_emails).split()
    if not addresses:
        raise LookupError("no front desk address")
    return addresses

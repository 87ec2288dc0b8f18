"""Mails to the front desk and the managers: no word that a patient typed, ever."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.models import AppointmentRequest, RequestEvent
from clinic.clock import spoken_with_day
from clinic.mail_kinds import NothingToSend
from clinic.models import Clinic
from staff.models import User


def front_desk_notice(request_id):
    """Return the notice of a new request, for the addresses of its location."""
    request = _fetch(request_id)
    if request.erased_at:
        raise NothingToSend
    subject = _("Urgent appointment request") if request.is_urgent else _("New appointment request")
    return _mail(request, subject, "front_desk_notice", desk_addresses(request.location))


def relocation_notice(event_id):
    """Return the notice that a request was moved to another location, for the addresses of that one."""
    event = RequestEvent.objects.select_related("request__location").get(pk=event_id)
    request = event.request
    last_move = request.events.filter(step="relocate", undone_at=None).first()
    if not request.is_open or last_move != event:
        raise NothingToSend
    subject = _("Appointment request moved to your location")
    return _mail(request, subject, "relocation_notice", desk_addresses(request.location))


def alarm(request_id):
    """Return the warning at three quarters of the promised time; after it the escalation says more."""
    request = _fetch_uncalled(request_id)
    if timezone.now() >= request.due_at:
        raise NothingToSend
    return _mail(request, _("An appointment request waits"), "alarm", desk_addresses(request.location))


def escalation(request_id):
    """Return the word to front desk and managers that the promised time has passed without a call."""
    request = _fetch_uncalled(request_id)
    everybody = [*desk_addresses(request.location), *_managers()]
    once_each = {address.casefold(): address for address in everybody}
    return _mail(request, _("Overdue appointment request"), "escalation", list(once_each.values()))


def _fetch(request_id):
    return AppointmentRequest.objects.select_related("location").get(pk=request_id)


def _fetch_uncalled(request_id):
    request = _fetch(request_id)
    if not request.is_open or request.is_promise_kept:
        raise NothingToSend
    return request


def _mail(request, subject, name, to):
    if not to:
        raise LookupError("no address to tell")
    now = timezone.now()
    zone = request.location.schedule().zone
    context = {
        "request": request,
        # With its day, because mail is read when it is read.
        "received": spoken_with_day(request.received_at, zone, settings.COUNTRY),
        "due": spoken_with_day(request.due_at, zone, settings.COUNTRY),
        "waiting": AppointmentRequest.objects.to_do(now).filter(location=request.location).count(),
        "link": settings.SITE_URL + request.get_absolute_url(),
        "inbox": settings.SITE_URL + reverse("admin:appointments_appointmentrequest_changelist"),
    }
    return EmailMessage(subject, render_to_string(f"appointments/emails/{name}.txt", context), to=to)


def desk_addresses(location):
    """Return who is told of requests here: the location's addresses, else the clinic's."""
    clinic = Clinic.objects.first() or Clinic()
    return (location.front_desk_emails or clinic.front_desk_emails).split()


def _managers():
    people = User.objects.filter(is_active=True, groups__permissions__codename="view_every_location")
    return people.distinct().values_list("email", flat=True)

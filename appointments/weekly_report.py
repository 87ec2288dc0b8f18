"""The Monday mail to the owners: last week in numbers, and no word about any patient."""

from datetime import date, time, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.models import AppointmentRequest
from appointments.reports import figures
from appointments.reports.weeks import WEEK, Period
from clinic import outbox
from clinic.mail_kinds import NothingToSend
from clinic.models import Location
from staff.models import User

SENT_FROM = time(7)


def owe(now):
    """Owe the report of last week from Monday 7 am on, once, also where no worker ran on Monday."""
    local = timezone.localtime(now, timezone.get_default_timezone())
    if local.weekday() == 0 and local.time() < SENT_FROM:
        return
    this_week = Period.until(now, 1, timezone.get_default_timezone())
    # A clinic in its first week has nothing to report yet.
    if AppointmentRequest.objects.real().filter(received_at__lt=this_week.starts[0]).exists():
        year, week, _day = (local.date() - WEEK).isocalendar()
        outbox.owe("weekly_report", year * 100 + week)


def weekly_report(week):
    """Return the mail about a week (YYYYWW, by ISO 8601) to everybody who may see the reports."""
    people = User.objects.filter(is_active=True)
    for right in ("view_reports", "view_every_location"):
        people = people.filter(groups__permissions__codename=right)
    addresses = list(people.distinct().values_list("email", flat=True))
    if not addresses:
        raise NothingToSend
    return EmailMessage(
        _("Appointment requests of last week"),
        render_to_string("appointments/emails/weekly_report.txt", _context(week, timezone.now())),
        to=addresses,
    )


def _context(week, now):
    monday = date.fromisocalendar(week // 100, week % 100, 1)
    period = Period([monday], timezone.get_default_timezone())
    numbers = figures.by_week(AppointmentRequest.objects.all(), period, now)
    waiting = AppointmentRequest.objects.to_do(now)
    return {
        "first": monday,
        "last": monday + timedelta(days=6),
        "places": [
            (
                place,
                numbers.get((monday, place.pk), figures.Numbers()),
                waiting.filter(location=place).count(),
            )
            for place in Location.objects.all()
        ],
        "total": figures.total(numbers.values()),
        "waiting": waiting.count(),
        "link": settings.SITE_URL + reverse("admin:appointments_appointmentrequest_reports"),
    }

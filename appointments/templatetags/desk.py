"""Moments as the front desk says them: by the clock of the request's own location."""

from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.clock import spoken
from clinic.phones import href

register = template.Library()


@register.simple_tag
def spoken_at(moment, location, now):
    """Say a moment: "today, 11 am"."""
    return spoken(moment, ZoneInfo(location.time_zone), now, settings.COUNTRY)


@register.inclusion_tag("admin/appointments/_due_badge.html")
def due_badge(appointment_request, now):
    """Show by when to call, in the colour of how pressing it is."""
    return {
        "appointment_request": appointment_request,
        "due": _due(appointment_request, now),
        "urgency": appointment_request.urgency(now),
    }


def _due(appointment_request, now):
    """Say when the call is due; of a day that is over the date alone."""
    location = appointment_request.location
    zone = ZoneInfo(location.time_zone)
    day = appointment_request.due_at.astimezone(zone).date()
    if day < now.astimezone(zone).date():
        # Translators: a PHP-style date format, as in Django's DATE_FORMAT; "24 November".
        return date_format(day, _("j F"))
    return spoken_at(appointment_request.due_at, location, now)


@register.filter
def dial(phone):
    """Return the link that dials a number."""
    return href(phone, settings.COUNTRY)

"""Moments as the front desk says them: by the clock of the request's own location."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.clock import spoken

register = template.Library()

# What the history says of a detail that was corrected.
EARLIER = {
    "full_name": gettext_lazy("Name was %(earlier)s"),
    "patient_name": gettext_lazy("Patient's name was %(earlier)s"),
    "phone": gettext_lazy("Phone was %(earlier)s"),
    "email": gettext_lazy("E-mail was %(earlier)s"),
}


@register.simple_tag
def spoken_at(moment, location, now):
    """Say a moment: "today, 11 am"."""
    return spoken(moment, ZoneInfo(location.time_zone), now, settings.COUNTRY)


@register.inclusion_tag("admin/appointments/_due_badge.html", takes_context=True)
def due_badge(context, appointment_request, now):
    """Show by when to call, in the colour of how pressing it is, and when to try again."""
    location, next_try_at = appointment_request.location, appointment_request.next_try_at
    return {
        "appointment_request": appointment_request,
        "due": _due(appointment_request, now),
        "urgency": appointment_request.urgency(now),
        "next_try": next_try_at and spoken_at(next_try_at, location, now),
        "is_closed_then": _is_closed_then(appointment_request, context["site"].place(location.slug)),
    }


def _is_closed_then(appointment_request, place):
    """Tell whether the promised moment has become one at which the place is closed; a promise never moves."""
    is_waited_for = appointment_request.is_open and not appointment_request.is_promise_kept
    if place is None or not is_waited_for:
        return False
    # Just before, because a promise may end with the day.
    return not place.schedule.is_open(appointment_request.due_at - timedelta(microseconds=1))


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
def earlier(event):
    """Return in words the contact details that a step replaced."""
    if event.step != "correct":
        return []
    replaced = [(words, event.before[name]) for name, words in EARLIER.items() if name in event.before]
    return [words % {"earlier": value or _("empty")} for words, value in replaced]

"""Moments as the front desk says them: by the clock of the request's own location."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.clock import spoken, spoken_time

register = template.Library()

# What the history says of a detail that was corrected.
EARLIER = {
    "full_name": gettext_lazy("Name was %(earlier)s"),
    "patient_name": gettext_lazy("Patient’s name was %(earlier)s"),
    "phone": gettext_lazy("Phone was %(earlier)s"),
    "email": gettext_lazy("E-mail was %(earlier)s"),
}

# In step with time_left.js, which is given the same words.
LEFT, LATE = gettext_lazy("%(time)s left"), gettext_lazy("%(time)s late")
MINUTES, HOURS = gettext_lazy("%(minutes)s min"), gettext_lazy("%(hours)s h %(minutes)s")


@register.inclusion_tag("admin/appointments/_time_left.html")
def time_left(now):
    """Hand the words for the time that is left to the script that keeps it right."""
    return {"now": now, "words": {"left": LEFT, "late": LATE, "minutes": MINUTES, "hours": HOURS}}


@register.simple_tag
def spoken_at(moment, location, now):
    """Say a moment: "today, 11 am"."""
    return spoken(moment, ZoneInfo(location.time_zone), now, settings.COUNTRY)


@register.inclusion_tag("admin/appointments/_due_badge.html", takes_context=True)
def due_badge(context, appointment_request, now):
    """Show how long there is to call, in the colour of how pressing it is, and when to try again."""
    location, next_try_at = appointment_request.location, appointment_request.next_try_at
    return {
        "appointment_request": appointment_request,
        **_due(appointment_request, now),
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
    """Say of today how long is left and until when; of a later day the moment, of an earlier one its date."""
    zone = ZoneInfo(appointment_request.location.time_zone)
    local, today = appointment_request.due_at.astimezone(zone), now.astimezone(zone).date()
    if local.date() < today:
        # Translators: a PHP-style date format, as in Django's DATE_FORMAT; "24 November".
        return {"due": _("Late: %(day)s") % {"day": date_format(local, _("j F"))}}
    if local.date() > today:
        return {"due": spoken(local, zone, now, settings.COUNTRY)}
    words = LATE if now >= local else LEFT
    return {
        "due": words % {"time": _duration(abs(local - now))},
        "due_time": spoken_time(local.time(), settings.COUNTRY),
    }


def _duration(delta):
    minutes = int(delta.total_seconds()) // 60
    hours, rest = divmod(minutes, 60)
    return HOURS % {"hours": hours, "minutes": f"{rest:02}"} if hours else MINUTES % {"minutes": minutes}


@register.filter
def earlier(event):
    """Return in words the contact details that a step replaced."""
    if event.step != "correct":
        return []
    replaced = [(words, event.before[name]) for name, words in EARLIER.items() if name in event.before]
    return [words % {"earlier": value or _("empty")} for words, value in replaced]

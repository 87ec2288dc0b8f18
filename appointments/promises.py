"""By when we answer, in words, worked out in each location's opening hours."""

from dataclasses import dataclass
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from appointments.models.choices import CallTime
from clinic.clock import spoken, spoken_with_day
from clinic.models import Clinic, Closure, Location

TRY_AGAIN_AFTER = timedelta(hours=2)
# By the wall clock of the location.
WINDOWS = {
    CallTime.MORNING: (time.min, time(12)),
    CallTime.MIDDAY: (time(11), time(14)),
    CallTime.AFTERNOON: (time(13), time.max),
}


@dataclass(frozen=True)
class Promise:
    """A moment in words, and the names of the places that answer by then."""

    by: str
    places: str


def if_sent_now(now, *, urgent=False):
    """Return what each location would promise a request that is sent now, equal ones as one."""
    target = (Clinic.objects.first() or Clinic()).response_target(urgent=urgent)
    clinic_closures = list(Closure.objects.everywhere())
    places = {}
    for location in Location.objects.taking_requests().with_hours():
        schedule = location.schedule(clinic_closures)
        due_at = schedule.add_open_time(now, target)
        by = spoken(due_at, schedule.zone, now, settings.COUNTRY)
        places.setdefault(by, []).append(location.name)
    return [Promise(by, get_text_list(names, _("and"))) for by, names in places.items()]


def in_words(request):
    """Say by when we answer a request, with the day, in the time of its location: right on paper too."""
    return spoken_with_day(request.due_at, ZoneInfo(request.location.time_zone), settings.COUNTRY)


def next_try(request, now):
    """Return when to try again somebody who did not answer: two hours on, open, and at their best time."""
    window = WINDOWS.get(request.call_time, (time.min, time.max))
    return request.location.schedule().next_open(now + TRY_AGAIN_AFTER, window)

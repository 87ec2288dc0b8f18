"""When a session ends, whoever is there: an hour after the clinic has closed, since nobody signs out."""

from datetime import UTC, timedelta
from operator import itemgetter

from django.conf import settings
from django.utils import timezone

from clinic import facts

AFTER_CLOSING = timedelta(hours=1)
# Of somebody who signs in when all is closed: later in the evening, on a Sunday.
OUT_OF_HOURS = timedelta(hours=4)


def ends_at(user, now):
    """Return when a session of this person that begins now ends, as that location's clock shows it."""
    # In UTC, because Python adds within one zone by the wall clock.
    now = now.astimezone(UTC)
    closings = [(end, schedule.zone) for schedule in _schedules(user) for end in _closings(schedule, now)]
    if not closings:
        return timezone.localtime(now + OUT_OF_HOURS)
    closing, zone = max(closings, key=itemgetter(0))
    longest = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return min(closing + AFTER_CLOSING, now + longest).astimezone(zone)


def _schedules(user):
    """Return the opening hours of the person's own locations, or of all for whoever has none."""
    places = facts.load()["locations"]
    own = set(user.locations.values_list("slug", flat=True))
    return [facts.schedule_of(place) for place in places if not own or place["slug"] in own]


def _closings(schedule, now):
    """Return today's closing times that are still to come."""
    today = now.astimezone(schedule.zone).date()
    return [end for _start, end in schedule.open_periods(today) if end > now]

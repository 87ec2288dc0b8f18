"""What everyone should know today: closures, pauses, and what staff wrote. Each goes by itself."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from clinic.clock import spoken


def current(stored, places, now):
    """Return the notices of this moment as {heading, text, place to call}, closed doors first."""
    closed = [notice for place in places if (notice := place.notice)]
    paused = [_pause(place, now) for place in places if place.is_paused]
    return [*closed, *paused, *_written(stored, places, now)]


def _pause(place, now):
    until = spoken(place.paused_until, place.schedule.zone, now, settings.COUNTRY)
    heading = _("%(place)s takes no requests online until %(time)s:") % {"place": place.name, "time": until}
    return {"heading": heading, "text": place.pause_reason, "call": place}


def _written(stored, places, now):
    names = {place.slug: place.name for place in places}
    for notice in stored.get("notices", []):
        begins, ends = (datetime.fromisoformat(notice[edge]) for edge in ("shown_from", "shown_until"))
        if begins <= now < ends:
            name = names.get(notice["location"])
            yield {"heading": f"{name}:" if name else "", "text": notice["text"]}

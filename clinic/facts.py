"""What every page shows about the clinic: ready in one row, and in a file for when the database is down.

publish() writes both after a change; load() is one query; fallback() is none. Whether a place is
open is worked out from the stored hours for each request, so it is always right.
"""

import json
import logging
from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from clinic import retention, whole_files
from clinic.clock import Closed, Schedule
from clinic.models import Clinic, Location, Notice, Page

log = logging.getLogger(__name__)


def publish():
    """Store afresh what pages show; call this after changing facts, hours, notices, pages or pictures."""
    Clinic.objects.get_or_create(pk=1)
    with transaction.atomic():
        # Of two changes at once the second waits here, and then sees what the first has changed.
        clinic = Clinic.objects.select_for_update().get(pk=1)
        clinic.snapshot = _snapshot(clinic)
        clinic.save(update_fields=["snapshot"])
    write_fallback(clinic.snapshot)


def load():
    """Return the stored facts as plain data, in one query; before the first publish() work them out."""
    clinic = Clinic.objects.only("snapshot").first()
    return clinic.snapshot if clinic and clinic.snapshot else _snapshot(Clinic())


def fallback():
    """Return the facts last written to the file, without the database; empty if there are none."""
    try:
        return json.loads(_fallback_path().read_text())
    except (OSError, ValueError):
        return {}


def write_fallback(facts):
    """Write the facts beside the database, so that a failure page still shows the phone number."""
    try:
        whole_files.write(_fallback_path(), json.dumps(facts).encode())
    except OSError:
        # A full disk must not stop what the caller is doing.
        log.exception("facts.file_not_written")


def schedule_of(location):
    """Return the Schedule of a location of the stored facts."""
    hours = {
        int(day): tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in periods)
        for day, periods in location["hours"].items()
    }
    return Schedule(
        ZoneInfo(location["time_zone"]), hours, tuple(_closed(row) for row in location["closures"])
    )


def _fallback_path():
    return Path(settings.FACTS_FILE)


def _snapshot(clinic):
    locations = [_location(location) for location in Location.objects.with_hours()]
    return {
        "name": str(clinic.name),
        "legal_name": clinic.legal_name,
        "headline": clinic.headline,
        "lead": clinic.lead,
        "phone": clinic.phone or next((location["phone"] for location in locations), ""),
        "email": clinic.email,
        "hero": clinic.hero and clinic.hero.as_data(),
        "drawing": clinic.drawing,
        "hue": clinic.hue,
        "logo": clinic.logo and {**clinic.logo.as_data(), "shows_name": clinic.logo_shows_name},
        "profiles": [line for line in clinic.profiles.split() if line.startswith(("https://", "http://"))],
        "editorial_policy": _live_slug(clinic.editorial_policy),
        "locations": locations,
        "notices": [
            _notice(notice) for notice in Notice.objects.unexpired(timezone.now()).select_related("location")
        ],
        "menu": _pages(Page.objects.in_main_menu()),
        "footer": _pages(Page.objects.in_footer()),
        "kept_days": retention.days_in_force(),
    }


def _location(location):
    schedule = location.schedule()
    plain = ("name", "slug", "phone", "street", "city", "region", "postal_code", "time_zone")
    return {
        **{name: getattr(location, name) for name in plain},
        "takes_online_requests": location.takes_online_requests,
        "paused_until": _iso(location.paused_until),
        "pause_reason": location.pause_reason,
        "coordinates": _coordinates(location),
        "hours": {
            str(day): [[opens.isoformat(), closes.isoformat()] for opens, closes in periods]
            for day, periods in schedule.weekly.items()
        },
        "closures": [
            [
                closed.first_day.isoformat(),
                closed.last_day.isoformat(),
                _iso(closed.from_time),
                _iso(closed.until_time),
                closed.reason,
            ]
            for closed in schedule.closures
        ],
    }


def _coordinates(location):
    if location.latitude is None or location.longitude is None:
        return None
    return {"latitude": float(location.latitude), "longitude": float(location.longitude)}


def _notice(notice):
    return {
        "text": notice.text,
        "location": notice.location.slug if notice.location else "",
        "shown_from": notice.shown_from.isoformat(),
        "shown_until": notice.shown_until.isoformat(),
    }


def _iso(moment):
    return moment.isoformat() if moment else None


def _closed(row):
    first, last, begins, ends, reason = row
    return Closed(
        date.fromisoformat(first),
        date.fromisoformat(last),
        time.fromisoformat(begins) if begins else None,
        time.fromisoformat(ends) if ends else None,
        reason,
    )


def _live_slug(page):
    return page.slug if page and page.live_id else ""


def _pages(listed):
    return [
        {"title": page.live.title, "slug": page.slug} for page in listed.published().select_related("live")
    ]

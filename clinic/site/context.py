"""What header and footer of every page show: one query, and the clock."""

from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import gettext as _

from appointments.retention import REQUESTS
from clinic import emergency, facts, look, retention
from clinic.clock import spoken, spoken_time
from clinic.models.hours import WEEKDAYS
from clinic.phones import href
from clinic.site import notices

# A map that needs no key.
MAP = "https://www.openstreetmap.org/"


def site(request):
    """Offer `site` to templates; a page that does not use it does not pay for it."""
    return {"site": SimpleLazyObject(lambda: of(request))}


def of(request):
    """Return the clinic as the pages of this request show it, fetched once."""
    if not hasattr(request, "clinic_facts"):
        request.clinic_facts = Site(facts.load(), timezone.now())
    return request.clinic_facts


class Site:
    """The clinic as pages show it at one moment."""

    def __init__(self, stored, now):
        self.stored, self.now = stored, now
        self.clinic = {**stored, "phone_href": href(stored["phone"], settings.COUNTRY)}
        self.locations = [Place(location, now) for location in stored["locations"]]
        self.menu = [_menu_item(page) for page in stored["menu"]]
        self.footer_pages = [_menu_item(page) for page in stored["footer"]]
        self.emergency = emergency.for_country(settings.COUNTRY)
        self.look = look.of(stored)
        self.url = settings.SITE_URL

    def place(self, slug):
        """Return the place with this address, or None."""
        return next((place for place in self.locations if place.slug == slug), None)

    @property
    def drawing(self):
        """Return the template of the drawing on the home page, or "" for none."""
        name = self.stored.get("drawing")
        return f"clinic/drawings/{name}.html" if name else ""

    @property
    def request_days(self):
        """Return for how many days after it was closed a request keeps who asked and what they wrote."""
        # Facts stored by an earlier release have none until the worker has brought them up to date.
        kept = self.stored.get("kept_days") or {REQUESTS: retention.adjustable()[REQUESTS].days}
        return kept[REQUESTS]

    @cached_property
    def answering(self):
        """Return the place whose phone is answered now or soonest, or None."""
        return min(self.locations, key=lambda place: place.answers_at, default=None)

    @property
    def is_open(self):
        return self.answering is not None and self.answering.is_open

    @property
    def open_line(self):
        return self.answering.open_line if self.answering else ""

    @property
    def notices(self):
        """Return what everyone should know now, so that nobody stands before a locked door."""
        return notices.current(self.stored, self.locations, self.now)


class Place:
    """A location as pages show it at one moment."""

    def __init__(self, stored, now):
        self.now = now
        self.schedule = facts.schedule_of(stored)
        self.today = now.astimezone(self.schedule.zone).date()
        self.url = reverse("location_detail", args=[stored["slug"]])
        self.phone_href = href(stored["phone"], settings.COUNTRY)
        # Facts stored by an earlier release have none until the worker has brought them up to date.
        self.coordinates = stored.get("coordinates")
        for name in (
            "name",
            "slug",
            "phone",
            "street",
            "city",
            "region",
            "postal_code",
        ):
            setattr(self, name, stored[name])
        paused_until = stored.get("paused_until")
        self.paused_until = datetime.fromisoformat(paused_until) if paused_until else None
        self.pause_reason = stored.get("pause_reason", "")
        self.takes_online_requests = stored["takes_online_requests"] and not self.is_paused

    @property
    def map_url(self):
        """Return where an open map shows this place, or "" without coordinates."""
        if not self.coordinates:
            return ""
        latitude, longitude = self.coordinates["latitude"], self.coordinates["longitude"]
        return f"{MAP}?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"

    @cached_property
    def closes_at(self):
        return self.schedule.closes_at(self.now)

    @property
    def is_paused(self):
        """Tell whether this place takes no requests online for a while."""
        return self.paused_until is not None and self.now < self.paused_until

    @property
    def is_open(self):
        return self.closes_at is not None

    @cached_property
    def answers_at(self):
        """Return when the phone is next answered; a place that never opens comes last."""
        if self.is_open:
            return self.now
        return self.schedule.next_opening(self.now) or self.now + timedelta(days=365)

    @property
    def open_line(self):
        zone = self.schedule.zone
        if self.is_open:
            until = spoken_time(self.closes_at.astimezone(zone).time(), settings.COUNTRY)
            return _("Open now until %(time)s") % {"time": until}
        opens = self.schedule.next_opening(self.now)
        if opens is None:
            return _("Closed")
        return _("Closed, opens %(time)s") % {"time": spoken(opens, zone, self.now, settings.COUNTRY)}

    @property
    def hours(self):
        """Return (day, text) for the week, Monday first."""
        return [(label, self._hours_of(day)) for day, label in WEEKDAYS]

    @property
    def week(self):
        """Return (days, text) for the week, neighboring days with the same hours as one."""
        runs = [(text, [day for day, _text in run]) for text, run in groupby(self.hours, itemgetter(1))]
        return [(_span(days), text) for text, days in runs]

    def _hours_of(self, weekday):
        periods = sorted(self.schedule.weekly.get(weekday, ()))
        said = [
            _("%(opens)s to %(closes)s")
            % {"opens": spoken_time(opens, settings.COUNTRY), "closes": spoken_time(closes, settings.COUNTRY)}
            for opens, closes in periods
        ]
        return ", ".join(said) or _("Closed")

    @property
    def closures_ahead(self):
        """Return today's and later closures as {first_day, last_day, times, reason}, soonest first."""
        ahead = [closed for closed in self.schedule.closures if closed.last_day >= self.today]
        return [
            {
                "first_day": closed.first_day,
                "last_day": closed.last_day if closed.last_day != closed.first_day else None,
                "times": self._closed_times(closed),
                "reason": closed.reason,
            }
            for closed in sorted(ahead, key=lambda closed: closed.first_day)
        ]

    def _closed_times(self, closed):
        begins, ends = (
            spoken_time(wall_clock, settings.COUNTRY) if wall_clock else ""
            for wall_clock in (closed.from_time, closed.until_time)
        )
        if begins and ends:
            return _("closed from %(begins)s to %(ends)s") % {"begins": begins, "ends": ends}
        if begins:
            return _("closed from %(begins)s") % {"begins": begins}
        return _("closed until %(ends)s") % {"ends": ends} if ends else _("closed all day")

    @property
    def notice(self):
        """Return today's closure as {heading, text}, or None."""
        for closed in self.schedule.closures:
            if closed.first_day <= self.today <= closed.last_day and not self._is_over(closed):
                return {"heading": self._closure_heading(closed), "text": closed.reason}
        return None

    def _is_over(self, closed):
        return bool(closed.until_time) and self.now.astimezone(self.schedule.zone).time() >= closed.until_time

    def _closure_heading(self, closed):
        if closed.from_time:
            words = {"place": self.name, "time": spoken_time(closed.from_time, settings.COUNTRY)}
            return _("%(place)s closes at %(time)s today:") % words
        if closed.until_time:
            words = {"place": self.name, "time": spoken_time(closed.until_time, settings.COUNTRY)}
            return _("%(place)s opens at %(time)s today:") % words
        return _("%(place)s is closed today:") % {"place": self.name}


def _span(days):
    if len(days) == 1:
        return days[0]
    return _("%(first)s to %(last)s") % {"first": days[0], "last": days[-1]}


def _menu_item(page):
    return {"title": page["title"], "url": reverse("page_detail", args=[page["slug"]])}

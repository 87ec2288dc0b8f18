"""Opening-hours arithmetic: when a location is open, and when a promise made in open hours falls due.

Hours are wall-clock times of the location. Each endpoint is converted to UTC on its own, so that the
days on which clocks change have their true length. A wall-clock time that does not exist moves
forward; one that exists twice means the first (PEP 495, fold=0).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

# A location that opens on none of the next sixty days has no open hours to promise anything in.
SEARCH_DAYS = 60
NEVER_OPEN_ALLOWANCE = timedelta(hours=24)

Period = tuple[datetime, datetime]


@dataclass(frozen=True)
class Closed:
    """A closure on each day from first_day to last_day; without times it lasts the whole day."""

    first_day: date
    last_day: date
    from_time: time | None = None
    until_time: time | None = None
    reason: str = ""


@dataclass(frozen=True)
class Schedule:
    """The opening hours of one location: weekday (0 is Monday) to (opens, closes), and closures."""

    zone: ZoneInfo
    weekly: Mapping[int, tuple[tuple[time, time], ...]] = field(default_factory=dict)
    closures: tuple[Closed, ...] = ()

    def open_periods(self, day: date) -> list[Period]:
        """Return the open (start, end) periods of a local day in UTC, in order, without overlaps."""
        hours = self.weekly.get(day.weekday(), ())
        periods = _merged((self._utc(day, opens), self._utc(day, closes)) for opens, closes in hours)
        for closure in self._closed_periods(day):
            periods = [rest for period in periods for rest in _without(period, closure)]
        return periods

    def is_open(self, now: datetime) -> bool:
        """Tell whether the location is open at this instant; at closing time it is closed."""
        return self.closes_at(now) is not None

    def closes_at(self, now: datetime) -> datetime | None:
        """Return when the period that is open now ends, or None if the location is closed."""
        today = now.astimezone(self.zone).date()
        return next((end for start, end in self.open_periods(today) if start <= now < end), None)

    def next_opening(self, now: datetime) -> datetime | None:
        """Return the first opening after now, or None if there is none within sixty days."""
        return next((start for start, _end in self._periods_from(now) if start > now), None)

    def next_open(
        self, earliest: datetime, window: tuple[time, time] = (time.min, time.max)
    ) -> datetime | None:
        """Return the first open instant from `earliest` on that the wall clock puts into the window.

        None if there is none within sixty days.
        """
        begins, ends = window
        for start, end in self._periods_from(earliest):
            day = start.astimezone(self.zone).date()
            first = max(start, earliest.astimezone(UTC), self._utc(day, begins))
            if first < min(end, self._utc(day, ends)):
                return first
        return None

    def add_open_time(self, start: datetime, delta: timedelta) -> datetime:
        """Return the instant by which `delta` of open time has passed since start.

        A location without that much open time in the next sixty days gets 24 hours of wall clock,
        so that a request there still falls due and somebody is alarmed.
        """
        # In UTC, because Python adds and subtracts within one zone by the wall clock.
        start = start.astimezone(UTC)
        if delta <= timedelta(0):
            return start
        for opens, closes in self._periods_from(start):
            begin = max(opens, start)
            if delta <= closes - begin:
                return begin + delta
            delta -= closes - begin
        return start + NEVER_OPEN_ALLOWANCE

    def open_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Return how long the location is open between two instants; zero if end is not later."""
        day, last_day = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        total = timedelta(0)
        while day <= last_day:
            for opens, closes in self.open_periods(day):
                total += max(min(closes, end) - max(opens, start), timedelta(0))
            day += timedelta(days=1)
        return total

    def _periods_from(self, now: datetime) -> Iterator[Period]:
        """Yield the periods that end after now, for sixty days."""
        today = now.astimezone(self.zone).date()
        for number in range(SEARCH_DAYS + 1):
            for start, end in self.open_periods(today + timedelta(days=number)):
                if end > now:
                    yield start, end

    def _closed_periods(self, day: date) -> Iterator[Period]:
        for closure in self.closures:
            if closure.first_day <= day <= closure.last_day:
                start = self._utc(day, closure.from_time or time.min)
                if closure.until_time is None:
                    yield start, self._utc(day + timedelta(days=1), time.min)
                else:
                    yield start, self._utc(day, closure.until_time)

    def _utc(self, day: date, wall_clock: time) -> datetime:
        return datetime.combine(day, wall_clock, tzinfo=self.zone).astimezone(UTC)


def spoken(moment: datetime, zone: ZoneInfo, now: datetime, country: str) -> str:
    """Say an instant as a person would: "today, 11 am" or "Tuesday 24 November, 11 am"."""
    local = moment.astimezone(zone)
    at = {"time": spoken_time(local.time(), country)}
    days_ahead = (local.date() - now.astimezone(zone).date()).days
    if days_ahead == 0:
        return _("today, %(time)s") % at
    if days_ahead == 1:
        return _("tomorrow, %(time)s") % at
    return spoken_with_day(moment, zone, country)


def spoken_with_day(moment: datetime, zone: ZoneInfo, country: str) -> str:
    """Say an instant so that it is still right tomorrow: "Tuesday 24 November, 11 am"."""
    local = moment.astimezone(zone)
    # Translators: a PHP-style date format, as in Django's DATE_FORMAT; "Tuesday 24 November".
    day = format_date(local, _("l j F"))
    return _("%(day)s, %(time)s") % {"day": day, "time": spoken_time(local.time(), country)}


def spoken_time(wall_clock: time, country: str) -> str:
    """Say a time of day: "9:30 am" in the US, "09:30" elsewhere."""
    if country != "US":
        return f"{wall_clock:%H:%M}"
    if wall_clock.minute == 0 and wall_clock.hour % 12 == 0:
        return _("12 noon") if wall_clock.hour else _("12 midnight")
    hour = wall_clock.hour % 12 or 12
    said = f"{hour}:{wall_clock:%M}" if wall_clock.minute else str(hour)
    return (_("%(time)s am") if wall_clock.hour < 12 else _("%(time)s pm")) % {"time": said}


def _merged(periods: Iterable[Period]) -> list[Period]:
    """Return the periods in order, with those that touch or overlap as one and empty ones left out."""
    merged: list[Period] = []
    for start, end in sorted(period for period in periods if period[0] < period[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _without(period: Period, closure: Period) -> list[Period]:
    """Return what is left of a period once a closure is cut out."""
    before = (period[0], min(period[1], closure[0]))
    after = (max(period[0], closure[1]), period[1])
    return [rest for rest in (before, after) if rest[0] < rest[1]]

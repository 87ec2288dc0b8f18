"""Weeks by the clinic's own clock: each begins at midnight of its Monday, whatever the clock shows to UTC."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Period:
    """Whole weeks in a row, named by their Mondays."""

    mondays: Sequence[date]
    zone: ZoneInfo

    @classmethod
    def until(cls, now: datetime, number: int, zone: ZoneInfo) -> "Period":
        """Return the last so many weeks, the one that is running included."""
        today = now.astimezone(zone).date()
        this_monday = today - timedelta(days=today.weekday())
        return cls([this_monday - WEEK * ago for ago in reversed(range(number))], zone)

    @property
    def last_day(self) -> date:
        return self.mondays[-1] + timedelta(days=6)

    @property
    def starts(self) -> list[datetime]:
        """Return the instant at which each week begins, and last the one at which the period is over."""
        return [self._midnight(day) for day in (*self.mondays, self.mondays[-1] + WEEK)]

    def mondays_since(self, instant: datetime | None) -> Sequence[date]:
        """Leave out the weeks that were over at this instant, or none if that would be all."""
        ends = zip(self.mondays, self.starts[1:], strict=True)
        return [monday for monday, end in ends if instant and instant < end] or self.mondays

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, tzinfo=self.zone).astimezone(UTC)

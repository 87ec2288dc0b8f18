"""One report: the tables and charts of a period and of the locations that somebody may see."""

from dataclasses import dataclass, replace

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.reports import charts, figures, small_cells, tables
from appointments.reports.figures import LEFT_OUT, Numbers

EXPORTS = {
    "locations": gettext_lazy("Locations"),
    "weeks": gettext_lazy("Weeks"),
    "articles": gettext_lazy("Articles"),
    "heard": gettext_lazy("How patients heard of us"),
    "screenings": gettext_lazy("Emergency cards"),
    "sources": gettext_lazy("How requests came in"),
    "outcomes": gettext_lazy("Outcomes"),
}


@dataclass(frozen=True)
class Panel:
    """The weeks of one location, or of all."""

    table: tables.Table
    charts: list


class Report:
    def __init__(self, rows, period, places, now, *, chosen=None):
        """Report on these requests; `places` are the locations to tell apart, `chosen` is one of them."""
        self.period, self.chosen = period, chosen
        self.places = [chosen] if chosen else places
        self._rows, self._ids = rows, {place.pk for place in self.places}
        self._mondays = period.mondays_since(figures.first_instant(rows))
        self._weeks = figures.by_week(rows, period, now)
        self._kinds = figures.by_kind(rows, period, self._ids)

    @property
    def numbers(self):
        each = (numbers for place in self.places for _monday, numbers in self._of(place))
        return zip(tables.NUMBERS, figures.total(each), strict=True)

    @property
    def left_out(self):
        """Return how many requests no table but that of outcomes counts."""
        return sum(number for *_kind, outcome, number in self._kinds if outcome in LEFT_OUT)

    @cached_property
    def locations(self):
        sums = [(place, figures.total(numbers for _day, numbers in self._of(place))) for place in self.places]
        return tables.places(sums)

    @cached_property
    def articles(self):
        # Readers of articles have no location.
        visited = {} if self.chosen else figures.visits(self.period)
        return tables.articles(figures.by_article(self._rows, self.period, self._ids), visited)

    @cached_property
    def heard(self):
        return tables.heard(self._kinds)

    @cached_property
    def sources(self):
        return tables.sources(self._kinds)

    @cached_property
    def outcomes(self):
        return tables.outcomes(self._kinds)

    @cached_property
    def screenings(self):
        return tables.screenings(figures.screenings(self.period))

    @cached_property
    def panels(self):
        """Return the panel of each location, all of them together first; one scale for all but the sum."""
        each = [(place.name, self._of(place)) for place in self.places]
        panels = [self._panel(*one, each) for one in each]
        if len(each) > 1:
            together = (_("All locations"), self._together(each))
            panels.insert(0, self._panel(*together, [together]))
        return panels

    def export(self, name):
        """Return heads and rows of a table of EXPORTS as they may leave the house: no sums, nothing small."""
        several = list(self._weeks_by_place()) if name == "weeks" else [getattr(self, name)]
        for table in several:
            if table is several[0]:
                yield table.heads
            yield from small_cells.rows(table)

    def _weeks_by_place(self):
        for place in self.places:
            table = tables.weeks(place.name, self._of(place))
            rows = [row._replace(about=(place.name, *row.about)) for row in table.rows]
            yield replace(table, about_heads=(_("Location"), *table.about_heads), rows=rows)

    def _of(self, place):
        return [(monday, self._weeks.get((monday, place.pk), Numbers())) for monday in self._mondays]

    def _together(self, each):
        by_week = zip(*(numbers for _name, numbers in each), strict=True)
        return [(week[0][0], figures.total(numbers for _monday, numbers in week)) for week in by_week]

    def _panel(self, name, numbers, alike):
        tallest = max(week.requests for _name, weeks in alike for _monday, week in weeks)
        drawn = [charts.promises(name, numbers, tallest), charts.bookings(name, numbers, tallest)]
        return Panel(tables.weeks(name, numbers), drawn)

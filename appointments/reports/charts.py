"""Where the bars of a chart stand: plain arithmetic, in the units of the drawing. A template draws them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from math import ceil

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WIDTH, HEIGHT = 360, 180
LEFT, RIGHT, TOP, BOTTOM = 26, 16, 18, 22
FLOOR = HEIGHT - BOTTOM
MOST_LINES = 4
# More bars than this stand too close for numbers above them.
MOST_NUMBERS = 12
# Fewer bars than this leave room rather than grow wider.
FEWEST_BARS = 4
STEPS = (1, 2, 5)
# What a bar is made of, from the floor up; each has a look of its own that needs no colour.
PROMISES = {
    "reached": gettext_lazy("Reached in time"),
    "called": gettext_lazy("Called in time, not reached"),
    "overdue": gettext_lazy("Called too late"),
    "rest": gettext_lazy("Not due yet, or closed before"),
}
BOOKINGS = {"booked": gettext_lazy("Booked"), "rest": gettext_lazy("Not booked")}


@dataclass(frozen=True)
class Part:
    look: str
    y: float
    height: float


@dataclass(frozen=True)
class Bar:
    title: str
    total: int
    label: str
    x: float
    width: float
    top: float
    parts: Sequence[Part]

    @property
    def middle(self):
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Chart:
    """Stacked bars, one a week, under a title that says what they show."""

    title: str
    place: str
    bars: Sequence[Bar]
    lines: Sequence[tuple[int, float]]

    # For the template.
    width, height, left = WIDTH, HEIGHT, LEFT
    right, label_y = WIDTH - RIGHT, HEIGHT - 6

    @property
    def has_numbers(self):
        return len(self.bars) <= MOST_NUMBERS


def promises(place, numbers, tallest):
    """Draw how each week's promises were kept: [(Monday, Numbers)], to the scale of the tallest bar."""
    split = [
        (week.reached, week.called - week.reached, week.overdue, week.requests - week.called - week.overdue)
        for _monday, week in numbers
    ]
    return _chart(_("Requests and calls"), place, PROMISES, numbers, split, tallest)


def bookings(place, numbers, tallest):
    """Draw how many of each week's requests led to an appointment."""
    split = [(week.booked, week.requests - week.booked) for _monday, week in numbers]
    return _chart(_("Booked (filled) of all requests"), place, BOOKINGS, numbers, split, tallest)


def _chart(title, place, looks, numbers, split, tallest):
    highest, lines = scale(tallest)
    room = (WIDTH - LEFT - RIGHT) / max(len(numbers), FEWEST_BARS)
    labelled_every = ceil(len(numbers) / 4)
    bars = []
    for position, ((monday, _numbers), values) in enumerate(zip(numbers, split, strict=True)):
        is_labelled = (len(numbers) - 1 - position) % labelled_every == 0
        parts = list(_stacked(looks, values, highest))
        bars.append(
            Bar(
                title=_said(monday, looks, values),
                total=sum(values),
                label=date_format(monday, "j M") if is_labelled else "",
                x=round(LEFT + room * (position + 0.15), 1),
                width=round(room * 0.7, 1),
                top=_y(sum(values), highest),
                parts=parts,
            )
        )
    return Chart(title, place, bars, [(line, _y(line, highest)) for line in lines])


def _stacked(looks, values, highest):
    below = 0
    for look, value in zip(looks, values, strict=True):
        if value:
            y = _y(below + value, highest)
            yield Part(look, y, round(_y(below, highest) - y, 1))
        below += value


def _said(monday, looks, values):
    """Say a bar in words: "Week from 16 November 2026: 12 requests. Booked: 9. Not booked: 3."."""
    head = _("Week from %(day)s: %(total)s requests.") % {
        "day": date_format(monday, "j F Y"),
        "total": sum(values),
    }
    return " ".join(
        [head, *(f"{looks[look]}: {value}." for look, value in zip(looks, values, strict=True) if value)]
    )


def scale(tallest):
    """Return the top of the scale, and the round numbers at which lines are drawn."""
    sizes = (step * 10**power for power in count() for step in STEPS)
    step = next(size for size in sizes if size * MOST_LINES >= tallest)
    highest = max(ceil(tallest / step), 1) * step
    return highest, range(0, highest + 1, step)


def _y(value, highest):
    return round(FLOOR - (FLOOR - TOP) * value / highest, 1)

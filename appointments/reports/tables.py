"""The tables of the reports; charts show nothing that no table says."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import CharField
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.models import ScreeningCount
from appointments.models.choices import HeardFrom, Outcome, Source
from appointments.reports.figures import LEFT_OUT, Numbers, percent
from articles.models import Article

# Of a page; a year of weeks fits, and all articles that matter.
MOST_SHOWN = 60


class Row(NamedTuple):
    about: Sequence
    counts: Sequence[int]
    share: float | None = None


@dataclass(frozen=True)
class Table:
    """Rows with something about them, counts, and a share; the first count is what the others are part of."""

    title: str
    about_heads: Sequence[str]
    count_heads: Sequence[str]
    share_head: str = ""
    share_sign: str = "%"
    rows: list[Row] = field(default_factory=list)

    @property
    def shown(self):
        return self.rows[:MOST_SHOWN]

    @property
    def has_more(self):
        return len(self.rows) > MOST_SHOWN

    @property
    def heads(self):
        return [*self.about_heads, *self.count_heads, *([self.share_head] if self.share_head else [])]


NUMBERS = (
    gettext_lazy("Requests"),
    gettext_lazy("Called in time"),
    gettext_lazy("Reached in time"),
    gettext_lazy("Booked"),
    gettext_lazy("Called too late"),
)
KEPT = gettext_lazy("Promise kept")
REQUESTS, BOOKED = NUMBERS[0], NUMBERS[3]


def places(numbers):
    """Set locations side by side: [(location, Numbers)]."""
    rows = [Row((place.name,), counts, counts.kept) for place, counts in numbers]
    return Table(_("Locations"), (_("Location"),), NUMBERS, KEPT, rows=rows)


def weeks(title, numbers):
    """Set the weeks of a location below each other, the latest first: [(Monday, Numbers)]."""
    latest_first = reversed(numbers)
    rows = [Row((date_format(monday, "j F Y"),), counts, counts.kept) for monday, counts in latest_first]
    return Table(title, (_("Week from"),), NUMBERS, KEPT, rows=rows)


def articles(asked, visited):
    """Tell which articles lead to requests; without `visited` it tells nothing of views."""
    found = {**asked, **visited}
    # Titles that are not public stay at the writing desk.
    titled = Article.objects.annotate(title=Coalesce("live__title", "slug", output_field=CharField()))
    known = titled.filter(pk__in=[pk for pk in found if pk]).values_list("pk", "title")
    titles = {**dict(known), None: _("No article")}
    rows = [
        _article(titles[pk], asked.get(pk, Numbers()), visited.get(pk, 0 if pk and visited else None))
        for pk in found
    ]
    rows.sort(key=lambda row: (-row.counts[0], -(row.about[1] or 0), row.about[0]))
    heads = (_("Article"), _("Views"))
    return Table(_("Articles"), heads, (REQUESTS, BOOKED), _("Requests per 100 views"), "", rows)


def _article(title, numbers, seen):
    counts = (numbers.requests, numbers.booked)
    return Row((title, "" if seen is None else seen), counts, percent(numbers.requests, seen))


def heard(kinds):
    """Tell how patients heard of the clinic."""
    labels = {**dict(HeardFrom.choices), "": _("Not asked")}
    return _split(_("How patients heard of us"), _("From"), labels, [kind[1:] for kind in kinds])


def sources(kinds):
    """Tell by which way requests came in."""
    ways = [(source, outcome, number) for source, _heard, outcome, number in kinds]
    return _split(_("How requests came in"), _("By"), dict(Source.choices), ways)


def _split(title, head, labels, kinds):
    requests, booked = Counter(), Counter()
    for kind, outcome, number in kinds:
        if outcome not in LEFT_OUT:
            requests[kind] += number
            booked[kind] += number * (outcome == Outcome.BOOKED)
    rows = [
        Row((label,), (requests[kind], booked[kind]), percent(booked[kind], requests[kind]))
        for kind, label in labels.items()
        if requests[kind]
    ]
    return Table(title, (head,), (REQUESTS, BOOKED), _("Share booked"), rows=rows)


def outcomes(kinds):
    """Tell how requests ended, those included that no other table counts."""
    labels = {**dict(Outcome.choices), "": _("Still open")}
    numbers = Counter()
    for _source, _heard, outcome, number in kinds:
        numbers[outcome] += number
    rows = [Row((label,), (numbers[outcome],)) for outcome, label in labels.items() if numbers[outcome]]
    return Table(_("Outcomes"), (_("Outcome"),), (REQUESTS,), rows=rows)


def screenings(counted):
    """Tell how each wording of the emergency card was answered."""
    steps = ScreeningCount.Step
    rows = []
    for (card, number), counts in counted.items():
        answers = sum(counts.get(step, 0) for step in (steps.NONE, steps.YES, steps.NOT_SURE))
        rows.append(
            Row(
                (card, number),
                [counts.get(step, 0) for step in steps.values],
                percent(counts.get(steps.YES, 0), answers),
            )
        )
    return Table(
        _("Emergency cards"), (_("Card"), _("Wording")), steps.labels, _("Yes, of all answers"), rows=rows
    )

"""The numbers of the reports: a few queries that count in the database, whatever the number of requests.

Locations are told apart here and not in the query, where SQLite would leave its index by day for them.

A promise is kept by the first call or answer before the time the patient was told. It is broken once
that time has passed without either, unless the request was closed before.
"""

from typing import NamedTuple

from django.db.models import Case, Count, F, IntegerField, Q, Sum, Value, When

from appointments.models import ScreeningCount
from appointments.models.choices import Outcome
from articles.models import VisitCount

# No request of a patient's own, or one that another stands for.
LEFT_OUT = (Outcome.REPLACED, Outcome.SPAM)
IS_COUNTED = ~Q(outcome__in=LEFT_OUT)
IN_TIME = Q(called_at__lte=F("due_at")) | Q(answered_at__lte=F("due_at"))
# Whichever comes first keeps the promise, or ends it.
SETTLED_BY = ("called_at", "answered_at", "closed_at")
IS_BOOKED = Q(outcome=Outcome.BOOKED)


class Numbers(NamedTuple):
    requests: int = 0
    called: int = 0
    reached: int = 0
    booked: int = 0
    overdue: int = 0

    @property
    def kept(self):
        """Return how many percent of the promises that were due are kept."""
        return percent(self.called, self.called + self.overdue)


def total(several):
    """Return the sum of several Numbers."""
    return Numbers(*map(sum, zip(Numbers(), *several, strict=True)))


def percent(part, whole):
    """Return a share in percent, with a decimal where it is small, or None of nothing."""
    if not whole:
        return None
    share = 100 * part / whole
    return round(share) if share >= 10 else round(share, 1) or 0


def within(rows, period):
    """Return the requests that arrived in a period."""
    starts = period.starts
    return rows.filter(received_at__gte=starts[0], received_at__lt=starts[-1])


def first_instant(rows):
    """Return when the first request of all came in, or None."""
    return rows.order_by("received_at").values_list("received_at", flat=True).first()


def by_week(rows, period, now):
    """Return the Numbers of each Monday and location id that has any, in one query."""
    weeks = within(rows, period).filter(IS_COUNTED).order_by().annotate(week=_week(period))
    counts = weeks.values_list("week", "location").annotate(
        requests=Count("pk"),
        called=Count("pk", filter=IN_TIME),
        reached=Count("pk", filter=Q(answered_at__lte=F("due_at"))),
        booked=Count("pk", filter=IS_BOOKED),
        overdue=Count("pk", filter=_is_broken(now)),
    )
    return {(period.mondays[week], location): Numbers(*numbers) for week, location, *numbers in counts}


def _week(period):
    """Tell weeks apart by instants: the database need not know time zones, and 100,000 rows are no work."""
    ends = enumerate(period.starts[1:])
    return Case(
        *(When(received_at__lt=end, then=Value(number)) for number, end in ends),
        output_field=IntegerField(),
    )


def _is_broken(now):
    missed = (Q(**{moment: None}) | Q(**{f"{moment}__gt": F("due_at")}) for moment in SETTLED_BY)
    return Q(*missed, due_at__lte=now)


def by_kind(rows, period, places):
    """Return (source, how they heard of us, outcome, number), those that are left out elsewhere included."""
    kinds = within(rows, period).order_by().values_list("location", "source", "heard_from", "outcome")
    return [kind for place, *kind in kinds.annotate(Count("pk")) if place in places]


def by_article(rows, period, places):
    """Return {article id: Numbers}; None stands for requests that came from no article."""
    counts = within(rows, period).filter(IS_COUNTED).order_by().values_list("location", "article")
    found = {}
    for place, article, requests, booked in counts.annotate(
        requests=Count("pk"), booked=Count("pk", filter=IS_BOOKED)
    ):
        if place in places:
            here = Numbers(requests=requests, booked=booked)
            found[article] = total([found.get(article, Numbers()), here])
    return found


def visits(period):
    """Return {article id: how often it was opened}."""
    days = VisitCount.objects.filter(day__gte=period.mondays[0], day__lte=period.last_day)
    return dict(days.values_list("article").annotate(Sum("visits")))


def screenings(period):
    """Return {(name of the card, number of its wording): {step: count}}."""
    days = ScreeningCount.objects.filter(day__gte=period.mondays[0], day__lte=period.last_day)
    rows = days.order_by("wording__card__name", "wording__number")
    found = {}
    for card, number, step, count in rows.values_list(
        "wording__card__name", "wording__number", "step"
    ).annotate(Sum("count")):
        found.setdefault((card, number), {})[step] = count
    return found

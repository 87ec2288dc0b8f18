"""Who looked at what in one week: the numbers of the audit trail, and what is worth a look first."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import inf

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncHour
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from appointments.models import AppointmentRequest
from clinic import audit
from clinic.models import AuditEvent, Location
from staff.models import User

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
WEEKS_BEFORE = 4
# Fewer looks than these are nobody's habit, so that twice as many say nothing.
FEWEST_LOOKS = 10
# Whoever has just closed a request sees it once more; later there is little reason to.
LONG_CLOSED = timedelta(days=1)

IS_LOOK = Q(action="request.viewed")
IS_EXPORT = Q(action__endswith="exported")
NUMBERS = {
    "sign_ins": Q(action="login"),
    "looks": IS_LOOK,
    "old_looks": IS_LOOK & Q(is_long_closed=True),
    "lists": Q(action="request.listed"),
    "searches": Q(action="request.searched"),
    "copies": Q(action="request.copied"),
    "exports": IS_EXPORT,
    "denied": Q(action__endswith="denied"),
}
# Failed sign-ins and looks at night are counted apart.
HEADINGS = {
    "sign_ins": _("Sign-ins"),
    "failed": _("Failed sign-ins"),
    "looks": _("Requests opened"),
    "old_looks": _("Closed long ago"),
    "night_looks": _("Outside hours"),
    "lists": _("Lists"),
    "searches": _("Searches"),
    "copies": _("Copies"),
    "exports": _("Exports"),
    "denied": _("Refused"),
}


@dataclass(frozen=True)
class Row:
    """What one person did, with the average of looks in the weeks before."""

    person: User
    numbers: dict
    usual_looks: float

    @property
    def cells(self):
        return [self.numbers.get(name, 0) for name in HEADINGS]

    @cached_property
    def findings(self):
        """Return what is worth a look first, in words."""
        return list(self._findings())

    def _findings(self):
        therapist = getattr(self.person, "therapist", None)
        if not self.person.is_active or (therapist and therapist.left_on):
            yield _("has left, or may not sign in")
        if denied := self.numbers.get("denied"):
            yield ngettext("refused once", "refused %(count)s times", denied) % {"count": denied}
        if self.numbers.get("exports"):
            yield _("exported data")
        if self.numbers.get("night_looks"):
            yield _("opened requests outside hours")
        looks = self.numbers.get("looks", 0)
        if looks >= FEWEST_LOOKS and looks > 2 * self.usual_looks:
            yield _("opened more than twice as many as usual")


@dataclass(frozen=True)
class Week:
    """Monday to Sunday in the clinic's time zone."""

    monday: date

    def __str__(self):
        return f"week {self.monday}"

    @classmethod
    def of(cls, day):
        return cls(day - timedelta(days=day.weekday()))

    @property
    def last_day(self):
        return self.monday + timedelta(days=6)

    @property
    def before(self):
        return Week(self.monday - WEEK)

    @property
    def after(self):
        return Week(self.monday + WEEK)

    @property
    def starts_at(self):
        return datetime.combine(self.monday, time.min, tzinfo=timezone.get_current_timezone())

    def is_over(self, now):
        return now >= self.after.starts_at

    @property
    def events(self):
        return AuditEvent.objects.filter(at__gte=self.starts_at, at__lt=self.after.starts_at)

    @property
    def exports(self):
        return self.events.filter(IS_EXPORT).select_related("actor")

    @property
    def reviews(self):
        return AuditEvent.objects.about(self).filter(action="access.reviewed").select_related("actor")

    def review(self, *, note, request):
        """Write down that somebody has looked through this week."""
        audit.record("access.reviewed", subject=self, reason=note, request=request)


def rows(week):
    """Return a row for each person of this week; those worth a look first come first."""
    numbers = _numbers(week.events)
    for found in (_failed(week.events), _at_night(week.events)):
        for person, more in found.items():
            numbers.setdefault(person, {}).update(more)
    usual = _usual_looks(week)
    # A site in its first weeks has nothing to compare with.
    unknown = 0 if usual else inf
    people = User.objects.select_related("therapist").in_bulk(numbers)
    found = [Row(people[pk], numbers[pk], usual.get(pk, unknown)) for pk in numbers if pk in people]
    return sorted(found, key=lambda row: (not row.findings, row.person.name))


def _numbers(events):
    closed = AppointmentRequest.objects.filter(
        reference=OuterRef("subject"), closed_at__lt=OuterRef("at") - LONG_CLOSED
    )
    counts = {name: Count("pk", filter=condition) for name, condition in NUMBERS.items()}
    by_person = events.exclude(actor=None).annotate(is_long_closed=Exists(closed)).values("actor")
    return {row.pop("actor"): row for row in by_person.annotate(**counts).order_by()}


def _failed(events):
    """Count failed sign-ins by the account that was tried, which stands where others have their subject."""
    tried = events.filter(action="login.failed").exclude(subject="").values_list("subject")
    counts = dict(tried.annotate(Count("pk")).order_by())
    return {int(subject.removeprefix("person ")): {"failed": count} for subject, count in counts.items()}


def _at_night(events):
    """Count looks in hours in which no location opens its doors."""
    hours = events.filter(IS_LOOK).exclude(actor=None).annotate(hour=TruncHour("at", tzinfo=UTC))
    schedules = [place.schedule() for place in Location.objects.with_hours()]
    counts = {}
    for person, hour, looks in hours.values_list("actor", "hour").annotate(Count("pk")).order_by("hour"):
        if not any(schedule.open_time_between(hour, hour + HOUR) for schedule in schedules):
            counts[person] = counts.get(person, 0) + looks
    return {person: {"night_looks": looks} for person, looks in counts.items()}


def _usual_looks(week):
    """Return each person's weekly average of requests opened in the weeks before."""
    since = week.starts_at - WEEKS_BEFORE * WEEK
    looks = AuditEvent.objects.filter(IS_LOOK, at__gte=since, at__lt=week.starts_at).values_list("actor")
    return {person: count / WEEKS_BEFORE for person, count in looks.annotate(Count("pk")).order_by()}

"""Forget what is needed no longer, after the periods in force.

Each app registers its own kinds in its module `retention`; the ground floor cannot know them. The audit
trail, articles and signatures are no kind: they are evidence, and the database refuses to delete them.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic import erasing, limiter
from clinic.models import OutboxMessage, RetentionPeriod, SelfTest

log = logging.getLogger(__name__)

_kinds = {}


def delete(rows, now):
    """Delete these rows, and return how many they were."""
    _total, by_model = rows.delete()
    return by_model.get(rows.model._meta.label, 0)


@transaction.atomic
def delete_for_good(rows, now):
    """Delete rows that may tell of a patient, also from the database file, and return how many they were."""
    if count := delete(rows, now):
        erasing.owe_fresh_file()
    return count


@dataclass(frozen=True)
class Kind:
    """Rows that are forgotten some days after they were done with.

    `over` returns those that were done with at a moment, `forget` takes such rows and now, and returns how
    many it forgot. A clinic may choose between `least` and `most` days, where there are such.
    """

    name: str
    label: str | Promise
    days: int
    over: Callable[..., QuerySet]
    forget: Callable = delete
    least: int | None = None
    most: int | None = None
    # Conditions of other apps: what they describe is still read, however old it is.
    spared: list[Callable] = field(default_factory=list)

    @property
    def is_adjustable(self):
        return self.most is not None

    def allows(self, days, reason):
        """Tell whether a clinic may keep it for so many days: longer than by default with a reason only."""
        is_within = self.is_adjustable and self.least <= days <= self.most
        return is_within and (days <= self.days or bool(reason.strip()))


@dataclass(frozen=True)
class Period:
    """For how many days a kind is kept here; `own` is the clinic's row, which may say what is not allowed."""

    kind: Kind
    own: RetentionPeriod | None

    @property
    def is_own(self):
        return self.own is not None and self.kind.allows(self.own.days, self.own.reason)

    @property
    def days(self):
        return self.own.days if self.is_own else self.kind.days

    def due(self, now):
        """Return the rows that are to be forgotten now."""
        rows = self.kind.over(now - timedelta(days=self.days))
        for condition in self.kind.spared:
            rows = rows.exclude(condition())
        return rows


def register(kind):
    """Add a kind; each app adds its own in its module `retention`."""
    _kinds[kind.name] = kind


def spare(name, condition):
    """Keep the rows of a kind that are still read: `condition` returns a Q for them."""
    _kinds[name].spared.append(condition)


def periods():
    """Return the period in force of every kind, in one query."""
    own = {row.kind: row for row in RetentionPeriod.objects.all()}
    return [Period(kind, own.get(kind.name)) for kind in _kinds.values()]


def adjustable():
    """Return the kinds whose period a clinic may set, by name."""
    return {name: kind for name, kind in _kinds.items() if kind.is_adjustable}


def days_in_force():
    """Return for how many days each kind is kept, by its name."""
    return {period.kind.name: period.days for period in periods()}


def count_due(now):
    """Return what purge() would forget now, as it would tell."""
    return [(period.kind, period.due(now).count()) for period in periods()]


def purge(now):
    """Forget what is due, and return (kind, how many) for every kind.

    A kind that fails holds up no other; the errors come together, as an ExceptionGroup, at the end.
    """
    forgotten, errors = [], []
    for period in periods():
        try:
            count = period.kind.forget(period.due(now), now)
        except Exception as error:
            log.error("retention.failed kind=%s error=%s", period.kind.name, type(error).__name__)
            errors.append(error)
        else:
            forgotten.append((period.kind, count))
            if count:
                log.info("retention.forgotten kind=%s count=%s", period.kind.name, count)
    # Every time: on the last one the disk may have been full, or somebody have been reading.
    transaction.on_commit(erasing.leave_the_file, robust=True)
    if errors:
        raise ExceptionGroup("some kinds were not forgotten", errors)
    return forgotten


register(
    Kind(
        "sent_mail",
        _("Outgoing mail, after it was sent"),
        days=30,
        least=7,
        most=90,
        over=OutboxMessage.objects.sent_before,
    )
)
register(Kind("self_tests", _("Self-tests, after they ended"), days=30, over=SelfTest.objects.ended_before))
register(Kind("counted_accesses", _("Counts against misuse"), days=1, over=limiter.noted_before))

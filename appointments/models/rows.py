"""Which requests: every list, count, search and step starts from these."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Count, F, Q

from appointments import search_keys
from appointments.models.choices import Source, Status
from appointments.models.mails import ABOUT_REQUEST, ABOUT_STEP
from appointments.references import beginning, normalise
from clinic.models import OutboxMessage

IS_SUSPECT = Q(quarantined_at__isnull=False)


def is_in_inbox(now):
    """Leave out the suspect until half of the promised time has passed."""
    return ~IS_SUSPECT | Q(surfaces_at__lte=now)


def is_put_off(now):
    """Nothing is to be done with it before a later time, or before the patient moves."""
    return Q(next_try_at__gt=now) | Q(status=Status.WAITING, next_try_at=None)


def is_overdue(now):
    return Q(answered_at=None, called_at=None, due_at__lte=now)


class AppointmentRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The one rule of who sees which requests; list, page, search and every step start here."""
        if not user.has_perm("appointments.view_appointmentrequest"):
            return self.none()
        if user.has_perm("appointments.view_every_location"):
            return self
        return self.filter(location__in=user.locations.all())

    def open(self):
        # In the words of the partial indexes, by which SQLite finds that they fit.
        return self.exclude(status=Status.CLOSED)

    def closed(self):
        return self.filter(status=Status.CLOSED)

    def erasable(self):
        """Closed, with details, and with no mail about them that waits or was given up."""
        undelivered = OutboxMessage.objects.undelivered().order_by()
        about_it = undelivered.filter(kind__in=ABOUT_REQUEST).values("object_id")
        about_its_steps = undelivered.filter(kind__in=ABOUT_STEP).values("object_id")
        rows = self.closed().filter(erased_at=None)
        return rows.exclude(pk__in=about_it).exclude(events__pk__in=about_its_steps)

    def maybe_spam(self):
        return self.open().filter(IS_SUSPECT)

    def in_inbox(self, now):
        return self.open().filter(is_in_inbox(now))

    def to_do(self, now):
        return self.in_inbox(now).exclude(is_put_off(now))

    def waiting(self, now):
        return self.in_inbox(now).filter(is_put_off(now))

    def owned_by(self, user):
        return self.open().filter(owner=user)

    def overdue(self, now):
        return self.open().filter(is_overdue(now))

    def alarming(self, now):
        """Those nobody has called although three quarters of the promised time have passed."""
        return self.open().filter(answered_at=None, called_at=None, alarm_at__lte=now)

    def numbers(self, user, now):
        """Count the open ones by what tabs, dashboard and locked screens tell of them, in one query."""
        inbox, later = is_in_inbox(now), is_put_off(now)
        return self.open().aggregate(
            to_do=Count("pk", filter=inbox & ~later),
            urgent=Count("pk", filter=inbox & ~later & Q(is_urgent=True)),
            waiting=Count("pk", filter=inbox & later),
            mine=Count("pk", filter=Q(owner=user)),
            maybe_spam=Count("pk", filter=IS_SUSPECT),
            overdue=Count("pk", filter=is_overdue(now)),
        )

    def newer_than(self, pk):
        """Those that came after this one and are nobody's yet."""
        return self.filter(pk__gt=pk, status=Status.NEW).order_by("pk")

    def matching(self, typed):
        """Find by reference or its beginning, name, e-mail address, or phone however it is spelled."""
        reference = normalise(typed)
        # First, because one question for both would read all rows: seven digits may be a number as well.
        if reference and self.filter(reference=reference).exists():
            return self.filter(reference=reference)
        sets = search_keys.wanted(typed)
        found = self if sets else self.none()
        for beginnings in sets:
            found = found.filter(pk__in=self._with_key(beginnings))
        begun = "" if reference else beginning(typed)
        return self._or_begins(found, begun) if begun else found

    def _or_begins(self, found, begun):
        """Add those whose reference begins so: by a union, for each half of which there is an index."""
        added = self.filter(reference__begins_with=begun)
        return self.filter(pk__in=found.order_by().values("pk").union(added.order_by().values("pk")))

    def _with_key(self, beginnings):
        begins = (Q(search_keys__key__begins_with=beginning) for beginning in sorted(beginnings))
        return self.model.objects.filter(reduce(or_, begins)).values("pk")

    def in_order(self):
        """Urgent first, then by the moment the patient was told."""
        return self.order_by("-is_urgent", "due_at", "pk")

    def after(self, last):
        """Those that come after this one in that order."""
        later = Q(due_at__gt=last.due_at) | Q(due_at=last.due_at, pk__gt=last.pk)
        return self.filter(Q(is_urgent__lt=last.is_urgent) | (Q(is_urgent=last.is_urgent) & later))

    def latest_first(self):
        """Those closed last come first; open ones, which a search finds too, before them."""
        return self.order_by(F("closed_at").desc(nulls_first=True), "-pk")

    def closed_before(self, last):
        """Those that come after this closed one in that order."""
        return self.filter(Q(closed_at__lt=last.closed_at) | Q(closed_at=last.closed_at, pk__lt=last.pk))

    def for_lists(self):
        """Fetch with each request what a list shows of it."""
        return self.select_related("location", "owner")

    def newest_pk(self):
        return self.order_by("-pk").values_list("pk", flat=True).first() or 0

    def real(self):
        return self.exclude(source=Source.DEMO)


class PatientRequests(models.Manager.from_queryset(AppointmentRequestQuerySet)):
    """All but the self-test's, which no list, count, alarm or report may ever see."""

    def get_queryset(self):
        return super().get_queryset().exclude(source=Source.PROBE)


class ProbeRequests(models.Manager.from_queryset(AppointmentRequestQuerySet)):
    """The self-test's alone."""

    def get_queryset(self):
        return super().get_queryset().filter(source=Source.PROBE)

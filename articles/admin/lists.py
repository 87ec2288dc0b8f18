"""The lists of articles that help: what waits, for whom, and what is wrong; each is one condition."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import queue
from articles.models import Article, MistakeReport
from clinic.models import BrokenLink

Status = Article.Status
SOON = timedelta(days=30)
NOT_ARCHIVED = ~Q(status=Status.ARCHIVED)


def lists(user, today):
    """Return (name, label, condition) of each list for this person on this day."""
    return [
        ("mine", _("Waits for me"), _mine(user)),
        ("review", _("Waiting for sign-off"), Q(status=Status.IN_REVIEW)),
        ("drafts", _("Drafts"), Q(status=Status.DRAFT)),
        ("signed", _("Signed, not public"), Q(status=Status.SIGNED)),
        ("scheduled", _("Scheduled"), ~Q(publish_at=None, archive_at=None)),
        ("public", _("Public"), Q(live__isnull=False) & NOT_ARCHIVED),
        ("overdue", _("Check due"), Q(live__isnull=False, check_due_on__lte=today + SOON) & NOT_ARCHIVED),
        (
            "mistakes",
            _("Mistake reported"),
            Exists(MistakeReport.objects.open().filter(article=OuterRef("pk"))),
        ),
        ("links", _("Broken links"), Q(slug__in=_slugs_with_broken_links())),
        ("archived", _("Archived"), Q(status=Status.ARCHIVED)),
    ]


def _mine(user):
    """Return what this person is to do next: sign, check again, go on writing, or publish."""
    therapist = getattr(user, "therapist", None)
    # A query of its own, because inside a count PostgreSQL does not see the day that this compares with.
    waiting = Article.objects.with_due_day().filter(queue.waiting_for(therapist)) if therapist else ()
    to_sign = Q(pk__in=waiting)
    to_write = Q(latest__created_by=user, status__in=[Status.DRAFT, Status.SIGNED], publish_at=None)
    return to_sign | to_write


def _slugs_with_broken_links():
    sources = BrokenLink.objects.filter(source__startswith="/articles/").values_list("source", flat=True)
    return {source.removeprefix("/articles/").strip("/") for source in sources}


class ListFilter(admin.SimpleListFilter):
    """One of the lists, drawn as tabs over the table."""

    title = _("list")
    template = "admin/articles/article/_lists.html"
    parameter_name = "list"

    def lookups(self, request, model_admin):
        found = lists(request.user, timezone.localdate())
        self.conditions = {name: condition for name, _label, condition in found}
        return [(name, label) for name, label, _condition in found]

    def queryset(self, request, queryset):
        return queryset.filter(self.conditions[self.value()]) if self.value() in self.conditions else queryset

    def choices(self, changelist):
        """Offer the lists that hold something, and the one that is open."""
        counts = Article.objects.with_due_day().aggregate(
            **{name: Count("pk", filter=condition) for name, condition in self.conditions.items()}
        )
        for choice, name in zip(super().choices(changelist), ["", *self.conditions], strict=True):
            if not name or counts[name] or choice["selected"]:
                yield choice | {"count": counts.get(name)}

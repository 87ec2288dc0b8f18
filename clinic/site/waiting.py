"""The numbers of what waits for a person, each with its way there."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments import inbox
from appointments.models import AppointmentRequest
from articles.models import Article, ArticleEvent, MistakeReport
from clinic.models import OutboxMessage
from clinic.site import access

# The newest text came back from the clinician.
SENT_BACK = Exists(ArticleEvent.objects.filter(revision=OuterRef("latest"), step="send_back"))


@dataclass(frozen=True)
class Waiting:
    label: str
    count: int
    url: str
    is_alarming: bool = False


def of(user, now, to_sign):
    """Return what this person's roles ask of them, most pressing first.

    `to_sign` counts the texts for a clinician to sign; None for whoever signs nothing.
    """
    numbers = [*_requests(user, now), *_sign_offs(to_sign), *_texts(user), *_promises(user, now)]
    return [*numbers, *_mistakes(user), *_failed_mail(user), *_access_review(user, now)]


def _requests(user, now):
    if not user.has_perm("appointments.view_appointmentrequest"):
        return
    counts = AppointmentRequest.objects.visible_to(user).numbers(user, now)
    url = reverse(inbox.INBOX)
    yield Waiting(_("Requests to do"), counts["to_do"], url)
    late = counts["overdue"]
    yield Waiting(_("Past the promised time"), late, f"{url}?state=overdue", is_alarming=late > 0)
    yield Waiting(_("My requests"), counts["mine"], f"{url}?tab=mine")
    yield Waiting(_("Maybe spam"), counts["maybe_spam"], f"{url}?tab=maybe_spam")


def _sign_offs(to_sign):
    if to_sign is not None:
        yield Waiting(_("Articles for me to sign off"), to_sign, articles_listed("mine"))


def _texts(user):
    if not user.has_perm("articles.change_article"):
        return
    draft, signed = Q(status=Article.Status.DRAFT), Q(status=Article.Status.SIGNED)
    scheduled = ~Q(publish_at=None, archive_at=None)
    counts = Article.objects.aggregate(
        back=Count("pk", filter=draft & Q(SENT_BACK, latest__created_by=user)),
        drafts=Count("pk", filter=draft),
        signed=Count("pk", filter=signed & Q(publish_at=None)),
        scheduled=Count("pk", filter=scheduled),
    )
    yield Waiting(_("Sent back to me"), counts["back"], articles_listed("mine"))
    yield Waiting(_("Drafts of articles"), counts["drafts"], articles_listed("drafts"))
    yield Waiting(_("Signed, not yet public"), counts["signed"], articles_listed("signed"))
    yield Waiting(_("Scheduled"), counts["scheduled"], articles_listed("scheduled"))


def _promises(user, now):
    """What we tell readers about checks; a manager sees to it that it is kept."""
    if user.has_perm("articles.publish_unreviewed"):
        overdue = Article.objects.due_by(timezone.localdate(now) - timedelta(days=1)).count()
        yield Waiting(_("Overdue checks"), overdue, articles_listed("overdue"), is_alarming=overdue > 0)


def _mistakes(user):
    if user.has_perm("articles.change_mistakereport"):
        url = f"{reverse('admin:articles_mistakereport_changelist')}?settled_at__isempty=1"
        yield Waiting(_("Reported mistakes"), MistakeReport.objects.open().count(), url)


def articles_listed(name):
    """Return the address of one of the lists of articles."""
    return f"{reverse('admin:articles_article_changelist')}?{urlencode({'list': name})}"


def _failed_mail(user):
    if user.has_perm("clinic.view_outboxmessage"):
        failed = OutboxMessage.objects.failed().count()
        url = f"{reverse('admin:clinic_outboxmessage_changelist')}?state=failed"
        yield Waiting(_("Mail given up"), failed, url, is_alarming=failed > 0)


def _access_review(user, now):
    """Ask for last week's review, if anybody was there and nobody has looked through it."""
    if user.has_perm("clinic.view_auditevent"):
        week = access.Week.of(timezone.localdate(now)).before
        if week.events.exists() and not week.reviews.exists():
            yield Waiting(_("Access review of last week"), 1, reverse("admin:access_review"))

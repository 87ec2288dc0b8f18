"""What waits for the person who has just signed in: numbers, each with its way there."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appointments import inbox
from appointments.models import AppointmentRequest
from articles.models import Article
from clinic.models import OutboxMessage


@dataclass(frozen=True)
class Waiting:
    label: str
    count: int
    url: str
    is_alarming: bool = False


def waiting_for(user, now):
    """Return what this person's roles ask of them, most pressing first."""
    return [*_requests(user, now), *_sign_offs(user), *_drafts(user), *_failed_mail(user)]


def _requests(user, now):
    if not user.has_perm("appointments.view_appointmentrequest"):
        return
    counts = inbox.totals(AppointmentRequest.objects.visible_to(user).counted(user, now))
    url = reverse(inbox.INBOX)
    yield Waiting(_("Requests to do"), counts["to_do"], url)
    yield Waiting(_("Past the promised time"), counts["overdue"], url, is_alarming=counts["overdue"] > 0)
    yield Waiting(_("My requests"), counts["mine"], f"{url}?tab=mine")
    yield Waiting(_("Maybe spam"), counts["maybe_spam"], f"{url}?tab=maybe_spam")


def _sign_offs(user):
    if user.has_perm("articles.sign_off") and hasattr(user, "therapist"):
        count = Article.objects.awaiting(user.therapist).count()
        yield Waiting(_("Articles for me to sign off"), count, _articles(waits="me"))


def _drafts(user):
    if user.has_perm("articles.change_article"):
        count = Article.objects.filter(status=Article.Status.DRAFT).count()
        yield Waiting(_("Drafts of articles"), count, _articles(status__exact=Article.Status.DRAFT))


def _articles(**chosen):
    return f"{reverse('admin:articles_article_changelist')}?{urlencode(chosen)}"


def _failed_mail(user):
    if user.has_perm("clinic.view_outboxmessage"):
        failed = OutboxMessage.objects.failed().count()
        url = f"{reverse('admin:clinic_outboxmessage_changelist')}?state=failed"
        yield Waiting(_("Mail given up"), failed, url, is_alarming=failed > 0)

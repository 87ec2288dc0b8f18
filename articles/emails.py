"""Mails about the sign-off of texts: to clinicians, who need no login to answer, and to staff."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, ArticleEvent, Reminder, Signature
from articles.review_links import Review
from clinic.mail_kinds import NothingToSend
from staff.models import User


def sign_off_asked(event_id):
    """Return the mail that asks a clinician to sign off a text."""
    event = ArticleEvent.objects.select_related("article__asked__user", "revision", "actor").get(pk=event_id)
    if event.article.asked is None:
        raise NothingToSend
    review = Review(event, event.article.asked)
    return _to_clinician(review, _("An article waits for your sign-off"), "sign_off_asked")


def wording_corrected(signature_id):
    """Return the mail that tells a signer of a corrected wording under the own name."""
    signature = Signature.objects.select_related("therapist__user", "revision").get(pk=signature_id)
    events = ArticleEvent.objects.filter(revision=signature.revision, step="correct")
    event = events.select_related("article", "revision__signature").get()
    review = Review(event, signature.therapist)
    return _to_clinician(review, _("A text you signed was corrected"), "wording_corrected")


def checks_due(reminder_id):
    """Return the one mail of a day that tells a clinician of every check that is coming due."""
    first = Reminder.objects.select_related("therapist__user").get(pk=reminder_id)
    told = Article.objects.with_due_day().filter(
        reminders__therapist=first.therapist,
        reminders__told_on=first.told_on,
        check_due_on=F("reminders__due_on"),
    )
    rows = [
        (article.check_due_on, review) for article in told if (review := _recheck(article, first.therapist))
    ]
    if not rows:
        raise NothingToSend
    context = {"rows": sorted(rows, key=lambda row: row[0]), "desk": _desk(first.therapist)}
    return _mail(first.therapist.review_address, _("Articles to check again"), "checks_due", context)


def checks_overdue(week):
    """Return the mail of a week that tells the managers which checks are due or should be done already."""
    today = timezone.localdate()
    articles = Article.objects.due_by(today).select_related("latest").order_by("check_due_on")
    managers = User.objects.filter(is_active=True, groups__permissions__codename="publish_unreviewed")
    if not articles or not managers:
        raise NothingToSend
    links = [(article, _page(article)) for article in articles]
    addresses = managers.distinct().values_list("email", flat=True)
    return _mail(addresses, _("Checks of articles are due"), "checks_overdue", {"links": links})


def schedule_missed(event_id):
    """Return the mail that tells who set a time that the text could not go public then."""
    event = ArticleEvent.objects.select_related("actor", "revision").get(pk=event_id)
    if event.actor is None or not event.actor.is_active:
        raise NothingToSend
    context = {"revision": event.revision, "link": _page(event.article)}
    return _mail(event.actor.email, _("An article did not go public"), "schedule_missed", context)


def _recheck(article, therapist):
    """Return the review of the last reminder, unless its text is signed or has changed meanwhile."""
    event = article.events.filter(step="reminded").select_related("article", "revision").first()
    review = event and Review(event, therapist)
    return review if review and review.still_waits else None


def _to_clinician(review, subject, template):
    if not review.still_waits:
        raise NothingToSend
    context = {"review": review, "desk": _desk(review.therapist) and _page(review.article)}
    return _mail(review.therapist.review_address, subject, template, context)


def _desk(therapist):
    """Return the address of the staff pages for those who can sign in there."""
    return settings.SITE_URL + reverse("admin:index") if therapist.user else ""


def _page(article):
    return settings.SITE_URL + reverse("admin:articles_article_change", args=[article.pk])


def _mail(to, subject, template, context):
    addresses = [to] if isinstance(to, str) else list(to)
    if not any(addresses):
        raise NothingToSend
    return EmailMessage(subject, render_to_string(f"articles/emails/{template}.txt", context), to=addresses)

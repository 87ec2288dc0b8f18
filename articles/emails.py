"""Mails to clinicians about texts they are asked to sign, or have signed."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Article, ArticleEvent, Signature
from clinic.mail_kinds import NothingToSend


def sign_off_asked(event_id):
    """Return the mail that asks a clinician to sign off a text."""
    event = ArticleEvent.objects.select_related("article__asked__user", "revision").get(pk=event_id)
    article = event.article
    if article.status != Article.Status.IN_REVIEW or article.asked is None or article.asked.user is None:
        raise NothingToSend
    return _mail(
        article.asked.user, _("An article waits for your sign-off"), "sign_off_asked", event.revision, event
    )


def wording_corrected(signature_id):
    """Return the mail that tells a signer of a corrected wording under the own name."""
    signature = Signature.objects.select_related("signed_by", "revision__article").get(pk=signature_id)
    if signature.ended_at or signature.signed_by is None:
        raise NothingToSend
    return _mail(
        signature.signed_by, _("A text you signed was corrected"), "wording_corrected", signature.revision
    )


def _mail(user, subject, template, revision, event=None):
    link = settings.SITE_URL + reverse("admin:articles_article_change", args=[revision.article_id])
    body = render_to_string(
        f"articles/emails/{template}.txt", {"revision": revision, "event": event, "link": link}
    )
    return EmailMessage(subject, body, to=[user.email])

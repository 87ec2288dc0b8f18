"""Links by which a clinician answers for a text without signing in: each for one step and one person.

The link is the secret. The second detail, a part of the own license's number, makes sure that a person
decides who knows whose license it is: not a mail scanner, and not whoever a mail is forwarded to.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from articles import reviewers
from articles.models import Article, ArticleEvent
from staff.models import Credential, Therapist

SALT = "articles.review"
OPENS_FOR = timedelta(days=14)
MOST_WRONG_TRIES = 5
DETAIL_LENGTH = 4
# Longer numbers are no ids, and SQLite refuses to compare with them.
NUMBERS = re.compile(r"([0-9]{1,18})\.([0-9]{1,18}):")


@dataclass(frozen=True)
class Review:
    """What a link is about: a step in the life of an article, and the clinician who was told of it."""

    event: ArticleEvent
    therapist: Therapist

    @property
    def article(self):
        return self.event.article

    @property
    def text(self):
        return self.event.revision

    @property
    def address(self):
        """Return the link itself; it stays the same however often its mail is made."""
        signed = signer_for(self.therapist).sign(f"{self.event.pk}.{self.therapist.pk}")
        return settings.SITE_URL + reverse("article_review", args=[signed])

    @property
    def closes_on(self):
        return timezone.localdate(self.event.at + OPENS_FOR)

    def has_expired(self, now):
        return now - self.event.at > OPENS_FOR

    @property
    def is_locked(self):
        return self.event.wrong_tries >= MOST_WRONG_TRIES

    @property
    def still_waits(self):
        """Tell whether this very text still waits for this very person."""
        return WAITS[self.event.step](self)

    @property
    def ending(self):
        """Return the name of what settled the matter: signed, send_back, objected, newer or over."""
        signature = self.text.signature
        if signature and signature.created_at >= self.event.at:
            return "signed"
        later = self.article.events.filter(revision=self.text, pk__gt=self.event.pk)
        if answer := later.filter(step__in=["send_back", "objected"]).last():
            return answer.step
        return "over" if self.article.latest_id == self.text.pk else "newer"

    def details(self, today):
        """Return the last characters of the license numbers; none for a person who may not sign."""
        if not reviewers.able(today).filter(pk=self.therapist.pk).exists():
            return set()
        licences = self.therapist.credentials.current(today).filter(kind=Credential.Kind.LICENCE)
        return {_ending(licence.number) for licence in licences} - {""}

    def admits(self, detail, today):
        """Tell whether this is the second detail.

        A try counts before it is looked at, and is taken back if it was right: guesses that come all at
        once get no more tries than guesses one by one.
        """
        rows = ArticleEvent.objects.filter(pk=self.event.pk)
        if not rows.filter(wrong_tries__lt=MOST_WRONG_TRIES).update(wrong_tries=F("wrong_tries") + 1):
            return False
        if _ending(detail) not in self.details(today):
            return False
        rows.update(wrong_tries=F("wrong_tries") - 1)
        return True


def read(signed):
    """Return the review that a link opens, or None for a link that was not made here, or not for them."""
    numbers = NUMBERS.match(signed)
    if numbers is None:
        return None
    event_pk, therapist_pk = numbers.groups()
    therapist = Therapist.objects.select_related("user").filter(pk=therapist_pk, left_on=None).first()
    if therapist is None or not _is_ours(signed, therapist):
        return None
    related = ("article", "revision__author__photo", "revision__main_topic", "revision__lead_picture")
    events = ArticleEvent.objects.select_related(*related, "revision__signature__therapist", "actor")
    event = events.filter(pk=event_pk, step__in=WAITS).first()
    return Review(event, therapist) if event else None


def signer_for(therapist):
    """Return what signs a clinician's links: bound to the mailbox, so that a former one opens nothing."""
    return Signer(salt=f"{SALT}:{therapist.review_address}")


def _is_ours(signed, therapist):
    try:
        signer_for(therapist).unsign(signed)
    except BadSignature:
        return False
    return True


def _ending(number):
    """Return the last letters and digits in one case, or nothing where they are too few to prove anything."""
    plain = "".join(character for character in number.casefold() if character.isalnum())
    return plain[-DETAIL_LENGTH:] if len(plain) >= DETAIL_LENGTH else ""


def _waits_for_signature(review):
    article, event = review.article, review.event
    is_asked = article.status == Article.Status.IN_REVIEW and article.asked_id == review.therapist.pk
    asked_again = article.events.filter(step=event.step, pk__gt=event.pk)
    return is_asked and article.latest_id == event.revision_id and not asked_again.exists()


def _waits_for_check(review):
    article, event = review.article, review.event
    is_public = article.status == Article.Status.PUBLISHED and article.latest_id == event.revision_id
    return is_public and not article.events.filter(step="check_again", pk__gt=event.pk).exists()


def _waits_for_objection(review):
    signature = review.text.signature
    is_shown = review.text.pk in (review.article.live_id, review.article.latest_id)
    is_carried = signature is not None and signature.carried_from_id is not None
    return is_shown and is_carried and signature.therapist_id == review.therapist.pk


# The steps that are told by a mail with a link.
WAITS = {
    "submit": _waits_for_signature,
    "reminded": _waits_for_check,
    "correct": _waits_for_objection,
}

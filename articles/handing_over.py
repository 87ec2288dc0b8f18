"""What somebody who leaves had in hand of texts, and who goes on with it. No text and no name is lost."""

from collections import Counter

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from articles import publishing, reviewers
from articles.models import Article, WorkingCopy
from articles.steps import Refused
from staff.models import User


def unsaved_texts(person):
    """Return the texts this person was writing."""
    return WorkingCopy.objects.filter(holder=person)


def scheduled(person):
    """Return the articles for which this person has set a time."""
    return Article.objects.scheduled().filter(scheduled_by=person)


def sign_offs(person):
    """Return the articles that wait for this person's signature."""
    return Article.objects.filter(status=Article.Status.IN_REVIEW, asked__user=person)


def heirs(person):
    """Return the people who may go on with some of it: write on, watch over a set time, or sign."""
    today = timezone.localdate()
    texts = [article.latest for article in sign_offs(person).select_related("latest")]
    may = Q(therapist__in={signer.pk for text in texts for signer in reviewers.for_text(text, today)})
    if unsaved_texts(person).exists():
        may |= _has("change_article")
    if scheduled(person).exists():
        may |= _has("publish")
    return User.objects.able_to_sign_in().filter(may)


def _has(codename):
    return Q(groups__permissions__codename=codename) | Q(is_superuser=True)


@transaction.atomic
def hand_over_all(person, *, to, by, remark):
    """Hand over texts, set times and sign-offs, as far as the heir may have them.

    An unsaved text is anybody's to go on with. For a set time answers whoever lets this person go. A text
    nobody else is asked to sign goes back to its editor. Return how many went each way.
    """
    went = Counter()
    if to and to.has_perm("articles.change_article"):
        went["texts_taken"] = unsaved_texts(person).update(holder=to)
    else:
        went["texts_left"] = unsaved_texts(person).count()
    if to and to.has_perm("articles.publish"):
        went["times_taken"] = scheduled(person).update(scheduled_by=to)
    else:
        went["times_left"] = scheduled(person).update(scheduled_by=by)
    for article in sign_offs(person).select_for_update(of=("self",)):
        went[_ask_another(article, getattr(to, "therapist", None), by=by, remark=remark)] += 1
    return went


def _ask_another(article, therapist, *, by, remark):
    """Ask another clinician, or else send the text back; return the step that was taken."""
    try:
        if therapist is None:
            raise Refused(remark)
        publishing.submit(article, to=therapist, by=by, remark=remark)
    except Refused:
        publishing.send_back(article, by=by, remark=remark)
        return "send_back"
    return "submit"

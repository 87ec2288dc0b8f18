"""What somebody who leaves had in hand of texts, and who goes on with it. No text and no name is lost."""

from django.db import transaction

from articles import publishing
from articles.models import Article, WorkingCopy
from articles.steps import Refused


def unsaved_texts(person):
    """Return the texts this person was writing."""
    return WorkingCopy.objects.filter(holder=person)


def scheduled(person):
    """Return the articles for which this person has set a time."""
    return Article.objects.scheduled().filter(scheduled_by=person)


def sign_offs(person):
    """Return the articles that wait for this person's signature."""
    return Article.objects.filter(status=Article.Status.IN_REVIEW, asked__user=person)


@transaction.atomic
def hand_over_all(person, *, to, by, remark):
    """Hand over texts, set times and sign-offs, as far as the heir may have them.

    An unsaved text is anybody's to go on with. For a set time answers whoever lets this person go. A text
    nobody else is asked to sign goes back to its editor.
    """
    if to and to.has_perm("articles.change_article"):
        unsaved_texts(person).update(holder=to)
    publisher = to if to and to.has_perm("articles.publish") else by
    scheduled(person).update(scheduled_by=publisher)
    for article in sign_offs(person).select_for_update(of=("self",)):
        _ask_another(article, getattr(to, "therapist", None), by=by, remark=remark)


def _ask_another(article, therapist, *, by, remark):
    try:
        if therapist is None:
            raise Refused(remark)
        publishing.submit(article, to=therapist, by=by, remark=remark)
    except Refused:
        publishing.send_back(article, by=by, remark=remark)

"""What waits for one clinician, most important first: by risk, then by how many read it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Exists, OuterRef, Q, Value, When

from articles import changes
from articles.models import Article, Reminder, Revision, Signature
from articles.models.cards import Level

SHOWN = 10
WORDS_A_MINUTE = 200
RISKY = (Level.EMERGENCY, Level.URGENT)


@dataclass(frozen=True)
class Row:
    """An article, what to do with it, and what that takes."""

    article: Article
    is_new: bool
    words_changed: int
    due_on: date | None

    @property
    def minutes(self):
        """Return the time for what is new; a text to be checked again is read as a whole."""
        words = self.words_changed or self.article.latest.word_count
        return max(1, round(words / WORDS_A_MINUTE))


def waiting_for(therapist):
    """Return the condition that an article waits for this clinician; it reads `with_due_day`."""
    told = Reminder.objects.filter(
        article=OuterRef("pk"), therapist=therapist, due_on=OuterRef("check_due_on")
    )
    to_sign = Q(status=Article.Status.IN_REVIEW, asked=therapist)
    return to_sign | Q(Exists(told), status=Article.Status.PUBLISHED)


def of(therapist):
    """Return the first rows of a clinician's queue, and how many articles wait in all."""
    articles = Article.objects.with_due_day().filter(waiting_for(therapist)).select_related("latest")
    asked_first = Case(When(status=Article.Status.IN_REVIEW, then=Value(0)), default=Value(1))
    shown = list(articles.order_by(asked_first, _risk(), "-views", "check_due_on", "pk")[:SHOWN])
    read = {signature.revision.article_id: signature.revision for signature in _readings(shown)}
    return [_row(article, read.get(article.pk)) for article in shown], articles.count()


def _row(article, old):
    is_asked = article.status == Article.Status.IN_REVIEW
    return Row(
        article,
        is_new=old is None,
        words_changed=changes.words_changed(old, article.latest) if old else 0,
        due_on=None if is_asked else article.check_due_on,
    )


def _readings(articles):
    """Return the signatures under texts of these articles that were read, the newest text last."""
    signatures = Signature.objects.filter(revision__article__in=articles, carried_from=None)
    return signatures.select_related("revision").order_by("revision__number")


def _risk():
    """Return the expression for how grave the gravest card of an article's topics is."""
    texts = Revision.objects.filter(pk=OuterRef("latest"))
    cases = [
        When(Exists(texts.filter(topics__required_cards__level=level)), then=Value(rank))
        for rank, level in enumerate(RISKY)
    ]
    return Case(*cases, default=Value(len(RISKY)))

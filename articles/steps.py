"""Take an article through its table of moves."""

from django.core.exceptions import ValidationError
from django.db import transaction

from articles.models import Article, ArticleEvent
from articles.models.article import MOVES
from clinic import audit
from clinic.moves import move


class Refused(ValidationError):
    """A step that the rules of sign-off and publishing do not allow, with the reasons for people."""


@transaction.atomic
def take_step(article, step, *, by, now, revision=None, remark="", **changes):
    """Take one step of MOVES, write it into the history and return that event.

    Raises Stale if the article has moved on, or has a newer text than the one `article` shows.
    """
    rows = Article.objects.filter(pk=article.pk, latest=article.latest_id)
    if article.latest_id is None:
        rows = Article.objects.filter(pk=article.pk, latest=None)
    move(rows, MOVES[step], **changes)
    article.refresh_from_db()
    event = ArticleEvent.objects.create(
        article=article, revision=revision or article.latest, step=step, actor=by, remark=remark, at=now
    )
    audit.record(f"article.{step}", actor=by, subject=f"article {article.pk}")
    return event

"""Texts that go public, or off the site, at a set time: two moments on the article, kept by the worker."""

import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import publishing
from articles.models import Article, ArticleEvent
from articles.steps import Refused, take_step
from clinic import outbox
from clinic.moves import Stale

log = logging.getLogger(__name__)


def publish_at(article, moment, *, by):
    """Set when the newest text goes public. Raises Refused as publishing does, or for an unsigned one."""
    _refuse_unless_ready(article, by=by)
    _set(article, "schedule", by=by, moment=moment, publish_at=moment)


def archive_at(article, moment, *, target, by):
    """Set when the article goes off the site, and where its readers are sent then."""
    _set(article, "schedule_end", by=by, moment=moment, archive_at=moment, archive_target=target)


def _refuse_unless_ready(article, *, by):
    """Raise Refused unless the newest text may go public with nobody looking."""
    publishing.refuse_unless_publishable(article, by=by)
    # Who may publish without a check says so at the button, not before a signature is withdrawn.
    if article.is_health and article.status != Article.Status.SIGNED:
        raise Refused(_("Ask a clinician to sign off this text first."))


def _set(article, step, *, by, moment, **changes):
    now = timezone.now()
    if moment <= now:
        raise Refused(_("Choose a time that is still to come."))
    take_step(article, step, by=by, now=now, scheduled_by=by, **changes)


def drop(article, *, by):
    """Forget what was to happen at a set time."""
    take_step(article, "unschedule", by=by, now=timezone.now(), **publishing.UNSCHEDULED)


def keep(now):
    """Do what has come due, each article on its own; the worker asks for this all the time."""
    for article in Article.objects.to_publish(now).select_related("latest", "live", "scheduled_by"):
        _try(_publish, article, now)
    for article in Article.objects.to_archive(now).select_related("latest", "live", "scheduled_by"):
        _try(_archive, article, now)


def _try(act, article, now):
    try:
        act(article, now)
    except Stale:
        # Someone is at it this very moment; the next round sees what they did.
        pass
    except Exception as error:
        # One article must not keep the others from their readers.
        log.error("article.schedule_failed article=%s error=%s", article.pk, type(error).__name__)


def _publish(article, now):
    try:
        _refuse_unless_ready(article, by=article.scheduled_by)
        publishing.publish(article, by=article.scheduled_by, now=now)
    except Refused:
        _miss(article, now)


def _archive(article, now):
    publishing.archive(article, by=article.scheduled_by, target=article.archive_target, now=now)


@transaction.atomic
def _miss(article, now):
    """Give the time up, write it down, and tell whoever had set it."""
    if not Article.objects.to_publish(now).filter(pk=article.pk).update(publish_at=None):
        return
    event = ArticleEvent.objects.create(
        article=article, revision=article.latest, step="missed", actor=article.scheduled_by, at=now
    )
    outbox.owe("schedule_missed", event.pk)
    log.warning("article.schedule_missed article=%s", article.pk)

"""About how often each article is opened: counted in memory, written once a minute, nothing about readers.

What a process has counted and not yet written is lost when it ends; the numbers only sort work.
"""

import logging
import time
from collections import Counter
from threading import Lock

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from articles.models import Article, VisitCount

log = logging.getLogger(__name__)

WRITE_EVERY = 60

_lock = Lock()
_seen = Counter()
_written_at = time.monotonic()


def count(article):
    """Count one visit; once a minute, write what has come together."""
    global _written_at, _seen
    with _lock:
        _seen[article.pk] += 1
        if time.monotonic() - _written_at < WRITE_EVERY:
            return
        seen, _seen = _seen, Counter()
        _written_at = time.monotonic()
    write(seen)


def write(seen):
    """Add counts to the articles of these ids; readers never notice if it fails."""
    today = timezone.localdate()
    try:
        with transaction.atomic():
            for pk, visits in seen.items():
                if Article.objects.filter(pk=pk).update(views=F("views") + visits):
                    VisitCount.objects.update_or_create(
                        article_id=pk,
                        day=today,
                        defaults={"visits": F("visits") + visits},
                        create_defaults={"visits": visits},
                    )
    except DatabaseError as error:
        log.warning("visits.not_written error=%s", type(error).__name__)

"""Long lists by key: a page starts after the last article of the one before, however many there are."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q

PAGE_SIZE = 12
MOMENT = "%Y%m%dT%H%M%S.%f"
# Only centuries in which every moment exists in every time zone.
KEY = re.compile(r"((?:19|20)[0-9]{6}T[0-9]{6}\.[0-9]{6})-([0-9]{1,18})")


@dataclass(frozen=True)
class Page:
    """Articles, newest first; `after` is the key this page starts after, `next` that of the next page."""

    articles: list
    after: str
    starts_before: datetime | None
    next: str


def newest_first(articles, after):
    """Return the page of these articles that starts after a key; anything else is the first page."""
    moment, pk = _read(after)
    rows = articles.order_by("-published_at", "-id")
    if moment is not None:
        rows = rows.filter(Q(published_at__lt=moment) | Q(published_at=moment, id__lt=pk))
    rows = list(rows[: PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    return Page(
        articles=shown,
        after=after if moment else "",
        starts_before=moment,
        next=key(shown[-1]) if len(rows) > PAGE_SIZE else "",
    )


def key(article):
    """Return the key of an article: when it was published, in UTC, and its number."""
    return f"{article.published_at.astimezone(UTC):{MOMENT}}-{article.pk}"


def _read(text):
    match = KEY.fullmatch(text)
    if match is None:
        return None, None
    try:
        return datetime.strptime(match[1], MOMENT).replace(tzinfo=UTC), int(match[2])
    except ValueError:
        return None, None

"""Write an article: a working copy while somebody types, a revision when it is kept."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify

from articles import html, rendering
from articles.models import Article, Revision, WorkingCopy
from articles.signing import carry_over
from articles.steps import take_step
from clinic.moves import Stale

# What makes up a text, beside its topics.
FIELDS = (
    "title",
    "summary",
    "body",
    "description",
    "call_to_action",
    "author",
    "main_topic",
    "lead_picture",
    "sources",
    "disclosure",
    "permission_on_file",
)
RESERVED_SLUGS = frozenset({"topics", "feed", "review"})


@transaction.atomic
def create(text, *, kind, by, slug="", topics=(), reason="", was_public_before=False, now=None, **facts):
    """Start an article with its first text, and return it."""
    now = now or timezone.now()
    slug = free_slug(slug or text["title"])
    article = Article.objects.create(kind=kind, slug=slug, created_by=by, created_at=now, **facts)
    keep(
        article,
        text,
        topics=topics,
        by=by,
        based_on=None,
        reason=reason,
        was_public_before=was_public_before,
        now=now,
    )
    return article


@transaction.atomic
def keep(article, text, *, topics, by, based_on, reason="", was_public_before=False, now=None):
    """Keep a text as the article's next revision and return it; an unchanged text makes none.

    `text` holds FIELDS, `based_on` is the revision the writer started from. Raises Stale if another
    one has come since; the writer's words are then still in the form or the working copy.
    """
    text = {**text, "body": html.clean(text.get("body", ""))}
    topics = {*topics, *filter(None, [text.get("main_topic")])}
    if article.latest_id != (based_on and based_on.pk):
        raise Stale
    if based_on and not _differs(based_on, text, topics):
        discard(article)
        return based_on
    now = now or timezone.now()
    revision = _store(
        article,
        text,
        topics,
        was_public_before=was_public_before,
        reason=reason,
        created_by=by,
        created_at=now,
    )
    is_fix = based_on and carry_over(based_on, revision)
    # What was to go public at a set time was another text.
    changes = {"latest": revision, "asked": None} | ({} if is_fix else {"publish_at": None})
    step = "correct" if is_fix else "revise"
    take_step(article, step, by=by, now=now, revision=revision, remark=reason, **changes)
    discard(article)
    return revision


def discard(article):
    """Drop the working copy: its text was kept, or is not wanted."""
    WorkingCopy.objects.filter(article=article).delete()


def _store(article, text, topics, **facts):
    last = article.revisions.order_by("-number").first()
    try:
        with transaction.atomic():
            revision = Revision.objects.create(
                **text,
                article=article,
                number=last.number + 1 if last else 1,
                **derived(text["body"]),
                **facts,
            )
    except IntegrityError as error:
        # Someone else has just stored the revision of this number.
        raise Stale from error
    revision.topics.set(topics)
    return revision


def derived(body):
    """Return what a revision holds beside its text, made from the cleaned body."""
    return {
        "html": rendering.ready(body),
        "outline": [[heading.level, heading.text, heading.anchor] for heading in html.outline(body)],
        "word_count": html.words(body),
    }


def _differs(revision, text, topics):
    is_same = all(getattr(revision, name) == text[name] for name in FIELDS if name in text)
    return not is_same or set(revision.topics.all()) != topics


def restore(article, revision, *, by):
    """Make an older text the newest draft again, and return the new revision."""
    text = {name: getattr(revision, name) for name in FIELDS}
    reason = f"#{revision.number}"
    return keep(article, text, topics=revision.topics.all(), by=by, based_on=article.latest, reason=reason)


@transaction.atomic
def set_aside(article, text, *, topics, by, version):
    """Store what somebody is typing in the working copy, out of the history, and return it.

    `version` is the one the writer last saw (0: none). Raises Stale if someone else wrote since.
    """
    text = {**text, "body": html.clean(text.get("body", ""))}
    changes = {**text, "holder": by, "updated_at": timezone.now()}
    if version:
        rows = WorkingCopy.objects.filter(article=article, version=version)
        if not rows.update(version=F("version") + 1, **changes):
            raise Stale
        copy = WorkingCopy.objects.get(article=article)
    else:
        copy, is_new = WorkingCopy.objects.get_or_create(
            article=article, defaults={**changes, "based_on": article.latest}
        )
        if not is_new:
            raise Stale
    copy.topics.set({*topics, *filter(None, [text.get("main_topic")])})
    return copy


def free_slug(title):
    """Return an unused address made from a title, at most 60 characters long."""
    stem = slugify(title)[:56].strip("-") or "article"
    taken = RESERVED_SLUGS | set(Article.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    candidates = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
    return next(slug for slug in candidates if slug not in taken)

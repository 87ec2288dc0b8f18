"""Store what an importer read: a draft, its author's profile, and a report of what to look at."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles import writing
from articles.importers import text
from articles.importers.parsed import Biography, ImportRefused, ParsedArticle
from articles.models import Article, CareCard, WorkingCopy
from clinic import audit
from staff.models import Therapist

READERS: dict[str, Callable[[bytes, str], ParsedArticle]] = {".txt": text.read}
# The mark of a revision that nobody has worked on; stored, so never translated.
REASON = "Imported"


@dataclass
class Report:
    """What became of a file: in one sentence, then what was kept, dropped, doubted and is still to do."""

    name: str
    outcome: str
    article: Article
    parsed: ParsedArticle
    doubts: list[str] = field(default_factory=list)
    to_do: list[str] = field(default_factory=list)


@transaction.atomic
def bring_in(path: Path, *, author: Therapist | None = None, by=None) -> Report:
    """Store the article of a file as a draft and return the report; the same file is stored once.

    A changed file becomes the next revision unless somebody has worked on the text since. `by` is who
    ran the import. Raises ImportRefused with a sentence, and then nothing is stored.
    """
    content = _content(path)
    parsed = _reader(path)(content, path.name)
    digest = hashlib.sha256(content).hexdigest()
    article = Article.objects.filter(imported_from=path.name).select_related("latest").first()
    report = Report(path.name, "", article, parsed, doubts=[*parsed.doubts])
    if article is None:
        _start(report, author, digest)
    elif article.import_digest == digest and author in (None, article.latest.author):
        report.outcome = _("Imported before. Nothing has changed.")
    elif not _is_untouched(article):
        report.outcome = _("Changed, but not stored: someone has worked on this article since.")
    else:
        _revise(report, author, digest)
    report.to_do += _cards_to_add(article, parsed)
    audit.record("import.run", actor=by, subject=f"article {report.article.pk}", reason=path.name[:200])
    return report


def _content(path):
    try:
        with path.open("rb") as file:
            # One byte more than a reader takes, so that it refuses what is longer.
            return file.read(text.MOST_BYTES + 1)
    except OSError as error:
        raise ImportRefused(
            _("%(name)s could not be read: %(why)s.") % {"name": path.name, "why": error.strerror}
        ) from error


def _reader(path):
    try:
        return READERS[path.suffix.lower()]
    except KeyError:
        taken = ", ".join(READERS)
        raise ImportRefused(
            _("%(name)s can't be imported. These kinds of files can: %(taken)s.")
            % {"name": path.name, "taken": taken}
        ) from None


def _start(report, author, digest):
    parsed = report.parsed
    if author is None and parsed.biography:
        author = _author(parsed.biography, report)
    elif parsed.biography:
        _offer(parsed.biography, author, report)
    report.article = writing.create(
        {**_words(parsed), "author": author},
        kind=Article.Kind.HEALTH,
        by=None,
        reason=REASON,
        imported_from=report.name,
        import_digest=digest,
    )
    report.outcome = _("Stored as a new draft.")


def _revise(report, author, digest):
    article = report.article
    kept = {name: getattr(article.latest, name) for name in writing.FIELDS}
    changes = {"author": author} if author else {}
    writing.keep(
        article,
        {**kept, **_words(report.parsed), **changes},
        topics=article.latest.topics.all(),
        by=None,
        based_on=article.latest,
        reason=REASON,
    )
    Article.objects.filter(pk=article.pk).update(import_digest=digest)
    report.outcome = _("Changed. Stored as the next draft of the same article.")


def _is_untouched(article):
    is_ours = article.latest.created_by_id is None and article.latest.reason == REASON
    is_being_written = WorkingCopy.objects.filter(article=article).exists()
    return is_ours and not is_being_written and "revise" in article.steps


def _words(parsed):
    return {
        "title": parsed.title,
        "summary": parsed.summary,
        "body": parsed.body_html,
        "call_to_action": parsed.call_to_action,
    }


def _author(biography: Biography, report: Report) -> Therapist | None:
    """Return the one therapist of this name, a new profile nobody sees yet, or None if several fit."""
    name = biography.name
    found = Therapist.objects.filter(Q(name__iexact=name) | Q(name__istartswith=f"{name} "))[:2]
    if len(found) > 1:
        report.doubts.append(
            _("Several therapists are called %(name)s. Choose who wrote this.") % {"name": name}
        )
        return None
    if found:
        _offer(biography, found[0], report)
        return found[0]
    profile = Therapist.objects.create(
        name=name,
        slug=_free_slug(name),
        biography=biography.text,
        is_listed=False,
        takes_new_patients=False,
    )
    report.to_do.append(
        _("Complete the new profile of %(name)s. Patients don't see it yet.") % {"name": name}
    )
    return profile


def _offer(biography, therapist, report):
    if therapist.biography != biography.text:
        report.to_do.append(
            _("Look at the biography in this file: the profile of %(name)s says something else.")
            % {"name": therapist.name}
        )


def _free_slug(name):
    stem = slugify(name)[:50] or "therapist"
    taken = set(Therapist.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    candidates = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
    return next(slug for slug in candidates if slug not in taken)


def _cards_to_add(article, parsed):
    names = dict(CareCard.objects.filter(slug__in=parsed.cards).values_list("slug", "name"))
    return [
        _("Add the care card “%(name)s” (%(slug)s). Publishing waits for it.")
        % {"name": names.get(slug, slug), "slug": slug}
        for slug in parsed.cards
    ]

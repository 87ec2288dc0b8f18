"""Store what an importer read: a draft, its author's profile, and a report of what to look at."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePath

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles import writing
from articles.importers import placing, text
from articles.importers.docx import reader as docx
from articles.importers.parsed import Biography, Counts, ImportRefused, ParsedArticle
from articles.models import Article, CareCard, Revision, WorkingCopy
from clinic import audit
from staff.models import Therapist

READERS: dict[str, Callable[[bytes, str], ParsedArticle]] = {".txt": text.read, ".docx": docx.read}
# More than this no reader takes.
MOST_BYTES = docx.MOST_BYTES
# Leaves room for a number.
LONGEST_SOURCE = 190


@dataclass
class Report:
    """What became of a file: in one sentence, then what was kept, dropped, doubted and is still to do."""

    name: str
    parsed: ParsedArticle
    kept: Counts
    outcome: str = ""
    article: Article | None = None
    dropped: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    to_do: list[str] = field(default_factory=list)

    @property
    def facts(self):
        """Return what stays with the draft, ready for JSON."""
        notes = {"dropped": self.dropped, "doubts": self.doubts, "to_do": self.to_do}
        return {"file": self.name, "kept": vars(self.kept), **notes}


def bring_in(name: str, content: bytes, *, author: Therapist | None = None, by=None, is_upload=False):
    """Store the article of a file as a draft and return the report; the same file is stored once.

    A changed file of a known name becomes the next draft unless somebody has worked on the text since.
    An uploaded one does so only under the same title, and else begins an article of its own: many
    documents are called Document1.docx. `by` is who ran the import: having saved the text, that person can't
    sign it. Raises ImportRefused with a sentence, and then nothing is stored.
    """
    parsed = _reader(name)(content, name)
    digest = hashlib.sha256(content).hexdigest()
    report = Report(name, parsed, parsed.kept, dropped=[*parsed.dropped], doubts=[*parsed.doubts])
    # Before the transaction, because it takes seconds in which nobody else could store anything.
    pictures = placing.decoded(parsed.pictures, report.dropped)
    with transaction.atomic():
        article = report.article = _article_of(name, parsed.title, digest, is_upload)
        if article is None:
            _start(report, _text(report, pictures, by), author, digest, by)
        elif article.import_digest == digest and author in (None, article.latest.author):
            report.outcome = _("Imported before. Nothing has changed.")
        elif not is_untouched(article):
            report.outcome = _("Changed, but not stored: someone has worked on this article since.")
        else:
            _revise(report, _text(report, pictures, by), author, digest, by)
        audit.record("import.run", actor=by, subject=f"article {report.article.pk}", reason=name[:200])
    return report


def _reader(name):
    try:
        return READERS[PurePath(name).suffix.lower()]
    except KeyError:
        taken = ", ".join(READERS)
        raise ImportRefused(
            _("%(name)s can’t be imported. These kinds of files can: %(taken)s.")
            % {"name": name, "taken": taken}
        ) from None


def _article_of(name, title, digest, is_upload):
    """Return the article that a file was imported as, or None if it begins one."""
    articles = Article.objects.select_related("latest")
    if not is_upload:
        return articles.filter(imported_from=_source(name)).first()
    articles = articles.filter(_is_called(name))
    same_title = articles.filter(latest__title=title)
    return articles.filter(import_digest=digest).first() or next(filter(is_untouched, same_title), None)


def _source(name):
    return name[-LONGEST_SOURCE:]


def _is_called(name):
    return Q(imported_from=_source(name)) | Q(imported_from__startswith=f"{_source(name)} (")


def _free_source(name):
    """Return the name that a new article is known by; further uploads of one name are numbered."""
    number = Article.objects.filter(_is_called(name)).count() + 1
    return _source(name) if number == 1 else f"{_source(name)} ({number})"


def _start(report, text, author, digest, by):
    biography = report.parsed.biography
    if author is None and biography:
        author = _author(biography, report)
    elif biography:
        _offer(biography, author, report)
    _note_what_is_to_do(report)
    report.article = writing.create(
        {**text, "author": author},
        kind=Article.Kind.HEALTH,
        by=by,
        reason=Revision.IMPORTED,
        imported_from=_free_source(report.name),
        import_digest=digest,
        import_report=report.facts,
    )
    report.outcome = _("Stored as a new draft.")


def _revise(report, text, author, digest, by):
    article = report.article
    kept = {name: getattr(article.latest, name) for name in writing.FIELDS}
    changes = {"author": author} if author else {}
    _note_what_is_to_do(report)
    writing.keep(
        article,
        {**kept, **text, **changes},
        topics=article.latest.topics.all(),
        by=by,
        based_on=article.latest,
        reason=Revision.IMPORTED,
    )
    Article.objects.filter(pk=article.pk).update(import_digest=digest, import_report=report.facts)
    report.outcome = _("Changed. Stored as the next draft of the same article.")


def is_untouched(article):
    """Tell whether nobody has worked on an imported text since."""
    is_ours = article.latest.reason == Revision.IMPORTED
    is_being_written = WorkingCopy.objects.filter(article=article).exists()
    return is_ours and not is_being_written and "revise" in article.steps


def _text(report, pictures, by):
    """Store the pictures and return the text with them, as writing.create takes it."""
    parsed = report.parsed
    body = placing.placed(parsed.body_html, pictures, title=parsed.title, by=by)
    report.kept = Counts.of(body)
    return {
        "title": parsed.title,
        "summary": parsed.summary,
        "body": body,
        "call_to_action": parsed.call_to_action,
        "sources": parsed.sources,
    }


def _note_what_is_to_do(report):
    if report.kept.pictures:
        report.to_do.append(_("Say of each picture in the library whether people can be recognized."))
    slugs = report.parsed.cards
    names = dict(CareCard.objects.filter(slug__in=slugs).values_list("slug", "name"))
    report.to_do += [
        _("Add the care card “%(name)s” (%(slug)s). Publishing waits for it.")
        % {"name": names.get(slug, slug), "slug": slug}
        for slug in slugs
    ]


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
        _("Complete the new profile of %(name)s. Patients don’t see it yet.") % {"name": name}
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

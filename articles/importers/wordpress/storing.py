"""Store the texts of an export: posts as articles, pages as pages."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import publishing, writing
from articles.html import plain_text
from articles.importers.intake import is_untouched
from articles.importers.parts import MOST_HTML
from articles.importers.wordpress.drafts import Draft
from articles.importers.wordpress.media import Media
from articles.models import Article, Revision
from articles.tree import parse
from clinic import pages, prose
from clinic.models import Page


class Outcome(TextChoices):
    """What becomes of a text."""

    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    UNCHANGED = "unchanged", _("unchanged")
    LEFT_ALONE = "left_alone", _("left alone, because someone has worked on them since")
    EMPTY = "empty", _("without a text")
    TOO_LONG = "too_long", _("longer than an article may be")


STORED = {Outcome.NEW, Outcome.CHANGED}


def outcome(draft: Draft, place: Article | Page | None) -> Outcome:
    """Tell what becomes of a text, given the article it became before or the page that has its address."""
    if not draft.converted.pictures and not plain_text(draft.converted.body):
        return Outcome.EMPTY
    if len(draft.converted.body) > MOST_HTML:
        return Outcome.TOO_LONG
    if place is None:
        return Outcome.NEW
    if _is_known(draft, place):
        return Outcome.UNCHANGED
    return Outcome.CHANGED if isinstance(place, Page) or is_untouched(place) else Outcome.LEFT_ALONE


def _is_known(draft, place):
    if isinstance(place, Article):
        return place.import_digest == draft.digest
    return place.revisions.filter(title=draft.title, body=_page_body(draft)).exists()


def store_article(draft: Draft, article: Article | None, media: Media, *, source, slug, file) -> Article:
    """Store a post as an article, or as the next text of the one it became before.

    What was public before stays public; words that change later wait as a draft. Pictures come first, so
    that an interruption leaves a picture without a text rather than half an article.
    """
    body, lead = _with_pictures(draft, media), _picture(draft.lead, draft, media)
    text = {
        "title": draft.title,
        "summary": draft.summary,
        "body": body,
        "author": draft.author,
        "main_topic": draft.topics[0] if draft.topics else None,
        "lead_picture": lead,
    }
    facts = {"import_digest": draft.digest, "import_report": draft.report(file)}
    with transaction.atomic():
        if article is None:
            return _start(draft, text, imported_from=source, slug=slug, **facts)
        _revise(article, draft, text)
        Article.objects.filter(pk=article.pk).update(kind=draft.kind, **facts)
    return article


def _start(draft, text, **facts):
    is_public = draft.item.is_public
    article = writing.create(
        text,
        kind=draft.kind,
        by=None,
        topics=draft.topics,
        reason=Revision.IMPORTED,
        was_public_before=is_public,
        **facts,
    )
    if is_public:
        publishing.take_over(article, at=draft.item.published_at or timezone.now(), by=None)
    return article


def _revise(article, draft, text):
    """Keep the next text of an article. Readers see it at once if its words are those they see already.

    So that topics, authors and pictures can be added by another run.
    """
    before = article.latest
    shows_it = article.is_public and article.live_id == before.pk and before.signature_id is None
    shows_it &= draft.item.is_public and _words(text) == _words(vars(before))
    kept = {name: getattr(before, name) for name in writing.FIELDS}
    revision = writing.keep(
        article,
        {**kept, **text},
        topics=draft.topics,
        by=None,
        based_on=before,
        reason=Revision.IMPORTED,
        was_public_before=shows_it,
    )
    if shows_it and revision != before:
        publishing.take_over(article, at=article.published_at, by=None)


def _words(text):
    return text["title"], text["summary"], plain_text(text["body"])


@transaction.atomic
def store_page(draft: Draft, page: Page | None, *, slug, is_shown) -> Page:
    """Store a page, and show it unless a page of ours has its address already."""
    is_new = page is None
    page = page or Page.objects.create(slug=slug, menu=Page.Menu.NONE)
    revision = pages.keep(
        page, title=draft.title, summary=draft.summary, description="", body=_page_body(draft), by=None
    )
    if is_new and is_shown:
        pages.publish(page, revision, by=None)
    return page


def _page_body(draft):
    # Pages have two levels of headings and no pictures.
    return prose.clean(draft.converted.body.replace("h4>", "h3>"))


def _with_pictures(draft, media):
    """Return the body with the pictures of our library in their places."""
    stored = [_picture(file, draft, media) for file in draft.converted.pictures]
    tree = parse(draft.converted.body)
    for image in tree.elements():
        if image.tag == "img":
            picture = stored[int(image.attributes.pop("data-picture")) - 1]
            image.attributes |= {"data-picture": str(picture.pk), "src": picture.url} if picture else {}
    return tree.markup()


def _picture(file, draft, media):
    if file is None:
        return None
    try:
        return media.store(file)
    except ValidationError as error:
        note = _("The picture %(name)s: %(why)s") % {"name": file, "why": error.messages[0]}
        if note not in draft.dropped:
            draft.dropped.append(note)
    return None

"""Take a WordPress site over: read its export once to plan, and again to store text by text.

Each text is a transaction of its own, so that a run that was interrupted can simply be started again.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from articles.importers.wordpress import answers, export, mapping, storing
from articles.importers.wordpress.drafts import Drafter
from articles.importers.wordpress.media import Media
from articles.importers.wordpress.plan import PREFIX, Plan
from articles.importers.wordpress.storing import STORED
from articles.importers.wordpress.summary import Summary
from articles.models import Article
from clinic import audit
from clinic.models import Page
from staff.models import Therapist

A_YEAR = 365


class Takeover:
    """One run over one export; raises ImportRefused before anything is stored."""

    def __init__(
        self,
        path: Path,
        *,
        author: Therapist | None = None,
        media: Path | None = None,
        topics: Path | None = None,
    ):
        self.path = path
        self.export = export.survey(path)
        self.mapping = mapping.read(topics, self.export)
        self.plan = Plan(self.export)
        alts = {item.file: item.meta.get("_wp_attachment_image_alt", "") for item in self.export.items}
        self.media = Media(media, alts)
        self.drafter = Drafter(self.export, self.plan, self.mapping, self.media, author)
        self.summary = Summary(self.export, self.mapping)
        # The new addresses of what was public, by number.
        self.public: dict[str, str] = {}

    def run(self, *, stores: bool, progress: Callable[[int, int], None], by=None) -> Summary:
        """Store every post and page, or only tell what would become of them, and return the summary.

        `progress` is told how many texts are done, of how many.
        """
        total = len(self.export.texts)
        for done, item in enumerate(export.texts(self.path), start=1):
            self._take(item, stores)
            progress(done, total)
        if stores:
            kept, refused = answers.keep(self.export, self.plan, self.mapping, self.public)
            self.summary.addresses, self.summary.unanswered = kept, refused
            spread_first_checks(timezone.localdate())
            audit.record(
                "import.run",
                actor=by,
                subject="wordpress",
                count=self.summary.stored,
                reason=self.path.name[:200],
            )
        return self.summary

    def _take(self, item, stores):
        draft, place = self.drafter.draft(item), self._place(item)
        outcome = storing.outcome(draft, place)
        if stores and outcome in STORED:
            place = self._store(draft, place)
        if item.is_public:
            self._note_address(item, place)
        self.summary.add(draft, outcome)

    def _note_address(self, item, place):
        """Note where a text is that was public; whoever took an article off the site said where to go."""
        is_shown = place is not None and _is_public(place)
        if is_shown or not isinstance(place, Article):
            shown = place.get_absolute_url() if is_shown else ""
            self.public[item.number] = self.plan.replaced_by(item) or shown

    def _place(self, item):
        if item.type == "page":
            return Page.objects.filter(slug=self.plan.slugs[item.number]).first()
        source = self.plan.sources[item.number]
        return Article.objects.filter(imported_from=source).select_related("latest").first()

    def _store(self, draft, place):
        slug = self.plan.slugs[draft.item.number]
        if draft.is_page:
            is_shown = draft.item.is_public and not self.plan.replaced_by(draft.item)
            return storing.store_page(draft, place, slug=slug, is_shown=is_shown)
        source = self.plan.sources[draft.item.number]
        return storing.store_article(draft, place, self.media, source=source, slug=slug, file=self.path.name)


def spread_first_checks(today) -> None:
    """Spread the first checks of what was taken over evenly over the next twelve months, oldest first."""
    waiting = list(
        Article.objects.published()
        .filter(
            kind=Article.Kind.HEALTH,
            imported_from__startswith=PREFIX,
            live__was_public_before=True,
            live__signature=None,
            first_check_due_on=None,
        )
        .order_by("published_at", "pk")
    )
    for place, article in enumerate(waiting, start=1):
        article.first_check_due_on = today + timedelta(days=round(A_YEAR * place / len(waiting)))
    Article.objects.bulk_update(waiting, ["first_check_due_on"], batch_size=500)


def _is_public(place):
    return place.is_public if isinstance(place, Article) else place.live_id is not None

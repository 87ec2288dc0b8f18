"""What became of an export, for whoever ran the import."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.importers.wordpress.drafts import Draft
from articles.importers.wordpress.export import Export
from articles.importers.wordpress.mapping import Mapping
from articles.importers.wordpress.storing import STORED, Outcome
from articles.models import Topic

TYPES = {"post": gettext_lazy("posts"), "page": gettext_lazy("pages")}


@dataclass
class Summary:
    """Counts what becomes of each text, and tells it in the end."""

    export: Export
    mapping: Mapping
    # By type ("post", "page") and outcome.
    outcomes: Counter[tuple[str, Outcome]] = field(default_factory=Counter)
    words: int = 0
    lost_words: int = 0
    shortcodes: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    # By title, of texts that have no place to keep their notes: pages, and what was not stored.
    notes: list[tuple[str, str]] = field(default_factory=list)
    addresses: int = 0
    unanswered: list[str] = field(default_factory=list)

    def add(self, draft: Draft, outcome: Outcome) -> None:
        """Count a text and what becomes of it."""
        self.outcomes[draft.item.type, outcome] += 1
        self.words += draft.converted.words
        self.lost_words += draft.converted.lost.total()
        self.shortcodes.update(draft.converted.shortcodes)
        self.missing.update(list(dict.fromkeys(draft.converted.missing)))
        if outcome not in STORED | {Outcome.UNCHANGED}:
            self.notes.append((draft.title, outcome.label))
        if draft.is_page and outcome == Outcome.CHANGED:
            self.notes.append(
                (draft.title, _("A page has this address already. The text waits there, unpublished."))
            )
        if draft.is_page:
            self.notes += [(draft.title, note) for note in [*draft.dropped, *draft.doubts]]

    def lines(self) -> Iterator[str]:
        """Yield the summary; what the file of topics lacks comes last, ready to paste."""
        for (kind, outcome), count in sorted(self.outcomes.items()):
            yield f"{TYPES[kind]}, {outcome.label}: {count}"
        yield _("words kept: %(share).2f %% of %(words)d") % {"share": self.words_kept, "words": self.words}
        if self.addresses:
            yield _("old addresses answered: %(count)d") % {"count": self.addresses}
        if self.shortcodes:
            listed = (f"{name} × {count}" for name, count in self.shortcodes.most_common())
            yield _("shortcodes and blocks: %(list)s") % {"list": ", ".join(listed)}
        yield from (
            _("old address that can’t be answered: %(path)s") % {"path": path} for path in self.unanswered
        )
        for label, found in [
            (_("not taken over: %(name)s × %(count)d"), self._left_out()),
            (_("picture without a file: %(name)s × %(count)d"), self.missing),
            (_("author who is no therapist here: %(name)s × %(count)d"), self.mapping.unmatched(self.export)),
        ]:
            yield from (label % {"name": name, "count": count} for name, count in found.most_common())
        yield from (
            _("look at “%(title)s”: %(note)s") % {"title": title, "note": note} for title, note in self.notes
        )
        if self.export.left_out:
            yield _("The export may hold what patients wrote. Delete it when you are done.")
        yield from self._topics_to_name()

    @property
    def stored(self) -> int:
        """Return how many texts were stored."""
        return sum(count for (_kind, outcome), count in self.outcomes.items() if outcome in STORED)

    @property
    def words_kept(self) -> float:
        """Return the share of words kept, in percent."""
        return 100 - 100 * self.lost_words / max(self.words, 1)

    def _left_out(self):
        return self.export.left_out + Counter({_("comments"): self.export.comments})

    def _topics_to_name(self):
        unmapped = self.mapping.unmapped(self.export)
        if unmapped:
            yield _(
                "Categories and tags without a topic. Name one for each; import again with --topics FILE:"
            )
            yield f"# {', '.join(Topic.objects.values_list('slug', flat=True))}"
            yield "[topics]"
            yield from (f'{json.dumps(slug)} = ""  # × {count}' for slug, count in unmapped.most_common())

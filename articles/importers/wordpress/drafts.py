"""From a post or page of an export to what is stored of it, and notes of what to look at."""

import hashlib
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from articles import red_flags
from articles.html import plain_text
from articles.importers.parsed import Counts
from articles.importers.parts import LONGEST_TITLE
from articles.importers.wordpress import notes
from articles.importers.wordpress.export import Export, Item
from articles.importers.wordpress.mapping import Mapping
from articles.importers.wordpress.markup import Converted, convert, figure, plain
from articles.importers.wordpress.media import Media
from articles.importers.wordpress.plan import Plan
from articles.models import Article, CareCard, Topic
from articles.models.text import Text
from staff.models import Therapist

LONGEST_SUMMARY = Text._meta.get_field("summary").max_length


@dataclass
class Draft:
    """A text as it is about to be stored; its notes stay with it."""

    item: Item
    title: str
    summary: str
    converted: Converted
    kind: str = Article.Kind.HEALTH
    author: Therapist | None = None
    topics: list[Topic] = field(default_factory=list)
    lead: str | None = None

    dropped: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    to_do: list[str] = field(default_factory=list)

    @property
    def is_page(self):
        return self.item.type == "page"

    @property
    def digest(self) -> str:
        """Return the hash by which a later run knows whether anything would be stored differently."""
        parts = [self.title, self.summary, self.converted.body, self.kind, self.author and self.author.pk]
        parts += [self.item.is_public, *(topic.slug for topic in self.topics)]
        parts += [*self.converted.pictures, self.lead]
        return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()

    def report(self, file: str) -> dict:
        """Return the notes as they are kept with the article."""
        kept = vars(Counts.of(self.converted.body))
        notes = {"dropped": self.dropped, "doubts": self.doubts, "to_do": self.to_do}
        return {"file": file, "kept": kept, **notes}


class Drafter:
    """Makes drafts of the texts of one export."""

    def __init__(self, export: Export, plan: Plan, mapping: Mapping, media: Media, author: Therapist | None):
        self.export, self.plan, self.mapping, self.media, self.author = export, plan, mapping, media, author
        self.attachments = {item.number: item for item in export.items if item.type == "attachment"}

    def draft(self, item: Item) -> Draft:
        """Return what would be stored of a post or page; nothing is stored yet."""
        converted = convert(
            item.content,
            link=lambda href: self.plan.link(href, item.link),
            find=self.media.find,
            gallery=lambda numbers: self._gallery(item, numbers),
        )
        if item.meta.get("_elementor_edit_mode"):
            converted.shortcodes.append("Elementor")
        draft = Draft(item, plain(item.title), plain(item.excerpt), converted)
        if not draft.is_page:
            draft.kind, draft.topics = self.mapping.kind(item), self.mapping.topics_of(item)
            draft.author = self.mapping.authors.get(item.creator, self.author)
            self._choose_lead(draft)
            _add_cards(draft)
        _shorten(draft)
        draft.dropped += notes.dropped(draft)
        draft.doubts += notes.doubts(draft, self.plan)
        draft.to_do += notes.to_do(draft, self.export)
        return draft

    def _gallery(self, item, numbers):
        own = (number for number, file in self.attachments.items() if file.parent == item.number)
        files = [self.attachments[number] for number in numbers or own if number in self.attachments]
        return "".join(figure(file.file, file.meta.get("_wp_attachment_image_alt", "")) for file in files)

    def _choose_lead(self, draft):
        attachment = self.attachments.get(draft.item.meta.get("_thumbnail_id", ""))
        if attachment:
            draft.lead = self.media.find(attachment.file)
            draft.converted.missing += [] if draft.lead else [attachment.file]


def _add_cards(draft):
    """Put the care cards that a text cannot do without on top, unless its topics show them anyway."""
    converted = draft.converted
    named = red_flags.cards_for(f"{draft.title}\n{draft.summary}\n{plain_text(converted.body)}")
    for card in CareCard.objects.filter(slug__in=named).exclude(topics__in=draft.topics):
        converted.body = f'<care-card data-card="{card.slug}"></care-card>{converted.body}'
        draft.doubts.append(_("The care card “%(name)s” was put on top.") % {"name": card.name})


def _shorten(draft):
    if not draft.title:
        draft.title = draft.item.slug.replace("-", " ").capitalize() or _("Without a title")
        draft.doubts.append(_("The text has no title. Its address stands in for it."))
    for name, longest, sentence in [
        ("title", LONGEST_TITLE, _("The title was longer: “%(text)s”")),
        ("summary", LONGEST_SUMMARY, _("The lead was longer: “%(text)s”")),
    ]:
        text = getattr(draft, name)
        if len(text) > longest:
            draft.doubts.append(sentence % {"text": text})
            setattr(draft, name, text[: longest - 1].rsplit(" ", 1)[0] + "…")

"""What must be true before a text may go public, each with the sentence that says what to do."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles import html, red_flags
from articles.models import CareCard


@dataclass(frozen=True)
class Problem:
    """A reason not to publish: a stable code, the field it is about, and what to do."""

    code: str
    field: str
    message: str


def problems(text, *, kind):
    """Return what keeps this revision or working copy from being published, signature aside."""
    found = [*_structure(text)]
    if kind == "health":
        found += [*_health(text)]
    return found


def _structure(text):
    if not html.plain_text(text.body).strip():
        yield Problem("empty", "body", _("Write the text."))
    for problem in html.heading_problems(text.body):
        yield Problem("headings", "body", problem)


def _health(text):
    if text.author is None:
        yield Problem("author", "author", _("Choose who wrote this."))
    if not text.summary:
        yield Problem("summary", "summary", _("Write the lead."))
    if not text.sources:
        yield Problem("sources", "sources", _("Name at least one source."))
    if text.main_topic is None:
        yield Problem("topic", "main_topic", _("Choose the main topic."))
    for card in missing_cards(text):
        message = _("Add the care card “%(card)s”: this text names signs it is about.") % {"card": card.name}
        yield Problem(f"card-{card.slug}", "body", message)


def missing_cards(text):
    """Return the cards whose signs the text names and which it does not show."""
    needed = red_flags.cards_for(html.plain_text(f"{text.title}\n{text.summary}\n{text.body}"))
    shown = CareCard.objects.of_text(text).values_list("slug", flat=True)
    return list(CareCard.objects.filter(slug__in=set(needed) - set(shown)).order_by("slug"))

"""What a health article owes its readers: an author, sources, and the safety words of its subject."""

import re

from django.utils.translation import gettext as _

from articles import red_flags
from articles.checks.draft import Finding, Level
from articles.models import CareCard

FEWEST_SOURCES = 2
STRONG = {"guideline", "review"}
STRONG_FOR_YEARS = 5
PAID_FOR = re.compile(
    r"\b(?:sponsor\w*|paid (?:for )?by|funded by|supported by a grant|affiliate link|discount code)\b|[®™]",
    re.IGNORECASE,
)


def check(draft):
    """Look at what only health articles need."""
    if not draft.is_health:
        return
    text = draft.text
    if text.author_id is None:
        yield Finding("author", Level.BLOCK, "author", _("Choose who wrote this."))
    if not text.summary:
        yield Finding("summary", Level.BLOCK, "summary", _("Write the lead."))
    yield from _sources(draft)
    if text.main_topic_id is None:
        yield Finding("topic", Level.BLOCK, "main_topic", _("Choose the main topic."))
    for card in _missing_cards(draft):
        message = _("Add the care card “%(card)s”: this text names signs it is about.") % {"card": card.name}
        yield Finding(f"card-{card.slug}", Level.BLOCK, "body", message)
    if not text.disclosure and (named := PAID_FOR.search(draft.words)):
        message = _("“%(words)s”: did someone pay? Then say so under “Who paid, or helped write”.")
        yield Finding("disclosure", Level.HINT, "disclosure", message % {"words": named[0]}, named[0])


def _missing_cards(draft):
    """Return the cards whose signs the text names and which it does not show."""
    needed = red_flags.cards_for("\n".join([draft.text.title, draft.text.summary, draft.words]))
    if not needed:
        return []
    shown = CareCard.objects.of_text(draft.text).values("pk")
    return CareCard.objects.filter(slug__in=needed).exclude(pk__in=shown).order_by("slug")


def _sources(draft):
    sources = draft.text.sources
    if not sources:
        yield Finding("sources", Level.BLOCK, "sources", _("Name at least one source."))
        return
    if len(sources) < FEWEST_SOURCES:
        yield Finding("sources-few", Level.WARN, "sources", _("Name a second source."))
    oldest = draft.today.year - STRONG_FOR_YEARS
    if not any(source.get("kind") in STRONG and _year(source) >= oldest for source in sources):
        message = _("No source is a guideline or review from %(year)d or later. Add one.")
        yield Finding("sources-old", Level.WARN, "sources", message % {"year": oldest})
    for source in sources:
        lacks = [
            label
            for name, label in (("publisher", _("publisher")), ("year", _("year")))
            if not source.get(name)
        ]
        if lacks:
            message = _("Complete the source “%(title)s”: %(lacks)s.")
            words = {"title": source["title"], "lacks": ", ".join(lacks)}
            yield Finding("source-incomplete", Level.HINT, "sources", message % words, source["title"])


def _year(source):
    """Return the year of a source, 0 for none; imports may have stored it as text."""
    year = str(source.get("year") or "")
    return int(year) if year.isdecimal() else 0

"""What the page of an article shows of one text, live or in preview."""

from django.urls import reverse
from django.utils.translation import gettext as _

from articles import related, rendering
from articles.check_labels import check_label
from articles.models.cards import Level


def context(article, text, cards, today):
    """Return the context of article_detail.html for a revision and the care cards it shows.

    `text` needs no row in the database, so that a working copy can be shown the same way.
    """
    inserted = set(text.inserted_cards)
    around = [card for card in cards if card.slug not in inserted]
    return {
        "article": article,
        "text": text,
        # News is dated by the day it came out; a health article by its check.
        "published_at": None if article.is_health else article.published_at,
        "parts": list(rendering.parts(text.html, cards)),
        "cards_before": [card for card in around if card.level == Level.EMERGENCY],
        "cards_after": [card for card in around if card.level != Level.EMERGENCY],
        "contents": rendering.contents(text.outline, has_sources=bool(text.sources)),
        "check": check_label(text, today) if article.is_health else None,
        "sources": _sources(text),
        "related": related.suggestions(article, text),
        "call_to_action": call_to_action(article, text),
    }


def call_to_action(article, text):
    """Return the heading, sentence, label and address that lead from a text to a request."""
    call = {
        "heading": text.call_to_action or _("Do you want to talk to a therapist?"),
        "text": _("Tell us what bothers you. We call you back to agree on a time."),
        "label": _("Ask for an appointment"),
    }
    query = {"article": article.slug}
    if text.author and text.author.can_be_asked_for:
        call["label"] = _("Ask for an appointment with %(name)s") % {"name": text.author.given_name}
        query["therapist"] = text.author.slug
    return {**call, "url": reverse("request_start", query=query)}


def _sources(text):
    """Return the sources, with only those addresses that are web pages: nothing cleans them as HTML is."""
    return [{**source, "url": _web_address(source.get("url") or "")} for source in text.sources]


def _web_address(url):
    return url if url.startswith(("https://", "http://")) else ""

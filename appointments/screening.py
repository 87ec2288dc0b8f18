"""The care cards a patient sees before the form: the same records that articles show."""

from articles.models import CareCard
from articles.models.cards import Level

# For patients who come from no article, or from one that has no card of this level.
GENERAL = {Level.EMERGENCY: "general-emergency", Level.URGENT: "general-urgent"}


def emergency_wording(article):
    """Return the CareCardVersion that a patient who comes from this article (or None) is asked about."""
    card = _cards(article).get(Level.EMERGENCY)
    return card and card.live


def informing_cards(article):
    """Return the cards that stand beside the question and divert nobody, graver ones first."""
    cards = _cards(article)
    return [cards[level] for level in (Level.URGENT, Level.ROUTINE) if level in cards]


def _cards(article):
    """Return one card of each level: the article's own first, else the general one."""
    shown = CareCard.objects.shown()
    own = shown.of_text(article.live) if article else ()
    general = shown.filter(slug__in=GENERAL.values())
    return {card.level: card for card in reversed([*own, *general])}

"""Signs that nobody real sent a request. Two points keep it apart as *maybe spam*, for staff to judge.

No sign looks at words, languages or names: whoever writes oddly is still a patient.
"""

import re
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

HONEYPOT = "honeypot"
TOO_FAST = "too_fast"
MANY_LINKS = "many_links"
MANY_FROM_ONE_PLACE = "many_from_one_place"

POINTS = {HONEYPOT: 2, TOO_FAST: 1, MANY_LINKS: 2, MANY_FROM_ONE_PLACE: 2}
LABELS = {
    HONEYPOT: _("A field that people can’t see was filled in"),
    TOO_FAST: _("The form was sent in under three seconds"),
    MANY_LINKS: _("The text holds three or more links"),
    MANY_FROM_ONE_PLACE: _("More than twenty requests came from one network within an hour"),
}

MAYBE_SPAM_AT = 2
FASTEST_SECONDS = 3
MOST_LINKS = 2
LINK = re.compile(r"https?://|(?<!/)\bwww\.", re.IGNORECASE)


def reasons(
    *,
    honeypot: str = "",
    seconds: float | None = None,
    texts: Iterable[str] = (),
    many_from_one_place: bool = False,
) -> list[str]:
    """Name what is suspicious: the honeypot's content, seconds on the form (None: unknown), typed texts."""
    signs = {
        HONEYPOT: bool(honeypot),
        TOO_FAST: seconds is not None and seconds < FASTEST_SECONDS,
        MANY_LINKS: sum(len(LINK.findall(text)) for text in texts) > MOST_LINKS,
        MANY_FROM_ONE_PLACE: many_from_one_place,
    }
    return [reason for reason, is_seen in signs.items() if is_seen]


def points(found: Iterable[str]) -> int:
    """Add up the points of the reasons found."""
    return sum(POINTS[reason] for reason in found)


def is_maybe_spam(found: Iterable[str]) -> bool:
    """Tell whether the reasons found are enough to keep a request apart."""
    return points(found) >= MAYBE_SPAM_AT

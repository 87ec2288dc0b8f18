"""Show a clinician what is new since the last text that one of them read and signed."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles import comparison, html, signing
from articles.comparison import Difference, Stretch
from articles.models import Revision, Signature

# Words kept on each side of a change.
CONTEXT = 15


@dataclass(frozen=True)
class Changes:
    """The last signature that was given after reading, and what differs since."""

    signature: Signature | None
    differences: list[Difference]


def since_last_check(text: Revision) -> Changes:
    """Return what a clinician has to read of this text."""
    signature = signing.last_read(text.article, before=text.number + 1)
    if signature is None:
        return Changes(None, [])
    old = signature.revision
    found = [
        Difference(difference.label, [*_shortened(difference.old)], [*_shortened(difference.new)])
        for difference in comparison.of(old, text)
    ]
    if not found and old.body != text.body:
        found.append(Difference(_("headings, lists or emphasis"), [], [Stretch(_("changed"), True)]))
    return Changes(signature, found)


def words_changed(old: Revision, new: Revision) -> int:
    """Count the words of title, lead and text that are new."""
    before, after = (f"{text.title}\n{text.summary}\n{html.plain_text(text.body)}" for text in (old, new))
    _old, stretches = comparison.side_by_side(before, after)
    return sum(len(stretch.words.split()) for stretch in stretches if stretch.is_changed)


def _shortened(stretches: list[Stretch]) -> Iterator[Stretch]:
    for position, stretch in enumerate(stretches, start=1):
        words = stretch.words.split(" ")
        if stretch.is_changed or len(words) <= 2 * CONTEXT:
            yield stretch
        else:
            head = words[:CONTEXT] if position > 1 else []
            tail = words[-CONTEXT:] if position < len(stretches) else []
            gap = ("\n" if head else "") + "…" + ("\n" if tail else "")
            yield Stretch(" ".join([*head, gap, *tail]), False)

"""Show a clinician what is new since the last text that one of them read and signed."""

from collections import Counter
from dataclasses import dataclass

from articles import comparison, html, signing
from articles.comparison import Difference
from articles.models import Revision, Signature


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
    return Changes(signature, comparison.of(signature.revision, text))


def words_changed(old: Revision, new: Revision) -> int:
    """Count the words of title, lead and text that are new; of what only moved, none."""
    before, after = (
        Counter(f"{text.title}\n{text.summary}\n{html.plain_text(text.body)}".split()) for text in (old, new)
    )
    return (after - before).total()

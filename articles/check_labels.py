"""What the page may say about the check of a text: exactly one of four sentences, and only what is true."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone


@dataclass(frozen=True)
class CheckLabel:
    """One of four truths: checked, overdue, before (public on the earlier site) or unchecked."""

    kind: str
    author: str = ""
    name: str = ""
    on: date | None = None
    next_on: date | None = None
    corrected_on: date | None = None


def check_label(text, today):
    """Return the label of a revision on this day; its author and signature are fetched already."""
    author = text.author.full_name if text.author else ""
    signature = text.signature
    if signature is None:
        return CheckLabel("before" if text.was_public_before else "unchecked", author=author)
    return CheckLabel(
        "overdue" if signature.is_overdue(today) else "checked",
        author=author,
        name=signature.signed_as,
        on=signature.signed_on,
        next_on=signature.due_on,
        corrected_on=timezone.localdate(text.created_at) if signature.carried_from_id else None,
    )

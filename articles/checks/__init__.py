"""What to look at before a text goes public: what keeps it in, what a reviewer should see, and hints.

A check is a function that yields findings about one draft; only some that concern health block.
"""

from itertools import chain

from django.utils import timezone

from articles.checks import contacts, health, links, pictures, structure, words
from articles.checks.draft import Draft, Finding, Level

__all__ = ["Finding", "Level", "problems", "report"]

CHECKS = (
    structure.check,
    health.check,
    pictures.check,
    contacts.check,
    links.check,
    words.check,
)


def report(text, *, kind, today=None):
    """Return all findings about a revision or working copy, gravest first."""
    draft = Draft(text, kind=kind, today=today or timezone.localdate())
    findings = chain.from_iterable(check(draft) for check in CHECKS)
    return sorted(findings, key=lambda finding: list(Level).index(finding.level))


def problems(text, *, kind):
    """Return what keeps a revision or working copy from being published, signature aside."""
    return [finding for finding in report(text, kind=kind) if finding.level == Level.BLOCK]

"""What the checks find in a text, in the order of a to-do list."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from articles import checks, html, reading

GROUPS = {
    checks.Level.BLOCK: _("Before it can be published"),
    checks.Level.WARN: _("Look at this"),
    checks.Level.HINT: _("Hints"),
}


@dataclass(frozen=True)
class Findings:
    """All findings of one text, its grade and its length in words."""

    checks: list
    grade: float
    words: int

    @property
    def blocking(self):
        return [check for check in self.checks if check.level == checks.Level.BLOCK]

    @property
    def groups(self):
        """Return (level, heading, findings) of each group that has any, gravest first."""
        groups = (
            (level, heading, [check for check in self.checks if check.level == level])
            for level, heading in GROUPS.items()
        )
        return [group for group in groups if group[2]]


def of(text, *, kind):
    """Check a revision or working copy."""
    plain = html.plain_text(text.body)
    return Findings(
        checks=list(checks.report(text, kind=kind)), grade=reading.grade(plain), words=len(plain.split())
    )

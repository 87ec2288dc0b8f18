"""One table of allowed moves per kind of record; buttons, actions, commands and tests read the same one."""

from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext_lazy as _


class Stale(Exception):
    """Someone else was faster, or the step is not allowed from where the record now stands."""

    message = _("Someone else changed this. Look at it again, then decide.")


@dataclass(frozen=True)
class Move:
    """A step from any of `sources` to `target` (None: the state stays).

    `label` stands on its button, `done` in the history.
    """

    label: str
    done: str
    sources: frozenset
    target: str | None = None

    def is_allowed(self, status):
        return status in self.sources


def move(rows, step, **changes):
    """Make `step` on the one row of `rows` in a single conditional update, or raise Stale.

    `rows` is a QuerySet for one row, perhaps narrowed further ("owner is still empty"); `changes`
    are written with the new status, so two people at once cannot both win.
    """
    changes["status"] = step.target or F("status")
    if rows.filter(status__in=step.sources).update(**changes) != 1:
        raise Stale

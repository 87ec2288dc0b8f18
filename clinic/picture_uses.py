"""Where pictures of the library are seen, and how another one takes their place.

Each app registers its own places in its module `picture_uses`; the ground floor cannot know them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from clinic import audit, facts
from clinic.models import Clinic, Location
from clinic.moves import Stale


@dataclass(frozen=True)
class Use:
    """One thing that shows a picture, and what becomes of it when the picture is replaced."""

    kind: str
    label: str
    url: str
    # Who may change it.
    permission: str
    # What will happen to it, in words; `replace(new, by)` does that, and is missing where nothing happens.
    plan: str
    replace: Callable | None = None

    @property
    def view_permission(self):
        return self.permission.replace("change_", "view_")


@dataclass(frozen=True)
class Field:
    """A field of a record that readers see as it is, so that its picture changes at once."""

    model: type
    name: str

    @property
    def kind(self):
        return capfirst(self.model._meta.verbose_name)

    def uses_of(self, picture):
        """Yield a Use for each record that shows this picture."""
        opts = self.model._meta
        for record in self.model.objects.filter(**{self.name: picture}):
            yield Use(
                kind=self.kind,
                label=str(record),
                url=reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk]),
                permission=f"{opts.app_label}.change_{opts.model_name}",
                plan=_("changes at once"),
                replace=partial(self._replace, record.pk, picture),
            )

    def used_ids(self):
        """Return the ids of all pictures that a record shows."""
        return set(self.model.objects.exclude(**{self.name: None}).values_list(self.name, flat=True))

    def _replace(self, pk, old, new, by):
        rows = self.model.objects.filter(pk=pk, **{self.name: old})
        if not rows.update(**{self.name: new}):
            raise Stale


_places = []


def register(place):
    """Add something with a kind, uses_of(picture) and used_ids(), such as a Field."""
    _places.append(place)


register(Field(Clinic, "hero"))
register(Field(Clinic, "logo"))
register(Field(Location, "picture"))


def of(picture):
    """Return every Use of a picture, texts of the past included."""
    return [use for place in _places for use in place.uses_of(picture)]


def used_ids():
    """Return the ids of all pictures that are in use."""
    return set().union(*(place.used_ids() for place in _places))


def kinds():
    """Return for the id of each picture in use what shows it, in words: {3: ["Article", "Location"]}."""
    found = {}
    for place in _places:
        for pk in place.used_ids():
            found.setdefault(pk, []).append(place.kind)
    return found


def replace(old, new, *, by):
    """Show another picture wherever a picture is shown; return the uses that changed and those that stay.

    What `by` may not change stays, and so does what someone else has changed meanwhile.
    """
    changed, stayed = [], []
    with transaction.atomic():
        for use in of(old):
            (changed if _replaced(use, new, by) else stayed).append(use)
        audit.record(
            "picture.replaced", actor=by, subject=f"picture {old.pk} by {new.pk}", count=len(changed)
        )
    facts.publish()
    return changed, stayed


def _replaced(use, new, by):
    if use.replace is None or not by.has_perm(use.permission):
        return False
    try:
        with transaction.atomic():
            use.replace(new, by)
    except Stale:
        return False
    return True

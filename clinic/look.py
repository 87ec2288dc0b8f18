"""The clinic's own look: one hue for every page, and its logo or our mark.

What an address here answers depends on the address alone, so browsers keep it for good, and it
works while the database is down.
"""

import io
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from clinic import mark

TOUCH_ICON_SIDE = 180
# A browser's tab shows a small square; a logo wider than this would be a smudge in it.
SQUARE = 1.25

unchanging = cache_control(public=True, max_age=31_536_000, immutable=True)


class Hue:
    """A place on the circle of colors, in degrees, as part of an address."""

    regex = "[12]?[0-9]?[0-9]|3[0-5][0-9]"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return str(value)


@dataclass(frozen=True)
class Look:
    """What the head and the header of a page need."""

    hue: int
    logo: dict | None

    @property
    def sheet(self):
        """Return the address of the style sheet with the hue; tokens.css has the default one itself."""
        return "" if self.hue == mark.DEFAULT_HUE else reverse("look_sheet", args=[self.hue])

    @property
    def icon(self):
        """Return the address of the small picture in the browser's tab."""
        return self.logo["url"] if self._has_square_logo else reverse("look_icon", args=[self.hue])

    @property
    def touch_icon(self):
        """Return the address of the picture on a phone's home screen."""
        return self.logo["url"] if self._has_square_logo else reverse("look_touch_icon", args=[self.hue])

    @property
    def picture(self):
        """Return the address of the logo whatever its shape, or of our mark."""
        return self.logo["url"] if self.logo else self.touch_icon

    @property
    def _has_square_logo(self):
        if not self.logo:
            return False
        sides = sorted((self.logo["width"], self.logo["height"]))
        return sides[1] <= sides[0] * SQUARE


def of(stored):
    """Return the look told by stored facts; those of an earlier release tell none."""
    return Look(stored.get("hue", mark.DEFAULT_HUE), stored.get("logo"))


@require_safe
@unchanging
def sheet(request, hue):
    return HttpResponse(f":root {{ --hue: {hue}; }}\n", content_type="text/css; charset=utf-8")


@require_safe
@unchanging
def icon(request, hue):
    return HttpResponse(mark.svg(hue), content_type="image/svg+xml")


@require_safe
@unchanging
def touch_icon(request, hue):
    buffer = io.BytesIO()
    mark.draw(hue, TOUCH_ICON_SIDE).save(buffer, "PNG", optimize=True)
    return HttpResponse(buffer.getvalue(), content_type="image/png")

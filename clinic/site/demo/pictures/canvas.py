"""The brush of the drawn demo pictures: flat shapes with smooth edges, in the clinic's colors."""

import itertools
import math
from dataclasses import dataclass

from PIL import Image, ImageDraw

INK = "#003d39"
BRAND = "#00605a"
SEA = "#17827a"
FOAM = "#4a9a93"
MIST = "#93cec8"
MINT = "#d0efeb"
SAND = "#f6c890"
CREAM = "#fae5cb"
PINK = "#fae0dc"
PAPER = "#fdfaf4"
CORAL = "#d9572b"
BLUSH = "#eda58b"

# Drawing twice as large and shrinking is what makes Pillow's hard edges smooth.
OVERSAMPLE = 2


@dataclass(frozen=True)
class Frame:
    """A place to draw from: local x runs forward and local y down, in units of `unit` pixels."""

    origin: tuple
    unit: float = 1
    turn: float = 0
    facing: int = 1

    def __call__(self, x, y):
        """Return the picture's point for a local one."""
        angle = math.radians(self.turn)
        forward = x * math.cos(angle) - y * math.sin(angle)
        down = x * math.sin(angle) + y * math.cos(angle)
        return (
            self.origin[0] + self.facing * forward * self.unit,
            self.origin[1] + down * self.unit,
        )

    def all(self, *points):
        """Return the picture's points for local ones."""
        return [self(*point) for point in points]


def step(start, angle, length, facing=1):
    """Return the point `length` away: 0 degrees is down, 90 forward, 180 up."""
    radians = math.radians(angle)
    return (
        start[0] + facing * length * math.sin(radians),
        start[1] + length * math.cos(radians),
    )


def between(start, end, share):
    """Return the point that lies `share` of the way from start to end."""
    return tuple(a + (b - a) * share for a, b in zip(start, end, strict=True))


def blend(color, other, share):
    """Return the color that lies `share` of the way to the other one."""
    pairs = zip(_channels(color), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(color):
    return [int(color[place : place + 2], 16) for place in (1, 3, 5)]


def curve(points, *, closed=False, steps=14):
    """Return the points of a Catmull-Rom spline through the given ones (of any dimension)."""
    before, after = (points[-1:], points[:2]) if closed else (points[:1], points[-1:])
    padded = [*before, *points, *after]
    path = []
    for four in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        path += [_spline(four, share / steps) for share in range(steps)]
    return path if closed else [*path, tuple(points[-1])]


def _spline(four, t):
    weights = (
        -t + 2 * t**2 - t**3,
        2 - 5 * t**2 + 3 * t**3,
        t + 4 * t**2 - 3 * t**3,
        -(t**2) + t**3,
    )
    return tuple(
        sum(w * value for w, value in zip(weights, axis, strict=True)) / 2 for axis in zip(*four, strict=True)
    )


class Canvas:
    """A picture being drawn, measured in the pixels of the finished one."""

    def __init__(self, size, ground):
        self.size = size
        large = tuple(side * OVERSAMPLE for side in size)
        self._image = Image.new("RGB", large, ground)
        self._pen = ImageDraw.Draw(self._image, "RGBA")

    def finished(self):
        """Return the picture at its own size, with smooth edges."""
        return self._image.resize(self.size, Image.Resampling.LANCZOS)

    def disc(self, center, radius, fill):
        """Draw a filled circle."""
        (x, y), r = center, radius
        self._pen.ellipse(_large([(x - r, y - r), (x + r, y + r)]), fill=fill)

    def polygon(self, points, fill):
        """Draw a filled shape with straight sides."""
        self._pen.polygon(_large(points), fill=fill)

    def blob(self, points, fill):
        """Draw a filled shape whose outline runs smoothly through the points."""
        self.polygon(curve(points, closed=True), fill)

    def box(self, left_top, right_bottom, fill, radius=0):
        """Draw an upright rectangle, rounded if asked."""
        corners = _large([left_top, right_bottom])
        self._pen.rounded_rectangle(corners, radius * OVERSAMPLE, fill=fill)

    def limb(self, points, radii, fill, *, flat_end=False):
        """Draw a chain of tapering, rounded segments; a flat end is cut straight, like a hem."""
        beads = [(*point, radius) for point, radius in zip(points, radii, strict=True)]
        for bead in beads[: -1 if flat_end else None]:
            self.disc(bead[:2], bead[2], fill)
        for first, second in itertools.pairwise(beads):
            self.polygon(_sides(first, second), fill)

    def bend(self, points, radii, fill, *, flat_end=False):
        """Draw one tapering shape along a gentle curve through the points."""
        path = curve([(*point, radius) for point, radius in zip(points, radii, strict=True)])
        edges = [_across(first, second, first) for first, second in itertools.pairwise(path)]
        edges.append(_across(path[-2], path[-1], path[-1]))
        self.polygon([left for left, _ in edges] + [right for _, right in reversed(edges)], fill)
        for bead in path[:1] if flat_end else (path[0], path[-1]):
            self.disc(bead[:2], bead[2], fill)

    def line(self, points, width, fill):
        """Draw a line of even width with round ends and corners."""
        self.limb(points, [width / 2] * len(points), fill)

    def stroke(self, points, width, fill):
        """Draw a smooth line of even width through the points."""
        self.line(curve(points), width, fill)

    def arc(self, center, radius, span, width, fill, *, squash=1):
        """Draw part of a circle, or of an ellipse `squash` times as high, from 0 (down) on."""
        start, stop = span
        angles = [start + (stop - start) * share / 40 for share in range(41)]
        points = [step((0, 0), angle, radius) for angle in angles]
        self.line([(center[0] + x, center[1] + y * squash) for x, y in points], width, fill)

    def dot(self, center, radius=30):
        """Mark where it hurts: the one coral dot of a picture, in a soft ring."""
        self.disc(center, radius * 1.75, CORAL + "4d")
        self.disc(center, radius, CORAL)


def _large(points):
    return [(x * OVERSAMPLE, y * OVERSAMPLE) for x, y in points]


def _across(start, end, bead):
    """Return the two edge points of a ribbon at a bead (x, y, radius), square to start and end."""
    distance = math.hypot(end[0] - start[0], end[1] - start[1])
    x, y = (start[1] - end[1]) / distance * bead[2], (end[0] - start[0]) / distance * bead[2]
    return (bead[0] + x, bead[1] + y), (bead[0] - x, bead[1] - y)


def _sides(first, second):
    """Return the quadrilateral between the outer tangents of two circles (x, y, radius)."""
    (x1, y1, r1), (x2, y2, r2) = first, second
    distance = math.hypot(x2 - x1, y2 - y1) or 1
    ahead = math.atan2(y2 - y1, x2 - x1)
    spread = math.acos(max(-1, min(1, (r1 - r2) / distance)))
    left, right = ahead + spread, ahead - spread
    return [
        (x1 + r1 * math.cos(left), y1 + r1 * math.sin(left)),
        (x2 + r2 * math.cos(left), y2 + r2 * math.sin(left)),
        (x2 + r2 * math.cos(right), y2 + r2 * math.sin(right)),
        (x1 + r1 * math.cos(right), y1 + r1 * math.sin(right)),
    ]

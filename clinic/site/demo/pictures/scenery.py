"""What stands around the drawn people: sun, hills, floors, furniture and plants."""

import math

from .canvas import (
    BRAND,
    CORAL,
    FOAM,
    INK,
    MIST,
    PAPER,
    SAND,
    SEA,
    Canvas,
    Frame,
    between,
    blend,
    curve,
    step,
)

WIDE = (1600, 1000)
FLOOR = 890
BRICK = "#b9573a"


def stage(ground, *, sun=None, sun_color=SAND, size=WIDE):
    """Return a canvas with a sun disc given as (x, y, radius)."""
    canvas = Canvas(size, ground)
    if sun:
        canvas.disc(sun[:2], sun[2], sun_color)
    return canvas


def land(canvas, ridge, fill):
    """Fill everything under a smooth ridge that runs from edge to edge."""
    width, height = canvas.size
    canvas.polygon([*curve(ridge), (width, height), (0, height)], fill)


def floor(canvas, fill, top=FLOOR):
    """Draw a level floor down to the lower edge."""
    canvas.box((0, top), canvas.size, fill)


def movement(canvas, center, radius, span, fill=SEA, width=14):
    """Draw the path of a movement as a dashed arc with an arrow head at its end."""
    start, stop = span
    count = max(2, round(abs(stop - start) * radius / 57 / (width * 4)))
    size = (stop - start) / (count - 0.5)
    for dash in range(count):
        first = start + dash * size
        canvas.arc(center, radius, (first, first + size * 0.5), width, fill)
    tip = step(center, stop, radius)
    back = stop - 0.45 * size
    wings = [step(center, back, radius + side * width * 1.9) for side in (-1, 1)]
    for wing in wings:
        canvas.line([wing, tip], width, fill)


def weather(canvas, clouds, birds=()):
    """Draw clouds of two lines, given as (x, y), and small birds."""
    for x, y in clouds:
        canvas.line([(x, y), (x + 190, y)], 34, PAPER)
        canvas.line([(x + 70, y + 50), (x + 250, y + 50)], 34, PAPER)
    for x, y in birds:
        for side in (-1, 1):
            wing = [(x, y), (x + side * 16, y - 17), (x + side * 42, y - 12)]
            canvas.stroke(wing, 9, INK)


def poplars(canvas, feet, fill):
    """Draw slim trees far away, each given as (x, y, height)."""
    for x, y, height in feet:
        canvas.line([(x, y), (x, y - height)], 42, fill)


def chair(canvas, seat, unit, fill=FOAM, *, facing=1):
    """Draw a plain chair; `seat` is the middle of its upper edge."""
    at = Frame(seat, unit, facing=facing)
    leg = (FLOOR - seat[1]) / unit - 0.07
    for x in (-0.55, 0.62):
        canvas.line(at.all((x, 0.1), (x * 1.12, leg)), 0.14 * unit, fill)
    canvas.line(at.all((-0.62, 0.12), (0.68, 0.12)), 0.24 * unit, fill)
    canvas.bend(at.all((-0.6, 0.1), (-0.7, -0.8), (-0.86, -1.7)), [0.1 * unit] * 3, fill)


def plant(canvas, foot, unit, pot=CORAL, leaf=SEA):
    """Draw a potted plant that stands on `foot`."""
    at = Frame(foot, unit)
    for turn, length in ((-38, 1.5), (34, 1.6), (-14, 2.1), (12, 1.9), (-62, 1.0), (60, 1.05)):
        frond(canvas, at(0, -0.7), turn, length * unit, leaf)
    canvas.polygon(at.all((-0.46, -0.85), (0.46, -0.85), (0.34, 0), (-0.34, 0)), pot)


def frond(canvas, root, turn, length, fill):
    """Draw one pointed leaf that leans `turn` degrees from upright."""
    middle = step(root, 180 - turn, length * 0.6)
    tip = step(root, 180 - turn * 1.25, length)
    canvas.bend([root, middle, tip], [length * 0.03, length * 0.11, length * 0.015], fill)


def tree(canvas, foot, unit, crown=FOAM, trunk=INK):
    """Draw a round tree that stands on `foot`."""
    at = Frame(foot, unit)
    for x, y, radius in ((0, -3, 1), (-0.62, -2.5, 0.72), (0.62, -2.45, 0.72)):
        canvas.disc(at(x, y), radius * unit, crown)
    canvas.limb(at.all((0, 0), (0, -2.9)), [0.16 * unit, 0.06 * unit], trunk)
    canvas.line(at.all((0, -1.9), (0.42, -2.5)), 0.1 * unit, trunk)


def window(canvas, left_top, right_bottom, frame=PAPER, glass=MIST):
    """Draw a window with one upright bar."""
    (x1, y1), (x2, y2) = left_top, right_bottom
    canvas.box(left_top, right_bottom, frame, 10)
    middle = (x1 + x2) / 2
    for left, right in ((x1 + 14, middle - 6), (middle + 6, x2 - 14)):
        canvas.box((left, y1 + 14), (right, y2 - 14), glass, 4)


def wall_bars(canvas, left_top, right_bottom):
    """Draw a gym's wall bars."""
    (x1, y1), (x2, y2) = left_top, right_bottom
    for number in range(9):
        y = y1 + 40 + number * (y2 - y1 - 90) / 8
        canvas.line([(x1, y), (x2, y)], 18, blend(SAND, BRICK, 0.35))
    for x in (x1, x2):
        canvas.box((x - 16, y1), (x + 16, y2), BRAND, 8)


def vertebrae(canvas, at, fill, *, sway=0.03, widths=(0.2, 0.42)):
    """Draw a spine down the frame's y from 0 to 1: bars that grow and follow a slight S."""
    for number in range(9):
        share = number / 8
        turn = math.tau * share
        half = (widths[0] + (widths[1] - widths[0]) * share) / 2
        bar = Frame(at(sway * math.sin(turn), share), at.unit, -sway * 360 * math.cos(turn))
        canvas.line(bar.all((-half, 0), (half, 0)), 0.062 * at.unit, fill)


def crutch(canvas, hand, foot, unit, fill=BRAND):
    """Draw a forearm crutch held in a hand."""
    top = between(foot, hand, 1.3)
    canvas.line([foot, top], 0.11 * unit, fill)
    canvas.line([foot, between(foot, hand, 0.05)], 0.17 * unit, INK)
    canvas.line([step(hand, -90, 0.05 * unit), step(hand, 90, 0.22 * unit)], 0.14 * unit, INK)

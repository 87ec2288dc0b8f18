"""Portraits of the demo clinic's therapists: warm, flat heads and shoulders, each in a place of their own."""

from .canvas import (
    BLUSH,
    BRAND,
    CORAL,
    CREAM,
    FOAM,
    INK,
    MINT,
    MIST,
    PAPER,
    PINK,
    SAND,
    SEA,
    Canvas,
    blend,
)
from .figures import FrontFigure, draw_arm
from .heads import BLACK, BLOND, BROWN, DEEP, FAIR, SILVER, TAN, UMBER, Look
from .scenery import frond, land, plant, wall_bars, window

SQUARE = (800, 800)
UNIT = 330


def sit(canvas, look, middle=400, *, collar=PAPER, tilt=0, nod=0, glance=0.0):
    """Draw a person who looks at the reader, and return the frame of the head."""
    figure = FrontFigure((middle, 1304), UNIT, arms=((8, 4), (8, 4)), tilt=tilt, nod=nod)
    figure.draw_bust(canvas, look, glance=glance)
    for arm in figure.arms:
        draw_arm(canvas, arm, UNIT, look)
    tunic(canvas, figure.trunk, look, collar)
    return figure.head


def tunic(canvas, trunk, look, collar):
    """Draw the V of a tunic's collar, and a name badge."""
    canvas.polygon(trunk.all((-0.19, -2.12), (0.19, -2.12), (0, -1.78)), look.shade)
    for side in (-1, 1):
        canvas.line(trunk.all((side * 0.23, -2.1), (0, -1.76)), 0.075 * UNIT, collar)
    canvas.line(trunk.all((0.22, -1.68), (0.4, -1.68)), 0.11 * UNIT, collar)


def portrait_mara_lindqvist():
    """A fair woman with blond hair tied up, before a window."""
    canvas = Canvas(SQUARE, MINT)
    window(canvas, (400, 60), (830, 560), PAPER, MIST)
    plant(canvas, (118, 700), 190, SAND, FOAM)
    look = Look(skin=FAIR, hair=BLOND, cut="bun", shirt=BRAND)
    sit(canvas, look, 420, tilt=-2, nod=-2, glance=-0.03)
    return canvas.finished()


def portrait_theo_okafor():
    """A dark-skinned man with cropped hair, beard and glasses, before hills."""
    canvas = Canvas(SQUARE, CREAM)
    canvas.disc((560, 330), 270, SAND)
    land(canvas, [(0, 560), (250, 470), (520, 590), (800, 500)], BLUSH)
    look = Look(skin=DEEP, hair=BLACK, beard=True, shirt=PAPER)
    head = sit(canvas, look, 385, collar=INK, tilt=2, nod=1, glance=0.04)
    for side in (-1, 1):
        canvas.arc(head(side * 0.165 + 0.04, 0), 0.115 * UNIT, (0, 360), 9, SAND)
    canvas.line(head.all((-0.01, -0.02), (0.09, -0.02)), 9, SAND)
    return canvas.finished()


def portrait_ines_calder():
    """A brown-skinned woman with dark curls and earrings, among leaves."""
    canvas = Canvas(SQUARE, PINK)
    canvas.disc((400, 400), 330, "#f7cdbd")
    for root, turns in (((60, 820), (-20, 6, 30)), ((740, 820), (20, -6, -30))):
        for turn in turns:
            frond(canvas, root, turn, 560, FOAM)
    look = Look(skin=BROWN, hair=UMBER, cut="curls", shirt=CORAL)
    head = sit(canvas, look, collar=CREAM, nod=3)
    for side in (-1, 1):
        canvas.disc(head(side * 0.41, 0.2), 0.05 * UNIT, SAND)
    return canvas.finished()


def portrait_samir_haddad():
    """A tan man with silver hair and beard, before a shelf of books."""
    canvas = Canvas(SQUARE, CREAM)
    for top in (250, 540):
        canvas.box((-20, top), (820, top + 26), SAND)
        books(canvas, top)
    look = Look(skin=TAN, hair=SILVER, beard=True, shirt=SEA)
    sit(canvas, look, 410, collar=MINT, tilt=-2, nod=3, glance=-0.04)
    return canvas.finished()


def books(canvas, shelf):
    """Draw a row of books, always the same ones, on a shelf."""
    colors = [blend(color, CREAM, 0.55) for color in (CORAL, FOAM, SAND, SEA, BLUSH, MIST)]
    for number in range(14):
        width, height = 34 + number * 7 % 3 * 10, 150 + number * 5 % 4 * 16
        left = 20 + number * 56 + shelf % 3 * 12
        canvas.box((left, shelf - height), (left + width, shelf), colors[(number + shelf) % 6], 5)


def portrait_june_park():
    """A light-skinned woman with a black bob, before the wall bars of the gym."""
    canvas = Canvas(SQUARE, MIST)
    wall_bars(canvas, (90, -60), (620, 900))
    look = Look(skin="#efc39c", hair=BLACK, cut="bob", shirt=PAPER)
    sit(canvas, look, 390, collar=CORAL, tilt=2, nod=-4, glance=0.03)
    return canvas.finished()

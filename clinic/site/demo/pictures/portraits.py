"""Portraits of the demo clinic's therapists: warm, flat heads and shoulders."""

from .canvas import BLUSH, BRAND, CORAL, CREAM, FOAM, INK, MINT, MIST, PAPER, PINK, SAND, SEA, Canvas
from .figures import FrontFigure, draw_arm
from .heads import BLACK, BLOND, BROWN, DEEP, FAIR, SILVER, TAN, UMBER, Look

SQUARE = (800, 800)
UNIT = 312


def sit(look, ground, disc, *, collar=PAPER, tilt=0):
    """Return a canvas and the figure of a person who looks at the reader."""
    canvas = Canvas(SQUARE, ground)
    canvas.disc((400, 420), 330, disc)
    figure = FrontFigure((400, 1260), UNIT, arms=((8, 4), (8, 4)), tilt=tilt)
    figure.draw_bust(canvas, look)
    for arm in figure.arms:
        draw_arm(canvas, arm, UNIT, look)
    neckline(canvas, figure.trunk, look, collar)
    return canvas, figure.head


def neckline(canvas, trunk, look, collar):
    """Draw the V of a tunic's collar."""
    canvas.polygon(trunk.all((-0.2, -2.2), (0.2, -2.2), (0, -1.78)), look.shade)
    for side in (-1, 1):
        canvas.line(trunk.all((side * 0.22, -2.14), (0, -1.76)), 0.075 * UNIT, collar)


def portrait_mara_lindqvist():
    """A fair woman with blond hair tied up."""
    look = Look(skin=FAIR, hair=BLOND, cut="bun", shirt=BRAND)
    canvas, _ = sit(look, MINT, MIST)
    return canvas.finished()


def portrait_theo_okafor():
    """A dark-skinned man with cropped hair, beard and glasses."""
    look = Look(skin=DEEP, hair=BLACK, beard=True, shirt=SAND)
    canvas, head = sit(look, CREAM, "#f3d3a6", collar=INK)
    for side in (-1, 1):
        canvas.arc(head(side * 0.165, 0), 0.115 * UNIT, (0, 360), 9, PAPER)
    canvas.line(head.all((-0.05, -0.02), (0.05, -0.02)), 9, PAPER)
    return canvas.finished()


def portrait_ines_calder():
    """A brown-skinned woman with dark curls and earrings."""
    look = Look(skin=BROWN, hair=UMBER, cut="curls", shirt=CORAL)
    canvas, head = sit(look, PINK, BLUSH, collar=CREAM)
    for side in (-1, 1):
        canvas.disc(head(side * 0.41, 0.2), 0.05 * UNIT, SAND)
    return canvas.finished()


def portrait_samir_haddad():
    """A tan man with silver hair and beard."""
    look = Look(skin=TAN, hair=SILVER, beard=True, shirt=SEA)
    canvas, _ = sit(look, CREAM, SAND, collar=MINT)
    return canvas.finished()


def portrait_june_park():
    """A light-skinned woman with a black bob."""
    look = Look(skin="#efc39c", hair=BLACK, cut="bob", shirt=PAPER)
    canvas, _ = sit(look, MIST, FOAM, collar=CORAL)
    return canvas.finished()

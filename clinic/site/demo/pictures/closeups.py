"""Pictures of articles that show one part of the body from near by."""

from .canvas import (
    BRAND,
    CORAL,
    CREAM,
    FOAM,
    INK,
    MINT,
    MIST,
    PAPER,
    PINK,
    SEA,
    Frame,
    blend,
)
from .figures import FrontFigure, draw_arm
from .heads import AUBURN, BLACK, BROWN, DEEP, TAN, Look, draw_profile
from .scenery import floor, stage, vertebrae

FOOT = [
    (-0.1, -0.62), (-0.23, -0.34), (-0.25, -0.06), (-0.36, 0.18), (-0.38, 0.4), (-0.2, 0.52), (0.12, 0.5),
    (0.42, 0.42), (0.72, 0.5), (1.05, 0.52), (1.24, 0.48), (1.26, 0.36), (1.08, 0.26),
    (0.8, 0.14), (0.48, -0.1), (0.25, -0.36), (0.1, -0.62),
]  # fmt: skip

BANDAGE = [
    (-0.3, -0.74), (0.29, -0.74), (0.25, -0.4), (0.4, -0.14), (0.62, 0.04), (0.2, 0.44),
    (-0.06, 0.16), (-0.24, 0.02), (-0.25, -0.4),
]  # fmt: skip
BANDAGE_EDGES = [
    ((-0.25, -0.6), (0.25, -0.42)),
    ((-0.23, -0.36), (0.32, -0.16)),
    ((-0.16, -0.06), (0.48, 0.04)),
]


def draw_foot(canvas, ankle, look):
    """Draw a bare foot from the side; the frame sits in the ankle, a foot being 1.6 long."""
    canvas.blob(ankle.all(*FOOT), look.skin)
    toe = ankle.all((1.02, 0.36), (1.08, 0.42), (1.04, 0.5))
    canvas.stroke(toe, 0.03 * ankle.unit, look.shade)
    canvas.line(ankle.all((1.12, 0.335), (1.19, 0.37)), 0.045 * ankle.unit, blend(look.skin, PAPER, 0.6))


def back_curve():
    """A back seen from behind with its spine; the dot marks the low back."""
    canvas = stage(MINT, sun=(800, 520, 400))
    unit = 218
    look = Look(skin=TAN, hair=AUBURN, cut="bun", shirt=BRAND, trousers=INK)
    figure = FrontFigure((800, 908), unit, arms=((10, 5), (33, -50)))
    figure.draw(canvas, look, behind=True)
    vertebrae(canvas, Frame(figure.trunk(0, -1.99), 1.94 * unit), MINT, widths=(0.1, 0.21))
    draw_arm(canvas, figure.arms[1], unit, look)
    canvas.dot(figure.trunk(-0.05, -0.53), 42)
    return canvas.finished()


def needle():
    """A thin needle in a calf, with ripples around its tip."""
    canvas = stage(PINK, sun=(900, 400, 300), sun_color="#f7cdbd")
    look = Look(skin=BROWN)
    canvas.box((-60, 720), (1180, 800), BRAND, 40)
    canvas.box((180, 790), (250, 1000), INK)
    canvas.box((900, 790), (970, 1000), INK)
    calf = [(-60, 560), (330, 585), (520, 618), (800, 590), (1060, 640), (1260, 650)]
    canvas.bend(calf, [175, 150, 108, 130, 78, 62], look.skin)
    draw_foot(canvas, Frame((1280, 652), 215, 96, -1), look)
    canvas.bend([*calf[:2], (440, 600)], [182, 158, 132], SEA, flat_end=True)
    tip = (800, 590)
    for radius, strength in ((112, 0.22), (80, 0.4)):
        canvas.arc(tip, radius, (0, 360), 9, blend(look.skin, PAPER, strength))
    canvas.line([tip, (910, 300)], 9, INK)
    canvas.line([(893, 345), (943, 213)], 20, SEA)
    canvas.disc((947, 202), 16, INK)
    canvas.dot(tip, 34)
    return canvas.finished()


def heel():
    """A bare foot on the floor; the dot marks the heel."""
    canvas = stage(CREAM, sun=(760, 420, 330))
    floor(canvas, MIST, 800)
    look = Look(skin=TAN)
    unit = 370
    foot = Frame((690, 618), unit)
    canvas.limb(foot.all((-0.06, -1.9), (0, -0.2)), [0.37 * unit, 0.24 * unit], look.skin)
    draw_foot(canvas, foot, look)
    canvas.limb(foot.all((-0.05, -2), (-0.05, -0.8)), [0.47 * unit, 0.4 * unit], BRAND, flat_end=True)
    canvas.arc(foot(0.03, -0.12), 0.1 * unit, (-60, 130), 13, look.shade)
    canvas.stroke(foot.all((-0.14, 0.4), (0.4, 0.33), (0.9, 0.41)), 16, blend(look.skin, CORAL, 0.5))
    canvas.dot(foot(-0.17, 0.36), 42)
    return canvas.finished()


def ankle():
    """A leg rests on cushions; the dot marks the bandaged ankle."""
    canvas = stage(MINT, sun=(1000, 410, 320))
    floor(canvas, MIST, 840)
    look = Look(skin=DEEP)
    canvas.box((600, 764), (1310, 864), FOAM, 50)
    canvas.box((650, 660), (1270, 774), PAPER, 57)
    foot = Frame((1110, 590), 285, -82)
    leg = [(-60, 655), (420, 606), *foot.all((0.02, -1.2), (0, -0.25))]
    canvas.bend(leg, [160, 122, 104, 66], look.skin)
    draw_foot(canvas, foot, look)
    canvas.bend([leg[0], leg[1], (560, 608)], [172, 134, 126], BRAND, flat_end=True)
    bandage(canvas, foot)
    canvas.dot(foot(0.02, -0.02), 40)
    return canvas.finished()


def bandage(canvas, foot):
    """Wrap an ankle; the frame sits in it."""
    canvas.blob(foot.all(*BANDAGE), PAPER)
    for start, end in BANDAGE_EDGES:
        canvas.line(foot.all(start, end), 7, MIST)


def head_turn():
    """A head in profile inside a turning ring; the dot marks the inner ear."""
    canvas = stage(PINK, sun=(800, 470, 370), sun_color="#f7cdbd")
    look = Look(skin=TAN, hair=BLACK, shirt=BRAND)
    head = Frame((800, 480), 420, -6)
    center, radius = head(0, -0.4), 0.82 * 420
    canvas.arc(center, radius, (98, 262), 22, FOAM, squash=0.26)
    canvas.bend([(745, 790), (725, 900), (720, 1080)], [110, 260, 340], look.shirt)
    canvas.limb([(752, 772), head(-0.1, 0.2)], [86, 78], look.shade)
    draw_profile(canvas, head, look)
    canvas.arc(center, radius, (-82, 72), 22, SEA, squash=0.26)
    x, y = center[0] + radius * 0.96, center[1] + radius * 0.07
    canvas.line([(x - 62, y - 22), (x, y), (x - 26, y + 58)], 22, SEA)
    canvas.dot(head(-0.07, 0.06), 40)
    return canvas.finished()

"""Pictures that show whole people: most articles' and the home page's."""

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
    Frame,
    between,
    blend,
    step,
)
from .figures import SOLE, FrontFigure, SideFigure, draw_arm, hip_over
from .heads import AUBURN, BLACK, BLOND, BROWN, DEEP, FAIR, SILVER, TAN, Look
from .scenery import (
    FLOOR,
    chair,
    crutch,
    floor,
    land,
    movement,
    plant,
    stage,
    vertebrae,
    window,
)


def stairs_knee():
    """A person climbs stairs; the dot marks the front of the knee."""
    canvas = stage(CREAM, sun=(900, 370, 290))
    unit = 100
    figure = SideFigure(
        (760, 500), unit, arms=((50, 66), (34, 60)), legs=((66, -4), (2, -33, 24)), lean=9, nod=-3
    )
    foot, hand = figure.near_leg.foot, figure.near_arm.hand
    canvas.line([(hand[0] - 760, hand[1] + 311), (hand[0] + 880, hand[1] - 350)], 20, SEA)
    for number in range(-4, 5):
        left, top = foot(-0.62, SOLE + 0.04)
        left, top = left + number * 186, top - number * 75
        if number % 2:
            canvas.line([(left + 93, top), (left + 93, top - 330)], 12, SEA)
        canvas.box((left, top), (left + 1600, top + 900), FOAM)
        canvas.box((left - 12, top), (left + 186, top + 20), BRAND, 8)
    figure.draw(canvas, Look(skin=BROWN, hair=BLACK, shirt=PAPER, trousers=INK, shoes=CORAL))
    canvas.dot(step(figure.near_leg.knee, 100, 8))
    return canvas.finished()


def walking():
    """Two people walk side by side."""
    canvas = stage(MINT, sun=(1040, 390, 250))
    land(canvas, [(0, 640), (400, 560), (900, 690), (1300, 600), (1600, 660)], MIST)
    land(canvas, [(0, 780), (500, 800), (1000, 770), (1600, 800)], FOAM)
    land(canvas, [(0, 860), (800, 840), (1600, 870)], SAND)
    stride = {"arms": ((-24, 4), (28, 52)), "legs": ((24, 6, -12), (-20, -34, 26)), "lean": 4}
    back = SideFigure(hip_over(930, 878, 98, 24, 6), 98, **stride)
    back.draw(canvas, Look(skin=FAIR, hair=SILVER, cut="bun", shirt=PAPER, trousers=SEA))
    stride = {"arms": ((28, 52), (-26, 4)), "legs": ((-18, -32, 26), (25, 7, -12)), "lean": 4}
    front = SideFigure(hip_over(700, 900, 104, 25, 7), 104, **stride)
    front.draw(canvas, Look(skin=DEEP, hair=BLACK, shirt=CORAL, trousers=INK, shoes=PAPER))
    return canvas.finished()


def desk_neck():
    """A person sits at a desk; the dot marks the neck."""
    canvas = stage(PINK, sun=(660, 400, 290), sun_color="#f7cdbd")
    floor(canvas, BLUSH)
    window(canvas, (1060, 130), (1330, 400), PAPER, MINT)
    unit = 122
    chair(canvas, (600, 668), unit, FOAM)
    figure = SideFigure(
        (600, 618), unit, arms=((34, 80), (42, 84)), legs=((90, 2), (91, -16)), lean=9, nod=14
    )
    figure.draw(canvas, Look(skin=TAN, hair=AUBURN, shirt=BRAND, trousers=INK))
    canvas.line([(800, 584), (1260, 584)], 28, INK)
    canvas.line([(1215, 590), (1215, FLOOR - 12)], 24, INK)
    canvas.line([(880, 562), (1030, 562), (1082, 410)], 18, SEA)
    canvas.box((1150, 520), (1200, 571), CORAL, 10)
    movement(canvas, figure.head(0, 0.1), 1.12 * unit, (128, 232), SEA)
    canvas.dot(figure.head(-0.3, 0.52))
    return canvas.finished()


def shoulder_arc():
    """A person lifts one arm sideways; the dot marks the shoulder."""
    canvas = stage(CREAM, sun=(800, 460, 330))
    floor(canvas, SAND)
    unit = 102
    figure = FrontFigure((800, FLOOR - 3.59 * unit), unit, arms=((9, 4), (112, 116)))
    shoulder = figure.arms[1].shoulder
    movement(canvas, shoulder, 2.75 * unit, (20, 104), BRAND)
    figure.draw(canvas, Look(skin=DEEP, hair=BLACK, cut="curls", shirt=SEA, shoes=CORAL))
    canvas.dot(shoulder)
    return canvas.finished()


def shoulder_lift():
    """A person reaches up to a shelf; the dot marks the shoulder."""
    canvas = stage(MINT, sun=(790, 450, 310), sun_color=PAPER)
    floor(canvas, MIST)
    unit = 99
    figure = SideFigure(
        hip_over(730, FLOOR, unit, 4, 0), unit,
        arms=((118, 130), (-8, 10)), legs=((4, 0), (-12, -10, 8)), lean=2, nod=-12,
    )  # fmt: skip
    x, y = figure.near_arm.hand
    canvas.line([(x - 30, y + 56), (1300, y + 56)], 24, INK)
    for left, width, height, color in ((140, 80, 130, SAND), (240, 64, 86, FOAM), (324, 70, 112, PAPER)):
        canvas.box((x + left, y + 46 - height), (x + left + width, y + 46), color, 14)
    canvas.box((x - 2, y - 50), (x + 66, y + 46), SEA, 14)
    figure.draw(canvas, Look(skin=FAIR, hair=BLOND, cut="bob", shirt=BRAND, trousers=INK))
    canvas.dot(figure.shoulder)
    return canvas.finished()


def knee_bend():
    """A seated person straightens one leg; the dot marks the knee."""
    canvas = stage(PINK, sun=(760, 430, 300), sun_color=PAPER)
    floor(canvas, "#f3c7bd")
    unit = 122
    chair(canvas, (640, 668), unit, SEA)
    figure = SideFigure((645, 618), unit, arms=((-14, 20), (-10, 24)), legs=((93, 76, -18), (88, 2)), lean=-6)
    knee = figure.near_leg.knee
    movement(canvas, knee, 2.3 * unit, (28, 62), BRAND)
    figure.draw(canvas, Look(skin=BROWN, hair=SILVER, shirt=CORAL, trousers=INK, shoes=FOAM))
    canvas.dot(step(knee, 180, 8))
    return canvas.finished()


def new_hip():
    """A person walks with two crutches; the dot marks the hip."""
    canvas = stage(CREAM, sun=(820, 420, 310))
    floor(canvas, SAND)
    unit = 102
    figure = SideFigure(
        hip_over(800, FLOOR, unit, 14, 2), unit,
        arms=((12, 46), (28, 58)), legs=((14, 2), (-14, -28, 22)), lean=7,
    )  # fmt: skip
    far, near = figure.far_arm.hand, figure.near_arm.hand
    crutch(canvas, far, (far[0] + 105, FLOOR - 10), unit, FOAM)
    figure.draw(canvas, Look(skin=FAIR, hair=SILVER, cut="bun", shirt=SEA, trousers=INK))
    crutch(canvas, near, (near[0] + 90, FLOOR + 6), unit, BRAND)
    canvas.disc(near, 0.14 * unit, FAIR)
    canvas.dot(step(figure.hip, 60, 4), 32)
    return canvas.finished()


def pelvic():
    """A calm person sits cross-legged, hands on the belly."""
    canvas = stage(PINK, sun=(800, 470, 370), sun_color="#f7cdbd")
    canvas.disc((800, 470), 262, CREAM)
    floor(canvas, BLUSH, 800)
    canvas.box((520, 800), (1080, 872), CORAL, 36)
    plant(canvas, (1270, 850), 96, SAND)
    look = Look(skin=TAN, hair=BLACK, cut="bun", shirt=SEA)
    unit = 136
    figure = FrontFigure((800, 730), unit, arms=((24, -54), (24, -54)))
    figure.draw_bust(canvas, look)
    at = figure.trunk
    canvas.disc(at(0, 0.4), 0.4 * unit, INK)
    for side, cloth in ((-1, blend(INK, "#001b1a", 0.4)), (1, INK)):
        canvas.line(at.all((side * -0.3, 0.72), (side * -0.72, 0.76)), 0.26 * unit, look.skin)
        leg = at.all((side * 0.3, 0.12), (side * 1.6, 0.5), (side * -0.2, 0.68))
        canvas.limb(leg, [0.42 * unit, 0.29 * unit, 0.2 * unit], cloth)
    for arm in figure.arms:
        draw_arm(canvas, arm, unit, look)
    return canvas.finished()


def stretch_floor():
    """A person lies on the back with bent knees; the dot marks the low back."""
    canvas = stage(MINT, sun=(760, 430, 300))
    floor(canvas, MIST, 730)
    unit = 148
    canvas.box((210, 690), (1340, 738), BRAND, 24)
    figure = SideFigure(
        (790, 627), unit, arms=((80, 92), (84, 94)), legs=((136, 30), (130, 38)), lean=-90, nod=-42
    )
    figure.draw(canvas, Look(skin=FAIR, hair=AUBURN, shirt=CORAL, trousers=INK, shoes=SAND))
    plant(canvas, (1420, 790), 108, SAND, FOAM)
    canvas.dot(figure.spine(0.3, 0.9))
    return canvas.finished()


def balance_foot():
    """A person stands on one foot beside a chair."""
    canvas = stage(CREAM, sun=(760, 430, 310))
    floor(canvas, SAND)
    unit = 102
    chair(canvas, (1090, 640), 120, FOAM, facing=-1)
    figure = FrontFigure(
        (760, FLOOR - 3.59 * unit), unit, arms=((78, 96), (84, 70)), legs=((52, -48), (-3, -3)), tilt=2
    )
    figure.draw(canvas, Look(skin=BROWN, hair=BLACK, cut="bob", shirt=PAPER, trousers=BRAND, shoes=INK))
    canvas.dot(between(figure.legs[1].ankle, figure.legs[1].knee, 0.06), 26)
    return canvas.finished()


def hero():
    """A person seen from behind stretches before the rising sun; the spine shows."""
    canvas = stage(MINT, sun=(800, 560, 400), size=(1600, 1300))
    land(canvas, [(0, 800), (350, 700), (760, 860), (1200, 740), (1600, 840)], MIST)
    land(canvas, [(0, 1010), (420, 1030), (800, 940), (1220, 1010), (1600, 960)], FOAM)
    land(
        canvas,
        [(0, 1190), (420, 1110), (660, 1030), (800, 1014), (950, 1032), (1250, 1100), (1600, 1190)],
        BRAND,
    )
    unit = 103
    legs = ((14, 8), (12, 4))
    figure = FrontFigure((800, 682), unit, arms=((142, 164), (146, 168)), legs=legs)
    look = Look(skin=BROWN, hair=BLACK, cut="bun", shirt=SEA, trousers=INK, shoes=CORAL)
    figure.draw(canvas, look, behind=True)
    vertebrae(canvas, Frame(figure.trunk(0, -1.98), 1.88 * unit), MINT, sway=0.02, widths=(0.12, 0.24))
    return canvas.finished()

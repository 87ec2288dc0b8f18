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
    between,
    blend,
    step,
)
from .figures import SOLE, FrontFigure, SideFigure, draw_arm, hip_over
from .heads import AUBURN, BLACK, BROWN, DEEP, FAIR, SILVER, TAN, Look
from .scenery import (
    FLOOR,
    chair,
    crutch,
    floor,
    land,
    movement,
    plant,
    poplars,
    stage,
    weather,
    window,
)

ROSE = "#f7cdbd"


def stairs_knee():
    """A person climbs stairs; the dot marks the front of the knee."""
    canvas = stage(CREAM, sun=(820, 430, 350))
    unit = 126
    figure = SideFigure(
        (660, 510), unit, arms=((50, 66), (38, 70)), legs=((66, -4), (2, -33, 24)), lean=9, nod=-3
    )
    stairs(canvas, figure.near_leg.foot(-0.62, SOLE + 0.04), 228, 90)
    x, y = figure.near_arm.hand
    canvas.line([(x - 990, y + 391), (x + 1010, y - 399)], 26, SEA)
    figure.draw(canvas, Look(skin=BROWN, hair=BLACK, shirt=PAPER, trousers=INK))
    canvas.dot(step(figure.near_leg.knee, 100, 10), 36)
    return canvas.finished()


def stairs(canvas, left_top, run, rise):
    """Draw stairs up to the right, with posts for a rail; left_top is the corner of one step."""
    for number in range(-4, 5):
        left, top = left_top[0] + number * run, left_top[1] - number * rise
        if number % 2:
            canvas.line([(left + run / 2, top), (left + run / 2, top - 400)], 16, SEA)
        canvas.box((left, top), (left + 1600, top + 1200), FOAM)
        canvas.box((left - 14, top), (left + run, top + 26), BRAND, 10)


def walking():
    """Two people walk side by side."""
    canvas = stage(MINT, sun=(1100, 400, 300))
    weather(canvas, [(170, 190)], [(350, 420), (1490, 240)])
    land(canvas, [(0, 640), (400, 540), (900, 690), (1300, 590), (1600, 660)], MIST)
    poplars(canvas, [(150, 790, 90), (230, 790, 140), (1390, 780, 120), (1470, 790, 80)], BRAND)
    land(canvas, [(0, 790), (500, 780), (1000, 770), (1600, 800)], FOAM)
    land(canvas, [(0, 880), (800, 850), (1600, 880)], SAND)
    stride = {"arms": ((-24, 4), (28, 52)), "legs": ((24, 6, -12), (-20, -34, 26)), "lean": 4}
    back = SideFigure(hip_over(1030, 905, 124, 24, 6), 124, **stride)
    back.draw(canvas, Look(skin=FAIR, hair=SILVER, cut="bun", shirt=PAPER, trousers=SEA))
    stride = {"arms": ((28, 52), (-26, 4)), "legs": ((-18, -32, 26), (25, 7, -12)), "lean": 4}
    front = SideFigure(hip_over(670, 930, 132, 25, 7), 132, **stride)
    front.draw(canvas, Look(skin=DEEP, hair=BLACK, shirt=CORAL, trousers=INK, shoes=PAPER))
    return canvas.finished()


def desk_neck():
    """A person sits at a desk; the dot marks the neck."""
    canvas = stage(PINK, sun=(600, 420, 340), sun_color=ROSE)
    floor(canvas, BLUSH)
    window(canvas, (1110, 140), (1440, 430), PAPER, MINT)
    unit = 148
    chair(canvas, (530, 680), unit, FOAM)
    figure = SideFigure(
        (530, 632), unit, arms=((34, 82), (42, 86)), legs=((90, 2), (91, -16)), lean=9, nod=14
    )
    figure.draw(canvas, Look(skin=TAN, hair=BLACK, shirt=BRAND, trousers=INK))
    canvas.line([(770, 588), (1400, 588)], 36, INK)
    canvas.line([(1340, 590), (1340, FLOOR - 15)], 30, INK)
    canvas.line([(870, 560), (1065, 560), (1130, 370)], 24, SEA)
    canvas.box((1230, 502), (1296, 571), CORAL, 12)
    movement(canvas, figure.head(0, 0.1), 1.1 * unit, (128, 232), SEA, 17)
    canvas.dot(figure.head(-0.3, 0.5), 36)
    return canvas.finished()


def shoulder_arc():
    """A person lifts one arm sideways; the dot marks the shoulder."""
    canvas = stage(CREAM, sun=(720, 520, 400))
    unit = 222
    figure = FrontFigure((640, 930), unit, arms=((9, 4), (108, 112)))
    shoulder = figure.arms[1].shoulder
    movement(canvas, shoulder, 2.62 * unit, (38, 100), BRAND, 22)
    figure.draw(canvas, Look(skin=DEEP, hair=BLACK, cut="curls", shirt=SEA))
    canvas.dot(shoulder, 46)
    return canvas.finished()


def shoulder_lift():
    """A person reaches up to a shelf; the dot marks the shoulder."""
    canvas = stage(MINT, sun=(660, 560, 400), sun_color=PAPER)
    unit = 226
    figure = SideFigure(
        (560, 1000), unit, arms=((112, 128), (-8, 10)), legs=((4, 0), (-6, -4)), lean=2, nod=-10
    )
    x, y = figure.near_arm.fingers
    canvas.box((x - 50, y + 84), (1660, y + 122), INK, 12)
    shelf = ((180, 150, 250, SAND), (360, 110, 170, FOAM), (500, 140, 220, CORAL), (670, 100, 180, SEA))
    for left, width, height, color in shelf:
        canvas.box((x + left, y + 84 - height), (x + left + width, y + 84), color, 20)
    canvas.box((x + 4, y - 106), (x + 128, y + 84), SEA, 22)
    figure.draw(canvas, Look(skin=TAN, hair=AUBURN, cut="bob", shirt=BRAND, trousers=INK))
    canvas.dot(between(figure.shoulder, figure.near_arm.elbow, 0.16), 44)
    return canvas.finished()


def knee_bend():
    """A seated person straightens one leg; the dot marks the knee."""
    canvas = stage(PINK, sun=(700, 440, 350), sun_color=PAPER)
    floor(canvas, "#f3c7bd")
    unit = 152
    chair(canvas, (580, 688), unit, SEA)
    figure = SideFigure((585, 628), unit, arms=((-14, 20), (-10, 24)), legs=((93, 76, -18), (88, 2)), lean=-6)
    knee = figure.near_leg.knee
    movement(canvas, knee, 2.35 * unit, (38, 66), BRAND, 17)
    figure.draw(canvas, Look(skin=BROWN, hair=SILVER, shirt=CORAL, trousers=INK, shoes=FOAM))
    canvas.dot(step(knee, 180, 10), 38)
    return canvas.finished()


def new_hip():
    """A person walks with two crutches; the dot marks the hip."""
    canvas = stage(CREAM, sun=(740, 460, 360))
    floor(canvas, SAND, 900)
    unit = 122
    figure = SideFigure(
        hip_over(720, 900, unit, 14, 2), unit,
        arms=((12, 46), (28, 58)), legs=((14, 2), (-14, -28, 22)), lean=7,
    )  # fmt: skip
    far, near = figure.far_arm.hand, figure.near_arm.hand
    crutch(canvas, far, (far[0] + 135, 888), unit, FOAM)
    figure.draw(canvas, Look(skin=FAIR, hair=SILVER, cut="bun", shirt=SEA, trousers=INK))
    crutch(canvas, near, (near[0] + 115, 906), unit, BRAND)
    canvas.disc(near, 0.15 * unit, FAIR)
    plant(canvas, (1290, 910), 120, CORAL, SEA)
    canvas.dot(step(figure.hip, 60, 4), 40)
    return canvas.finished()


def pelvic():
    """A calm person sits cross-legged, hands on the belly."""
    canvas = stage(PINK, sun=(800, 480, 430), sun_color=ROSE)
    canvas.disc((800, 480), 310, CREAM)
    floor(canvas, BLUSH, 830)
    canvas.box((440, 822), (1160, 912), CORAL, 45)
    plant(canvas, (1390, 900), 124, SAND)
    look = Look(skin=TAN, hair=BLACK, cut="bun", shirt=SEA)
    unit = 178
    figure = FrontFigure((800, 733), unit, arms=((24, -54), (24, -54)))
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
    canvas = stage(MINT, sun=(860, 430, 340))
    floor(canvas, MIST, 800)
    unit = 204
    canvas.box((150, 758), (1450, 822), BRAND, 30)
    figure = SideFigure(
        (850, 672), unit, arms=((82, 108), (86, 110)), legs=((136, 30), (130, 38)), lean=-90, nod=-42
    )
    figure.draw(canvas, Look(skin=FAIR, hair=AUBURN, shirt=CORAL, trousers=INK, shoes=SAND))
    canvas.dot(figure.spine(0.3, 0.85), 44)
    return canvas.finished()


def balance_foot():
    """A person stands on one foot beside a chair."""
    canvas = stage(CREAM, sun=(720, 450, 370))
    floor(canvas, SAND, 900)
    unit = 121
    chair(canvas, (1190, 660), 150, FOAM, facing=-1)
    figure = FrontFigure(
        hip_over(718, 900, unit, -3, -3), unit, arms=((78, 96), (84, 70)), legs=((52, -48), (-3, -3)), tilt=2
    )
    figure.draw(canvas, Look(skin=BROWN, hair=BLACK, cut="bob", shirt=PAPER, trousers=BRAND, shoes=INK))
    canvas.dot(between(figure.legs[1].ankle, figure.legs[1].knee, 0.12), 27)
    return canvas.finished()

"""Pictures of the demo clinic's houses and of its treatment room."""

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
from .mark import draw_mark
from .scenery import BRICK, floor, land, plant, stage, tree, vertebrae, wall_bars, window


def clinic_morning():
    """The clinic's front door with its sign in the morning sun."""
    canvas = stage(CREAM, sun=(1130, 330, 240))
    land(canvas, [(0, 640), (500, 560), (1100, 660), (1600, 570)], MIST)
    floor(canvas, SAND, 830)
    canvas.box((380, 350), (1160, 832), PAPER)
    canvas.box((960, 140), (1030, 260), BRICK)
    canvas.box((946, 128), (1044, 156), INK, 6)
    roof(canvas, [(320, 372), (450, 200), (1090, 200), (1220, 372)], BRAND)
    canvas.box((380, 372), (1160, 400), blend(PAPER, INK, 0.14))
    canvas.box((380, 780), (1160, 832), blend(PAPER, INK, 0.1))
    window(canvas, (450, 470), (650, 680), FOAM, MINT)
    window(canvas, (960, 470), (1110, 680), FOAM, MINT)
    door(canvas, (735, 832), 150, 330, CORAL)
    canvas.polygon([(690, 500), (720, 440), (900, 440), (930, 500)], SEA)
    canvas.line([(1160, 440), (1290, 440)], 14, INK)
    canvas.line([(1240, 440), (1240, 480)], 8, INK)
    draw_mark(canvas, (1180, 476), 120)
    canvas.box((640, 826), (980, 860), blend(SAND, INK, 0.18), 6)
    plant(canvas, (630, 850), 78, CORAL, BRAND)
    plant(canvas, (990, 850), 78, CORAL, BRAND)
    bushes(canvas, [(400, 96), (1140, 84)], 836)
    tree(canvas, (230, 850), 128, FOAM)
    return canvas.finished()


def roof(canvas, corners, fill):
    """Draw a roof with rows of tiles and a solid eave; its corners run from lower left to right."""
    canvas.polygon(corners, fill)
    left, top_left, top_right, right = corners
    for share in (0.36, 0.68):
        ends = [between(left, top_left, share), between(right, top_right, share)]
        canvas.line(ends, 7, blend(fill, FOAM, 0.35))
    canvas.line([left, right], 26, INK)


def bushes(canvas, places, floor_line):
    """Draw round bushes that stand on a line, each given as (x, radius)."""
    for x, radius in places:
        for shift, share in ((-0.8, 0.7), (0.85, 0.62), (0, 1)):
            middle = (x + shift * radius, floor_line - share * radius * 0.62)
            canvas.disc(middle, radius * share, SEA)


def door(canvas, foot, width, height, fill):
    """Draw a door with a glass pane; `foot` is its lower left corner."""
    x, y = foot
    canvas.box((x - 14, y - height - 14), (x + width + 14, y), INK, 8)
    canvas.box((x, y - height), (x + width, y), fill, 4)
    canvas.box((x + 26, y - height + 28), (x + width - 26, y - height * 0.42), MINT, 8)
    canvas.disc((x + width - 24, y - height * 0.34), 9, PAPER)


def location_northside():
    """A brick house with two floors between trees."""
    canvas = stage(MINT, sun=(520, 330, 210))
    land(canvas, [(0, 690), (500, 620), (1000, 700), (1600, 610)], MIST)
    floor(canvas, FOAM, 840)
    canvas.box((470, 240), (1130, 842), BRICK)
    bricks(canvas, (470, 240), (1130, 842))
    canvas.box((445, 206), (1155, 250), INK, 8)
    for left in (530, 720, 910):
        window(canvas, (left, 290), (left + 160, 460), PAPER, MIST)
    for left in (530, 910):
        window(canvas, (left, 590), (left + 160, 780), PAPER, MIST)
    door(canvas, (735, 842), 130, 240, BRAND)
    canvas.box((690, 562), (910, 588), INK, 8)
    draw_mark(canvas, (764, 476), 72)
    canvas.polygon([(735, 842), (865, 842), (960, 1000), (640, 1000)], CREAM)
    bushes(canvas, [(560, 66), (1050, 76)], 842)
    tree(canvas, (310, 890), 150, SEA)
    tree(canvas, (1310, 885), 128, SEA)
    return canvas.finished()


def bricks(canvas, left_top, right_bottom):
    """Scatter some paler bricks over a wall, always the same ones."""
    (x1, y1), (x2, y2) = left_top, right_bottom
    pale = blend(BRICK, CREAM, 0.22)
    for row in range(int((y2 - y1) // 34)):
        for column in range(int((x2 - x1) // 62)):
            if (row * 7 + column * 5 + row * column) % 5 < 2:
                x, y = x1 + 8 + column * 62 + row % 2 * 28, y1 + 20 + row * 34
                canvas.box((x, y), (min(x + 44, x2), y + 14), pale, 3)


def location_mill_road():
    """An old mill with its wheel by the river."""
    canvas = stage(PINK, sun=(430, 340, 220), sun_color=SAND)
    land(canvas, [(0, 620), (450, 540), (900, 640), (1600, 530)], MIST)
    floor(canvas, FOAM, 770)
    canvas.box((470, 400), (1010, 800), PAPER)
    canvas.box((880, 190), (946, 360), BRICK)
    canvas.box((868, 180), (958, 206), INK, 6)
    roof(canvas, [(420, 420), (740, 170), (740, 170), (1060, 420)], BRAND)
    canvas.disc((740, 330), 44, MINT)
    window(canvas, (530, 500), (670, 660), FOAM, MINT)
    window(canvas, (836, 500), (956, 660), FOAM, MINT)
    door(canvas, (700, 800), 112, 240, CORAL)
    draw_mark(canvas, (722, 452), 68)
    canvas.box((470, 740), (690, 802), blend(PAPER, INK, 0.12))
    canvas.box((822, 740), (1010, 802), blend(PAPER, INK, 0.12))
    water(canvas)
    wheel(canvas, (1205, 705), 205)
    water_front(canvas)
    tree(canvas, (290, 830), 140, SEA)
    return canvas.finished()


def water(canvas):
    """Draw the river behind the wheel."""
    land(canvas, [(0, 905), (400, 885), (800, 880), (1020, 800), (1300, 790), (1600, 800)], SEA)


def water_front(canvas):
    """Draw the ripples in front of the wheel."""
    land(canvas, [(0, 960), (500, 930), (900, 925), (1150, 860), (1600, 868)], BRAND)
    for x, y in ((1290, 920), (1030, 945), (1420, 958), (700, 968)):
        canvas.stroke([(x, y), (x + 30, y - 9), (x + 60, y), (x + 90, y + 7), (x + 120, y)], 8, FOAM)


def wheel(canvas, center, radius):
    """Draw a mill wheel with spokes and paddles."""
    wood = blend(INK, BRICK, 0.55)
    for angle in range(0, 360, 20):
        inner, outer = step(center, angle, radius * 0.86), step(center, angle + 4, radius * 1.13)
        canvas.line([inner, outer], 14, wood)
    for angle in range(10, 360, 45):
        canvas.line([center, step(center, angle, radius)], 16, INK)
    canvas.arc(center, radius, (0, 360), 22, INK)
    canvas.arc(center, radius * 0.84, (0, 360), 14, INK)
    canvas.line([(1010, center[1]), center], 30, wood)
    canvas.disc(center, 36, INK)
    canvas.disc(center, 15, CORAL)


def room_gym():
    """The treatment room with bench, ball and wall bars."""
    canvas = stage(CREAM)
    floor(canvas, SAND, 760)
    canvas.box((0, 748), (1600, 766), PAPER)
    window(canvas, (620, 150), (1000, 470), PAPER, MINT)
    canvas.disc((895, 320), 56, SAND)
    for left, right, far, near in ((634, 804, 400, 360), (816, 986, 366, 400)):
        canvas.polygon([(left, 456), (left, far), (right, near), (right, 456)], MIST)
    wall_bars(canvas, (1180, 130), (1430, 810))
    canvas.box((300, 170), (480, 430), PAPER, 10)
    vertebrae(canvas, Frame((390, 206), 190), SEA, sway=0.05, widths=(0.16, 0.32))
    bench(canvas, (420, 600))
    canvas.disc((985, 800), 128, CORAL)
    canvas.arc((985, 800), 92, (150, 205), 14, BLUSH)
    canvas.line([(1180, 900), (1480, 900)], 34, FOAM)
    plant(canvas, (260, 850), 112, BRAND, SEA)
    return canvas.finished()


def bench(canvas, left_top):
    """Draw a treatment bench with a raised head end and a folded towel."""
    at = Frame(left_top, 1)
    canvas.line(at.all((110, 60), (90, 250)), 26, INK)
    canvas.line(at.all((340, 60), (360, 250)), 26, INK)
    canvas.line(at.all((70, 256), (385, 256)), 22, INK)
    canvas.line(at.all((10, -42), (130, 24), (430, 24)), 56, BRAND)
    canvas.line(at.all((22, -78), (84, -44)), 40, PAPER)
    canvas.box(at(320, -34), at(420, -4), FOAM, 12)

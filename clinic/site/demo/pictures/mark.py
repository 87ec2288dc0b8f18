"""The clinic's mark as part of a drawn picture, on signs and doors."""

from clinic import mark

from .canvas import BRAND, PAPER, SAND


def draw_mark(canvas, corner, side):
    """Draw the mark; `corner` is the upper left one of its rounded square."""
    scale = side / mark.SIDE

    def at(point):
        return corner[0] + point[0] * scale, corner[1] + point[1] * scale

    canvas.box(corner, at((mark.SIDE, mark.SIDE)), BRAND, mark.CORNER * scale)
    canvas.line([at(point) for point in mark.curve()], mark.THICKNESS * scale, PAPER)
    canvas.disc(at(mark.DOT), mark.DOT_RADIUS * scale, SAND)

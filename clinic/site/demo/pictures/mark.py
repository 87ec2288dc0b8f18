"""The demo clinic's mark, one S-curve with a dot, as drawing and as SVG."""

from .canvas import BRAND, PAPER, SAND, Canvas

SIDE = 40
CURVE = ((11, 29.5), (20, 31), (17.5, 11.5), (27, 10.5))
DOT = (29.5, 10)
TOUCH_ICON_SIDE = 180


def draw_mark(canvas, corner, side, *, radius=10):
    """Draw the mark; `corner` is the upper left one of its rounded square."""
    scale = side / SIDE

    def at(point):
        return corner[0] + point[0] * scale, corner[1] + point[1] * scale

    canvas.box(corner, at((SIDE, SIDE)), BRAND, radius * scale)
    canvas.line([at(_bezier(share / 40)) for share in range(41)], 4.6 * scale, PAPER)
    canvas.disc(at(DOT), 4.2 * scale, SAND)


def _bezier(t):
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    return [sum(w * v for w, v in zip(weights, axis, strict=True)) for axis in zip(*CURVE, strict=True)]


def touch_icon():
    """Return the icon a phone puts on its home screen; the phone rounds its corners itself."""
    canvas = Canvas((TOUCH_ICON_SIDE, TOUCH_ICON_SIDE), BRAND)
    draw_mark(canvas, (0, 0), TOUCH_ICON_SIDE, radius=0)
    return canvas.finished()


def svg():
    """Return the mark as an SVG document: the site's logo and favicon."""
    start, first, second, end = (f"{x:g} {y:g}" for x, y in CURVE)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}"'
        f' width="{SIDE}" height="{SIDE}">\n'
        f'  <rect width="{SIDE}" height="{SIDE}" rx="10" fill="{BRAND}"/>\n'
        f'  <path d="M{start}C{first} {second} {end}" fill="none" stroke="{PAPER}"'
        ' stroke-width="4.6" stroke-linecap="round"/>\n'
        f'  <circle cx="{DOT[0]:g}" cy="{DOT[1]:g}" r="4.2" fill="{SAND}"/>\n'
        "</svg>\n"
    )


def write_icons(folder):
    """Write the logo, the favicon and the phone icon into a folder."""
    for name in ("logo.svg", "favicon.svg"):
        (folder / name).write_text(svg())
    touch_icon().save(folder / "apple-touch-icon.png", optimize=True)

"""The mark that stands for a clinic without a logo: one S-curve with a dot, as SVG and as picture."""

from PIL import Image, ImageDraw

from clinic.colors import hex_of

SIDE = 40
CORNER = 10
CURVE = ((11, 29.5), (20, 31), (17.5, 11.5), (27, 10.5))
THICKNESS = 4.6
DOT, DOT_RADIUS = (29.5, 10), 4.2
PAPER, SAND = "#fdfaf4", "#f6c890"
# The hue of tokens.css, and its --brand in the light scheme.
DEFAULT_HUE = 190
BRAND = (0.43, 0.085)
# Drawing four times as large and shrinking makes Pillow's hard edges smooth.
OVERSAMPLE = 4


def brand(hue):
    """Return the brand color of a hue as #rrggbb."""
    return hex_of(*BRAND, hue)


def svg(hue):
    """Return the mark as an SVG document."""
    start, first, second, end = (f"{x:g} {y:g}" for x, y in CURVE)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}">'
        f'<rect width="{SIDE}" height="{SIDE}" rx="{CORNER}" fill="{brand(hue)}"/>'
        f'<path d="M{start}C{first} {second} {end}" fill="none" stroke="{PAPER}"'
        f' stroke-width="{THICKNESS}" stroke-linecap="round"/>'
        f'<circle cx="{DOT[0]:g}" cy="{DOT[1]:g}" r="{DOT_RADIUS}" fill="{SAND}"/></svg>\n'
    )


def draw(hue, side):
    """Return the mark as a square Pillow image, `side` pixels wide; whoever shows it rounds its corners."""
    scale = side * OVERSAMPLE / SIDE
    image = Image.new("RGB", (side * OVERSAMPLE, side * OVERSAMPLE), brand(hue))
    pen = ImageDraw.Draw(image)
    for point in curve():
        pen.circle(_scaled(point, scale), THICKNESS / 2 * scale, PAPER)
    pen.circle(_scaled(DOT, scale), DOT_RADIUS * scale, SAND)
    return image.resize((side, side), Image.Resampling.LANCZOS)


def curve():
    """Return points along the S, close enough for discs on them to make one line."""
    return [_bezier(share / 100) for share in range(101)]


def _scaled(point, scale):
    return tuple(part * scale for part in point)


def _bezier(t):
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    return tuple(sum(w * v for w, v in zip(weights, axis, strict=True)) for axis in zip(*CURVE, strict=True))

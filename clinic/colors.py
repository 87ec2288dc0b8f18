"""OKLCH colors as the numbers that pictures and mail need; style sheets name them in tokens.css."""

import math


def hex_of(lightness, chroma, hue):
    """Return an OKLCH color (0–1, 0–.4, degrees) as #rrggbb, clipped to sRGB as browsers clip it.

    The matrices are those of CSS Color 4, "Sample code for color conversions".
    """
    angle = math.radians(hue)
    a, b = chroma * math.cos(angle), chroma * math.sin(angle)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _gamma(min(1, max(0, part)))):02x}" for part in linear)


def _gamma(part):
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055

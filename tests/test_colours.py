"""Every pair of colours that meets on a public page, over every hue a clinic may choose."""

import math
import re
from pathlib import Path

import pytest

from clinic import mark, share_image
from clinic.colors import hex_of

STYLES = Path(__file__).parent.parent / "clinic/static/clinic"
CSS = (STYLES / "tokens.css").read_text()
DECLARED = re.compile(r"--([\w-]+): ((?:light-dark\(|oklch\().*);")
COLOR = re.compile(r"oklch\(([\d.]+) ([\d.]+) (var\(--hue\)|[\d.]+)\)")

SURFACES = ["paper", "surface", "wash", "tint"]
CARD_TINTS = ["emergency-tint", "urgent-tint", "routine-tint", "checked-tint"]
TEXT = [
    *[(text, ground) for text in ("ink", "quiet", "brand", "brand-strong") for ground in SURFACES],
    *[("ink", ground) for ground in CARD_TINTS],
    *[("error", ground) for ground in ("paper", "surface")],
    ("paper", "ink"),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("on-deep", "deep"),
    ("on-deep-quiet", "deep"),
    ("deep", "on-deep"),
    ("deep", "on-deep-quiet"),
    ("on-emergency", "emergency"),
    ("on-urgent", "urgent"),
    ("on-routine", "routine"),
    ("on-checked", "checked"),
    ("checked", "checked-tint"),
]
CONTROLS = [
    *[(edge, ground) for edge in ("edge", "brand", "focus") for ground in SURFACES],
    *[("error", ground) for ground in ("paper", "surface")],
    *[("open", ground) for ground in ("paper", "surface")],
    ("on-deep-quiet", "deep"),
]
# The worst pairs of the visual direction, which ask for more than the law does.
DRAWN = [
    ("light", "ink", "tint", 13.2),
    ("light", "quiet", "paper", 6.2),
    ("light", "on-brand", "brand", 7.6),
    ("light", "edge", "surface", 3.6),
    ("light", "on-emergency", "emergency", 8.1),
    ("light", "on-urgent", "urgent", 8.5),
    ("light", "checked", "checked-tint", 6.1),
    ("dark", "ink", "paper", 14.7),
    ("dark", "quiet", "paper", 7.8),
    ("dark", "on-brand", "brand", 10.0),
    ("dark", "edge", "surface", 4.4),
]


def light_and_dark():
    """Return the color tokens of both schemes."""
    light, dark = {}, {}
    for name, value in DECLARED.findall(CSS[: CSS.index("@supports not")]):
        both = [(float(part), float(chroma), hue) for part, chroma, hue in COLOR.findall(value)]
        if both:
            light[name], dark[name] = both[0], both[-1]
    return {"light": light, "dark": dark}


def luminance(token, hue):
    """Return the relative luminance (WCAG) of an OKLCH token as a screen shows it: clipped to sRGB."""
    lightness, chroma, own_hue = token
    angle = math.radians(hue if own_hue.startswith("var") else float(own_hue))
    a, b = chroma * math.cos(angle), chroma * math.sin(angle)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    red, green, blue = (min(1, max(0, part)) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other, hue):
    darker, lighter = sorted((luminance(one, hue), luminance(other, hue)))
    return (lighter + 0.05) / (darker + 0.05)


def worst(palette, pairs):
    """Return the lowest contrast of all pairs over all hues, with its pair and hue."""
    return min(
        (round(contrast(palette[front], palette[ground], hue), 2), front, ground, hue)
        for front, ground in pairs
        for hue in range(360)
    )


def test_the_arithmetic_agrees_with_known_contrasts():
    white, black, middle = (1.0, 0.0, "0"), (0.0, 0.0, "0"), (0.5, 0.0, "0")

    assert round(contrast(white, black, 0), 2) == 21
    # oklch(0.5 0 0) is #636363.
    assert round(contrast(white, middle, 0), 1) == 6.0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_a_contrast_of_4_5_at_every_hue(scheme):
    assert worst(light_and_dark()[scheme], TEXT) >= (4.5,)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_controls_and_focus_have_a_contrast_of_3_at_every_hue(scheme):
    assert worst(light_and_dark()[scheme], CONTROLS) >= (3,)


@pytest.mark.parametrize(("scheme", "front", "ground", "drawn"), DRAWN)
def test_a_role_keeps_the_contrast_it_was_drawn_with(scheme, front, ground, drawn):
    ratio, *_ = worst(light_and_dark()[scheme], [(front, ground)])

    assert round(ratio, 1) >= drawn


def test_a_browser_without_light_dark_shows_the_light_scheme():
    fallback = CSS[CSS.index("@supports not") :]
    own = {name: COLOR.findall(value)[0] for name, value in DECLARED.findall(CSS) if "light-dark" in value}

    assert {name: COLOR.findall(value)[0] for name, value in DECLARED.findall(fallback)} == own
    assert len(own) > 20


@pytest.mark.parametrize("sheet", ["site.css", "reading.css", "form.css", "handout.css", "admin.css"])
def test_every_token_that_a_sheet_uses_has_a_value(sheet):
    css = (STYLES / sheet).read_text()
    defined = set(re.findall(r"(--[\w-]+):", CSS + css))

    assert set(re.findall(r"var\((--[\w-]+)\)", css)) - defined == set()


@pytest.mark.parametrize(
    ("color", "known"),
    [
        ((1, 0, 0), "#ffffff"),
        ((0, 0, 0), "#000000"),
        ((0.5, 0, 0), "#636363"),
        ((0.628, 0.2577, 29.23), "#ff0000"),
    ],
)
def test_pictures_and_style_sheets_mean_the_same_color(color, known):
    assert hex_of(*color) == known


def test_the_mark_and_shared_pictures_are_painted_in_colors_of_the_style_sheet():
    light = light_and_dark()["light"]

    assert (light["brand"][:2], light["ink"][:2]) == (mark.BRAND, share_image.INK)
    assert f"--hue: {mark.DEFAULT_HUE};" in CSS

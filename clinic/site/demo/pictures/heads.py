"""Heads of the drawn people: a few skins and haircuts, from the side, the front and behind."""

from dataclasses import dataclass

from .canvas import BRAND, CORAL, INK, Frame, blend

FAIR = "#f2c6a5"
TAN = "#d99c70"
BROWN = "#a8693f"
DEEP = "#754930"

BLACK = "#23302f"
UMBER = "#4d3026"
AUBURN = "#a04f28"
BLOND = "#dba04f"
SILVER = "#c9d0cc"

# Outlines in heads: x forward or to the right, y down from the middle. Hair is named for its cut.
PROFILE = [
    (0, -0.5), (0.22, -0.45), (0.36, -0.26), (0.37, -0.06), (0.46, 0.1), (0.37, 0.16),
    (0.37, 0.28), (0.29, 0.45), (0.1, 0.46), (-0.12, 0.34), (-0.32, 0.26), (-0.4, 0),
    (-0.36, -0.28), (-0.22, -0.44),
]  # fmt: skip
PROFILE_CAP = [
    (0.38, -0.3), (0.26, -0.52), (0, -0.6), (-0.3, -0.52), (-0.47, -0.24), (-0.46, 0.08),
    (-0.34, 0.3), (-0.2, 0.24), (-0.16, 0.02), (-0.02, -0.1), (0.1, -0.24),
]  # fmt: skip
PROFILE_BOB = [
    (0.36, -0.3), (0.26, -0.54), (-0.02, -0.61), (-0.34, -0.52), (-0.5, -0.2), (-0.5, 0.2),
    (-0.44, 0.48), (-0.2, 0.5), (0.02, 0.44), (0.02, 0.1), (0.06, -0.14), (0.2, -0.26),
]  # fmt: skip

# Of symmetric outlines only the right half, from top to bottom.
FACE = [(0, -0.52), (0.27, -0.44), (0.39, -0.16), (0.37, 0.14), (0.24, 0.4), (0, 0.5)]
CLOUD = [(0, -0.66), (0.28, -0.6), (0.48, -0.4), (0.55, -0.14), (0.52, 0.12), (0.42, 0.33)]
BOB = [(0, -0.63), (0.3, -0.55), (0.47, -0.28), (0.51, 0.1), (0.46, 0.48), (0.2, 0.5)]
SMILE = [(-0.13, 0.24), (-0.07, 0.285), (0, 0.3), (0.07, 0.285), (0.13, 0.24)]
BEARD = [
    (0, 0.19), (0.14, 0.17), (0.26, 0.2), (0.33, 0), (0.36, -0.22), (0.41, -0.14), (0.4, 0.18),
    (0.27, 0.44), (0, 0.56),
]  # fmt: skip
FRINGES = {
    "short": [
        (-0.42, 0), (-0.44, -0.3), (-0.28, -0.54), (0.04, -0.62), (0.32, -0.52), (0.45, -0.28),
        (0.42, 0), (0.36, -0.2), (0.16, -0.3), (-0.12, -0.26), (-0.34, -0.22),
    ],
    "bob": [
        (-0.46, 0.1), (-0.48, -0.3), (-0.28, -0.56), (0, -0.62), (0.28, -0.56), (0.48, -0.3),
        (0.46, 0.1), (0.36, -0.1), (0.24, -0.17), (0, -0.19), (-0.24, -0.17), (-0.36, -0.1),
    ],
    "bun": [
        (-0.42, 0.02), (-0.43, -0.3), (-0.26, -0.54), (0, -0.6), (0.26, -0.54), (0.43, -0.3),
        (0.42, 0.02), (0.36, -0.18), (0.22, -0.32), (-0.06, -0.4), (-0.28, -0.24), (-0.37, -0.14),
    ],
}  # fmt: skip
FRINGES["curls"] = FRINGES["short"]
FRONT_CURLS = [
    (-0.4, -0.16), (-0.36, -0.36), (-0.18, -0.5), (0.04, -0.54), (0.24, -0.48), (0.38, -0.34),
    (0.41, -0.14), (-0.1, -0.36), (0.14, -0.36),
]  # fmt: skip


@dataclass(frozen=True)
class Look:
    """What a drawn person looks like and wears."""

    skin: str = TAN
    hair: str = UMBER
    cut: str = "short"
    shirt: str = BRAND
    trousers: str = INK
    shoes: str = CORAL
    beard: bool = False

    @property
    def shade(self):
        """Return the skin's darker tone, for ears, necks and limbs further away."""
        return blend(self.skin, "#5a2a1c", 0.22)

    @property
    def blush(self):
        """Return the warmer tone of cheeks."""
        return blend(self.skin, CORAL, 0.22)

    @property
    def mouth(self):
        """Return the tone of a smile, which stays warm on every skin."""
        return blend(self.skin, "#3d1410", 0.72)

    @property
    def brow(self):
        """Return the tone of eyebrows: the hair's, dark enough to be seen."""
        return blend(self.hair, "#3d1410", 0.35)


def draw_profile(canvas, head, look):
    """Draw a head seen from the side; its frame sits at the middle of the head."""
    if look.cut == "bun":
        canvas.disc(head(-0.5, -0.36), 0.21 * head.unit, look.hair)
    canvas.blob(head.all(*PROFILE), look.skin)
    canvas.blob(head.all(*(PROFILE_BOB if look.cut == "bob" else PROFILE_CAP)), look.hair)
    if look.cut != "bob":
        canvas.disc(head(-0.07, 0.06), 0.085 * head.unit, look.shade)
    canvas.disc(head(0.16, 0.14), 0.075 * head.unit, look.blush)
    canvas.disc(head(0.24, -0.03), 0.035 * head.unit, INK)
    canvas.line(head.all((0.18, -0.13), (0.3, -0.14)), 0.032 * head.unit, look.brow)
    canvas.stroke(head.all((0.22, 0.23), (0.28, 0.265), (0.35, 0.25)), 0.032 * head.unit, look.mouth)


def draw_face(canvas, head, look, glance=0.0):
    """Draw a head seen from the front, which looks `glance` aside.

    Draw `draw_hair_behind` before neck and shoulders.
    """
    unit = head.unit
    if look.cut != "bob":
        for side in (-1, 1):
            canvas.disc(head(side * 0.39, 0.04), 0.085 * unit, look.shade)
    canvas.blob(_mirrored(head, FACE), look.skin)
    canvas.blob(head.all(*FRINGES[look.cut]), look.hair)
    if look.cut == "curls":
        for x, y in FRONT_CURLS:
            canvas.disc(head(x, y), 0.16 * unit, look.hair)
    if look.beard:
        canvas.blob(_mirrored(head, BEARD), look.hair)
    draw_features(canvas, Frame(head(glance, 0), unit, head.turn), look)


def draw_features(canvas, face, look):
    """Draw eyes, brows, cheeks, nose and smile; the frame sits between the eyes."""
    unit = face.unit
    for side in (-1, 1):
        brow = face.all((side * 0.09, -0.105), (side * 0.15, -0.125), (side * 0.21, -0.1))
        canvas.stroke(brow, 0.03 * unit, look.brow)
        canvas.disc(face(side * 0.15, 0), 0.034 * unit, INK)
        canvas.disc(face(side * 0.23, 0.13), 0.065 * unit, look.blush)
    canvas.stroke(face.all((0, 0.03), (0.04, 0.12), (-0.01, 0.14)), 0.03 * unit, look.shade)
    canvas.stroke(face.all(*SMILE), 0.034 * unit, look.skin if look.beard else look.mouth)


def draw_hair_behind(canvas, head, look):
    """Draw the part of a haircut that falls behind the neck, for a head seen from the front."""
    if look.cut == "bun":
        canvas.disc(head(0, -0.63), 0.18 * head.unit, look.hair)
    if look.cut == "curls":
        canvas.blob(_mirrored(head, CLOUD), look.hair)
        for point in _mirrored(head, CLOUD):
            canvas.disc(point, 0.16 * head.unit, look.hair)
    if look.cut == "bob":
        canvas.blob(_mirrored(head, BOB), look.hair)


def draw_back_of_head(canvas, head, look):
    """Draw a head seen from behind."""
    for side in (-1, 1):
        canvas.disc(head(side * 0.4, 0.06), 0.085 * head.unit, look.shade)
    canvas.blob(_mirrored(head, FACE), look.hair)
    draw_hair_behind(canvas, head, look)


def _mirrored(head, half):
    """Return a shape's outline from its right half, listed from top to bottom."""
    left = [(-x, y) for x, y in reversed(half) if x]
    return head.all(*half, *left)

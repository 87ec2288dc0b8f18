"""People made of a head, a trunk and limbs, posed by the angles of their joints.

Angles are degrees in the picture, not between bones: 0 is straight down, 90 forward (or, seen
from the front, away from the body), 180 up. Lengths are in heads.
"""

from dataclasses import dataclass

from .canvas import INK, PAPER, Frame, between, blend, curve, step
from .heads import draw_back_of_head, draw_face, draw_hair_behind, draw_profile

TRUNK = 2.1
NECK = 0.62
UPPER_ARM, FOREARM = 1.12, 1.0
THIGH, SHIN = 1.56, 1.5
SOLE = 0.24
THUMB = 38

# The right edge of a shirt seen from the front, from the neck down.
SHIRT = [
    (0.18, -2.1), (0.5, -2.02), (0.72, -1.91), (0.8, -1.74), (0.65, -1.38), (0.53, -0.8), (0.6, 0.06),
]  # fmt: skip


def hip_over(ankle_x, floor, unit, thigh=0, shin=0):
    """Return where the hip is when the foot of a leg with these angles stands on the floor."""
    ankle = (ankle_x, floor - SOLE * unit)
    return step(step(ankle, shin + 180, SHIN * unit), thigh + 180, THIGH * unit)


@dataclass(frozen=True)
class Arm:
    """The joints of an arm, down to the tips of fingers and thumb."""

    shoulder: tuple
    elbow: tuple
    wrist: tuple
    hand: tuple
    fingers: tuple
    thumb: tuple


@dataclass(frozen=True)
class Leg:
    """The joints of a leg; `toe` is how far its shoe reaches, short when seen from the front."""

    hip: tuple
    knee: tuple
    ankle: tuple
    foot: Frame
    toe: float


def bend_arm(shoulder, unit, upper, fore, facing=1, *, thumb=THUMB):
    """Return an arm's joints for the angles of upper arm and forearm, the thumb's counted from it."""
    elbow = step(shoulder, upper, UPPER_ARM * unit, facing)
    wrist = step(elbow, fore, FOREARM * unit, facing)
    hand = step(wrist, fore, 0.18 * unit, facing)
    fingers = step(hand, fore, 0.22 * unit, facing)
    return Arm(shoulder, elbow, wrist, hand, fingers, step(wrist, fore + thumb, 0.32 * unit, facing))


def thumb_side(fore):
    """Return the thumb's angle on a forearm seen from the front: up if raised, else to the body."""
    return THUMB if fore > 60 else -THUMB


def bend_leg(hip, unit, thigh, shin, foot=0, *, facing=1, toe=0.46):
    """Return a leg's joints; the foot's angle is 0 flat on the floor, positive toes down."""
    knee = step(hip, thigh, THIGH * unit, facing)
    ankle = step(knee, shin, SHIN * unit, facing)
    return Leg(hip, knee, ankle, Frame(ankle, unit, foot, facing), toe)


def draw_arm(canvas, arm, unit, look, *, far=False, tone=0.0):
    """Draw an arm in a short sleeve, `tone` darker than the shirt."""
    skin = look.shade if far else look.skin
    sleeve = blend(look.shirt, INK, tone)
    joints = [arm.shoulder, arm.elbow, arm.wrist, arm.hand, arm.fingers]
    canvas.limb(joints, [r * unit for r in (0.21, 0.175, 0.12, 0.13, 0.085)], skin)
    canvas.limb([arm.wrist, arm.thumb], [0.1 * unit, 0.055 * unit], skin)
    cuff = between(arm.shoulder, arm.elbow, 0.62)
    canvas.limb([arm.shoulder, cuff], [0.25 * unit, 0.235 * unit], sleeve, flat_end=True)


def draw_leg(canvas, leg, unit, look, *, far=False):
    """Draw a leg in long trousers, with a shoe."""
    cloth = blend(look.trousers, "#001b1a", 0.4) if far else look.trousers
    hem = between(leg.knee, leg.ankle, 0.86)
    canvas.limb([leg.knee, leg.ankle], [0.16 * unit, 0.12 * unit], look.shade)
    draw_shoe(canvas, leg, look, far=far)
    joints = [leg.hip, leg.knee, hem]
    canvas.limb(joints, [0.39 * unit, 0.27 * unit, 0.19 * unit], cloth, flat_end=True)


def draw_shoe(canvas, leg, look, *, far=False):
    """Draw the shoe of a leg."""
    foot = leg.foot
    color = blend(look.shoes, INK, 0.3) if far else look.shoes
    heel, toe = foot.all((-0.06, SOLE - 0.2), (leg.toe, SOLE - 0.13))
    canvas.limb([heel, toe], [0.19 * foot.unit, 0.12 * foot.unit], color)
    sole = foot.all((-0.17, SOLE), (leg.toe + 0.04, SOLE))
    canvas.line(sole, 0.08 * foot.unit, PAPER)


class SideFigure:
    """A person seen from the side, facing right; arms and legs are given near, far."""

    def __init__(self, hip, unit, *, arms, legs, lean=0, nod=0):
        self.hip, self.unit, self.lean = hip, unit, lean
        self.neck = step(hip, 180 - lean, TRUNK * unit)
        self.shoulder = step(hip, 180 - lean, (TRUNK - 0.28) * unit)
        self.near_arm, self.far_arm = (bend_arm(self.shoulder, unit, *angles) for angles in arms)
        self.near_leg, self.far_leg = (bend_leg(hip, unit, *angles) for angles in legs)
        middle = step(self.neck, 180 - lean - nod * 0.6, NECK * unit)
        turn = lean * 0.5 + nod
        self.head = Frame(step(middle, 90 - turn, 0.08 * unit), unit, turn)

    def spine(self, share, depth=0.0):
        """Return a point of the trunk: 0 at the hip, 1 at the neck, depth 1 on the back's skin."""
        point = between(self.hip, self.neck, share)
        return step(point, -90 - self.lean, depth * 0.4 * self.unit)

    def draw(self, canvas, look):
        """Draw the whole person, what is further away first."""
        unit = self.unit
        draw_arm(canvas, self.far_arm, unit, look, far=True, tone=0.45)
        draw_leg(canvas, self.far_leg, unit, look, far=True)
        draw_leg(canvas, self.near_leg, unit, look)
        self._draw_trunk(canvas, look)
        canvas.limb([self.neck, self.head(-0.1, 0.2)], [0.17 * unit, 0.17 * unit], look.shade)
        draw_profile(canvas, self.head, look)
        draw_arm(canvas, self.near_arm, unit, look, tone=0.2)

    def _draw_trunk(self, canvas, look):
        canvas.disc(self.hip, 0.43 * self.unit, look.trousers)
        points = [self.spine(0.92), self.spine(0.7), self.spine(0.35, -0.06), self.spine(0.02)]
        radii = [r * self.unit for r in (0.29, 0.46, 0.42, 0.44)]
        canvas.bend(points, radii, look.shirt, flat_end=True)


class FrontFigure:
    """A person seen from the front or from behind; arms and legs are given left, right."""

    def __init__(self, hip, unit, *, arms, legs=((4, 2), (4, 2)), tilt=0, nod=0):
        self.unit = unit
        self.trunk = Frame(hip, unit, tilt)
        self.head = Frame(self.trunk(0, -TRUNK - NECK), unit, tilt + nod)
        self.arms = [
            bend_arm(self.trunk(side * 0.57, 0.35 - TRUNK), unit, *angles, side, thumb=thumb_side(angles[1]))
            for side, angles in zip((-1, 1), arms, strict=True)
        ]
        self.legs = [
            bend_leg(self.trunk(side * 0.2, 0), unit, *angles, facing=side, toe=0.16)
            for side, angles in zip((-1, 1), legs, strict=True)
        ]

    def draw(self, canvas, look, *, behind=False):
        """Draw the whole person, facing the reader or turned away."""
        for leg in self.legs:
            draw_leg(canvas, leg, self.unit, look)
        self.draw_bust(canvas, look, behind=behind)
        for arm in self.arms:
            draw_arm(canvas, arm, self.unit, look)

    def draw_bust(self, canvas, look, *, behind=False, glance=0.0):
        """Draw trunk, neck and head, the face looking `glance` aside."""
        unit = self.unit
        if not behind:
            draw_hair_behind(canvas, self.head, look)
        neck = [self.trunk(0, -TRUNK), self.head(0, 0.3)]
        canvas.line(self.trunk.all((-0.2, 0), (0.2, 0)), 0.76 * unit, look.trousers)
        sides = curve(SHIRT)
        left = [(-x, y) for x, y in reversed(sides)]
        canvas.limb(neck, [0.2 * unit, 0.18 * unit], look.shade)
        canvas.polygon(self.trunk.all(*sides, *left), look.shirt)
        if behind:
            draw_back_of_head(canvas, self.head, look)
        else:
            draw_face(canvas, self.head, look, glance)

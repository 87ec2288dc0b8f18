"""The demo clinic's pictures, drawn by code: no licenses, no downloads, the same on every machine."""

from . import closeups, places, portraits, scenes

DRAWINGS = {
    "back-curve": closeups.back_curve,
    "needle": closeups.needle,
    "walking": scenes.walking,
    "desk-neck": scenes.desk_neck,
    "shoulder-arc": scenes.shoulder_arc,
    "shoulder-lift": scenes.shoulder_lift,
    "stairs-knee": scenes.stairs_knee,
    "knee-bend": scenes.knee_bend,
    "heel": closeups.heel,
    "ankle": closeups.ankle,
    "new-hip": scenes.new_hip,
    "head-turn": closeups.head_turn,
    "pelvic": scenes.pelvic,
    "clinic-morning": places.clinic_morning,
    "stretch-floor": scenes.stretch_floor,
    "balance-foot": scenes.balance_foot,
    "portrait-mara-lindqvist": portraits.portrait_mara_lindqvist,
    "portrait-theo-okafor": portraits.portrait_theo_okafor,
    "portrait-ines-calder": portraits.portrait_ines_calder,
    "portrait-samir-haddad": portraits.portrait_samir_haddad,
    "portrait-june-park": portraits.portrait_june_park,
    "location-northside": places.location_northside,
    "location-mill-road": places.location_mill_road,
    "room-gym": places.room_gym,
}
NAMES = tuple(DRAWINGS)

# Name → (alternative text, caption); most pictures need no caption.
ALT = {
    "back-curve": (
        "Drawing: a person holds the low back with one hand; the spine shows and a dot marks the spot.",
        "",
    ),
    "needle": (
        "Drawing: a thin needle in the calf of a person who lies face down.",
        "",
    ),
    "walking": ("Drawing: two people walk side by side through hills.", ""),
    "desk-neck": (
        "Drawing: a person at a desk moves the head back; a dot marks the neck.",
        "",
    ),
    "shoulder-arc": (
        "Drawing: a person lifts one arm sideways along an arc; a dot marks the shoulder.",
        "",
    ),
    "shoulder-lift": (
        "Drawing: a person reaches up to a shelf; a dot marks the shoulder.",
        "",
    ),
    "stairs-knee": (
        "Drawing: a person climbs stairs with both hands on the rail; a dot marks the front of the knee.",
        "",
    ),
    "knee-bend": (
        "Drawing: a seated person straightens one leg; a dot marks the knee.",
        "",
    ),
    "heel": (
        "Drawing: a bare foot on the floor; a dot marks the heel, and a line shows the band under the sole.",
        "",
    ),
    "ankle": ("Drawing: a leg rests on two cushions; a dot marks the bandaged ankle.", ""),
    "new-hip": ("Drawing: a person walks with two crutches; a dot marks the hip.", ""),
    "head-turn": (
        "Drawing: an arrow circles a person's head; a dot marks the inner ear.",
        "",
    ),
    "pelvic": ("Drawing: a calm person sits cross-legged on a cushion, hands on the belly.", ""),
    "clinic-morning": ("Drawing: the clinic's front door and sign in the morning sun.", ""),
    "stretch-floor": (
        "Drawing: a person lies on the back with bent knees; a dot marks the low back.",
        "",
    ),
    "balance-foot": (
        "Drawing: a person stands on one foot, arms out, a chair within reach; a dot marks the ankle.",
        "Keep a chair within reach.",
    ),
    "portrait-mara-lindqvist": ("Drawn portrait of Mara Lindqvist.", ""),
    "portrait-theo-okafor": ("Drawn portrait of Theo Okafor.", ""),
    "portrait-ines-calder": ("Drawn portrait of Ines Calder.", ""),
    "portrait-samir-haddad": ("Drawn portrait of Samir Haddad.", ""),
    "portrait-june-park": ("Drawn portrait of June Park.", ""),
    "location-northside": ("Drawing: the Northside clinic, a brick house between two trees.", ""),
    "location-mill-road": ("Drawing: the Mill Road clinic, a white house beside a mill wheel.", ""),
    "room-gym": ("Drawing: a treatment room with a bench, a large ball and wall bars.", ""),
}


def draw(name):
    """Return the named picture as a Pillow image."""
    return DRAWINGS[name]()

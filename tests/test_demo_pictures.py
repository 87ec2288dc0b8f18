import functools
import io

import pytest
from PIL import Image

from clinic.site.demo import pictures
from clinic.site.demo.pictures import heads

WHOLE_PEOPLE = [
    "walking",
    "stairs-knee",
    "desk-neck",
    "knee-bend",
    "new-hip",
    "pelvic",
    "stretch-floor",
    "balance-foot",
]
# A card of 16:9 cuts this much off a picture of 16:10.
CARD_TOP = 50
HEADS = {
    heads.FAIR, heads.TAN, heads.BROWN, heads.DEEP,
    heads.BLACK, heads.UMBER, heads.AUBURN, heads.BLOND, heads.SILVER,
}  # fmt: skip


def expected_size(name):
    return (800, 800) if name.startswith("portrait-") else (1600, 1000)


drawn = functools.cache(pictures.draw)


@pytest.mark.parametrize("name", pictures.NAMES)
def test_every_picture_has_its_size_and_several_colors(name):
    thumbnail = drawn(name).resize((80, 50), Image.Resampling.NEAREST)

    assert drawn(name).size == expected_size(name)
    assert len(thumbnail.getcolors(80 * 50)) > 5


def test_a_picture_is_drawn_alike_twice():
    assert pictures.draw("room-gym").tobytes() == drawn("room-gym").tobytes()


@pytest.mark.parametrize("name", pictures.NAMES)
def test_every_picture_weighs_little_on_a_phone(name):
    file = io.BytesIO()

    drawn(name).resize((800, 800 * drawn(name).height // drawn(name).width)).save(file, "webp", quality=80)

    assert len(file.getvalue()) < 20_000


@pytest.mark.parametrize("name", WHOLE_PEOPLE)
def test_a_wide_card_leaves_heads_whole(name):
    picture = drawn(name)

    edge = picture.crop((0, CARD_TOP, 1600, CARD_TOP + 1)).getcolors(1600)

    assert {f"#{r:02x}{g:02x}{b:02x}" for _, (r, g, b) in edge} & HEADS == set()


def test_every_picture_has_a_short_alternative_text_of_its_own():
    texts = [alternative for alternative, caption in pictures.ALT.values()]

    assert tuple(pictures.ALT) == pictures.NAMES
    assert [text for text in texts if not 20 <= len(text) <= 120] == []
    assert len(set(texts)) == len(texts)

from pathlib import Path

import pytest
from PIL import Image

from clinic.site.demo import pictures
from clinic.site.demo.pictures.mark import write_icons

STATIC = Path(__file__).parent.parent / "clinic/static/clinic"


def expected_size(name):
    if name == "hero":
        return (1600, 1300)
    return (800, 800) if name.startswith("portrait-") else (1600, 1000)


@pytest.mark.parametrize("name", pictures.NAMES)
def test_every_picture_has_its_size_several_colors_and_is_drawn_alike_twice(name):
    first, second = pictures.draw(name), pictures.draw(name)

    thumbnail = first.resize((80, 50), Image.Resampling.NEAREST)
    assert first.size == expected_size(name)
    assert first.tobytes() == second.tobytes()
    assert len(thumbnail.getcolors(80 * 50)) > 5


def test_every_picture_has_a_short_alternative_text_of_its_own():
    texts = [alternative for alternative, caption in pictures.ALT.values()]

    assert tuple(pictures.ALT) == pictures.NAMES
    assert [text for text in texts if not 20 <= len(text) <= 120] == []
    assert len(set(texts)) == len(texts)


def test_a_picture_weighs_little_on_a_phone(tmp_path):
    file = tmp_path / "heaviest.webp"

    pictures.draw("location-mill-road").resize((800, 500)).save(file, quality=80)

    assert file.stat().st_size < 30_000


def test_the_icons_in_the_static_folder_are_the_drawn_ones(tmp_path):
    write_icons(tmp_path)

    assert (STATIC / "logo.svg").read_text() == (tmp_path / "logo.svg").read_text()
    assert (STATIC / "favicon.svg").read_text() == (tmp_path / "favicon.svg").read_text()
    assert pixels(STATIC / "apple-touch-icon.png") == pixels(tmp_path / "apple-touch-icon.png")
    assert (STATIC / "apple-touch-icon.png").stat().st_size < 10_000


def pixels(file):
    with Image.open(file) as image:
        return image.size, image.tobytes()

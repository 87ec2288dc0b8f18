"""The drawings a home page can show instead of a photo: light, described, in the clinic's own hue."""

import gzip
import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from clinic.models import Clinic

SHEET = Path(__file__).parent.parent / "clinic/static/clinic/reading.css"
COLOR = re.compile(r"#[0-9a-f]{3}|rgb|oklch|fill=|stroke=|style=")


@pytest.mark.parametrize("name", Clinic.Drawing.values)
def test_a_drawing_is_light_and_has_a_text_for_those_who_do_not_see_it(name):
    drawing = render_to_string(f"clinic/drawings/{name}.html")

    assert len(gzip.compress(drawing.encode())) <= 1_400
    assert len(re.findall(r'role="img" aria-label="Drawing: [^"]{30,100}\."', drawing)) == 1


@pytest.mark.parametrize("name", Clinic.Drawing.values)
def test_a_drawing_takes_every_color_from_the_style_sheet(name):
    known = set(re.findall(r"^  \.(d-\w+|drawing) ", SHEET.read_text(), re.MULTILINE))

    drawing = render_to_string(f"clinic/drawings/{name}.html")

    used = set(" ".join(re.findall(r'class="([^"]+)"', drawing)).split())
    assert used - known == set()
    assert COLOR.findall(drawing) == []

"""The living page of the design system: all parts, from the partials that pages use."""

import re
from pathlib import Path

import pytest

from articles.models.cards import Level
from clinic.site.design import SCHEMES, SPECIMENS
from tests import builders

ROOT = Path(__file__).parent.parent
# What the design system is made of, apart from its tokens.
COMPONENTS = {
    "button": "parts/_button.html",
    "card": "articles/_article_card.html",
    "care card": "articles/_care_card.html",
    "form field": "forms/field.html",
    "error summary": "forms/_error_summary.html",
    "badge": "parts/_badge.html",
    "table": "parts/_table.html",
    "tabs": "parts/_tab.html",
    "pagination": "parts/_pagination.html",
    "breadcrumb": "parts/_breadcrumb.html",
    "notice": "parts/_notice.html",
    "disclosure": "parts/_disclosure.html",
}


@pytest.fixture
def shown(client, db):
    client.force_login(builders.user("Editor"))
    return client.get("/design/")


def test_every_part_is_shown_in_light_and_in_dark(shown):
    html = shown.content.decode()

    sections = [f'<section class="specimen" id="part-{specimen.name}">' for specimen in SPECIMENS]
    assert [html.count(section) for section in sections] == [1] * 14
    assert [html.count(f'<div class="scheme-{scheme}">') for scheme in SCHEMES] == [14, 14]
    # A level in each scheme, and nothing that only looks like one.
    assert [html.count(f"care-card-{level}") for level in Level.values] == [2, 2, 2]
    assert html.count('class="error-summary"') == 2


def test_no_two_things_of_the_page_have_one_id(shown):
    ids = re.findall(r'\bid="([^"]+)"', shown.content.decode())

    assert sorted({name for name in ids if ids.count(name) > 1}) == []


def test_the_page_is_neither_indexed_nor_kept(shown):
    assert '<meta name="robots" content="noindex">' in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]


@pytest.mark.parametrize("part", COMPONENTS)
def test_a_part_has_its_specimen_its_partial_and_its_section(part):
    sheets = "".join(
        (ROOT / "clinic/static/clinic" / name).read_text() for name in ("site.css", "reading.css", "form.css")
    )
    sections = " ".join(re.findall(r"^  /\* (.*?) \*/$", sheets, re.MULTILINE))
    titles = [str(specimen.title).lower() for specimen in SPECIMENS]

    assert part in titles
    assert (ROOT / "templates" / COMPONENTS[part]).exists()
    assert re.search(rf"\b{part.removeprefix('form ')}s?\b", sections)

"""A clinic's own look: its hue, its logo or our mark, its photo or a drawing, on every page."""

import re

import pytest
from django.template.loader import render_to_string

from clinic import facts, look, mark
from clinic.models import Clinic
from tests import builders

LOGO = {"url": "/media/pictures/logo-400.webp", "width": 400, "height": 100, "shows_name": False}
SHEET = '<link rel="stylesheet" href="/look/25.css">'
MARK = '<svg class="mark"'

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return Clinic.objects.create(name="Harbor Physical Therapy")


def html_of(client, path):
    return client.get(path).content.decode()


@pytest.mark.parametrize("path", ["/", "/appointments/", "/admin/login/", "/nowhere/"])
def test_the_hue_reaches_every_page(client, clinic, path):
    before = html_of(client, path)
    Clinic.objects.update(hue=25)
    facts.publish()

    after = html_of(client, path)

    assert (before.count("/look/25.css"), after.count(SHEET)) == (0, 1)
    assert after.index(SHEET) > after.index("clinic/tokens.css")
    assert after.count('<link rel="icon" href="/look/25.svg">') == 1


def test_addresses_of_a_look_answer_from_themselves_and_are_kept_for_good(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answers = [client.get(f"/look/25.{kind}") for kind in ("css", "svg", "png")]

    assert answers[0].content == b":root { --hue: 25; }\n"
    assert b'fill="#783b38"' in answers[1].content
    assert answers[2].content.startswith(b"\x89PNG")
    assert {answer["Cache-Control"] for answer in answers} == {"public, max-age=31536000, immutable"}
    assert [client.get(f"/look/{hue}.css").status_code for hue in ("359", "360", "-1", "9999")] == [
        200,
        404,
        404,
        404,
    ]


@pytest.mark.parametrize(
    "width, height, icon",
    [
        (400, 400, LOGO["url"]),
        (400, 330, LOGO["url"]),
        (400, 100, "/look/190.svg"),
        (100, 400, "/look/190.svg"),
    ],
)
def test_a_logo_is_the_icon_of_the_tab_if_it_is_about_square(width, height, icon):
    own = look.of({"logo": LOGO | {"width": width, "height": height}})

    assert own.icon == icon
    assert own.picture == LOGO["url"]


@pytest.mark.parametrize("shows_name", [True, False])
def test_the_name_is_told_once_beside_a_logo_or_by_it(shows_name):
    own = look.of({"logo": LOGO | {"shows_name": shows_name}})

    header = render_to_string("_mark.html", {"look": own, "name": "Harbor"})

    assert header.count("Harbor") == 1
    assert header.count('alt="Harbor"') == shows_name
    assert header.count(MARK) == 0


@pytest.mark.parametrize("logo, marks", [(None, 2), (LOGO, 0)])
def test_a_failure_page_shows_our_mark_only_to_a_clinic_without_a_logo(logo, marks):
    page = render_to_string("404.html", {"fallback": {"name": "Harbor", "look": look.of({"logo": logo})}})

    assert page.count('<svg class="mark') == marks
    assert page.count(LOGO["url"]) == bool(logo)


def test_the_mark_of_the_header_is_that_of_the_tab(client):
    shapes = re.compile(r' (?:d|cx|cy|r|rx|viewBox)="[^"]+"')
    header = render_to_string("_mark.html", {"look": look.of({}), "name": "Harbor"})

    assert shapes.findall(header) == shapes.findall(mark.svg(25))


def test_facts_of_an_earlier_release_have_our_look():
    assert look.of({}) == look.Look(190, None)
    assert MARK in render_to_string("_mark.html", {"look": look.of({}), "name": "Harbor"})


def test_the_home_page_shows_the_photo_else_the_drawing_else_nothing(client, clinic):
    facts.publish()
    drawn = html_of(client, "/")
    Clinic.objects.update(drawing="")
    facts.publish()
    plain = html_of(client, "/")
    Clinic.objects.update(drawing="walk", hero=builders.picture())
    facts.publish()
    photo = html_of(client, "/")

    assert [page.count('<svg class="drawing"') for page in (drawn, plain, photo)] == [1, 0, 0]
    assert ["<img" in page[page.index("<main") :] for page in (drawn, plain, photo)] == [False, False, True]


@pytest.mark.parametrize("name", Clinic.Drawing.values)
def test_each_drawing_that_can_be_chosen_is_there(name):
    assert render_to_string(f"clinic/drawings/{name}.html").count("<svg") == 1

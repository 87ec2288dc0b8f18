"""WCAG 2.2 on the kinds of pages we have, as far as a browser can tell: norms §6, column “Automated”.

Contrast is computed for every colour in test_colours, words of errors are in test_request_form, the
journey without JavaScript in test_journey_in_a_browser, and the long sweep in test_norms_everywhere.
"""

import re
from collections import Counter
from pathlib import Path
from string import ascii_lowercase, digits

import pytest

from clinic.apps import ClinicConfig
from tests.page_states import PHONE, complaints, resized, walk

STATIC = Path(ClinicConfig.__module__.replace(".", "/")).parents[0] / "static/clinic"
# One of each layout; the others are in the long sweep.
WALKED = ["home", "article", "form with errors", "check", "private link"]
WALKED_AT_THE_DESK = ["sign in", "dashboard", "requests", "request", "writing"]
# Hover may add a line or a colour, but nothing to read.
SHOWING = re.compile(r":hover[^{}]*\{[^}]*\b(display|visibility|opacity|content|clip-path|height)\s*:")


@pytest.fixture
def phones(tabs):
    """Give the tabs the size of a phone again, with text of its usual size."""
    yield tabs
    for tab in resized(tabs, **PHONE).values():
        tab.evaluate(
            "document.documentElement.style.removeProperty('font-size'); document.adoptedStyleSheets = []"
        )


@pytest.fixture(scope="module")
def walks(tabs):
    return {name: walk(tabs[name]) for name in WALKED + WALKED_AT_THE_DESK}


def test_1_3_1_and_2_4_6_a_page_has_one_main_heading_and_skips_no_level(tabs):
    assert complaints(tabs, "headings") == {}


def test_1_3_4_and_1_4_13_no_style_locks_the_screen_or_shows_words_to_a_pointer_only():
    sheets = {sheet.name: sheet.read_text() for sheet in STATIC.glob("*.css")}

    assert {name for name, css in sheets.items() if "orientation:" in css or SHOWING.search(css)} == set()
    assert "site.css" in sheets


def test_1_4_4_text_of_twice_the_size_is_all_there(phones, public, desk):
    # The desk's tables get the width of a tablet: on a phone nobody would set them this large.
    for tab in (resized(public, width=360, height=640) | resized(desk, width=768, height=1024)).values():
        tab.evaluate("document.documentElement.style.fontSize = '200%'")

    assert complaints(phones, "sideways") == {}
    assert complaints(phones, "clipped") == {}


def test_1_4_10_a_page_fits_320_pixels_as_it_does_at_400_percent(phones):
    resized(phones, width=320, height=256)

    assert complaints(phones, "sideways") == {}


def test_1_4_12_wider_spaced_text_is_all_there(phones):
    for tab in phones.values():
        tab.evaluate("norms.space()")

    assert complaints(phones, "sideways") == {}
    assert complaints(phones, "clipped") == {}


def test_2_1_2_the_keyboard_leaves_every_page_again(walks):
    ends = {name: stops[-1]["end"] for name, stops in walks.items()}
    stuck = {name: [stop["name"] for stop in stops if stop.get("stuck")] for name, stops in walks.items()}

    assert ends == dict.fromkeys(walks, True)
    assert stuck == {name: [] for name in walks}


def test_2_1_4_no_key_alone_does_anything_at_the_desk(desk):
    pages = {name: desk[name] for name in ("dashboard", "requests", "request", "desk", "pictures")}
    before = {
        name: tab.evaluate("document.activeElement.blur(), norms.state()") for name, tab in pages.items()
    }

    for tab in pages.values():
        tab.keyboard.type(ascii_lowercase + digits + "/?.,")

    assert {name: tab.evaluate("norms.state()") for name, tab in pages.items()} == before


def test_2_4_1_the_first_stop_skips_to_the_text(tabs):
    # An error page stands alone: nothing is before its text but the way home.
    assert complaints(tabs, "skip").keys() == {"not found"}


def test_2_4_2_every_title_is_unique_and_begins_with_the_failure(tabs):
    titles = {name: tab.title() for name, tab in tabs.items()}

    assert {title: times for title, times in Counter(titles.values()).items() if times > 1} == {}
    assert {name for name, title in titles.items() if title.startswith("Error: ")} == {
        name for name in tabs if name.endswith("with errors")
    }


def test_2_4_3_the_focus_moves_in_the_order_of_the_page(walks):
    back = {name: [stop["back"] for stop in stops if stop.get("back")] for name, stops in walks.items()}

    assert back == {name: [] for name in walks}
    assert {name for name, stops in walks.items() if len(stops) < 3} == set()


def test_2_4_7_whoever_uses_the_keyboard_sees_where_they_are(walks):
    unseen = {name: [line for stop in stops for line in stop["unseen"]] for name, stops in walks.items()}

    assert unseen == {name: [] for name in walks}


def test_2_4_11_nothing_lies_over_what_has_the_focus(walks):
    covered = {
        name: [f"{stop['name']} {stop['covered']}" for stop in stops if stop.get("covered")]
        for name, stops in walks.items()
    }

    assert covered == {name: [] for name in walks}


def test_2_5_8_targets_have_24_pixels_and_the_next_step_has_44(tabs):
    assert complaints(tabs, "targets") == {}
    assert complaints(tabs, "primaries") == {}


def test_3_1_1_and_3_1_2_every_page_names_its_language(tabs):
    assert {tab.evaluate("document.documentElement.lang") for tab in tabs.values()} == {"en-us"}
    assert complaints(tabs, "languages") == {}


def test_3_2_6_phone_and_hours_stand_in_the_same_order_on_every_page(public):
    help_ = {name: tab.evaluate("norms.help()") for name, tab in public.items() if name != "not found"}

    assert help_ == dict.fromkeys(help_, help_["home"])
    assert {"header a.", "footer a.phone", "footer dl.week"} <= set(help_["home"])
    assert public["not found"].locator("main a[href^='tel:']").count() == 1


def test_3_3_8_a_password_may_be_pasted_and_filled_in_by_a_manager(desk):
    doors = {name: desk[name] for name in ("sign in", "password")}
    tokens = (
        "norms => [...document.querySelectorAll('main input[autocomplete]')].map(one => one.autocomplete)"
    )

    assert complaints(doors, "paste") == {}
    assert {name: tab.evaluate(tokens) for name, tab in doors.items()} == {
        "sign in": ["username webauthn", "current-password"],
        "password": ["current-password", "new-password", "new-password"],
    }

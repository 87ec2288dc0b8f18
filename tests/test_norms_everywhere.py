"""The long sweep of norms §6: every kind of page, by day and night, from the narrowest phone to a desktop."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.page_states import PHONE, complaints, resized, walk
from tests.test_staff_pages_in_a_browser import LAW

pytestmark = pytest.mark.faults


def violations(tab):
    """Return what a page has against it by the rules of WCAG 2.2 AA."""
    found = Axe().run(tab, options=LAW).response["violations"]
    return [f"{violation['id']}: {node['html']}" for violation in found for node in violation["nodes"]]


@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_shuts_anybody_out(tabs, scheme, width):
    # So high that the bar at its lower edge lies over nothing.
    for tab in resized(tabs, width=width, height=6000).values():
        tab.emulate_media(color_scheme=scheme)

    assert {name: violations(tab) for name, tab in tabs.items()} == {name: [] for name in tabs}


@pytest.mark.parametrize("width", [320, 375, 600, 768, 1024, 1280, 1920])
def test_no_page_is_wider_than_its_window(tabs, width):
    resized(tabs, width=width, height=800)

    assert complaints(tabs, "sideways") == {}
    assert complaints(tabs, "targets") == {}


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 720}])
def test_the_keyboard_goes_through_every_page(tabs, size):
    walks = {name: walk(tab) for name, tab in resized(tabs, **size).items()}

    wrong = ("unseen", "back", "stuck", "covered")
    found = {name: [stop for stop in stops if any(map(stop.get, wrong))] for name, stops in walks.items()}
    assert found == {name: [] for name in tabs}
    assert {name for name, stops in walks.items() if not stops[-1]["end"]} == set()

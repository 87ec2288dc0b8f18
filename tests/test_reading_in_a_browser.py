"""Reading a long article: where am I, and what comes; with JavaScript or without."""

import pytest
from playwright.sync_api import expect

from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

PARTS = "".join(f"<h2>Part {number}</h2>" + "<p>Walk a little.</p>" * 20 for number in range(1, 6))
WIDE, PHONE = {"width": 1280, "height": 720}, {"width": 375, "height": 720}


@pytest.fixture
def address(live_server):
    builders.published_article(slug="long", body=PARTS)
    return f"{live_server.url}/articles/long/"


def test_the_contents_mark_the_part_that_is_being_read(page, address):
    page.set_viewport_size(WIDE)
    page.goto(address)
    current = page.locator(".contents [aria-current=location]")

    expect(current).to_have_count(0)
    page.get_by_role("link", name="Part 3").click()
    expect(current).to_have_text("Part 3")
    page.evaluate("scrollTo(0, 0)")
    expect(current).to_have_count(0)


def test_without_javascript_the_contents_stand_beside_the_text_and_unfold_on_a_phone(browser, address):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        part = page.get_by_role("navigation", name="On this page").get_by_text("Part 3")

        page.set_viewport_size(WIDE)
        page.goto(address)
        expect(part).to_be_visible()

        page.set_viewport_size(PHONE)
        page.goto(address)
        expect(part).to_be_hidden()
        page.get_by_text("On this page").click()
        expect(part).to_be_visible()

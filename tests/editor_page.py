"""The page of an article in a real browser, with an editor signed in."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests import builders
from tests.test_staff_pages_in_a_browser import WATCH

TEXT_BOX = ".ProseMirror[contenteditable=true]"


@pytest.fixture
def writer(page, client, live_server):
    """Sign an editor in; return the browser's page."""
    editor = builders.user("Editor", name="Nils Berger")
    client.post("/admin/login/", {"login": editor.email, "password": builders.PASSWORD})
    cookies = client.cookies.items()
    page.context.add_cookies(
        [{"name": name, "value": morsel.value, "url": live_server.url} for name, morsel in cookies]
    )
    page.add_init_script(WATCH)
    page.set_default_timeout(10_000)
    return page


@pytest.fixture
def open_page(writer, live_server):
    """Return a function that opens a staff page of an article, or of anything else, as the editor."""

    def go(name, *arguments):
        writer.goto(live_server.url + reverse(f"admin:articles_{name}", args=arguments))
        if name == "article_change":
            expect(writer.get_by_role("group", name="Tools for the text")).to_be_visible()
        return writer

    return go


def type_at_the_end(page, *words):
    """Type lines behind the last one of the text."""
    page.locator(TEXT_BOX).click()
    page.keyboard.press("Control+End")
    for number, line in enumerate(words):
        if number:
            page.keyboard.press("Enter")
        page.keyboard.type(line)

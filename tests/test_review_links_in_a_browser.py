"""From the mail to the signature in a real browser: three clicks, without JavaScript, and for everybody."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from articles import publishing
from articles.review_links import Review
from clinic import facts
from tests import builders

LAW = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def address(live_server, settings):
    """Return the link in the mail to an outside reviewer."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    builders.location("Northside")
    facts.publish()
    article = builders.article()
    reviewer = builders.clinician("Ada Cole", user=None, review_email="ada@elsewhere.example")
    reviewer.credentials.update(number="PT-77812")
    publishing.submit(article, to=reviewer, by=builders.user("Editor"))
    return Review(article.events.first(), reviewer).address


def test_three_clicks_lead_from_the_mail_to_the_signature(browser, address):
    page = browser.new_context(java_script_enabled=False).new_page()

    page.goto(address)
    page.get_by_label("Last four characters of your license number").first.fill("7812")
    page.get_by_role("button", name="Sign off").click()

    expect(page.get_by_role("heading", name="This text is signed off")).to_be_visible()
    page.context.close()


def test_the_page_shuts_nobody_out(page, address):
    page.goto(address)
    page.get_by_role("button", name="Send back").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what should change.")

    violations = Axe().run(page, options=LAW).response["violations"]

    assert [violation["id"] for violation in violations] == []

"""The page of a request in a real browser: copying, and nothing that shuts people out."""

import pytest
from playwright.sync_api import expect

from appointments import intake
from clinic.models import AuditEvent
from tests import builders
from tests.test_staff_pages_in_a_browser import WATCH, complaints

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def northside():
    return builders.location("Northside")


@pytest.fixture
def visit(page, client, live_server, settings, northside):
    """Sign a receptionist in, and return a function that opens the page of a request."""
    client.force_login(builders.user("Front desk", locations=[northside]))
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.add_init_script(WATCH)
    page.set_default_timeout(10_000)
    return lambda request: page.goto(live_server.url + request.get_absolute_url())


def test_a_fact_is_copied_by_one_tap_and_only_its_name_is_noted(page, visit, northside):
    request, other = (
        builders.appointment_request(location=northside, days=["mon"], notes=f"Knee {number}\nLeft")
        for number in range(2)
    )
    for one in (request, other):
        intake.renew_keys(one)
    visit(request)

    with page.expect_response(lambda response: "copied" in response.url) as noted:
        page.get_by_role("button", name="Copy Notes").click()
    expect(page.locator("[data-copied-at]").get_by_role("status")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    expect(page.locator("[data-copied-at]").get_by_role("status")).to_have_text("")

    assert (copied, noted.value.status) == ("Knee 0\nLeft", 204)
    lines = AuditEvent.objects.filter(action="request.copied").values_list("subject", "reason")
    assert list(lines) == [(request.reference, "notes")]
    assert complaints(page) == []

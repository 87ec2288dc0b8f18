"""The list of requests in a real browser: what comes in is announced, and nothing moves by itself."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from appointments.models.choices import Status
from clinic import facts
from tests import builders
from tests.test_staff_pages_in_a_browser import WATCH, complaints

pytestmark = pytest.mark.django_db(transaction=True)

INBOX = reverse("admin:appointments_appointmentrequest_changelist")
HALF_A_MINUTE = 30_000


@pytest.fixture
def northside():
    return builders.location("Northside")


@pytest.fixture
def receptionist(northside):
    return builders.user("Front desk", locations=[northside], name="Dana Whitlock")


@pytest.fixture
def open_inbox(page, client, live_server, settings, receptionist):
    """Return a function that opens the list for the receptionist, with the browser's clock in our hands."""
    client.force_login(receptionist)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page.add_init_script(WATCH)
    page.clock.install()

    def go():
        facts.publish()
        page.goto(live_server.url + INBOX)
        return page

    return go


def wait_for_news(page):
    with page.expect_response(lambda response: "/news/" in response.url):
        page.clock.run_for(HALF_A_MINUTE)


def test_new_requests_are_announced_and_nothing_moves(open_inbox, northside):
    builders.appointment_request(location=northside)
    page = open_inbox()
    row = page.locator(".desk-requests tbody tr")
    before = row.bounding_box()
    builders.appointment_request(location=northside)
    urgent = builders.appointment_request(location=northside, full_name="Bo Lind-Hansen", is_urgent=True)

    wait_for_news(page)

    expect(page.locator("[data-said]")).to_have_text("New requests: 2 Urgent: 1")
    expect(page).to_have_title("(2) Requests · Clinic staff pages")
    expect(page.locator("[data-tab-count=to_do]")).to_have_text("3")
    assert (row.count(), row.bounding_box()) == (1, before)
    page.get_by_text("Show them").click()
    assert complaints(page) == []
    expect(page.locator("[data-rows]")).to_contain_text("Bo L.-H. · Northside")
    page.get_by_role("link", name=urgent.reference).click()
    expect(page.get_by_role("heading", name=urgent.reference)).to_be_visible()


def test_an_empty_list_fills_itself(open_inbox, northside):
    page = open_inbox()
    expect(page.get_by_text("All done. The next request appears here by itself.")).to_be_visible()
    request = builders.appointment_request(location=northside)

    wait_for_news(page)
    page.clock.run_for(1000)

    expect(page.get_by_role("link", name=request.reference)).to_be_visible()


def test_an_empty_list_stays_under_whoever_is_searching(open_inbox, northside):
    page = open_inbox()
    search = page.get_by_placeholder("Name, phone or reference")
    search.fill("Rey")
    page.evaluate("window.isSamePage = true")
    builders.appointment_request(location=northside)

    wait_for_news(page)
    page.clock.run_for(1000)
    # A reload would begin now, and give the box its text back.
    page.wait_for_timeout(300)

    expect(page.locator("[data-rows] a").first).to_be_attached()
    assert page.evaluate("window.isSamePage") is True


def test_the_time_that_is_left_stays_right_while_somebody_looks(open_inbox, northside):
    now = timezone.now()
    # A place where it is midday, so that today is not over in between.
    northside.time_zone = f"Etc/GMT{now.hour - 12:+}"
    northside.save()
    builders.appointment_request(location=northside, due_at=now + timedelta(minutes=2, seconds=30))
    page = open_inbox()
    badge = page.locator(".due time")
    expect(badge).to_have_text("2 min left")

    page.clock.run_for(180_000)

    expect(badge).to_have_text("0 min late")
    expect(badge).to_have_class("badge badge-urgent")


def test_whoever_is_signed_out_is_told_once_and_not_asked_for_again(open_inbox, northside):
    page = open_inbox()
    Session.objects.all().delete()

    wait_for_news(page)

    expect(page.locator("[data-said]")).to_have_text("Sign in again to see new requests.")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(HALF_A_MINUTE)
    assert asked == []


def test_a_sound_is_a_choice_that_the_browser_remembers_and_nothing_else_is_kept(open_inbox, northside):
    page = open_inbox()

    page.get_by_label("Sound for new requests").check()
    builders.appointment_request(location=northside)
    wait_for_news(page)
    page = open_inbox()

    expect(page.get_by_label("Sound for new requests")).to_be_checked()
    assert page.evaluate("window.violations") == []
    # What was chosen in Django's own pages stays as well.
    kept = page.evaluate("Object.keys(localStorage).filter((name) => !/^(theme|django)/.test(name))")
    assert kept == ["sound-for-new-requests"]


def test_a_hidden_page_asks_once_a_minute_so_that_it_is_still_heard(open_inbox, northside):
    page = open_inbox()
    asked = []
    page.on("request", lambda request: asked.append("/news/" in request.url))
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true })")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    page.clock.run_for(HALF_A_MINUTE)
    too_early = list(asked)
    wait_for_news(page)

    assert (any(too_early), asked.count(True)) == (False, 1)


def test_the_keyboard_reaches_a_request_in_three_steps(open_inbox, northside):
    request = builders.appointment_request(location=northside)
    page = open_inbox()

    page.get_by_role("link", name="Skip to the list").press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name=request.reference)).to_be_visible()


def test_on_a_phone_rows_are_cards_with_room_for_a_thumb(open_inbox, page, northside, receptionist):
    page.set_viewport_size({"width": 375, "height": 800})
    page.emulate_media(color_scheme="dark")
    builders.appointment_request(location=northside, full_name="Maximiliana Featherstonehaugh-Cholmondeley")
    builders.appointment_request(
        location=northside, status=Status.CLAIMED, owner=receptionist, is_urgent=True, attempts=2
    )
    page = open_inbox()

    sizes = page.locator(".desk-requests tbody :is(a, button)").evaluate_all(
        """controls => controls.map((control) => {
            const { height } = control.getBoundingClientRect();
            const over = getComputedStyle(control, "::after").position === "absolute" ? 44 : 0;
            return Math.max(height, over) >= 44;
        })"""
    )

    assert complaints(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    assert sizes == [True] * 4
    # The whole card opens the request: its link lies over the name.
    page.locator(".desk-requests .patient").first.click(force=True)
    expect(page.locator("#content h1")).to_contain_text("R-")

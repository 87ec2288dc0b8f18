"""The lock in a real browser: a warning first, then nothing to see, and everything typed is there again."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from appointments.models.choices import Status
from clinic.models import AuditEvent
from clinic.site import presence
from tests import builders
from tests.test_staff_pages_in_a_browser import WATCH, complaints

pytestmark = pytest.mark.django_db(transaction=True)

CANARY = "Quillfeather"


@pytest.fixture
def receptionist():
    return builders.user("Front desk", locations=[builders.location("Northside")], name="Dana Whitfield")


@pytest.fixture
def request_page(page, client, live_server, settings, receptionist):
    """Open the page of a request, signed in, with a clock that the test moves."""
    client.force_login(receptionist)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page.context.add_init_script(WATCH)
    page.set_default_timeout(10_000)
    page.clock.install()
    request = builders.appointment_request(
        location=receptionist.locations.get(),
        full_name=CANARY,
        is_urgent=True,
        status=Status.CLAIMED,
        owner=receptionist,
    )
    page.goto(live_server.url + request.get_absolute_url())
    return page


def let_pass(page, client, **time):
    """Let time pass for server and page alike."""
    session = client.session
    session[presence.SEEN_AT] = (timezone.now() - timedelta(**time)).isoformat()
    session.save()
    page.clock.fast_forward(int(timedelta(**time).total_seconds() * 1000) + 5_000)


def heading(page, name):
    return page.get_by_role("heading", name=name, exact=True)


def test_wcag_2_2_1_a_warning_comes_two_minutes_before_and_one_key_stays(client, request_page):
    let_pass(request_page, client, minutes=13, seconds=10)
    expect(heading(request_page, "Are you still there?")).to_be_visible()
    found = complaints(request_page)
    before = client.session[presence.SEEN_AT]

    request_page.keyboard.press("Enter")

    expect(heading(request_page, "Are you still there?")).to_be_hidden()
    assert client.session[presence.SEEN_AT] > before
    assert found == []


def test_a_locked_screen_shows_and_says_nothing_and_keeps_what_was_typed(client, request_page, receptionist):
    remark = request_page.locator("textarea:visible").first
    remark.fill("Left a message")
    title = request_page.title()
    spoken = request_page.locator("body").aria_snapshot()

    let_pass(request_page, client, minutes=15)
    expect(heading(request_page, "Locked")).to_be_visible()
    locked = request_page.locator("body").aria_snapshot()
    locked_title = request_page.title()
    request_page.keyboard.press("Escape")
    request_page.keyboard.press("Escape")
    request_page.get_by_label("Password").fill("wrong")
    request_page.keyboard.press("Enter")
    expect(request_page.get_by_text("This is not your password.")).to_be_visible()
    shown = request_page.get_by_text(CANARY).first.is_visible()
    numbers = request_page.locator("[data-number]").all_inner_texts()
    found = complaints(request_page)
    request_page.get_by_label("Password").fill(builders.PASSWORD)
    request_page.keyboard.press("Enter")
    expect(heading(request_page, "Locked")).to_be_hidden()

    assert (CANARY in spoken, CANARY in locked, CANARY in locked_title, shown) == (True, False, False, False)
    assert ("Dana Whitfield" in locked, numbers) == (True, ["1", "1", "0"])
    assert (remark.input_value(), request_page.title()) == ("Left a message", title)
    assert request_page.get_by_text(CANARY).first.is_visible()
    assert found == []


def test_whoever_uses_the_page_is_asked_nothing(client, request_page):
    let_pass(request_page, client, minutes=5)
    before = client.session[presence.SEEN_AT]

    with request_page.expect_response(lambda response: response.request.method == "POST"):
        request_page.keyboard.press("Shift")
        request_page.clock.run_for(1000)

    assert client.session[presence.SEEN_AT] > before
    expect(heading(request_page, "Are you still there?")).to_be_hidden()


def test_lock_screen_covers_every_tab_and_one_unlock_opens_all(client, live_server, request_page):
    other = request_page.context.new_page()
    other.goto(live_server.url + reverse("admin:index"))

    request_page.get_by_role("button", name="Lock screen").click()
    for tab in (request_page, other):
        expect(heading(tab, "Locked")).to_be_visible()
    reloaded = request_page.context.new_page()
    reloaded.goto(live_server.url + reverse("admin:index"))
    found = complaints(reloaded)
    reloaded.get_by_label("Password").fill(builders.PASSWORD)
    reloaded.get_by_role("button", name="Unlock", exact=True).click()
    expect(heading(reloaded, "What is waiting")).to_be_visible()
    for tab in (request_page, other):
        tab.bring_to_front()
        tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(heading(tab, "Locked")).to_be_hidden()

    assert found == []


def test_whoever_signed_out_elsewhere_sees_nothing_until_they_are_back(client, live_server, request_page):
    client.post(reverse("admin:logout"))

    request_page.clock.fast_forward(15 * 60_000)

    expect(heading(request_page, "You were signed out")).to_be_visible()
    expect(request_page.get_by_role("link", name="Sign in")).to_be_visible()
    shown = [request_page.get_by_text(words).first.is_visible() for words in (CANARY, "Signed in: Dana")]
    assert shown == [False, False]


def test_who_has_guessed_too_often_is_warned_and_led_to_the_way_in(client, request_page):
    let_pass(request_page, client, minutes=15)
    expect(heading(request_page, "Locked")).to_be_visible()
    session = client.session
    session[presence.FAILURES] = 3
    session.save()
    request_page.keyboard.type("wrong")
    request_page.keyboard.press("Enter")
    expect(request_page.get_by_text("One more try, then you are signed out.")).to_be_visible()
    found = complaints(request_page)

    request_page.keyboard.type("wrong")
    request_page.keyboard.press("Enter")

    expect(heading(request_page, "You were signed out")).to_be_visible()
    expect(request_page.get_by_role("link", name="Sign in")).to_be_focused()
    assert (heading(request_page, "Locked").is_visible(), found) == (False, [])


def test_a_page_whose_person_left_the_desk_to_a_colleague_says_so(
    client, live_server, request_page, settings
):
    colleague = Client()
    colleague.force_login(builders.user("Editor"))
    name = settings.SESSION_COOKIE_NAME
    request_page.context.add_cookies(
        [{"name": name, "value": colleague.cookies[name].value, "url": live_server.url}]
    )

    request_page.clock.fast_forward(15 * 60_000)

    expect(request_page.get_by_text("A colleague is signed in now.")).to_be_visible()
    assert not request_page.get_by_text(CANARY).first.is_visible()


def test_t18_the_back_button_after_signing_out_shows_nothing(request_page):
    before = request_page.get_by_text(CANARY).count()

    request_page.get_by_role("button", name="Sign out").click()
    expect(heading(request_page, "You are signed out")).to_be_visible()
    request_page.go_back()

    expect(heading(request_page, "Staff pages")).to_be_visible()
    assert (before > 0, request_page.get_by_text(CANARY).count()) == (True, 0)


def test_a_passkey_unlocks_and_signs_in_again(page, live_server, receptionist):
    page.set_default_timeout(10_000)
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(live_server.url + "/admin/login/?next=/admin/account/keys/add/")
    page.get_by_label("E-mail address").fill(receptionist.email)
    page.get_by_label("Password").fill(builders.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_label("Name")).to_be_focused()
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url("**/admin/account/**codes**")

    page.get_by_role("button", name="Lock screen").click()
    page.get_by_role("button", name="Unlock with a passkey").click()
    expect(heading(page, "Locked")).to_be_hidden()
    page.get_by_role("button", name="Lock screen").click()
    expect(heading(page, "Locked")).to_be_visible()
    page.goto(live_server.url + "/admin/")
    page.get_by_role("button", name="Unlock with a passkey").click()
    expect(heading(page, "What is waiting")).to_be_visible()

    page.goto(live_server.url + "/admin/clinic/closure/add/")
    page.get_by_label("Reason").fill("Snow")
    Session.objects.all().delete()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(heading(page, "Sign in again")).to_be_visible()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("button", name="Yes, send it").click()
    expect(page.get_by_label("Reason")).to_have_value("Snow")

    unlocked = AuditEvent.objects.filter(action="session.unlocked")
    assert list(unlocked.values_list("reason", flat=True)) == ["passkey", "passkey"]

"""The staff pages in a real browser: nothing that our policy refuses, and nothing that shuts people out."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from appointments.models import AppointmentRequest
from appointments.models.choices import Status
from clinic import facts, pages
from clinic.models import Page
from tests import builders

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", ({violatedDirective, blockedURI}) =>
  window.violations.push(`${violatedDirective} ${blockedURI}`));
"""
LAW = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
EDITOR = ".ProseMirror[contenteditable=true]"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def northside():
    return builders.location("Northside")


@pytest.fixture
def manager(northside):
    return builders.user("Manager", name="Ruth Amari")


@pytest.fixture
def visit(page, live_server, manager):
    """Sign in, and return a function that opens a staff page and reports what is wrong with it."""
    page.add_init_script(WATCH)
    page.goto(live_server.url + reverse("admin:login"))
    at_the_door = complaints(page)
    page.get_by_label("E-mail address").fill(manager.email)
    page.get_by_label("Password").fill(builders.PASSWORD)
    page.get_by_role("button", name="Log in").click()

    def go(address):
        page.goto(live_server.url + address)
        return complaints(page)

    go.at_the_door = at_the_door
    return go


def complaints(page):
    """Return violations of the security policy and of WCAG 2.2 AA."""
    page.wait_for_load_state()
    for _text in page.locator("textarea[data-django-prose-editor-configurable]").all():
        expect(page.locator(EDITOR).first).to_be_visible()
    # First, because axe itself tries to add styles.
    refused = page.evaluate("window.violations")
    found = Axe().run(page, options=LAW).response["violations"]
    return refused + [
        f"{violation['id']}: {node['html']}" for violation in found for node in violation["nodes"]
    ]


def about_page(by):
    about = Page.objects.create(slug="about")
    text = {"title": "About us", "summary": "", "description": "", "body": "<h2>Us</h2><p>We listen.</p>"}
    pages.publish(about, pages.keep(about, **text, by=by), by=by)
    return about


def test_no_staff_page_breaks_the_policy_or_shuts_anybody_out(visit, northside, manager):
    open_request = builders.appointment_request(location=northside, is_urgent=True, notes="A note")
    claimed = builders.appointment_request(location=northside, status=Status.CLAIMED, owner=manager)
    gym = builders.picture("Gym")
    northside.picture = gym
    northside.save()
    addresses = [
        reverse("admin:index"),
        reverse("admin:appointments_appointmentrequest_changelist"),
        reverse("admin:appointments_appointmentrequest_reports"),
        reverse("admin:appointments_appointmentrequest_export"),
        open_request.get_absolute_url(),
        claimed.get_absolute_url(),
        reverse("admin:clinic_location_change", args=[northside.pk]),
        reverse("admin:clinic_page_change", args=[about_page(manager).pk]),
        reverse("admin:clinic_picture_add"),
        reverse("admin:clinic_picture_change", args=[gym.pk]),
        reverse("admin:clinic_picture_replace", args=[gym.pk]),
        reverse("admin:clinic_document_change", args=[builders.document().pk]),
        reverse("admin:clinic_auditevent_changelist"),
        f"{reverse('admin:access_review')}?week={timezone.localdate()}",
        reverse("admin:clinic_closure_import"),
        reverse("admin:staff_user_change", args=[manager.pk]),
    ]

    found = {address: visit(address) for address in addresses}

    assert visit.at_the_door == []
    assert found == {address: [] for address in addresses}


def test_the_editor_starts_has_a_name_and_saves_what_is_typed(page, visit, manager):
    about = about_page(manager)
    visit(reverse("admin:clinic_page_change", args=[about.pk]))
    box = page.locator(EDITOR)
    expect(box).to_have_attribute("aria-label", "Text")

    box.locator("p").last.click()
    page.keyboard.press("End")
    page.keyboard.type(" Always.")
    page.get_by_role("button", name="Save and publish").click()
    page.wait_for_load_state()

    about.refresh_from_db()
    assert about.live.body == "<h2>Us</h2><p>We listen. Always.</p>"


def test_a_click_sets_a_focal_point_and_another_picture_takes_the_place_everywhere(page, visit, northside):
    old, new = builders.picture("Old front door"), builders.picture("New front door")
    northside.picture = old
    northside.save()
    visit(reverse("admin:clinic_picture_change", args=[old.pk]))

    box = page.locator("[data-focus]").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.8)
    page.get_by_label("Focal point, from the left").fill("40")
    mark = page.locator(".focus-mark").bounding_box()
    page.get_by_role("button", name="Save and continue editing").click()
    page.get_by_role("link", name="Replace everywhere").click()
    page.get_by_role("searchbox").fill("new front")
    page.get_by_role("button", name="Find").click()
    page.get_by_label("New front door").check()
    page.get_by_role("button", name="Replace everywhere").click()

    expect(page.get_by_text("Now with the other picture: Northside.")).to_be_visible()
    for record in (old, northside):
        record.refresh_from_db()
    assert (northside.picture, old.focal_x) == (new, 40)
    assert abs(old.focal_y - 80) <= 2
    assert abs(mark["x"] + mark["width"] / 2 - box["x"] - box["width"] * 0.4) <= 2


def test_t3_what_a_patient_typed_does_nothing_in_the_browser(page, visit, northside):
    payload = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    request = builders.appointment_request(
        location=northside, full_name=payload, notes=payload, needs=payload
    )
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))

    visit(reverse("admin:appointments_appointmentrequest_changelist"))
    visit(request.get_absolute_url())

    assert (dialogs, page.evaluate("window.violations")) == ([], [])
    assert page.locator("dl.desk-facts img, dl.desk-facts script").count() == 0


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_the_front_desk_works_without_javascript(page, live_server, northside, manager):
    facts.publish()
    request = builders.appointment_request(location=northside)
    page.goto(live_server.url + request.get_absolute_url())
    page.get_by_label("E-mail address").fill(manager.email)
    page.get_by_label("Password").fill(builders.PASSWORD)
    page.get_by_role("button", name="Log in").click()

    page.get_by_role("button", name="Claim").click()
    page.get_by_text("Left a message").click()
    page.get_by_role("button", name="Log a call").click()
    page.get_by_text("Record the appointment").first.click()
    page.get_by_label("Number in your scheduling system").fill("A-17")
    page.get_by_role("button", name="Record the appointment").click()

    expect(page.get_by_text(f"The appointment for {request.reference} is recorded.")).to_be_visible()
    closed = AppointmentRequest.objects.get()
    assert (closed.status, closed.owner, closed.attempts, closed.appointment_number) == (
        Status.CLOSED, manager, 1, "A-17",
    )  # fmt: skip

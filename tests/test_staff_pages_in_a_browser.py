"""The staff pages in a real browser: nothing that our policy refuses, and nothing that shuts people out."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from appointments.models import AppointmentRequest
from appointments.models.choices import Status
from clinic import facts, pages
from clinic.models import Closure, InsurancePlan, Page
from staff import account_links
from staff.models import AccountLink
from tests import builders

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", ({violatedDirective, blockedURI}) =>
  window.violations.push(`${violatedDirective} ${blockedURI}`));
"""
LAW = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
EDITOR = ".ProseMirror[contenteditable=true]"
CLICK_TWICE = """async () => {
  const button = document.querySelector("[name=_save]");
  button.click();
  button.click();
  await new Promise((done) => setTimeout(done));
  const said = document.querySelector("[data-feedback]").textContent;
  return [said, button.value, button.getAttribute("aria-disabled")];
}"""
CLICK_AND_STOP = """async () => {
  const button = document.querySelector("[name=_save]");
  const stopped = new Promise((done) => navigation.addEventListener("navigateerror", done));
  button.click();
  setTimeout(() => window.stop(), 100);
  await stopped;
  return [button.value, button.getAttribute("aria-disabled")];
}"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def northside():
    return builders.location("Northside")


@pytest.fixture
def manager(northside):
    return builders.user("Manager", name="Ruth Amari")


@pytest.fixture
def visit(page, client, live_server, settings, manager):
    """Sign in, and return a function that opens a staff page."""
    client.force_login(manager)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page.add_init_script(WATCH)
    return lambda address: page.goto(live_server.url + address)


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


@pytest.mark.faults
def test_no_staff_page_breaks_the_policy_or_shuts_anybody_out(page, visit, northside, manager):
    open_request = builders.appointment_request(location=northside, is_urgent=True, notes="A note")
    claimed = builders.appointment_request(location=northside, status=Status.CLAIMED, owner=manager)
    gym = builders.picture("Gym")
    northside.picture = gym
    northside.save()
    invited = builders.user("Editor", password=None)
    welcome = account_links.make(invited, AccountLink.Purpose.INVITATION, by=manager)
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
        reverse("admin:staff_user_changelist"),
        reverse("admin:staff_user_add"),
        reverse("admin:staff_user_change", args=[manager.pk]),
        reverse("admin:staff_user_change", args=[invited.pk]),
        reverse("admin:staff_user_step", args=[invited.pk, "leave"]),
    ]
    doors = [
        reverse("admin:login"),
        reverse("account_reset_password"),
        reverse("account_reset_password_done"),
        reverse("account_welcome", args=["1.forged"]),
        account_links.address_of(welcome).removeprefix(settings.SITE_URL),
    ]

    found = {}
    for address in addresses:
        visit(address)
        found[address] = complaints(page)
    page.context.clear_cookies()
    for address in doors:
        visit(address)
        found[address] = complaints(page)

    assert found == {name: [] for name in found}


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
    page.get_by_role("button", name="Sign in", exact=True).click()

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


def test_a_form_is_sent_once_and_says_that_it_is_on_its_way(page, visit, northside):
    visit(reverse("admin:clinic_closure_add"))
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_label("Reason").fill("Team training")
    page.get_by_label("First day").fill("2026-12-01")
    page.get_by_label("Last day").fill("2026-12-01")

    said = page.evaluate(CLICK_TWICE)
    page.wait_for_url("**/closure/")

    assert said == ["Saving…", "Saving…", "true"]
    assert (len(sent), [closure.reason for closure in Closure.objects.all()]) == (1, ["Team training"])


def test_a_form_that_was_stopped_on_its_way_can_be_sent_again(page, visit):
    visit(reverse("admin:clinic_closure_add"))
    never_answered = []
    page.route("**/closure/add/", lambda route: never_answered.append(route))

    button = page.evaluate(CLICK_AND_STOP)

    assert (len(never_answered), button) == (1, ["Save", None])


def test_focus_that_leaves_the_open_menu_closes_it(page, visit):
    page.set_viewport_size({"width": 375, "height": 740})
    visit("/admin/clinic/closure/")
    menu = page.locator("#rail-menu")
    page.get_by_role("button", name="Menu").press("Enter")
    menu.locator("a, button").last.focus()
    expect(menu).to_be_visible()

    page.keyboard.press("Tab")

    expect(menu).to_be_hidden()
    expect(page.locator("main :focus")).to_be_in_viewport()


def test_what_is_opened_at_the_foot_of_the_rail_comes_into_sight(page, visit):
    page.set_viewport_size({"width": 1280, "height": 700})
    visit("/admin/clinic/closure/")
    record = page.get_by_role("link", name="Audit trail")
    expect(record).to_be_hidden()

    page.locator(".rail summary").press("Enter")

    expect(record).to_be_in_viewport(ratio=1)


def test_whoever_comes_back_to_a_long_list_is_where_they_were(page, visit):
    plans = [InsurancePlan.objects.create(name=f"Plan {number:02}") for number in range(60)]
    visit(f"{reverse('admin:clinic_insuranceplan_changelist')}?q=Plan")
    page.get_by_role("link", name="Plan 50").click()

    page.get_by_role("button", name="Save", exact=True).click()

    row = page.locator(".is-last-seen")
    expect(row).to_contain_text(plans[50].name)
    expect(row).to_be_in_viewport()
    assert page.url.endswith("?q=Plan")


def test_several_pictures_go_into_the_library_at_once_and_a_refused_one_is_named(page, visit, tmp_path):
    good, bad = tmp_path / "gym.png", tmp_path / "notes.png"
    Image.new("RGB", (900, 600), "teal").save(good)
    bad.write_text("no picture")
    visit(reverse("admin:clinic_picture_changelist"))

    page.get_by_label("Drop pictures here").set_input_files([good, bad])

    expect(page.locator("[data-library-upload] li.is-refused")).to_contain_text("notes.png: ")
    page.reload()
    expect(page.get_by_role("link", name="gym")).to_be_visible()
    assert complaints(page) == []

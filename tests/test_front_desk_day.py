"""A front desk works through the demo's forty requests; what a person does is counted, action by action."""

import time
from datetime import UTC, datetime, timedelta
from itertools import cycle
from statistics import median

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.faults

MOST_ACTIONS = 6
SECONDS_TO_DIAL = 20
# A day on which both places are open; no holiday falls on it.
TODAY = datetime.now(UTC)
TUESDAY_AFTER_NEXT = f"{TODAY + timedelta(days=14 + 1 - TODAY.weekday()):%Y-%m-%d}"
AFRESH = """
UPDATE appointments_appointmentrequest SET status = 'new', outcome = '', owner_id = NULL, closed_at = NULL,
next_try_at = NULL, called_at = NULL, answered_at = NULL, attempts = 0, quarantined_at = NULL,
appointment_at = NULL, appointment_number = '', erased_at = NULL
"""
EVERY_PLACE = """
INSERT INTO staff_user_locations (user_id, location_id)
SELECT person.id, place.id FROM staff_user person, clinic_location place WHERE person.email = %s
ON CONFLICT DO NOTHING
"""


class Desk:
    """Somebody at the front desk; each click, choice and typed field is an action."""

    def __init__(self, page):
        self.page, self.actions = page, 0

    def does(self, action, *arguments):
        self.actions += 1
        action(*arguments)

    def looks_at_the_number(self):
        """Dialing takes an action, though a browser on a desk has nothing to dial with."""
        self.actions += 1
        expect(self.page.locator("a[href^='tel:'], a[href^='mailto:']").first).to_be_visible()

    def books(self):
        self.looks_at_the_number()
        form = self.unfolds("Record the appointment")
        self.does(form.get_by_label("Day", exact=True).fill, TUESDAY_AFTER_NEXT)
        self.does(form.get_by_label("Time", exact=True).fill, "10:30")
        self.does(form.get_by_role("button", name="Record the appointment").click)

    def reaches_nobody(self):
        self.looks_at_the_number()
        form = self.page.locator("details[open]", has=self.page.get_by_role("button", name="Log a call"))
        self.does(form.get_by_text("Left a message").or_(form.get_by_text("Wrote an e-mail")).first.click)
        self.does(form.get_by_role("button", name="Log a call").click)

    def closes(self):
        self.looks_at_the_number()
        form = self.unfolds("Close")
        self.does(form.get_by_label("How did it end?").select_option, "declined")
        self.does(form.get_by_role("button", name="Close").click)

    def unfolds(self, step):
        summary = self.page.locator("summary", has_text=step).first
        self.does(summary.click)
        return summary.locator("..")


@pytest.fixture
def desk(stack, browser):
    """Sign in at a desk that sees the demo's forty requests, all of them new."""
    username, password = stack.password("front-desk")
    stack.sql(AFRESH)
    stack.sql(EVERY_PLACE, username)
    stack.start_web()
    context = browser.new_context(base_url=stack.url)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto("/admin/appointments/appointmentrequest/")
    page.get_by_label("E-mail address").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    yield Desk(page)
    context.close()


def test_forty_requests_take_at_most_six_actions_each_on_one_page(stack, desk, promise):
    counts = []

    for work in cycle([desk.books, desk.closes, desk.books, desk.reaches_nobody]):
        rows = desk.page.locator(".desk-table tbody tr")
        if not rows.count():
            break
        desk.actions = 0
        desk.does(rows.first.get_by_role("link").first.click)
        expect(desk.page.locator(".desk-request")).to_be_visible()
        address = desk.page.url
        work()
        expect(desk.page.locator(".messagelist .success")).to_be_visible()
        assert desk.page.url == f"{address}#next"
        counts.append(desk.actions)
        desk.page.goto("/admin/appointments/appointmentrequest/")

    assert len(counts) == 40
    assert median(counts) <= MOST_ACTIONS
    assert stack.number("SELECT count(*) FROM appointments_appointmentrequest WHERE status = 'new'") == 0
    promise("DESK", "forty requests worked through", f"median {median(counts)}, most {max(counts)} actions")


def test_from_the_link_in_the_mail_to_dialing_takes_seconds(stack, desk, promise):
    request = stack.number("SELECT max(id) FROM appointments_appointmentrequest WHERE phone <> ''")
    username, password = stack.password("front-desk")
    desk.page.context.clear_cookies()

    started = time.monotonic()
    desk.page.goto(f"/admin/appointments/appointmentrequest/{request}/")
    desk.page.get_by_label("E-mail address").fill(username)
    desk.page.get_by_label("Password").press_sequentially(password, delay=100)
    desk.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(desk.page.locator("a[href^='tel:']").first).to_be_visible()
    seconds = time.monotonic() - started

    assert seconds <= SECONDS_TO_DIAL
    promise("DESK", "from the link in the mail to the number, signing in included", f"{seconds:.1f} s")

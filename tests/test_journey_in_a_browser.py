"""P26: from an article to the confirmation by thumb or keyboard, at 320 px, with JavaScript or without."""

from datetime import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from appointments.models import AppointmentRequest
from appointments.models.choices import Outcome
from clinic import facts
from clinic.models import Clinic, OpeningHours
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

MOST_TAPS = 14
MOST_TYPED = 60
# More than any of our pages has stops.
MOST_TABS = 120
FOCUSED = "() => document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText"
NOTES = "It started on the stairs."


class Patient:
    """Somebody with a phone, whose taps and typed characters are counted."""

    def __init__(self, page):
        self.page, self.taps, self.typed = page, 0, 0

    def tap(self, role, name):
        self.taps += 1
        # The label lies over its button.
        target = self.page.get_by_text(name) if role == "radio" else self.page.get_by_role(role, name=name)
        target.first.click()

    def type(self, label, text, *, counts=True):
        self.taps += 1
        self.typed += len(text) if counts else 0
        box = self.page.get_by_label(label)
        box.click()
        box.press_sequentially(text)

    def sees(self, heading):
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(overflow) == 0


class KeyboardPatient(Patient):
    """Somebody who reaches everything by Tab, arrow keys, space and Enter."""

    def tap(self, role, name):
        self._tab_to(name)
        self.page.keyboard.press("Space" if role == "radio" else "Enter")

    def type(self, label, text, *, counts=True):
        self._tab_to(label)
        self.page.keyboard.type(text)

    def _tab_to(self, name):
        for _stop in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if (self.page.evaluate(FOCUSED) or "").strip().startswith(name):
                return
        pytest.fail(f"“{name}” cannot be reached by Tab.")


@pytest.fixture
def article():
    """An article of a clinic with two places that are always open."""
    for name in ("Northside", "Mill Road"):
        place = builders.location(name, weekdays=())
        OpeningHours.objects.bulk_create(
            OpeningHours(location=place, weekday=day, opens_at=time(0), closes_at=time(23, 59))
            for day in range(7)
        )
    Clinic.objects.update(phone="773 555 0100")
    found = builders.published_article(title="Sore heel")
    facts.publish()
    return found


@pytest.fixture
def phone(browser, live_server):
    """Return a function that gives a patient a phone 320 px wide, with JavaScript or without."""
    contexts = []

    def hand(kind, *, javascript):
        context = browser.new_context(
            base_url=live_server.url,
            java_script_enabled=javascript,
            viewport={"width": 320, "height": 640},
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        return kind(page)

    yield hand
    for context in contexts:
        context.close()


def ask(patient, article):
    patient.page.goto(article.get_absolute_url())
    patient.sees("Sore heel")
    patient.tap("link", "Ask for an appointment")
    patient.sees("Before you ask for an appointment")
    patient.tap("button", "None of these")
    patient.sees("Tell us how to reach you")
    patient.type("Your full name", "Rosalind Okonjo-Vance")
    patient.type("Phone number", "(555) 010-0163")
    patient.tap("radio", "Mill Road")
    patient.type("Anything we should know?", NOTES, counts=False)
    patient.tap("button", "Check your answers")
    patient.sees("Check your answers, then send")
    patient.tap("button", "Send request")
    patient.sees("Request sent")


@pytest.mark.parametrize("javascript", [True, False])
def test_p26_from_article_to_confirmation_takes_few_taps_and_letters(phone, article, javascript):
    patient = phone(Patient, javascript=javascript)

    ask(patient, article)

    (request,) = AppointmentRequest.objects.all()
    assert patient.page.locator(".reference").inner_text() == request.reference
    assert (request.full_name, request.notes, request.article) == ("Rosalind Okonjo-Vance", NOTES, article)
    assert patient.taps <= MOST_TAPS, patient.taps
    assert patient.typed <= MOST_TYPED, patient.typed


def test_p26_the_keyboard_alone_is_enough(phone, article):
    # Without JavaScript the page can't be asked what has the focus.
    patient = phone(KeyboardPatient, javascript=True)

    ask(patient, article)

    assert AppointmentRequest.objects.get().location.name == "Mill Road"


def test_a_patient_thinks_better_of_it_by_the_private_link(phone, article):
    patient = phone(Patient, javascript=False)
    ask(patient, article)

    link = patient.page.locator("a[href*='/appointments/r/']").first.get_attribute("href")
    patient.page.goto(urlsplit(link).path)
    patient.type("last four digits", "0163")
    patient.tap("button", "Withdraw")

    patient.sees("You withdrew this request")
    assert AppointmentRequest.objects.get().outcome == Outcome.DECLINED

"""The life of an article in a browser: pasted, mended, asked for, signed by mail, scheduled, corrected."""

import base64
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from articles import schedule
from articles.models import Article
from clinic import delivery, facts
from staff.models import User
from tests import builders
from tests.editor_page import TEXT_BOX, type_at_the_end
from tests.test_article_editor import DROP, PNG
from tests.test_pasted_text import PASTE

pytestmark = pytest.mark.django_db(transaction=True)

WORD = (Path(__file__).parent / "corpus" / "paste" / "word.html").read_text()
TITLE = "Sore elbow (tennis elbow)"
SIGNER = "Ada Cole, PT"
SAVED = "Readers don’t see it before it is published."


@pytest.fixture
def clinic(live_server, settings):
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    builders.location("Northside")
    builders.topic("Elbow", slug="elbow")
    builders.therapist("Mara Lindqvist", suffix="DPT")
    builders.clinician("Ada Cole", review_email="ada@elsewhere.example").credentials.update(number="PT-77812")
    facts.publish()
    return live_server.url


@pytest.fixture
def clinician(browser, clinic):
    """A clinician's phone, signed in nowhere."""
    context = browser.new_context(viewport={"width": 375, "height": 800})
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


@pytest.fixture
def reader(browser, clinic):
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.faults
def test_an_article_from_the_first_paste_to_the_last_correction(writer, clinician, reader, clinic):
    paste_a_word_article(writer, clinic)
    mend_what_the_checks_say(writer)
    ask(writer)
    send_back(clinician, link_in_the_mail())
    answer_the_remark(writer)
    ask(writer)
    sign(clinician, link_in_the_mail())
    schedule_for_tomorrow(writer)
    assert visible_to(reader, clinic) == "We can’t find that page"

    schedule.keep(timezone.now() + timedelta(days=1, minutes=1))
    assert visible_to(reader, clinic) == TITLE
    expect(reader.get_by_text(f"Checked by {SIGNER}, on {today()}")).to_be_visible()

    correct_a_typo(writer)
    publish(writer)
    visible_to(reader, clinic)
    expect(reader.get_by_text(f"Wording corrected on {today()}.")).to_be_visible()
    object_to_it(clinician, link_in_the_mail())
    visible_to(reader, clinic)
    expect(reader.get_by_text("not checked by a second clinician")).to_be_visible()

    change_a_sentence(writer)
    visible_to(reader, clinic)
    expect(reader.get_by_text("A new sentence about ice.")).to_have_count(0)
    roll_back(writer)
    visible_to(reader, clinic)
    expect(reader.get_by_text(f"Checked by {SIGNER}, on {today()}")).to_be_visible()


def paste_a_word_article(page, clinic):
    page.goto(f"{clinic}/admin/articles/article/add/")
    page.get_by_label("Title").fill("Sore elbow")
    page.get_by_role("button", name="Start writing").click()
    page.locator(TEXT_BOX).click()
    page.evaluate(PASTE, WORD)
    page.evaluate(DROP, [base64.b64encode(PNG).decode(), "image/png"])
    page.get_by_label("It tells something: describe it").check()
    page.get_by_role("textbox", name="Description", exact=True).fill("Where it hurts at the elbow.")
    page.get_by_role("button", name="Insert", exact=True).click()
    expect(page.get_by_text("Described as: Where it hurts at the elbow.")).to_be_visible()


def mend_what_the_checks_say(page):
    expect(page.get_by_role("button", name="Choose who wrote this.")).to_be_visible()
    page.get_by_role("button", name="Choose who wrote this.").click()
    expect(page.get_by_label("Written by")).to_be_focused()
    page.get_by_label("Written by").select_option("Mara Lindqvist, DPT")
    page.get_by_label("Main topic").select_option("Elbow")
    page.get_by_label("Title", exact=True).first.fill(TITLE)
    page.get_by_label("Lead").fill("A sore outer elbow usually settles within a year.")
    page.get_by_role("group", name="Source 1").get_by_label("Title").fill("Elbow pain: a guideline")
    page.get_by_role("button", name="Make the first row or column of the table").click()
    page.get_by_role("button", name="Headings in the first row on or off").click()
    page.keyboard.press("Tab")
    expect(page.get_by_text("Draft saved at")).to_be_visible()
    expect(page.locator(".check-head.check-block")).to_have_count(0)
    save(page)


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(SAVED)).to_be_visible()


def ask(page):
    page.get_by_text("Ask for sign-off", exact=True).first.click()
    page.get_by_label("Who should sign off?").select_option(SIGNER)
    page.get_by_role("button", name="Ask for sign-off").click()
    expect(page.get_by_text("The clinician was asked to sign off.")).to_be_visible()


def link_in_the_mail():
    """Deliver what is owed and return the link to answer by."""
    mail.outbox.clear()
    while message := delivery.claim(timezone.now()):
        delivery.deliver(message)
    (letter,) = (letter for letter in mail.outbox if letter.to == ["ada@elsewhere.example"])
    return re.search(r"\S+/articles/review/\S+", letter.body)[0]


def answer(page, name):
    form = page.locator("form").filter(has=page.get_by_role("button", name=name, exact=True))
    form.get_by_label("Last four characters of your license number").fill("7812")
    return form


def send_back(page, link):
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    answer(page, "Send back").get_by_label("What should change?").fill("Say when to come in.")
    page.get_by_role("button", name="Send back").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(TITLE)


def answer_the_remark(page):
    page.reload()
    expect(page.get_by_text("Say when to come in.").first).to_be_visible()
    type_at_the_end(page, "", "Come in when it hurts at night.")
    save(page)


def sign(page, link):
    page.goto(link)
    expect(page.get_by_text("Come in when it hurts at night.").first).to_be_visible()
    answer(page, "Sign off")
    page.get_by_role("button", name="Sign off").click()
    expect(page.get_by_role("heading", name="This text is signed off")).to_be_visible()


def schedule_for_tomorrow(page):
    page.reload()
    page.get_by_text("Publish at a time", exact=True).first.click()
    tomorrow = timezone.localtime() + timedelta(days=1)
    page.get_by_label("When should readers see it?").fill(tomorrow.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Publish at a time").click()
    expect(page.get_by_text("The text goes public by itself.")).to_be_visible()


def visible_to(reader, clinic):
    """Return the heading that a reader finds at the article's address."""
    reader.goto(f"{clinic}{Article.objects.get().get_absolute_url()}")
    return reader.get_by_role("heading", level=1).inner_text()


def today():
    now = timezone.localdate()
    return f"{now.day} {now:%B %Y}"


def correct_a_typo(page):
    page.reload()
    page.get_by_label("Lead").fill("A sore outer elbow mostly settles within a year.")
    save(page)
    expect(page.get_by_text("Signed off").first).to_be_visible()


def publish(page):
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published.", exact=True)).to_be_visible()


def object_to_it(page, link):
    page.goto(link)
    page.get_by_role("button", name="Object").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(TITLE)


def change_a_sentence(page):
    page.reload()
    type_at_the_end(page, "", "A new sentence about ice.")
    save(page)


def roll_back(page):
    page.get_by_text("All texts", exact=True).click()
    page.get_by_role("button", name="Show readers this text again").click()
    expect(page.get_by_text("Readers see the older text again.")).to_be_visible()
    assert User.objects.get(name="Nils Berger") == Article.objects.get().events.first().actor

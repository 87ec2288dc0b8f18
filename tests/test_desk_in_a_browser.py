"""The writing desk in a real browser: what is typed is kept, checked and shown without anybody asking."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from articles import writing
from articles.models import WorkingCopy
from staff.models import User
from tests import builders
from tests.editor_page import TEXT_BOX, type_at_the_end
from tests.test_staff_pages_in_a_browser import complaints

pytestmark = pytest.mark.django_db(transaction=True)

SAVED = re.compile(r"^Draft saved at \d+:\d\d\s[ap]m\.$")
EVERYTHING_STORED = "JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"


@pytest.fixture
def state(page):
    """Return the line that says how it stands with the text."""
    return page.locator("[data-saved]")


def leave_the_box(page):
    """Move on, which saves at once what was typed."""
    page.keyboard.press("Tab")


def test_what_is_typed_is_saved_checked_and_shown_beside_the_form(open_page, state):
    article = builders.article(title="Sore heel", body="<p>Rest.</p>")
    page = open_page("article_change", article.pk)
    page.get_by_text("Preview", exact=True).last.click()
    framed = page.frame_locator("iframe")
    expect(framed.get_by_role("heading", level=1)).to_have_text("Sore heel")

    page.get_by_label("Title", exact=True).first.fill("Heel pain")
    type_at_the_end(page, " It is guaranteed.")
    leave_the_box(page)
    expect(state).to_have_text(SAVED)
    expect(framed.get_by_role("heading", level=1)).to_have_text("Heel pain")
    page.get_by_role("button", name="promises more than care can hold").click()
    expect(page.locator(TEXT_BOX)).to_be_focused()
    page.keyboard.type("likely")
    leave_the_box(page)
    expect(page.get_by_role("button", name="promises more than care can hold")).to_have_count(0)

    assert WorkingCopy.objects.get().body == "<p>Rest. It is likely.</p>"
    assert article.revisions.count() == 1
    assert page.evaluate("window.violations") == []
    # Django's admin keeps there whether its rail is open.
    assert "Heel" not in page.evaluate(EVERYTHING_STORED)


def test_who_types_without_a_pause_is_saved_as_well(open_page, page):
    article = builders.article(body="<p>Rest.</p>")
    page.clock.install()
    page = open_page("article_change", article.pk)

    with page.expect_response(lambda response: "autosave" in response.url):
        type_at_the_end(page, " On")
        for _second in range(10):
            page.clock.run_for(1000)
            page.keyboard.type(" and on")

    assert WorkingCopy.objects.get().body.startswith("<p>Rest. On and on and on")


def test_what_a_check_points_at_is_not_covered_by_the_tools(open_page):
    lines = "".join(f"<p>Line {number}.</p>" for number in range(60))
    page = open_page("article_change", builders.article(body=f"<p>It is guaranteed.</p>{lines}").pk)
    tools = page.get_by_role("group", name="Tools for the text")

    page.locator(TEXT_BOX).get_by_text("Line 50.").click()
    page.get_by_role("button", name="promises more than care can hold").click()

    found = page.locator(TEXT_BOX).get_by_text("It is guaranteed.").bounding_box()
    above = tools.bounding_box()
    assert found["y"] >= above["y"] + above["height"]


def test_the_preview_is_as_wide_as_a_phone_or_a_desktop(open_page):
    page = open_page("article_change", builders.article().pk)

    page.get_by_text("Preview", exact=True).last.click()
    frame = page.locator("iframe")
    width = (
        "frame => [frame.clientWidth, frame.getBoundingClientRect().width <= frame.parentElement.clientWidth]"
    )
    phone = frame.evaluate(width)
    page.get_by_text("Desktop", exact=True).click()
    desktop = frame.evaluate(width)

    assert (phone, desktop) == ([375, True], [1280, True])
    assert complaints(page) == []


def test_a_writer_without_a_connection_is_told_and_nothing_is_lost(open_page, state):
    article = builders.article()
    page = open_page("article_change", article.pk)

    page.context.set_offline(True)
    page.get_by_label("Title", exact=True).first.fill("Heel pain")
    leave_the_box(page)
    expect(state).to_have_text("Not saved: no connection. Trying again.")
    page.context.set_offline(False)

    expect(state).to_have_text(SAVED)
    assert WorkingCopy.objects.get().title == "Heel pain"


def test_a_text_that_is_too_long_stays_in_its_box_A11(open_page, state):
    page = open_page("article_change", builders.article().pk)
    box = page.locator("#id_body")

    box.evaluate("box => box.value = 'x'.repeat(500_001)")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(state).to_have_text("Not saved: this text is longer than 500 kB. Split it into two articles.")
    assert len(box.input_value()) == 500_001


def test_leaving_asks_only_when_something_is_not_saved(open_page, state):
    page = open_page("article_change", builders.article().pk)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    page.get_by_label("Title", exact=True).first.fill("Heel pain")
    leave_the_box(page)
    expect(state).to_have_text(SAVED)
    page.reload()
    saved = list(asked)
    page.get_by_label("Title", exact=True).first.fill("Heel pain again")
    page.reload()

    assert (saved, asked) == ([], ["beforeunload"])


def test_after_a_save_the_writer_is_where_they_were_and_reads_what_was_done(open_page, state):
    page = open_page("article_change", builders.article(body="<p>Line.</p>" * 60).pk)
    page.get_by_label("Title", exact=True).first.fill("Heel pain")
    page.get_by_label("What did you change?").fill("The title")
    leave_the_box(page)
    expect(state).to_have_text(SAVED)
    before = page.evaluate("scrollY")

    # A click by Playwright would scroll first.
    page.get_by_role("button", name="Save", exact=True).evaluate("button => button.click()")

    expect(state).to_have_text("Saved. Readers don’t see it before it is published.")
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_focused()
    page.wait_for_function("before => Math.abs(scrollY - before) < 2", arg=before)
    assert (before > 1000, page.evaluate("sessionStorage.length")) == (True, 0)


def test_the_second_of_two_tabs_compares_and_loses_nothing_A18(open_page, state):
    article = builders.article(body="<p>Start.</p>")
    page = open_page("article_change", article.pk)
    ada = builders.user("Editor", name="Ada Cole")
    writing.set_aside(article, builders.text(title="By Ada"), topics=[], by=ada, version=0)

    page.get_by_label("Title", exact=True).first.fill("By Nils")
    leave_the_box(page)
    expect(state).to_contain_text("Not saved: this was changed elsewhere by Ada Cole")
    page.get_by_role("button", name="Compare both texts").click()

    expect(page.get_by_role("heading", name="Nothing you typed is lost")).to_be_visible()
    expect(page.get_by_label("Title", exact=True).first).to_have_value("By Nils")
    assert WorkingCopy.objects.get().title == "By Ada"


def test_a_writer_who_is_signed_out_signs_in_in_another_tab_and_goes_on_A19(open_page, state):
    article = builders.article()
    page = open_page("article_change", article.pk)
    Session.objects.all().delete()

    page.get_by_label("Title", exact=True).first.fill("Heel pain")
    leave_the_box(page)
    expect(state).to_contain_text("You are signed out. Your text is still here.")
    problems = complaints(page)
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Sign in again in another tab").click()
    sign_in(popup.value)
    popup.value.close()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(state).to_have_text(SAVED)

    assert (problems, WorkingCopy.objects.get().title) == ([], "Heel pain")


def test_a_save_after_the_session_goes_on_from_the_sign_in_page_A19(open_page):
    article = builders.article()
    page = open_page("article_change", article.pk)
    Session.objects.all().delete()

    page.get_by_label("Title", exact=True).first.fill('Heel "pain" & more')
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in again")).to_be_visible()
    problems = complaints(page)
    sign_in(page)
    expect(page.get_by_role("definition").filter(has_text='Heel "pain" & more').first).to_be_visible()
    problems += complaints(page)
    page.get_by_role("button", name="Yes, send it").click()
    expect(page.get_by_text("Readers don’t see it before it is published.")).to_be_visible()

    article.refresh_from_db()
    assert (problems, article.latest.title) == ([], 'Heel "pain" & more')


def sign_in(page):
    page.get_by_label("E-mail address").fill(User.objects.get(name="Nils Berger").email)
    page.get_by_label("Password").fill(builders.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state()


def test_characters_are_counted_and_sources_added_while_writing(open_page):
    article = builders.article(sources=[])
    page = open_page("article_change", article.pk)

    page.get_by_label("Title", exact=True).first.fill("  Heel   pain ")
    counter = page.locator(".counter").first
    expect(counter).to_have_text("9 / 60")
    for title in ("One", "Two", "Three"):
        page.get_by_role("button", name="Add a source").click()
        page.keyboard.type(title)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Readers don’t see it before it is published.")).to_be_visible()

    article.refresh_from_db()
    assert len(article.latest.title) == 9
    assert [source["title"] for source in article.latest.sources] == ["One", "Two", "Three"]


def test_the_desk_fits_a_phone_by_night(open_page, page):
    page.set_viewport_size({"width": 375, "height": 800})
    page.emulate_media(color_scheme="dark")

    open_page("article_change", builders.published_article().pk)

    on_the_page = complaints(page)
    page.get_by_role("button", name="Next step").click()
    expect(page.get_by_role("heading", name="Checks")).to_be_visible()
    over_the_text = complaints(page)
    page.get_by_role("button", name="Back to the text").click()

    assert (on_the_page, over_the_text) == ([], [])
    assert page.evaluate("document.documentElement.scrollWidth") == 375

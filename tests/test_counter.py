"""The counter under the notes agrees with the server, whatever is typed."""

import pytest
from playwright.sync_api import expect

from clinic.text import lines
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

LONGEST = 500
TYPED = [
    "",
    " ",
    "Sore heel",
    "Two\nlines",
    "Windows\r\nlines\r\n",
    "Old Mac\rlines",
    "\n\n  Blank lines around \n\n\n",
    "Tabs\tand \t runs   of\u00a0\u2003blanks\u3000",
    "e\u0301te\u0301",
    "Ngu\u0303gi\u0303",
    "A\u200d\u030a",
    "🙂" * 40,
    "👩‍⚕️ 👨‍👩‍👧‍👦 👩🏽‍🦽 🏴\U000e0067\U000e0062\U000e007f",
    "می‌خواهم",
    "क्‍ष",
    "\u200cstray\u200d \u200d joiners 1\u200d2",
    "zero\u200bwidth\ufeff and soft\u00adhyphen",
    "\u202ereversed\u2066 marks\u200f",
    "bell\x07 escape\x1b delete\x7f next\x85line\x9f",
    "private \ue000 and unassigned \u0378",
    "separators\u2028of lines\u2029and\vpages\f",
    "n" * LONGEST,
    "n" * (LONGEST - 1),
    "n" * (LONGEST + 12),
    "é\n" * 300,
]


@pytest.fixture
def form(page, live_server):
    builders.location("Northside")
    page.goto(f"{live_server.url}/appointments/request/")
    return page


def said_by_the_server(typed):
    left = LONGEST - len(lines(typed.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")))
    if left == 1:
        return "1 character left"
    return f"{left} characters left" if left >= 0 else f"{-left} too many"


def test_the_counter_says_what_the_server_counts(form):
    notes = form.get_by_label("Anything we should know?")
    counter = form.locator("#id_notes + .hint")

    said = []
    for typed in TYPED:
        notes.evaluate("(box, typed) => { box.value = typed; box.dispatchEvent(new Event('input')); }", typed)
        said.append(counter.text_content())

    assert said == [said_by_the_server(typed) for typed in TYPED]


def test_screen_readers_hear_the_number_when_typing_rests(form):
    status = form.locator("#id_notes ~ [role=status]")
    notes = form.get_by_label("Anything we should know?")

    notes.press_sequentially("Sore")
    said_while_typing = status.text_content()

    assert said_while_typing == ""
    expect(status).to_have_text("496 characters left")


def test_without_scripts_the_hint_tells_the_limit_and_no_counter_stands_there(browser, live_server):
    builders.location("Northside")
    page = browser.new_context(java_script_enabled=False).new_page()

    page.goto(f"{live_server.url}/appointments/request/")

    expect(page.locator("#id_notes_helptext")).to_contain_text("Up to 500 characters.")
    expect(page.locator("#id_notes ~ *")).to_have_count(0)
    page.context.close()

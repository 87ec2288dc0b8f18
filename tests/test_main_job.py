"""The main job from end to end: a text becomes an article, its reader a patient who is called back.

Real processes, a real mail server, and real browsers; the visitor's has JavaScript off.
"""

import re

import pytest
from playwright.sync_api import expect

TITLE = "Warm packs for sciatica: do they ease the pain?"
FIRST = (
    "Sciatica is pain that follows the long nerve from the low back down one leg. It can burn, pull or "
    "tingle, and it often comes on after a week of sitting (or of moving house). A warm pack is cheap, "
    "and most people have one at home."
)
SECOND = (
    "Warmth lets tight muscles around the low back let go for a while. That makes it easier to walk, "
    "and walking is what helps most. Ten to fifteen minutes are enough."
)
THIRD = (
    "Most people feel pain from the buttock to the calf, and some feel pins and needles in the foot. In "
    "rare cases it becomes hard to hold the bladder or the bowel."
)
APPEAL = "If sciatica keeps you from your walks, we can help you to move again. Book your visit today."
BIOGRAPHY = (
    "Imke graduated from Lakeshore State University in 2012 with a degree in exercise science, and "
    "earned her Doctorate in Physical Therapy in 2015. Imke teaches our back class."
)
SEED_LIKE = (
    f"{TITLE}\n\n{FIRST}\n\n\u00a0 What does warmth do?\n\n{SECOND}\n\nWhat are the signs of sciatica?\n\n"
    f"{THIRD}\u00a0 \n\n\u00a0 {APPEAL}\u00a0\n\n\n{BIOGRAPHY}\n"
)
LEAD = "Pain that follows the nerve down one leg often eases with warmth and walking."
SOURCE = "Low back pain and sciatica in over 16s: assessment and management"
SIGN_ON_CARD = "pain, numbness or weakness in both legs"
SIGNER = "Theo Okafor, PT, OCS"
ADDED = "Put a cloth between the pack and the skin."
CARD = "Emergency signs with back, leg or pelvic pain"

TYPED = {
    "Your full name": "Rosalind Okonjo-Vance",
    "Phone number": "(555) 010-0163",
    "E-mail address": "rosalind.ov@example.net",
    "Interpreter or access needs": "a chair without arms",
    "Anything we should know?": "It started when I lifted the piano.",
}
WHEN = r"\w+day \d\d? \w+, (\d\d?(:\d\d)?\s[ap]m|12\s(noon|midnight))"
MAIL = re.compile(
    r"Request (?P<reference>R-\w{4}-\w{3}) for Northside\.\n"
    rf"Received: {WHEN}\n"
    rf"Call by: (?P<due>{WHEN})\n"
    r"To do now: \d+\n\n"
    r"Open the request:\n(?P<link>http://127\.0\.0\.1:\d+/admin/appointments/appointmentrequest/\d+/)\n\n"
    r"All requests:\nhttp://127\.0\.0\.1:\d+/admin/appointments/appointmentrequest/\n\n"
    r"This message holds nothing the patient wrote\. Sign in to read it\."
)
TRAIL = """
SELECT event.action, event.subject, person.email FROM clinic_auditevent event
LEFT JOIN staff_user person ON person.id = event.actor_id WHERE event.id > %s
-- The worker's: the oldest spam of the demo falls due at once.
AND event.action <> 'request.erased' ORDER BY event.id
"""


@pytest.fixture
def people(browser, stack):
    """Open a browser for each person: people("editor") signs in where asked, people() is a visitor."""
    opened = []

    def open_for(role="", path="/"):
        context = browser.new_context(base_url=stack.url, java_script_enabled=bool(role))
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(path)
        if role:
            username, password = stack.password(role)
            page.get_by_label("E-mail address").fill(username)
            page.get_by_label("Password").fill(password)
            page.get_by_role("button", name="Sign in", exact=True).click()
        return page

    yield open_for
    for context in opened:
        context.close()


def test_a_text_becomes_an_article_and_its_reader_a_patient_who_is_called_back(stack, people):
    demo_ends_at = stack.number("SELECT max(id) FROM clinic_auditevent")
    stack.start()

    desk_url = import_text(stack)
    edit(people("editor", desk_url))
    sign_off(people("clinician", desk_url))
    publish(people("editor", desk_url))
    reference, due = ask_for_an_appointment(people(path="/articles/"))
    link = read_the_mail(stack, reference, due)
    work_off(people("front-desk", link), reference)

    article = "article " + desk_url.rstrip("/").rpartition("/")[2]
    editor, clinician, desk = (stack.password(role)[0] for role in ("editor", "clinician", "front-desk"))
    assert stack.sql(TRAIL, demo_ends_at) == [
        ("article.revise", article, None),
        ("import.run", article, None),
        ("login", "", editor),
        ("article.revise", article, editor),
        ("article.submit", article, editor),
        ("login", "", clinician),
        ("article.sign_off", article, clinician),
        ("login", "", editor),
        ("article.publish", article, editor),
        ("login", "", desk),
        ("request.viewed", reference, desk),
        ("request.claim", reference, desk),
        ("request.viewed", reference, desk),
        ("request.log_attempt", reference, desk),
        ("request.viewed", reference, desk),
        ("request.close", reference, desk),
        ("request.viewed", reference, desk),
    ]


def import_text(stack):
    file = stack.folder / "warm-packs.txt"
    file.write_text(SEED_LIKE)
    report = stack.manage("import_articles", str(file)).stdout
    assert re.search(rf"kept: “{re.escape(TITLE)}”\. .*headings 2, paragraphs 3\b", report)
    assert f"Add the care card “{CARD}”" in report
    return report.split()[-1]


def edit(page):
    """Add what the import cannot know, and a sentence of one's own; then ask a clinician."""
    page.get_by_label("Lead").fill(LEAD)
    page.get_by_label("Main topic").select_option("Low back and leg")
    source = page.get_by_role("group", name="Source 1")
    source.get_by_label("Title").fill(SOURCE)
    # The text box that the editor puts in the place of the form's own.
    named = page.get_by_role("textbox", name="Text", exact=True)
    editor = page.locator('[contenteditable="true"]').and_(named)
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(ADDED)
    expect(editor).to_contain_text(ADDED)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Readers don’t see it before it is published.")).to_be_visible()

    page.get_by_text("Ask for sign-off").first.click()
    page.get_by_label("Who should sign off?").select_option(SIGNER)
    page.get_by_role("button", name="Ask for sign-off").click()
    expect(page.get_by_text("The clinician was asked to sign off.")).to_be_visible()


def sign_off(page):
    expect(page.get_by_text(ADDED)).to_be_visible()
    page.get_by_role("button", name="Sign off").click()
    expect(page.get_by_text("Signed off in your name.")).to_be_visible()


def publish(page):
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published.", exact=True)).to_be_visible()


def ask_for_an_appointment(page):
    """Go from the article through the card and the form to the confirmation; return what it promises."""
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_text(SIGNER).first).to_be_visible()
    expect(page.get_by_text(ADDED)).to_be_visible()
    expect(page.get_by_text(SIGN_ON_CARD)).to_be_visible()
    page.get_by_role("link", name="Ask for an appointment").last.click()
    expect(page.get_by_text(SIGN_ON_CARD)).to_be_visible()
    page.get_by_role("button", name="None of these").click()

    for label, answer in TYPED.items():
        page.get_by_label(label).fill(answer)
    page.get_by_text("Northside, 2140 Juniper Avenue").click()
    page.get_by_role("button", name="Check your answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers, then send")
    for answer in TYPED.values():
        expect(page.get_by_text(answer)).to_be_visible()
    page.get_by_role("button", name="Send request").first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Request sent")
    return page.locator(".reference").inner_text(), page.locator(".lead strong").first.inner_text()


def read_the_mail(stack, reference, due):
    """Return the link of the notice, which must hold the allowed facts and nothing else."""
    stack.wait_until(lambda: stack.owed() == 0, "the worker has delivered")
    (mail,) = (mail for mail in stack.mail.mails if "northside@harbor.example" in mail.recipients)
    found = MAIL.fullmatch(mail.text)
    assert found, mail.text
    assert (found["reference"], found["due"]) == (reference, due)
    assert mail.parsed["Subject"] == "New appointment request"
    assert [answer for answer in TYPED.values() if answer.encode() in mail.raw] == []
    return found["link"]


def work_off(page, reference):
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{TYPED['Your full name']} {reference}")
    facts = page.get_by_role("region", name="What the patient told us")
    for answer in TYPED.values():
        expect(facts.get_by_text(answer)).to_be_visible()
    page.get_by_role("button", name="Claim").click()
    expect(page.get_by_text(f"{reference} is yours now.")).to_be_visible()

    page.get_by_text("Reached", exact=True).first.click()
    page.get_by_role("button", name="Log a call").click()
    expect(page.get_by_text(f"The call about {reference} is noted.")).to_be_visible()

    page.get_by_text("Close", exact=True).first.click()
    page.get_by_label("How did it end?").select_option("Not our service")
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_text(f"{reference} is closed.")).to_be_visible()

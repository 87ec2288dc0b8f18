"""The text importer on look-alikes of what clinics send: none of their sentences is real."""

import pytest

from articles.importers.parsed import Biography, Counts, ImportRefused
from articles.importers.text import read

TITLE = "Cupping for a stiff neck: does it help?"
FIRST = (
    "A stiff neck often comes from long days at a desk, from a bad night, or from nothing you can name. "
    "It eases within days for most people (yes, without a scan), and movement helps more than rest does."
)
SECOND = (
    "A cup is warmed or pumped, and set on the skin for a few minutes. It lifts the skin and the layers "
    "below. People tell us that it feels like a firm, slow pull. It may leave round marks for a week."
)
APPEAL = "If your neck keeps you from turning your head, cupping may help. Book your visit today."
BIOGRAPHY = (
    "Tamsin graduated from Lakeshore State University in 2011 with a degree in kinesiology, and earned her "
    "Doctorate in Physical Therapy three years later. Tamsin likes canoes."
)
SEED_LIKE = (
    f"{TITLE}\n\n{FIRST}\n\n\u00a0 \u00a0 What is cupping?\n\n"
    f"{SECOND}\u00a0 \n\n\u00a0 {APPEAL}\u00a0\n\n\n{BIOGRAPHY}"
)
SEED_LIKE_BODY = f"<p>{FIRST}</p><h2>What is cupping?</h2><p>{SECOND}</p>"


def parse(text, name="stiff-neck.txt"):
    return read(text.encode(), name)


def test_a_text_in_the_manner_of_the_clinic_comes_apart_into_its_parts():
    article = parse(SEED_LIKE)

    assert article.title == TITLE
    assert article.summary == ""
    assert article.body_html == SEED_LIKE_BODY
    assert article.call_to_action == APPEAL
    assert article.biography == Biography("Tamsin", BIOGRAPHY)
    assert article.doubts == ["The biography names “Tamsin” without a surname."]
    assert article.dropped == []
    assert article.cards == []
    assert article.kept == Counts(
        headings=1, paragraphs=2, words=len(f"{FIRST} What is cupping? {SECOND}".split())
    )


@pytest.mark.parametrize(
    "content",
    [
        SEED_LIKE.replace("\n", "\r\n").encode(),
        SEED_LIKE.replace("\n", "\r").encode(),
        SEED_LIKE.encode("utf-8-sig"),
        SEED_LIKE.encode("utf-16"),
        SEED_LIKE.replace("\u00a0", " ").encode(),
        SEED_LIKE.replace("\n\n", "\n \t\n").encode(),
        SEED_LIKE.replace("\n\n", "\n").encode(),
        SEED_LIKE.encode() + b"\r\n\x1a",
    ],
    ids=[
        "CRLF",
        "CR",
        "UTF-8 with mark",
        "UTF-16",
        "plain spaces",
        "blank lines of blanks",
        "no blank lines",
        "Ctrl-Z",
    ],
)
def test_line_ends_marks_and_blanks_make_no_difference(content):
    assert read(content, "stiff-neck.txt") == parse(SEED_LIKE)


def test_windows_1252_is_read_and_named_as_a_doubt():
    text = SEED_LIKE.replace("People tell us", "People’s word – “trust me” – is")

    article = read(text.encode("windows-1252"), "stiff-neck.txt")

    assert article.body_html == SEED_LIKE_BODY.replace("People tell us", "People’s word – “trust me” – is")
    assert article.doubts == [
        "The file is not UTF-8; it was read as Windows-1252. Check quotes and accents.",
        "The biography names “Tamsin” without a surname.",
    ]


def test_a_text_without_biography():
    article = parse(f"{TITLE}\n\n{FIRST}\n\nWhat is cupping\n\n{SECOND}\n\n{APPEAL}")

    assert (article.biography, article.call_to_action, article.doubts) == (None, APPEAL, [])
    assert article.body_html == f"<p>{FIRST}</p><h2>What is cupping</h2><p>{SECOND}</p>"


def test_a_text_without_appeal():
    article = parse(f"{TITLE}\n\n{FIRST}\n\n{SECOND}\n\n{BIOGRAPHY}")

    assert article.call_to_action == ""
    assert article.biography.name == "Tamsin"
    assert article.body_html == f"<p>{FIRST}</p><p>{SECOND}</p>"


def test_a_text_of_one_paragraph():
    article = parse(f"{TITLE}\n\n{FIRST}")

    assert (article.title, article.body_html) == (TITLE, f"<p>{FIRST}</p>")
    assert (article.call_to_action, article.biography, article.doubts) == ("", None, [])


def test_a_text_without_title_is_named_after_its_file():
    article = parse(f"{FIRST}\n\n{SECOND}", "drafts/stiff_neck-2.txt")

    assert article.title == "Stiff neck 2"
    assert article.kept.paragraphs == 2
    assert article.doubts == ["The text has no title. The name of the file stands in for it."]


def test_a_title_that_is_too_long_is_cut_and_named_in_full():
    long_title = "What cupping can do for a neck that has been stiff since you woke up this morning"

    article = parse(f"{long_title}\n\n{FIRST}")

    assert article.title == "What cupping can do for a neck that has been stiff since you woke up this…"
    assert article.doubts == [f"The title was longer: “{long_title}”"]


def test_a_text_wrapped_by_hand_is_joined_to_paragraphs_and_lists():
    article = parse(
        "Cupping for a stiff neck\n\n"
        "A stiff neck often comes from\nlong days at a desk.\n\n"
        "What we do\n\n"
        "We begin slowly:\n- we look at how you\n  move\n- we ask what hurts\n\n"
        "1. Warm the skin\n2. Set the cup\n"
    )

    assert article.body_html == (
        "<p>A stiff neck often comes from long days at a desk.</p><h2>What we do</h2><p>We begin slowly:</p>"
        "<ul><li>we look at how you move</li><li>we ask what hurts</li></ul>"
        "<ol><li>Warm the skin</li><li>Set the cup</li></ol>"
    )


def test_numbered_headings_stay_headings():
    article = parse(f"{TITLE}\n\n1. What is it?\n\n{FIRST}\n\n2. Does it hurt?\n\n{SECOND}")

    assert (
        article.body_html == f"<h2>1. What is it?</h2><p>{FIRST}</p><h2>2. Does it hurt?</h2><p>{SECOND}</p>"
    )


@pytest.mark.parametrize(
    "line, is_heading",
    [
        ("What is cupping?", True),
        ("Benefits of cupping", True),
        ("BENEFITS", True),
        ("Benefits:", True),
        ("“Will it hurt?”", True),
        ("It does not hurt.", False),
        ("It does not hurt!", False),
        ("as we said", False),
        ("Before we set the first cup we always ask:", False),
        ("A line of thirteen words that goes on and on without any stop", False),
    ],
)
def test_a_short_line_above_a_paragraph_is_a_heading(line, is_heading):
    article = parse(f"{TITLE}\n\n{FIRST}\n\n{line}\n\n{SECOND}")

    assert article.kept.headings == is_heading
    assert article.kept.paragraphs == 3 - is_heading


def test_a_short_line_at_the_very_end_is_no_heading():
    assert parse(f"{TITLE}\n\n{FIRST}\n\nStay curious").body_html == f"<p>{FIRST}</p><p>Stay curious</p>"


@pytest.mark.parametrize(
    "appeal",
    [
        "Schedule an appointment with one of our therapists.",
        "Call us today.",
        "Give us a call at 555-0100!",
        "Please contact our front desk to learn more.",
        "Stiff for weeks? Don't wait: book online.",
        "So make your first appointment now",
        "If it still hurts, get in touch with our team.",
        "Request a free consultation.",
    ],
)
def test_an_appeal_at_the_end_is_the_call_to_action(appeal):
    article = parse(f"{TITLE}\n\n{FIRST}\n\n{appeal}")

    assert (article.call_to_action, article.body_html) == (appeal, f"<p>{FIRST}</p>")


@pytest.mark.parametrize(
    "closing",
    [
        "Call 911 if you cannot feel your arm, then call us.",
        "You can book an appointment without a referral in most states.",
        "Call your doctor today if you have a fever.",
        "Make the most of your visit by wearing a loose shirt.",
        "Make small changes today.",
        "Most people book three sessions.",
        "Contact sports are out for a week.",
    ],
)
def test_information_at_the_end_stays_in_the_text(closing):
    article = parse(f"{TITLE}\n\n{FIRST}\n\n{closing}")

    assert (article.call_to_action, article.body_html) == ("", f"<p>{FIRST}</p><p>{closing}</p>")


def test_an_appeal_in_the_middle_stays_in_the_text():
    assert parse(f"{TITLE}\n\n{APPEAL}\n\n{SECOND}").call_to_action == ""


def test_an_appeal_of_several_paragraphs_and_its_heading_are_one():
    article = parse(f"{TITLE}\n\n{FIRST}\n\nReady to turn your head?\n\nBook your visit.\n\nOr call us now.")

    assert article.call_to_action == "Ready to turn your head? Book your visit. Or call us now."
    assert article.body_html == f"<p>{FIRST}</p>"


def test_the_last_sentences_of_a_long_paragraph_may_be_the_appeal():
    article = parse(f"{TITLE}\n\n{FIRST}\n\n{SECOND} Call us today. We look forward to it.")

    assert article.call_to_action == "Call us today. We look forward to it."
    assert article.body_html == f"<p>{FIRST}</p><p>{SECOND}</p>"


def test_what_is_too_long_for_a_call_to_action_stays_whole_in_the_text():
    article = parse(f"{TITLE}\n\n{FIRST}\n\nCall us today. {SECOND}")

    assert (article.call_to_action, article.kept.paragraphs) == ("", 2)


@pytest.mark.parametrize(
    "paragraph, name",
    [
        ("Tamsin Okafor, PT, DPT, is a therapist. She is board-certified in orthopedics.", "Tamsin Okafor"),
        ("Dr. Ana María Ruiz joined us in 2019 after a residency in Leeds.", "Ana María Ruiz"),
        ("Jean-Luc O’Neil received his master’s degree in Dublin.", "Jean-Luc O’Neil"),
        ("Łukasz holds a degree in sport science. He rows.", "Łukasz"),
        ("Tamsin McAdam, a physical therapist from Duluth, lives there with her dog.", "Tamsin McAdam"),
    ],
)
def test_a_biography_is_recognised_by_name_deed_and_qualification(paragraph, name):
    article = parse(f"{TITLE}\n\n{FIRST}\n\n{paragraph}\n\n{APPEAL}")

    assert article.biography == Biography(name, paragraph)
    assert article.call_to_action == APPEAL
    assert article.body_html == f"<p>{FIRST}</p>"
    assert article.doubts == ([] if " " in name else [f"The biography names “{name}” without a surname."])


@pytest.mark.parametrize(
    "paragraph",
    [
        "Cupping is a skill that licensed therapists learn after their degree.",
        "Movement has done more for necks, and every certified trainer knows it.",
        "Tamsin likes canoes and her dog.",
        "Physical Therapy is a degree of its own at many a university.",
        "My neck graduated from stiff to sore.",
    ],
)
def test_what_is_no_biography_stays_in_the_text(paragraph):
    article = parse(f"{TITLE}\n\n{FIRST}\n\n{paragraph}")

    assert (article.biography, article.body_html) == (None, f"<p>{FIRST}</p><p>{paragraph}</p>")


def test_a_biography_takes_its_heading_and_its_further_paragraphs_along():
    more = "In her free time she paddles."

    article = parse(f"{TITLE}\n\n{FIRST}\n\nAbout the author\n\n{BIOGRAPHY}\n\n{more}")

    assert article.biography == Biography("Tamsin", f"{BIOGRAPHY}\n\n{more}")
    assert article.dropped == ["The heading “About the author”"]
    assert article.body_html == f"<p>{FIRST}</p>"


def test_bylines_and_lines_of_signs_are_dropped_and_named():
    article = parse(f"{TITLE}\n\nBy Tamsin Okafor, PT\n\n{FIRST}\n\n* * *\n\n{SECOND}")

    assert article.body_html == f"<p>{FIRST}</p><p>{SECOND}</p>"
    assert article.dropped == [
        "A line of signs: * * *",
        "The byline “By Tamsin Okafor, PT”: choose the author instead.",
    ]


def test_signs_of_danger_name_the_emergency_card():
    danger = "See someone at once if your back hurts and your bladder does not empty."

    assert parse(f"{TITLE}\n\n{FIRST}\n\n{danger}").cards == ["back-and-leg-emergency"]


def test_markup_in_a_text_file_is_text():
    article = parse(
        f"{TITLE}\n\nA <b>bold</b> claim & <script>alert(1)</script> a {{% token %}}, said in a long line."
    )

    assert article.body_html == (
        "<p>A &lt;b&gt;bold&lt;/b&gt; claim &amp; &lt;script&gt;alert(1)&lt;/script&gt; "
        "a {% token %}, said in a long line.</p>"
    )
    assert article.doubts == ["The file holds HTML tags. They stand in the text as they were typed."]


def test_characters_that_were_lost_before_are_a_doubt():
    assert parse(f"{TITLE}\n\n{FIRST} \ufffd").doubts == [
        "Some characters could not be read. Look for � in the text."
    ]


@pytest.mark.parametrize(
    "content, sentence",
    [
        (b"", "neck.txt is empty."),
        (b" \r\n\t\n", "neck.txt is empty."),
        ("\ufeff\u00a0\u200b\n".encode(), "neck.txt is empty."),
        (
            b"PK\x03\x04 word/document.xml",
            "neck.txt is not a text file. Save it as plain text (UTF-8) and try again.",
        ),
        (b"%PDF-1.7 text", "neck.txt is not a text file. Save it as plain text (UTF-8) and try again."),
        (b"{\\rtf1 text}", "neck.txt is not a text file. Save it as plain text (UTF-8) and try again."),
        (b"A neck\x00\x00", "neck.txt is not a text file. Save it as plain text (UTF-8) and try again."),
        (bytes(range(1, 256)), "neck.txt is not a text file. Save it as plain text (UTF-8) and try again."),
        (b"\xff\xfe\x00\xd8A", "neck.txt is not a text file. Save it as plain text (UTF-8) and try again."),
        (b"caf\xe9 \x81", "neck.txt is not a text file. Save it as plain text (UTF-8) and try again."),
        (b"word " * 1_000_000, "neck.txt is too large for an article: more than 1 MB."),
        (b"A neck\n\n" + b"word " * 110_000, "neck.txt is too long for one article. Split it first."),
        (b"Only a title", "neck.txt holds no paragraph of text."),
        (b"* * *\n\n---", "neck.txt holds no paragraph of text."),
    ],
    ids=lambda value: None if isinstance(value, str) else repr(value[:12]),
)
def test_a_file_without_an_article_is_refused_with_a_sentence(content, sentence):
    with pytest.raises(ImportRefused) as refusal:
        read(content, "neck.txt")

    assert str(refusal.value) == sentence

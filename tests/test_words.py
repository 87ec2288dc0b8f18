"""One voice: every visible text keeps to docs/words.md, which this reads."""

import ast
import re
from functools import cache

import pytest
from django.contrib import admin
from django.urls import reverse

from articles import reading
from tests import builders, interface_words
from tests.interface_words import ROOT, Words

GUIDE = (ROOT / "docs/words.md").read_text()
MOST_WORDS = 15
HARDEST = 5
# What patients read; their e-mails, as they are sent, are graded in test_patient_emails.
OF_PATIENTS = {
    "errors": r"appointments/(forms|form_fields|questions|withdrawing|rescue)\.py|clinic/form_fields\.py",
    "before sending": r"templates/appointments/(_|not_saved|request_(start|emergency|not_sure|form|check))",
    "after sending": r"templates/appointments/request_(received|private|unknown|too_many)",
    "failures": r"templates/(\d\d\d|error_base)|clinic/emergency\.py",
    "all other pages": r"templates/(_|base|clinic/|staff/|articles/(?!emails|_?review))",
}


def rows(heading):
    """Return the cells of each row of the table under a heading of the guide."""
    section = GUIDE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[2:]]


def any_of(listed):
    """Return what finds one of the comma-separated words, in any case, with a plural s."""
    words = "|".join(map(re.escape, listed.split(", ")))
    return re.compile(rf"(?<![\w/-])(?:{words})(?:(?<=\w)e?s)?(?![\w/-])", re.IGNORECASE)


LEFT_OUT = [(any_of(words), re.findall("`(.+?)`", files)) for words, _, files in rows("Words we leave out")]
TERMS = [(term, code.strip("`"), any_of(never)) for term, code, never, _ in rows("Terms")]
CAPITALS = re.findall("`(.+?)`", re.search(r"^Capitals .+", GUIDE, re.MULTILINE)[0])


def has_a_long_sentence(words):
    return any(interface_words.length(sentence) > MOST_WORDS for sentence in words.sentences)


def has_a_word_we_leave_out(words):
    return any(found.search(words.plain) for found, files in LEFT_OUT if words.place not in files)


def has_another_word_for_a_term(words):
    return any(never.search(words.plain) for _, _, never in TERMS)


def shouts(words):
    return not set(re.findall(r"\b[A-Z_]{4,}\b", words.plain)) <= set(CAPITALS)


BREACHES = {
    has_a_long_sentence: "We will call you by %(time)s, as soon as one of us has read all that you sent.",
    has_a_word_we_leave_out: "Sorry, this is not an address.",
    has_another_word_for_a_term: "Your booking numbers are here.",
    shouts: "CALL us.",
}


@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: breach.__name__)
def test_no_text(breach):
    assert [words for words in interface_words.everywhere() if breach(words)] == []


@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: breach.__name__)
def test_a_wrong_text_would_be_found(breach):
    assert breach(Words("templates/404.html", BREACHES[breach]))


@pytest.mark.parametrize(
    ("breach", "word"),
    [
        *(
            (has_a_word_we_leave_out, word)
            for row in rows("Words we leave out")
            for word in row[0].split(", ")
        ),
        *((has_another_word_for_a_term, word) for row in rows("Terms") for word in row[2].split(", ")),
    ],
)
def test_every_word_against_the_guide_would_be_found(breach, word):
    assert breach(Words("templates/404.html", f"Is it {word.capitalize()} now?"))


def test_files_are_excused_only_for_words_that_they_use():
    excused = {(found, file) for found, files in LEFT_OUT for file in files}

    used = {
        (found, file)
        for found, file in excused
        for words in interface_words.everywhere()
        if words.place == file and found.search(words.plain)
    }

    assert used == excused


@cache
def names_in_code():
    """Return the names of all modules, classes, functions, variables and attributes of the product."""
    modules = [path for app in interface_words.APPS for path in (ROOT / app).rglob("*.py")]
    nodes = (node for path in modules for node in ast.walk(ast.parse(path.read_text())))
    named = (getattr(node, kind, None) for node in nodes for kind in ("name", "id", "attr", "arg"))
    return {path.stem for path in modules} | set(named)


@pytest.mark.parametrize(("term", "code"), [row[:2] for row in TERMS], ids=[row[1] for row in TERMS])
def test_the_glossary_knows_no_term_that_is_not_used(term, code):
    texts = "\n".join(words.plain.lower() for words in interface_words.everywhere())

    assert (term in texts, code in names_in_code()) == (True, True)


def test_a_term_that_is_not_used_would_be_found():
    assert "CareKard" not in names_in_code()


@pytest.mark.parametrize("pages", OF_PATIENTS)
def test_patients_need_no_more_than_grade_five(pages):
    texts = [
        words.plain for words in interface_words.everywhere() if re.match(OF_PATIENTS[pages], words.place)
    ]

    assert reading.grade("\n".join(texts)) <= HARDEST
    assert len(texts) > 9


@pytest.mark.parametrize("card", interface_words.cards(), ids=lambda card: card[0])
def test_a_care_card_needs_no_more_than_grade_five(card):
    assert reading.grade("\n".join(card[1:])) <= HARDEST


def test_words_for_clinicians_would_need_more():
    assert reading.grade("Consult a multidisciplinary practitioner immediately.") > HARDEST


@pytest.mark.parametrize(
    ("texts", "source"),
    [
        (interface_words.in_python, '_("Full name")'),
        (interface_words.in_python, 'ngettext("Full name", "Full name", count)'),
        (interface_words.in_template, '{% translate "Full name" %}'),
        (interface_words.in_template, '{% include "_part.html" with label=_("Full name") %}'),
        (interface_words.in_template, '{{ name|default:_("Full name") }}'),
        (interface_words.in_template, "{% blocktranslate trimmed %}\n Full\n name\n{% endblocktranslate %}"),
        (
            interface_words.in_template,
            "{% blocktranslate %}Full name{% plural %}Full name{% endblocktranslate %}",
        ),
        (interface_words.in_script, 'ngettext("Full name", "Full name", count)'),
    ],
)
def test_every_way_to_mark_a_text_is_seen(texts, source):
    assert {" ".join(text.split()) for text in texts(source)} == {"Full name"}


def test_a_field_without_words_of_its_own_says_ours(client, db):
    client.force_login(builders.user("Manager"))

    page = client.post(reverse("admin:clinic_notice_add"), {"shown_from": "soon"})

    assert page.context["adminform"].form.errors == {
        "text": ["Fill this in."],
        "shown_from": ["Enter day and time, such as 2026-11-23 13:30."],
        "shown_until": ["Fill this in."],
    }


def test_no_field_of_the_staff_pages_has_words_that_we_leave_out(rf, db):
    request = rf.get("/")
    request.user = builders.user("Manager", is_superuser=True)
    forms = [page.get_form(request) for page in admin.site._registry.values()]
    said = {
        str(text)
        for form in forms
        for field in form.base_fields.values()
        for text in field.error_messages.values()
    }

    assert {text for text in said if has_a_word_we_leave_out(Words("", text))} == set()

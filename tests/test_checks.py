"""What the checks say about a text; the rows A6 to A22 of the catalogue of bad input, and hints."""

from datetime import date

import pytest

from articles import checks, html, writing
from articles.checks import Finding
from articles.models import CareCard, Revision
from clinic import facts, redirects
from clinic.models import Clinic, Picture
from tests import builders

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 3)
DESCRIPTION = "Why a sore heel hurts most in the morning, and what helps it."
GOOD_SOURCES = [
    {"title": "Heel pain", "kind": "guideline", "year": 2023, "publisher": "JOSPT"},
    {"title": "Heel pain in runners", "kind": "trial", "year": 2015, "publisher": "BMJ"},
]


@pytest.fixture(autouse=True)
def _clinic():
    """A clinic with one number, one address and one location."""
    Clinic.objects.create(phone="773 555 0100", email="hello@harbor.example")
    builders.location(phone="773 555 0110")
    facts.publish()


def text(body="<p>Rest your foot today.</p>", **changes):
    """A text that nothing is wrong with, unsaved, but for what a test names."""
    fields = {
        "author_id": 1,
        "main_topic_id": 1,
        "sources": GOOD_SOURCES,
        "description": DESCRIPTION,
        **changes,
    }
    return Revision(**builders.text(**fields, body=html.clean(body)))


def report(*args, kind="health", **changes):
    return checks.report(text(*args, **changes), kind=kind, today=TODAY)


def said(*args, **changes):
    """Return (code, level, quote) of all findings."""
    return [(found.code, str(found.level), found.quote) for found in report(*args, **changes)]


def messages(*args, **changes):
    return [found.message for found in report(*args, **changes)]


def test_a_good_text_has_no_findings():
    assert report() == []


def test_what_keeps_a_text_in_comes_first_and_hints_come_last():
    found = report("<p><img data-picture=7> <a href='/x/'>here</a></p>", description="", author_id=None)

    assert [finding.level for finding in found] == ["block", "block", "warn", "warn", "hint"]
    assert found[0] == Finding("author", "block", "author", "Choose who wrote this.")


def test_the_problems_are_those_findings_that_block():
    lacking = text("<p><a href='https://a.example/'>here</a></p>", summary="", description="")

    assert [problem.code for problem in checks.problems(lacking, kind="health")] == ["summary"]


def test_working_copies_are_checked_as_revisions_are():
    article, editor = builders.article(), builders.user("Editor")
    body = "<h2>One</h2><h4>Three</h4><p>New trouble with the bladder and leg pain.</p>"
    copy = writing.set_aside(article, builders.text(body=body), topics=[], by=editor, version=0)
    kept = writing.keep(article, builders.text(body=body), topics=[], by=editor, based_on=article.latest)

    found = checks.report(copy, kind="health", today=TODAY)

    assert found == checks.report(kept, kind="health", today=TODAY)
    assert [finding.code for finding in found[:4]] == [
        "headings",
        "author",
        "topic",
        "card-back-and-leg-emergency",
    ]


@pytest.mark.parametrize(
    "body, problems",
    [
        ("<h2>a</h2><h3>b</h3><h4>c</h4><h2>d</h2><h3>e</h3>", []),
        (
            "<h2>a</h2><h4>Heel <em>lifts</em></h4>",
            ["The heading “Heel lifts” skips a level: make it level 3."],
        ),
        ("<h3>Shoes</h3><h2>b</h2>", ["The heading “Shoes” skips a level: make it level 2."]),
        ("<h1>Shoes</h1><h3>Laces</h3>", []),
        ("<p>no heading</p>", []),
    ],
)
@pytest.mark.parametrize("kind", ["health", "news"])
def test_A6_a_heading_that_skips_a_level_keeps_the_text_in(kind, body, problems):
    found = checks.problems(text(body), kind=kind)

    assert [finding.message for finding in found] == problems


@pytest.mark.parametrize(
    "body, code",
    [
        ("<h1>Sore heel</h1><p>Rest.</p>", "heading-title"),
        ("<h2><img data-picture=7 alt=''></h2><p>Rest.</p>", "heading-empty"),
    ],
)
def test_A6_a_heading_without_use_is_worth_a_look(body, code):
    assert [(found[0], found[1]) for found in said(body)] == [(code, "warn")]


@pytest.mark.parametrize(
    "words", ["click here", "Here.", "Read more »", "https://www.nhs.uk/back-pain", "www.nhs.uk"]
)
def test_A7_a_link_that_does_not_say_where_it_leads_is_named(words):
    body = f"<p><a href='https://a.example'>{words}</a> and <a href='https://b.example'>our heels</a></p>"

    assert said(body) == [("link-text", "warn", words)]
    assert messages(body) == [f"The link “{words}” does not say where it leads."]


@pytest.mark.parametrize(
    "alt, codes", [("", ["link-empty"]), ("Our front door", []), ("here", ["link-text"])]
)
def test_A7_a_link_on_a_picture_says_what_the_picture_says(alt, codes):
    body = f"<p><a href='https://a.example'><img data-picture=7 alt='{alt}'></a> Rest.</p>"

    assert [code for code, _level, _quote in said(body)] == codes


@pytest.mark.parametrize(
    "alt, found",
    [
        ("", [("picture-alt", "block", "")]),
        ("alt=''", []),
        ("alt='A foot on a step'", []),
        ("alt='IMG_2041.jpeg'", [("picture-alt-file", "warn", "IMG_2041.jpeg")]),
        ("alt='dsc 0043'", [("picture-alt-file", "warn", "dsc 0043")]),
        ("alt='Image of a foot'", [("picture-alt-words", "warn", "Image of a foot")]),
        ("alt='A photo showing a foot'", [("picture-alt-words", "warn", "A photo showing a foot")]),
    ],
)
def test_A8_a_picture_is_described_or_marked_as_decoration(alt, found):
    assert said(f"<p>Rest.</p><p><img data-picture=7 {alt}></p>") == found


@pytest.mark.parametrize("kind, level", [("health", "block"), ("news", "warn")])
def test_A8_only_health_texts_wait_for_the_description_which_names_the_picture(kind, level):
    foot = builders.picture("Foot on a step")

    (found,) = report(f"<p>Rest.</p><p><img data-picture={foot.pk}></p>", kind=kind)

    assert (found.level, found.message) == (
        level,
        "Say what the picture “Foot on a step” shows, or mark it as decoration.",
    )


@pytest.mark.parametrize("place", ["lead picture", "body"])
@pytest.mark.parametrize("consent, codes", [("", ["picture-consent"]), ("Paper file, drawer 3", [])])
def test_I17_people_in_a_picture_have_allowed_it(place, consent, codes):
    group = builders.picture("Class")
    Picture.objects.filter(pk=group.pk).update(shows_people=True, consent=consent)
    changes = {"lead_picture": group} if place == "lead picture" else {}
    body = "" if changes else f'<p><img data-picture={group.pk} alt="A class"></p>'

    problems = checks.problems(text(f"<p>Rest.</p>{body}", **changes), kind="news")

    assert [problem.code for problem in problems] == codes


LONG_CELL = "Walk a little each day. " * 9


@pytest.mark.parametrize(
    "table, found",
    [
        ("<tr><th>Week</th><th>Walk</th></tr><tr><td>1</td><td>5 minutes</td></tr>", []),
        ("<tr><th>Week 1</th><td>5 minutes</td></tr>", []),
        ("<tr><td>Week</td><td>Walk</td></tr>", [("table-headers", "block", "Week")]),
        ("<tr><td>Rest.</td></tr><tr><td>Walk.</td></tr>", [("table-layout", "warn", "Rest.")]),
        (f"<tr><td>Note</td><td>{LONG_CELL}</td></tr>", [("table-layout", "warn", "Note")]),
        (f"<tr><th>Note</th><td>{LONG_CELL}</td></tr>", []),
    ],
)
def test_A9_a_table_has_headers_and_is_not_for_layout(table, found):
    assert said(f"<table>{table}</table>") == found


@pytest.mark.parametrize("kind, level", [("health", "block"), ("news", "warn")])
def test_A9_only_health_texts_wait_for_the_headers(kind, level):
    (found,) = report("<table><tr><td>Week</td><td>Walk</td></tr></table>", kind=kind)

    assert found.level == level


@pytest.mark.parametrize(
    "lack, message",
    [
        ({"author_id": None}, "Choose who wrote this."),
        ({"summary": ""}, "Write the lead."),
        ({"sources": []}, "Name at least one source."),
        ({"main_topic_id": None}, "Choose the main topic."),
        ({"body": ""}, "Write the text."),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_A14_a_health_text_that_lacks_something_stays_in(lack, message):
    problems = checks.problems(text(**lack), kind="health")

    assert [problem.message for problem in problems] == [message]


def test_A14_news_needs_only_its_words():
    bare = text(author_id=None, summary="", sources=[], main_topic_id=None)

    assert checks.problems(bare, kind="news") == []


@pytest.mark.parametrize(
    "words, quote",
    [
        ("Call 911 at once.", "911"),
        ("You can reach 988 day and night.", "988"),
        ("Dial 999 now.", "Dial 999"),
        ("Then phone 112.", "phone 112"),
        ("<a href='tel:911'>Emergency</a> staff help.", "911"),
    ],
)
def test_A20_a_typed_emergency_number_is_to_be_a_care_card(words, quote):
    assert said(f"<p>{words}</p>") == [("emergency-number", "warn", quote)]


@pytest.mark.parametrize(
    "words",
    ["In a study 112 people walked.", "It took 9,911 steps.", "Call us at 773 555 0110.", "Flat 911-B."],
)
def test_A20_other_numbers_are_no_emergency_numbers(words):
    assert "emergency-number" not in [code for code, _level, _quote in said(f"<p>{words}</p>")]


@pytest.mark.parametrize("country, quote", [("GB", "999"), ("DE", "112")])
def test_A20_the_number_is_that_of_the_country(settings, country, quote):
    settings.COUNTRY = country

    assert said(f"<p>The number is {quote} here.</p>") == [("emergency-number", "warn", quote)]


@pytest.mark.parametrize(
    "words, quote",
    [
        ("This cures heel pain.", "cures"),
        ("We guarantee it.", "guarantee"),
        ("It is 100 % safe.", "100 %"),
        ("It is 100% safe.", "100%"),
        ("It has no side effects.", "no side effects"),
        ("We give the best care.", "best"),
        ("A miracle for knees.", "miracle"),
        ("A risk-free start.", "risk-free"),
        ("You get instant relief.", "instant relief"),
    ],
)
def test_A21_a_claim_is_shown_to_the_reviewer(words, quote):
    assert said(f"<p>{words}</p>") == [("claim", "warn", quote)]


@pytest.mark.parametrize(
    "words",
    [
        "There is no cure for this.",
        "The best time to walk is noon.",
        "Pain is at best mild.",
        "Secure the rug.",
        "Walk 100 steps.",
        "Ask about side effects.",
    ],
)
def test_A21_plain_words_are_no_claims(words):
    assert said(f"<p>{words}</p>") == []


@pytest.mark.parametrize("field", ["title", "summary", "call_to_action"])
def test_A21_claims_are_found_wherever_readers_see_them(field):
    (found,) = report(**{field: "We guarantee that your heel heals"})

    assert (found.code, found.field, found.quote) == ("claim", field, "guarantee")


@pytest.mark.parametrize(
    "words, contact",
    [
        ("Call (773) 555-0142 for shoes.", "(773) 555-0142"),
        ("Call <a href='tel:+17735550142'>the shop</a> first.", "+17735550142"),
        ("Write to anna@mail.example for shoes.", "anna@mail.example"),
        ("Write to <a href='mailto:anna@mail.example'>the shop</a> first.", "anna@mail.example"),
    ],
)
def test_A22_a_number_or_address_that_is_not_the_clinics_is_worth_a_look(words, contact):
    assert said(f"<p>{words}</p>") == [("contact", "warn", contact)]


@pytest.mark.parametrize(
    "words",
    [
        "Call 773-555-0100 or +1 (773) 555 0110.",
        "Write to Hello@Harbor.example today.",
        "It took from 2019-2021, or 3 x 10 and 1 500 000 steps.",
    ],
)
def test_A22_the_clinics_own_numbers_and_addresses_are_fine(words):
    assert said(f"<p>{words}</p>") == []


@pytest.mark.parametrize(
    "body, code",
    [
        ("<blockquote>I had heel pain for years. Now I run.</blockquote>", "testimonial"),
        ("<p>Ask our patient Anna at 773 555 0142.</p>", "contact-patient"),
        ("<p>The patient’s e-mail is anna@mail.example.</p>", "contact-patient"),
    ],
)
@pytest.mark.parametrize(
    "kind, permission, level",
    [("health", "", "block"), ("news", "", "warn"), ("health", "Paper file, drawer 3", None)],
)
def test_A22_a_patients_words_need_a_permission_on_file(body, code, kind, permission, level):
    found = [
        (found.code, found.level)
        for found in report(f"{body}<p>Rest.</p>", kind=kind, permission_on_file=permission)
        if found.code != "contact"
    ]

    assert found == ([(code, level)] if level else [])


@pytest.mark.parametrize(
    "quote",
    [
        "Rest is not the same as doing nothing.",
        "I like the sea.",
        "Pain is common after a long walk.",
    ],
)
def test_A22_other_quotes_are_no_testimonials(quote):
    assert said(f"<blockquote>{quote}</blockquote>") == []


@pytest.mark.parametrize(
    "sources, codes",
    [
        (GOOD_SOURCES, []),
        (GOOD_SOURCES[:1], ["sources-few"]),
        ([{**GOOD_SOURCES[0], "year": 2020}, GOOD_SOURCES[1]], ["sources-old"]),
        ([{**GOOD_SOURCES[0], "year": 2021}, GOOD_SOURCES[1]], []),
        ([{**GOOD_SOURCES[0], "kind": "reference"}, GOOD_SOURCES[1]], ["sources-old"]),
        ([{"title": "Heel", "kind": "review", "year": "2024"}, GOOD_SOURCES[1]], ["source-incomplete"]),
        ([{**GOOD_SOURCES[0], "year": "n. d."}, GOOD_SOURCES[1]], ["sources-old"]),
    ],
)
def test_sources_are_two_and_one_is_recent_and_strong(sources, codes):
    assert [code for code, _level, _quote in said(sources=sources)] == codes


@pytest.mark.parametrize("country", ["US"])
def test_an_incomplete_source_says_what_it_lacks(country):
    sources = [{"title": "Heel", "kind": "review", "year": 2024}, {"title": "Foot", "publisher": "BMJ"}]

    assert messages(sources=sources) == [
        "Complete the source “Heel”: publisher.",
        "Complete the source “Foot”: year.",
    ]


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"title": "Sore heel " * 6 + "x"}, "title"),
        ({"description": ""}, "description"),
        ({"description": "Sore heels."}, "description"),
        ({"description": "Sore heels. " * 14}, "description"),
    ],
)
def test_title_and_description_have_a_length_that_search_engines_show(changes, field):
    assert [(found.field, found.level) for found in report(**changes)] == [(field, "hint")]


@pytest.mark.parametrize(
    "sentence, times, level",
    [
        ("Rest your foot. It gets better in most people. ", 12, None),
        ("Most people feel better after a few weeks of gentle exercise. ", 12, "hint"),
        ("Gradually increasing activity usually settles irritation of the tissues. ", 12, "warn"),
        ("Gradually increasing activity usually settles irritation of the tissues. ", 2, None),
    ],
)
def test_the_reading_grade_is_a_note_and_never_a_block(sentence, times, level):
    levels = [found.level for found in report(f"<p>{sentence * times}</p>") if found.code == "grade"]

    assert levels == ([level] if level else [])


def test_the_three_longest_sentences_over_25_words_are_quoted():
    sentences = [f"{'walk ' * length}far." for length in (24, 25, 26, 27, 28)]

    found = [found for found in report(f"<p>{' '.join(sentences)}</p>") if found.code == "sentence"]

    assert [finding.quote for finding in found] == sentences[:-4:-1]
    assert found[0].message == "This sentence has 29 words. Split it."


def test_jargon_is_shown_with_its_plain_twin():
    (found,) = report("<p>Take the Analgesics at noon.</p>")

    assert (found.level, found.field, found.quote) == ("hint", "body", "Analgesics")
    assert found.message == "“Analgesics”: say “painkiller”, or add that in brackets."


def test_money_behind_a_text_is_to_be_disclosed():
    body = "<p>This class is sponsored by a shop.</p>"

    assert said(body) == [("disclosure", "hint", "sponsored")]
    assert said(body, disclosure="Shoe Shop paid for the room.") == []


@pytest.mark.parametrize(
    "href, found",
    [
        ("/articles/sore-knee/", []),
        ("/articles/sore-elbow/", [("link-broken", "warn", "Read on")]),
        ("/old-knee/", [("link-moved", "hint", "Read on")]),
        ("https://elsewhere.example/nothing/", []),
        ("#what-helps", []),
        ("#sources", []),
        ("#what-harms", [("link-broken", "warn", "Read on")]),
    ],
)
def test_links_to_our_own_pages_are_followed(href, found):
    builders.published_article(title="Sore knee")
    redirects.lead("/old-knee/", "/articles/sore-knee/")

    assert said(f"<h2>What helps</h2><p><a href='{href}'>Read on</a></p>") == found


def test_a_text_full_of_everything_takes_four_queries(django_assert_num_queries):
    knee = builders.published_article(title="Sore knee")
    places = [builders.location(), knee, knee.live.main_topic, knee.live.author]
    links = [f"<p><a href='{place.get_absolute_url()}'>Read on</a></p>" for place in places]
    call = "<p>Call 312 555 0177 with leg pain and a weak bladder.</p>"
    image = "<p><img data-picture=7 alt='IMG_7.png'></p>"
    full = builders.article(body="".join([*links, call, image])).latest

    with django_assert_num_queries(4):
        found = checks.report(full, kind="health", today=TODAY)

    assert [finding.code for finding in found if finding.level != "hint"] == [
        "card-back-and-leg-emergency",
        "sources-few",
        "sources-old",
        "picture-alt-file",
        "contact",
    ]


def test_a_text_whose_signs_are_covered_by_a_card_lacks_none():
    card = CareCard.objects.get(slug="back-and-leg-emergency")
    body = "<p>New trouble with the bladder and leg pain need help at once.</p>"
    covered = builders.article(body=body, main_topic=builders.topic(cards=[card]))

    assert checks.problems(covered.latest, kind="health") == []

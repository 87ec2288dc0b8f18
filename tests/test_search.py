"""Search: one grammar for both databases; every test here runs on each of them."""

import re
from collections import Counter

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from articles import publishing
from clinic import facts, pages
from clinic.management.commands import worker
from clinic.models import Page, SearchEntry
from clinic.search import finding, grammar, index
from clinic.search.grammar import GROUPS, Phrase
from clinic.search.matching import fts5, tsquery
from clinic.search.snippets import Marker
from clinic.search.words import stem, stems
from clinic.site.search import RESULTS_ON_A_PAGE
from tests import builders

ARTICLE, THERAPIST, PAGE = SearchEntry.Kind
RESULT = re.compile(r'<p class="kicker">(.+?)</p>\s*<h3><a href="(.+?)">')


# The grammar


@pytest.mark.parametrize(
    "forms",
    [
        "stretch stretches stretching stretched Stretch’s STRETCHING",
        "exercise exercises exercising exercised",
        "injury injuries injured",
        "dizzy dizziness",
        "ache aches aching achy",
        "fall falls falling",
        "run running runs ran",
        "disc discs disk disks",
        "naive naïve Naïveness",
        "foot feet",
    ],
)
def test_the_forms_of_a_word_have_one_stem(forms):
    assert len({stem(form) for form in forms.split()}) == 1


def test_a_sign_of_which_nothing_is_left_is_no_word(client, db):
    vowel = "\ufc5e"
    index.put(SearchEntry.Kind.PAGE, 1, url="/a/", title=f"Sore {vowel} heel")

    response = client.get("/search/", {"q": f"{vowel} heel"})

    assert stems(f"Sore {vowel} heel") == ["sor", "heel"]
    assert [result.url for result in response.context["results"]] == ["/a/"]


@pytest.mark.parametrize("words", ["heel heal", "string sting", "knee kneel", "disc discuss", "need neat"])
def test_different_words_keep_different_stems(words):
    assert len({stem(word) for word in words.split()}) == 2


def test_all_words_are_looked_for_but_the_most_common():
    query = grammar.read("What helps my sore shoulder blades?")

    assert [[phrase.stems for phrase in thing[0]] for thing in query.things] == [
        [("help",)],
        [("sor",)],
        [("shoulder",), ("blad",)],
    ]


def test_quoted_words_stand_side_by_side_and_keep_the_common_ones():
    query = grammar.read("“out of bed” morning")

    assert query.things[0] == ((Phrase(("out", "of", "bed")),),)
    assert len(query.things) == 2


def test_a_quotation_that_never_ends_is_read_as_words():
    assert grammar.read('heel "first steps') == grammar.read("heel first steps")


def test_the_last_word_may_be_a_beginning_once_it_is_long_enough():
    beginnings = [
        {phrase.stems for phrase in grammar.read(typed).phrases if phrase.is_beginning}
        for typed in ("physioth", "disc", "physioth heel")
    ]

    assert beginnings == [{("physioth",)}, set(), set()]


def test_a_name_stands_in_one_group_of_synonyms():
    names = [name for group in GROUPS for name in group]

    assert len(names) > 100
    assert [name for name, times in Counter(names).items() if times > 1] == []


def test_what_is_sent_to_a_database_is_letters_and_digits_in_our_own_signs():
    query = grammar.read("""elbow "NEAR(x)" ' \\ -- :* & ! <-> title: {a} \x00 סלאם 🦵 knee""")

    written = fts5(query), tsquery(query, "AB")

    assert [re.sub(r"[^\W_]+", "x", text) for text in written] == [
        """(("x")) x (("x x")) x (("x")) x (("x")) x (("x"))""",
        """(('x':x)) & (('x':x <-> 'x':x)) & (('x':x)) & (('x':x)) & (('x':x))""",
    ]


# What is found


@pytest.fixture
def shelf(db):
    """A few entries, by one word each."""
    texts = {
        "disc": ("A herniated disk", "Most shrink by themselves.", "A nerve root may be sore."),
        "heel": ("Sore heel in the morning", "Plantar fasciitis hurts.", "Stretch out of bed."),
        "cafe": ("Move at the Café", "Sitting long.", "Stretching breaks are best."),
        "physio": ("Who we are", "A clinic.", "We are physical therapists. Physical therapy helps."),
        "dizzy": ("When the room spins", "BPPV is common.", "Vertigo passes."),
    }
    for number, (title, lead, text) in enumerate(texts.values(), start=1):
        index.put(ARTICLE, number, url=f"/{number}/", title=title, lead=lead, text=text)
    return dict(enumerate(texts, start=1))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("heel", "heel"),
        ("HEELS mornings", "heel"),
        ("stretch", "cafe heel"),
        ("cafe", "cafe"),
        ("CAFÉ", "cafe"),
        ("cafe\u0301", "cafe"),
        ('"out of bed"', "heel"),
        ('"bed of out"', ""),
        ('"stretching breaks"', "cafe"),
        ('"morning plantar"', ""),
        ("slipped disc", "disc"),
        ("disc prolapse", "disc"),
        ("heel pain", "heel"),
        ("physio", "physio"),
        ("physica", "physio"),
        ("dizziness", "dizzy"),
        ("the heel of a", "heel"),
        ("heel disc", ""),
        ("zebra", ""),
    ],
)
def test_both_databases_find_the_same(shelf, typed, expected):
    found = finding.find(typed)

    names = [] if found.is_close else [shelf[entry.object_id] for entry in entries(found)]
    assert " ".join(sorted(names)) == expected


def test_a_hit_in_the_title_comes_before_the_lead_before_what_comes_often_before_the_rest(db):
    often = "Knees ache. A knee hurts. The knee swells. My knee is stiff."
    index.put(PAGE, 1, url="/1/", title="Knee", lead="", text="")
    index.put(ARTICLE, 2, url="/2/", title="Legs", lead="", text="Hip, knee and foot.")
    index.put(ARTICLE, 3, url="/3/", title="Legs", lead="", text=often)
    index.put(ARTICLE, 4, url="/4/", title="Legs", lead="Knees and hips", text="")
    index.put(ARTICLE, 5, url="/5/", title="Knees", lead="", text="")
    index.put(THERAPIST, 6, url="/6/", title="Knees", lead="", text="")
    index.put(ARTICLE, 7, url="/7/", title="Knees", lead="", text="")

    found = finding.find("knee")

    assert [entry.object_id for entry in entries(found)] == [7, 5, 6, 1, 4, 3, 2]


def test_where_nothing_has_all_words_what_is_about_most_of_them_comes_first(db):
    index.put(ARTICLE, 1, url="/1/", title="Heels", lead="", text="Stairs and zebras.")
    index.put(ARTICLE, 2, url="/2/", title="Heels on stairs", lead="", text="")
    index.put(ARTICLE, 3, url="/3/", title="Shoulders", lead="", text="")

    found = finding.find("heel stairs elephant")

    assert found.is_close
    assert [entry.object_id for entry in entries(found)] == [2, 1]


def entries(found):
    by_pk = SearchEntry.objects.in_bulk(found.pks)
    return [by_pk[pk] for pk in found.pks]


# What is shown


def test_a_snippet_shows_the_place_with_the_most_of_the_words():
    text = f"Knees. {'Nothing here. ' * 150}On stairs a slipped disk and the knee hurt. {'Nothing. ' * 60}"

    snippet = Marker(grammar.read("knee stairs slipped disc")).snippet(text)

    assert [stretch.text for stretch in snippet if stretch.is_hit] == ["stairs", "slipped disk", "knee"]
    assert (snippet[0].text, snippet[-1].text) == ("… ", " …")
    assert "".join(stretch.text for stretch in snippet[1:-1]) in text


@pytest.mark.parametrize("typed", ["zebra", "short"])
def test_the_snippet_of_a_short_text_is_the_whole_text(typed):
    snippet = Marker(grammar.read(typed)).snippet("Short and whole.")

    assert "".join(stretch.text for stretch in snippet) == "Short and whole."


def test_headings_and_lists_do_not_run_into_what_follows(db):
    index.put(ARTICLE, 1, url="/1/", title="Heel", lead="It hurts.", text="What helps\nRest.\n\nIce\nTime")

    assert SearchEntry.objects.get().text == "It hurts. What helps · Rest. Ice · Time"


def test_markup_in_a_text_stays_text(client, db):
    index.put(ARTICLE, 1, url="/1/", title="<b>Heel</b> & toe", lead="<script>alert('heel')</script>")

    page = client.get("/search/", {"q": "heel"}).content.decode()

    assert "&lt;b&gt;<mark>Heel</mark>&lt;/b&gt; &amp; toe" in page
    assert "&lt;script&gt;alert(&#x27;<mark>heel</mark>&#x27;)&lt;/script&gt;" in page


def test_what_was_typed_stays_text(client, db):
    page = client.get("/search/", {"q": '"><script>alert(1)</script>'}).content.decode()

    assert "<script>alert" not in page
    assert 'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in page


HOSTILE = {
    "nothing": "",
    "blanks": " \t\n ",
    "stop words": "the and of",
    "one letter": "x",
    "NUL": "heel\x00pain",
    "quotes": "\"'\"'“”",
    "open quote": '"heel',
    "FTS5": 'NEAR(heel pain, 2) OR title: heel* AND NOT ^x + {a} "',
    "tsquery": "heel & !pain | (x <-> y):*A ' \\",
    "SQL": "'; DROP TABLE clinic_searchentry; --",
    "long": "heel " * 2_000,
    "one long word": "h" * 10_000,
    "RTL": "\u202eheel \u05e2\u05e7\u05d1",
    "emoji": "🦵🏽 👩‍⚕️",
    "half a pair": "\udc80heel",
    "percent": "%s %(q)s %",
    "signs": "*:^-+~@#$%&()[]{}<>/\\|",
}


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_whatever_is_typed_gets_a_useful_page(client, shelf, typed):
    topic = builders.published_article().live.main_topic

    response = client.get("/search/", {"q": typed.encode("utf-8", "surrogateescape")})

    page = response.content.decode()
    assert response.status_code == 200
    assert "<mark>" in page or topic.name in page
    assert '<meta name="robots" content="noindex">' in page


def test_an_empty_result_says_what_was_looked_for_and_offers_a_way_on(client, db):
    builders.location()
    facts.publish()
    topic = builders.published_article().live.main_topic

    page = client.get("/search/", {"q": "zebra"}).content.decode()

    assert "Nothing found for “zebra”" in page
    assert topic.get_absolute_url() in page
    # In the header, its menu, the page and the bar below.
    assert page.count(f'href="{reverse("request_start")}"') == 4


@pytest.mark.parametrize(
    ("wanted", "results"),
    [("1", 20), ("2", 5), ("3", 5), ("0", 5), ("-1", 5), ("abc", 20), ("1e9", 20), ("9" * 19, 5)],
)
def test_u2_odd_page_numbers_lead_to_a_page(client, db, wanted, results):
    for number in range(RESULTS_ON_A_PAGE + 5):
        index.put(ARTICLE, number, url=f"/{number}/", title=f"Heel {number}")

    answer = client.get("/search/", {"q": "heel", "page": wanted}).content.decode()

    assert len(RESULT.findall(answer)) == results


def test_no_more_than_ten_pages_are_offered(db, monkeypatch):
    monkeypatch.setattr(finding, "MOST_RESULTS", 3)
    for number in range(5):
        index.put(ARTICLE, number, url=f"/{number}/", title=f"Heel {number}")

    found = finding.find("heel")

    assert (len(found.pks), found.has_more) == (3, True)


@pytest.mark.parametrize("number", [3, 30])
@pytest.mark.parametrize("typed", ["heel", "heel zebra"])
def test_a_search_is_at_most_five_queries(client, db, django_assert_max_num_queries, number, typed):
    facts.publish()
    for object_id in range(number):
        index.put(ARTICLE, object_id, url=f"/{object_id}/", title=f"Heel {object_id}")

    with django_assert_max_num_queries(5):
        page = client.get("/search/", {"q": typed}).content.decode()

    assert len(RESULT.findall(page)) == min(number, RESULTS_ON_A_PAGE)


def test_a_search_leaves_no_words_in_the_logs(client, db, caplog):
    client.get("/search/", {"q": "secretailment", "page": "abc"})

    assert [record for record in caplog.records if "secretailment" in record.getMessage()] == []


def test_the_page_of_a_wrong_address_lets_people_search(client, db):
    page = client.get("/nowhere/at/all/")

    assert page.status_code == 404
    assert f'<form class="search" action="{reverse("search")}"' in page.content.decode()


# What is in the index


@pytest.mark.django_db
def test_articles_therapists_and_pages_are_found_with_their_kind(client):
    article = builders.published_article(title="Heel pain")
    therapist = builders.therapist(name="Hana Heel")
    saved_in_admin(client, therapist)
    page = published_page("heels")

    answer = client.get("/search/", {"q": "heel"}).content.decode()

    assert sorted(RESULT.findall(answer)) == [
        ("Article", article.get_absolute_url()),
        ("Page", page.get_absolute_url()),
        ("Therapist", therapist.get_absolute_url()),
    ]


def test_an_article_is_found_by_the_names_of_its_topics(db):
    topic = builders.topic("Foot and ankle", also_called="Charley horse\nAnkle twist")
    builders.published_article(title="Rest", body="<p>Rest.</p>", topics=[topic])

    assert [urls("charley horse"), urls("ankle")] == [["/articles/rest/"]] * 2


def test_a_new_name_of_a_topic_finds_its_articles_at_once(client, db):
    article = builders.published_article()
    topic = article.live.main_topic
    client.force_login(builders.user("Editor"))
    form = {"name": topic.name, "slug": topic.slug, "kind": topic.kind, "position": 0}

    client.post(f"/admin/articles/topic/{topic.pk}/change/", form | {"also_called": "Charley horse"})

    assert urls("charley horse") == [article.get_absolute_url()]


def test_an_archived_article_is_found_no_more(db):
    article = builders.published_article(title="Heel pain")
    found_before = urls("heel")

    publishing.archive(article, by=article.created_by)

    assert (found_before, urls("heel")) == ([article.get_absolute_url()], [])


def test_a_draft_is_not_found_until_it_is_public(db):
    article = builders.signed_article(title="Heel pain")
    found_before = urls("heel")

    publishing.publish(article, by=article.created_by)

    assert (found_before, urls("heel")) == ([], [article.get_absolute_url()])


@pytest.mark.parametrize("change", [{"is_listed": ""}, {"left_on": "2026-01-02"}])
def test_a_therapist_who_is_hidden_or_gone_is_found_no_more(client, db, change):
    therapist = builders.therapist(name="Hana Heel")
    saved_in_admin(client, therapist)
    found_before = urls("heel")

    saved_in_admin(client, therapist, **change)

    assert (found_before, urls("heel")) == ([therapist.get_absolute_url()], [])


def test_a_changed_page_is_found_by_its_new_words_alone(db):
    page = published_page("heels")
    found_before = urls("heel")

    publish(page, "shoulders")

    assert (found_before, urls("heel"), urls("shoulder")) == (["/about/"], [], ["/about/"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "mend", [lambda: call_command("index_search"), lambda: worker.mend_search(timezone.now(), None)]
)
def test_an_index_that_lost_and_kept_too_much_is_mended(mend):
    article = builders.published_article(title="Heel pain")
    page = published_page("shoulders")
    therapist = builders.therapist(name="Hana Heel")
    index.drop(ARTICLE, article.pk)
    SearchEntry.objects.filter(kind=PAGE, object_id=page.pk).update(object_id=page.pk + 1, url="/gone/")

    mend()

    assert set(urls("heel")) == {article.get_absolute_url(), therapist.get_absolute_url()}
    assert urls("shoulders") == ["/about/"]


def test_the_demo_clinic_can_be_searched(template):
    articles = template.number("SELECT count(*) FROM articles_article WHERE live_id IS NOT NULL")
    pages = template.number("SELECT count(*) FROM clinic_page WHERE live_id IS NOT NULL")

    assert template.sql("SELECT kind, count(*) FROM clinic_searchentry GROUP BY kind ORDER BY kind") == [
        (ARTICLE, articles),
        (THERAPIST, 5),
        (PAGE, pages),
    ]


def urls(typed):
    found = finding.find(typed)
    return [] if found.is_close else [entry.url for entry in entries(found)]


def published_page(words):
    return publish(Page.objects.create(slug="about"), words)


def publish(page, words):
    editor = builders.user("Editor")
    text = {"title": f"About {words}", "summary": "", "description": "", "body": f"<p>Our {words}</p>"}
    pages.publish(page, pages.keep(page, **text, by=editor), by=editor)
    return page


def saved_in_admin(client, therapist, **changes):
    client.force_login(builders.user("Manager"))
    fields = ("name", "slug", "job_title", "position")
    form = {name: getattr(therapist, name) for name in fields} | {
        "is_listed": "on",
        "credentials-TOTAL_FORMS": 0,
        "credentials-INITIAL_FORMS": 0,
    }
    response = client.post(f"/admin/staff/therapist/{therapist.pk}/change/", form | changes)
    assert response.status_code == 302

"""Home, lists, therapists, locations and the clinic's own pages: what they show, hide and cost."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from articles.models import Article, CareCard
from clinic import facts, pages
from clinic.models import Clinic, Closure, InsurancePlan, Page
from tests import builders

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>"
# A Tuesday, 9 am in Chicago.
MORNING = datetime(2026, 11, 3, 15, tzinfo=UTC)


def html_of(client, path):
    return client.get(path).content.decode()


def words(html):
    return " ".join(strip_tags(html).split())


def titles(html):
    """The titles of the cards of a page, in order."""
    return re.findall(r"<h[23]><a href=\"[^\"]+\">(.*?)</a></h[23]>", html)


def care_cards(html):
    """The levels of the care cards of a page, in order."""
    return re.findall(r'class="care-card care-card-(\w+)"', html)


def a_page(slug="about", *, is_published=True, **text):
    page = Page.objects.create(slug=slug)
    by = builders.user("Editor")
    text = {"title": "About us", "summary": "", "description": "", "body": "<p>Who we are.</p>", **text}
    revision = pages.keep(page, **text, by=by)
    if is_published:
        pages.publish(page, revision, by=by)
    return page


@pytest.fixture
def clinic_site():
    """One of everything that the public pages show, with the facts published."""
    location = builders.location("Northside", slug="northside")
    location.insurance_plans.add(InsurancePlan.objects.create(name="Prairie Mutual"))
    therapist = builders.therapist("Ines Calder", slug="ines-calder")
    therapist.locations.add(location)
    topic = builders.topic("Foot and ankle", slug="foot-and-ankle")
    builders.published_article(slug="sore-heel", author=therapist, main_topic=topic)
    a_page("about")
    Clinic.objects.update(name="Harbor Physical Therapy", phone="773 555 0100", headline="Move again.")
    facts.publish()


PUBLIC_PATHS = [
    "/",
    "/articles/",
    "/articles/topics/foot-and-ankle/",
    "/articles/sore-heel/",
    "/staff/",
    "/staff/ines-calder/",
    "/locations/",
    "/locations/northside/",
    "/about/",
]


# Every public page


@pytest.mark.parametrize("path", PUBLIC_PATHS)
def test_a_reader_gets_no_cookie_and_no_cached_page_depends_on_one(client, clinic_site, path):
    response = client.get(path)

    assert response.status_code == 200
    assert dict(response.cookies) == {}
    assert response["Vary"] == "Accept-Encoding"
    assert response["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", PUBLIC_PATHS)
def test_an_unchanged_page_is_not_sent_twice(client, clinic_site, path):
    first = client.get(path)

    again = client.get(path, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", PUBLIC_PATHS)
def test_a_public_page_answers_head_and_refuses_to_be_posted_to(client, clinic_site, path):
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", PUBLIC_PATHS)
def test_a_public_page_with_its_style_sheet_stays_under_100_kilobytes(client, clinic_site, path):
    style_sheet = finders.find("clinic/site.css")

    with open(style_sheet, "rb") as css:
        assert len(client.get(path).content) + len(css.read()) < 100_000


def test_each_page_has_its_own_title_and_one_first_heading(client, clinic_site):
    found = [html_of(client, path) for path in PUBLIC_PATHS]

    page_titles = [re.search(r"<title>(.*?)</title>", html, re.S)[1] for html in found]
    assert page_titles[0].strip() == "Harbor Physical Therapy"
    assert len({" ".join(title.split()) for title in page_titles}) == len(PUBLIC_PATHS)
    assert [html.count("<h1") for html in found] == [1] * len(PUBLIC_PATHS)


def test_canonical_links_leave_campaigns_out(client, clinic_site):
    html = html_of(client, "/articles/sore-heel/?utm_source=mail&fbclid=1")

    assert '<link rel="canonical" href="http://localhost/articles/sore-heel/">' in html
    assert "utm_source" not in html


@pytest.mark.parametrize(
    "path",
    ["/articles/topics/nothing/", "/staff/nobody/", "/locations/nowhere/", "/nothing/", "/articles/nothing/"],
)
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_robots_may_read_all_but_staff_pages_and_requests(client):
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /appointments/request/",
        "Disallow: /appointments/received/",
        "Disallow: /appointments/r/",
        "Sitemap: http://localhost/sitemap.xml",
    ]


def test_security_txt_says_whom_to_tell_of_a_weakness(client):
    Clinic.objects.create(email="hello@harbor.example", phone="(555) 010-0140")
    facts.publish()

    with time_machine.travel(MORNING, tick=False):
        response = client.get("/.well-known/security.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "Contact: mailto:hello@harbor.example",
        "Contact: tel:+15550100140",
        f"Expires: {(MORNING + timedelta(days=180)).date()}T00:00:00Z",
        "Canonical: http://localhost/.well-known/security.txt",
    ]


# Home


def test_home_answers_what_where_when_and_how(client, clinic_site):
    with time_machine.travel(MORNING, tick=False):
        html = html_of(client, "/")

    assert re.findall(r"<h1>(.*?)</h1>", html) == ["Move again."]
    assert re.findall(r"<h2>([^<]+)</h2>", html.split("<footer")[0]) == [
        "What hurts?",
        "Who you will meet",
        "Checked by our therapists",
        "Where we are",
        "How it works",
    ]
    assert html.count("Open now until 6 pm") > 0
    assert 'href="tel:+17735550100">Call 773 555 0100</a>' in html
    assert titles(html) == ["Ines Calder", "Theo Okafor, PT", "Sore heel", "Northside", "Northside"]
    assert "<li>Prairie Mutual</li>" in html


def test_home_of_a_fresh_site_is_whole(client):
    html = html_of(client, "/")

    assert re.findall(r"<h1>(.*?)</h1>", html) == ["Physical therapy clinic"]
    assert re.findall(r"<h2>([^<]+)</h2>", html.split("<footer")[0]) == ["How it works"]
    assert "Tell us what hurts, and we call you back." in html
    assert 'href="tel:' not in html


def test_home_shows_the_three_newest_articles_whose_check_is_in_time(client):
    with time_machine.travel(MORNING, tick=False):
        cast = {"author": builders.therapist(), "signer": builders.clinician()}
        for days in (1, 2, 3, 4):
            builders.published_article(title=f"{days} days", now=MORNING - timedelta(days=days), **cast)
        builders.published_article(title="Overdue", now=MORNING - timedelta(days=800), **cast)
        builders.unchecked_article(title="Unchecked")

        shown = titles(html_of(client, "/"))

    assert [title for title in shown if "days" in title or "checked" in title or title == "Overdue"] == [
        "1 days",
        "2 days",
        "3 days",
    ]


def test_only_insurance_that_some_place_accepts_is_named_once(client):
    plan, _other = (InsurancePlan.objects.create(name=name) for name in ("Prairie Mutual", "Nowhere Care"))
    for _number in range(2):
        builders.location().insurance_plans.add(plan)
    facts.publish()

    html = html_of(client, "/")

    assert html.count("Prairie Mutual") == 1
    assert "Nowhere Care" not in html


def test_a_topic_without_an_article_is_shown_nowhere(client):
    covered, bare = builders.topic("Foot and ankle"), builders.topic("Bare topic")
    builders.published_article(main_topic=covered)
    builders.article(main_topic=bare)

    for path in ("/", "/articles/"):
        assert html_of(client, path).count(f'href="{covered.get_absolute_url()}"') == 1
        assert bare.get_absolute_url() not in html_of(client, path)
    assert client.get(bare.get_absolute_url()).status_code == 404


# Articles


@pytest.fixture
def thirty_articles():
    """Thirty articles, of which five came out at the same moment."""
    topic, by = builders.topic("Heel", slug="heel"), builders.user("Manager")
    author, signer = builders.therapist(), builders.clinician()
    for number in range(30):
        builders.published_article(
            title=f"Article {number}",
            author=author,
            signer=signer,
            main_topic=topic,
            by=by,
            now=MORNING - timedelta(hours=number if number < 10 or number > 14 else 10),
        )


@pytest.mark.parametrize("path", ["/articles/", "/articles/topics/heel/"])
def test_pages_by_key_show_each_article_once(client, thirty_articles, path):
    shown, address, sizes = [], path, []
    while address:
        html = html_of(client, address)
        found = re.findall(r"Article \d+", " ".join(titles(html)))
        shown, sizes = shown + found, [*sizes, len(found)]
        older = re.search(r'rel="next" href="([^"]+)"', html)
        address = older and older[1]

    assert sizes == [12, 12, 6]
    assert sorted(shown) == sorted(f"Article {number}" for number in range(30))


def test_a_key_is_readable_and_its_page_is_canonical(client, thirty_articles):
    twelfth = list(Article.objects.published())[11]
    key = f"{twelfth.published_at.astimezone(UTC):%Y%m%dT%H%M%S.%f}-{twelfth.pk}"

    first, second = html_of(client, "/articles/"), html_of(client, f"/articles/?after={key}")

    assert f'rel="next" href="/articles/?after={key}"' in first
    assert f'<link rel="canonical" href="http://localhost/articles/?after={key}">' in second
    assert re.search(r"<title>\s*(.*?)\s*·", first, re.S)[1] == "Articles"
    assert re.search(r"<title>\s*(.*?)\s*·", second, re.S)[1].startswith("Articles before ")


def test_an_article_that_comes_out_meanwhile_moves_nothing_to_another_page(client, thirty_articles):
    key = re.search(r'rel="next" href="([^"]+)"', html_of(client, "/articles/"))[1]
    second = titles(html_of(client, key))

    builders.published_article(title="Just out", now=MORNING + timedelta(hours=1))

    assert titles(html_of(client, key)) == second


@pytest.mark.parametrize(
    "after",
    [
        "0",
        "-1",
        "abc",
        "1e9",
        "9999999999999999999",
        "99999999T999999.999999-1",
        "00000000T000000.000000-1",
        "00010101T000000.000000-1",
        "99991231T235959.999999-1",
        "20261103T150000.000000-99999999999999999999",
        "20261103T150000.000000--1",
        "²0261103T150000.000000-1",
        "\x00",
        "'; DROP TABLE articles_article;--",
    ],
)
def test_U2_a_key_that_is_none_leads_to_the_first_page(client, after):
    builders.published_article()

    response = client.get("/articles/", {"after": after})

    assert response.status_code == 200
    assert titles(response.content.decode()) == ["Sore heel"]
    assert '<link rel="canonical" href="http://localhost/articles/">' in response.content.decode()


@pytest.mark.parametrize("after", ["19000101T000000.000000-1", "19700101T000000.000000-999999999999999999"])
def test_behind_the_last_article_there_is_an_empty_page(client, after):
    builders.published_article()

    response = client.get("/articles/", {"after": after})

    assert response.status_code == 200
    assert titles(response.content.decode()) == []


def test_lists_show_what_is_published_and_nothing_else(client):
    topic = builders.topic()
    builders.published_article(title="Checked", main_topic=topic)
    builders.unchecked_article(title="Unchecked", main_topic=topic)
    builders.article(title="Draft", main_topic=topic)
    archived = builders.published_article(title="Archived", main_topic=topic)
    Article.objects.filter(pk=archived.pk).update(status=Article.Status.ARCHIVED)

    for path in ("/articles/", topic.get_absolute_url()):
        assert titles(html_of(client, path)) == ["Unchecked", "Checked"]


def test_a_topic_shows_the_articles_on_it_and_its_care_cards(client):
    heel = builders.topic("Heel")
    back = builders.topic("Back", cards=CareCard.objects.filter(slug__startswith="back-and-leg"))
    builders.published_article(title="On both", main_topic=heel, topics=[back])
    builders.published_article(title="On backs", main_topic=back)

    assert titles(html_of(client, heel.get_absolute_url())) == ["On both"]
    assert titles(html_of(client, back.get_absolute_url())) == ["On backs", "On both"]
    assert care_cards(html_of(client, heel.get_absolute_url())) == []
    assert care_cards(html_of(client, back.get_absolute_url())) == ["emergency", "urgent"]


# Therapists


def test_a_profile_shows_who_somebody_is(client, clinic_site):
    therapist = builders.clinician(
        "Theo Okafor",
        suffix="PT, OCS",
        slug="theo-okafor",
        biography="First part.\n\nSecond <part>.",
        specialties="Frozen shoulder\nRunning",
        education="Prairie Shore College, 2003",
        languages="English, Igbo",
    )
    builders.published_article(title="Stiff shoulder", author=therapist)

    html = html_of(client, "/staff/theo-okafor/")

    assert re.findall(r"<h1>(.*?)</h1>", html) == ["Theo Okafor, PT, OCS"]
    assert "<p>First part.</p>\n\n<p>Second &lt;part&gt;.</p>" in html
    assert html.count("<li>Frozen shoulder</li><li>Running</li>") == 1
    assert html.count("<li>Prairie Shore College, 2003</li>") == 1
    assert "Physical therapist license (PT)" in words(html)
    assert "English, Igbo" in words(html)
    assert titles(html)[0] == "Stiff shoulder"
    assert 'href="/appointments/?therapist=theo-okafor"' in html


def test_a_license_that_has_lapsed_is_not_shown(client):
    therapist = builders.clinician()
    assert "Physical therapist license" in html_of(client, therapist.get_absolute_url())

    therapist.credentials.update(expires_on=date(2020, 1, 1))

    assert "Physical therapist license" not in html_of(client, therapist.get_absolute_url())


@pytest.mark.parametrize("gone", [{"is_listed": False}, {"left_on": date(2026, 1, 31)}])
def test_who_is_not_shown_has_no_profile_and_is_in_no_list(client, clinic_site, gone):
    location = builders.location("Mill Road", slug="mill-road")
    shown, hidden = builders.therapist("June Park"), builders.therapist("Rachel Stone", **gone)
    location.therapists.set([shown, hidden])
    facts.publish()

    assert client.get(shown.get_absolute_url()).status_code == 200
    assert client.get(hidden.get_absolute_url()).status_code == 404
    for path in ("/", "/staff/", "/locations/mill-road/"):
        html = html_of(client, path)
        assert html.count(f'<a href="{shown.get_absolute_url()}">June Park</a>') == 1
        assert "Rachel Stone" not in html


def test_a_therapist_who_takes_no_new_patients_cannot_be_asked_for(client):
    therapist = builders.therapist("June Park", takes_new_patients=False)

    html = html_of(client, therapist.get_absolute_url())

    assert "?therapist=" not in html
    assert 'href="/appointments/">Ask for an appointment</a>' in html


# Locations


@time_machine.travel(MORNING, tick=False)
def test_a_location_says_when_and_how_to_come(client):
    location = builders.location(
        "Northside",
        slug="northside",
        directions="Bus 12 stops here.",
        parking="Free parking.",
        access="A ramp at the door.",
    )
    location.insurance_plans.add(InsurancePlan.objects.create(name="Prairie Mutual"))
    therapist = builders.therapist("Ines Calder")
    therapist.locations.add(location)
    facts.publish()

    html = html_of(client, "/locations/northside/")

    assert re.findall(r'<tr.*?><th scope="row">(\w+)</th><td>(.*?)</td></tr>', html) == [
        *((day, "8 am to 6 pm") for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")),
        ("Saturday", "Closed"),
        ("Sunday", "Closed"),
    ]
    assert re.findall(r'aria-current="date"><th scope="row">(\w+)', html) == ["Tuesday"]
    for fact in ("1 Harbor Street", "Bus 12 stops here.", "Free parking.", "A ramp at the door."):
        assert fact in html
    assert "<li>Prairie Mutual</li>" in html
    assert 'href="tel:+17735550110">Call 773 555 0110</a>' in html
    assert 'href="/appointments/?location=northside">Ask for an appointment</a>' in html
    assert titles(html)[0] == "Ines Calder"


def test_the_footer_of_many_locations_is_a_list_of_their_names(client, clinic_site):
    for name in ("Mill Road", "Oak Park", "Lakeside"):
        builders.location(name)
    facts.publish()

    footer = html_of(client, "/staff/").split("<footer")[1]

    assert re.findall(r'<li><a href="/locations/[^"]+">([^<]+)</a>', footer) == [
        "Lakeside",
        "Mill Road",
        "Northside",
        "Oak Park",
    ]
    assert footer.count("<dl") == 0


def test_every_page_ends_with_the_hours_of_the_week_in_short(client, clinic_site):
    footer = html_of(client, "/staff/").split("<footer")[1]

    assert re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", footer) == [
        ("Monday to Friday", "8 am to 6 pm"),
        ("Saturday to Sunday", "Closed"),
    ]


@pytest.mark.parametrize(
    ("coordinates", "addresses"),
    [
        ({}, []),
        (
            {"latitude": "42.4312", "longitude": "-87.8"},
            ["https://www.openstreetmap.org/?mlat=42.4312&amp;mlon=-87.8#map=17/42.4312/-87.8"],
        ),
    ],
    ids=["unknown", "known"],
)
def test_a_location_whose_coordinates_we_know_links_to_a_map(client, coordinates, addresses):
    builders.location(slug="northside", **coordinates)
    facts.publish()

    assert re.findall(r'href="([^"]*map[^"]*)"', html_of(client, "/locations/northside/")) == addresses


@time_machine.travel(MORNING, tick=False)
def test_a_location_names_the_closures_ahead_and_none_behind(client):
    location = builders.location(slug="northside")
    days = [
        (date(2026, 11, 2), date(2026, 11, 2), None, None, "Yesterday"),
        (date(2026, 12, 25), date(2026, 12, 25), None, None, "Christmas Day"),
        (date(2026, 11, 26), date(2026, 11, 27), None, None, "Thanksgiving"),
        (date(2026, 11, 9), date(2026, 11, 9), time(12), None, "Team day"),
        (date(2026, 11, 10), date(2026, 11, 10), None, time(9, 30), "Late start"),
        (date(2026, 11, 11), date(2026, 11, 11), time(12), time(13), "Fire drill"),
    ]
    for first, last, begins, ends, reason in days:
        Closure.objects.create(
            location=location,
            first_day=first,
            last_day=last,
            from_time=begins,
            until_time=ends,
            reason=reason,
        )
    facts.publish()

    html = html_of(client, "/locations/northside/").split("<footer")[0]

    found = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", html)
    assert found == [
        ("9 November 2026", "Team day: closed from 12 noon"),
        ("10 November 2026", "Late start: closed until 9:30 am"),
        ("11 November 2026", "Fire drill: closed from 12 noon to 1 pm"),
        ("26 November 2026 – 27 November 2026", "Thanksgiving: closed all day"),
        ("25 December 2026", "Christmas Day: closed all day"),
    ]


def test_a_location_that_takes_no_requests_online_gives_its_phone_number(client):
    builders.location(slug="northside", takes_online_requests=False)
    facts.publish()

    html = html_of(client, "/locations/northside/")

    assert "?location=" not in html
    assert '<a class="button" href="tel:+17735550110">' in html


# The clinic's own pages


def test_a_page_shows_its_live_text(client):
    page = a_page("about", title="About us", summary="In short.", description="Who we are.")
    pages.keep(
        page,
        title="New",
        summary="",
        description="",
        body="<p>Not yet.</p>",
        by=builders.user("Editor"),
    )

    html = html_of(client, "/about/")

    assert re.findall(r"<h1>(.*?)</h1>", html) == ["About us"]
    assert '<p class="lead">In short.</p>' in html
    assert '<meta name="description" content="Who we are.">' in html
    assert '<div class="prose"><p>Who we are.</p>' in html
    assert "Not yet." not in html


def test_a_page_without_a_live_text_is_not_found(client):
    a_page("about")
    a_page("plans", is_published=False)

    assert client.get("/about/").status_code == 200
    assert client.get("/plans/").status_code == 404


def test_the_text_of_a_page_is_cleaned(client):
    a_page("about", title=HOSTILE, body=f'<p onclick="x()">Kept{HOSTILE}<a href="javascript:x">link</a></p>')

    html = html_of(client, "/about/")

    assert '<div class="prose"><p>Keptlink</p>' in html
    assert "<h1>&lt;script&gt;alert(1)&lt;/script&gt;</h1>" in html
    assert "<script>" not in html


def test_lists_lead_from_topic_to_topic_and_say_which_one_is_open(client):
    heel, back = builders.topic("Heel", slug="heel"), builders.topic("Back", slug="back")
    for topic in (heel, back):
        builders.published_article(main_topic=topic, topics=[topic])
    lists = ["/articles/", "/articles/topics/back/", "/articles/topics/heel/"]

    tabs = {
        path: re.search(r'<nav class="tabs.*?</nav>', html_of(client, path), re.DOTALL)[0] for path in lists
    }

    assert [re.findall(r'href="([^"]+)"', found) for found in tabs.values()] == [lists] * 3
    current = [re.findall(r'href="([^"]+)" aria-current="page"', found) for found in tabs.values()]
    assert current == [[path] for path in lists]


# What pages cost


def grow(number, *, location, author, topic):
    """Add this many of everything that lists show, all tied to one location, author and topic."""
    cast = {"author": author, "signer": builders.clinician(), "by": builders.user("Editor")}
    for index in range(number):
        builders.location()
        location.insurance_plans.create(name=f"Plan {number}-{index}")
        builders.therapist(photo=builders.picture()).locations.add(location)
        topics = [topic, builders.topic(f"Topic {number}-{index}")]
        builders.published_article(
            **cast, main_topic=topics[index % 2], topics=topics, lead_picture=builders.picture()
        )
    facts.publish()


def queries(client, paths):
    """How many queries each of these pages takes."""
    taken = {}
    for path in paths:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        taken[path] = len(captured)
    return taken


def test_pages_cost_as_many_queries_with_thirty_rows_as_with_one(client):
    location, author = builders.location(slug="northside"), builders.therapist(slug="ines-calder")
    topic = builders.topic(slug="heel", cards=CareCard.objects.filter(slug="back-and-leg-emergency"))
    everything = {"location": location, "author": author, "topic": topic}
    paths = [
        "/",
        "/articles/",
        "/articles/topics/heel/",
        "/staff/",
        "/staff/ines-calder/",
        "/locations/",
        "/locations/northside/",
    ]

    grow(1, **everything)
    with_one = queries(client, paths)
    grow(29, **everything)
    with_thirty = queries(client, paths)

    assert with_thirty == with_one
    assert (with_one["/articles/"], with_one["/articles/topics/heel/"]) == (3, 4)

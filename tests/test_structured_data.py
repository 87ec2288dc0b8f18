"""§8: what machines read: in schema.org's words, what the page tells its readers, on public pages only."""

import json
import re
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import strip_tags

from articles import paging
from articles.models import Topic
from clinic import facts, pages
from clinic.models import Clinic, Closure, InsurancePlan, Location, Page
from staff.models import Credential, Therapist
from tests import builders
from tests.journey import answers, post

pytestmark = pytest.mark.django_db

# The part of schema.org 30.1 that the site speaks: types with their parents, properties with their domains.
VOCABULARY = json.loads((Path(__file__).parent / "schema_org.json").read_text())
HOSTILE = "</script><script>alert(1)</script>"
# A Monday, 10 am in Chicago.
MONDAY = datetime(2026, 11, 23, 16, tzinfo=UTC)
PUBLIC_PAGES = {
    "/": "WebPage",
    "/articles/": "CollectionPage",
    "/articles/topics/sciatica/": "CollectionPage",
    "/articles/leg-pain/": "MedicalWebPage",
    "/articles/saturday-hours/": "WebPage",
    "/staff/": "CollectionPage",
    "/staff/ines-calder/": "ProfilePage",
    "/locations/": "CollectionPage",
    "/locations/northside/": "WebPage",
    "/about/": "AboutPage",
    "/how-we-write/": "WebPage",
}


def publish_page(slug, **text):
    page = Page.objects.create(slug=slug)
    by = builders.user("Editor")
    text = {"title": "A page", "summary": "What it is.", "description": "", "body": "", **text}
    pages.publish(page, pages.keep(page, **text, by=by), by=by)
    return page


@pytest.fixture
def northside():
    return builders.location(
        "Northside",
        slug="northside",
        region="IL",
        latitude="42.43120",
        longitude="-87.83340",
        parking="Free.",
        access="A ramp.",
        picture=builders.picture(),
    )


@pytest.fixture
def author(northside):
    person = builders.clinician(
        "Ines Calder",
        slug="ines-calder",
        suffix="PT, OCS",
        specialties="Sciatica\nSports",
        languages="English, Igbo",
        photo=builders.picture(),
    )
    person.locations.add(northside)
    return person


@pytest.fixture
def topic():
    return builders.topic("Sciatica", slug="sciatica", kind=Topic.Kind.CONDITION, also_called="Slipped disc")


@pytest.fixture
def news(author):
    return builders.published_article(
        kind="news", title="Saturday hours", slug="saturday-hours", author=author
    )


@pytest.fixture
def leg_pain(author, topic):
    signer = builders.clinician("Theo Okafor", slug="theo-okafor")
    return builders.published_article(
        title="Leg pain",
        slug="leg-pain",
        author=author,
        main_topic=topic,
        signer=signer,
        lead_picture=builders.picture(),
        sources=[
            {"title": "Guideline", "publisher": "A board", "year": 2023, "url": "https://guide.example/"}
        ],
    )


@pytest.fixture
def whole_site(leg_pain, news, northside):
    """Every kind of page, with every fact that a page can tell."""
    therapy = builders.topic("Dry needling", slug="dry-needling", kind=Topic.Kind.TREATMENT)
    builders.published_article(main_topic=therapy)
    builders.location("Mill Road", slug="mill-road")
    northside.insurance_plans.add(InsurancePlan.objects.create(name="Prairie Mutual"))
    Closure.objects.create(first_day=timezone.localdate(), last_day=timezone.localdate(), reason="Moving")
    publish_page("about")
    Clinic.objects.update(
        name="Harbor Physical Therapy",
        legal_name="Harbor Physical Therapy LLC",
        lead="We call you back.",
        phone="(555) 010-0140",
        email="hello@harbor.example",
        hero=builders.picture(),
        profiles="https://profiles.example/harbor\njavascript:alert(1)",
        editorial_policy=publish_page("how-we-write"),
    )
    facts.publish()


def graph_of(client, path):
    """Return the nodes of a page by the last part of their names, the page's own as "page"."""
    html = client.get(path).content.decode()
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    data = json.loads(text)
    assert data["@context"] == "https://schema.org"
    return {node["@id"].rpartition("#")[2]: node for node in data["@graph"]}


def page_node(client, path):
    return graph_of(client, path)["page"]


def nodes_in(value):
    """Yield every typed node of a graph, however deep."""
    if isinstance(value, dict):
        if "@type" in value:
            yield value
        for inner in value.values():
            yield from nodes_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes_in(inner)


def ancestors(kind):
    return {kind}.union(*(ancestors(parent) for parent in VOCABULARY["types"][kind]))


def misused_words(graph):
    """Return the properties that are unknown, or belong to another type."""
    return [
        (node["@type"], name)
        for node in nodes_in(list(graph.values()))
        for name in node
        if not name.startswith("@")
        and not ancestors(node["@type"]) & set(VOCABULARY["properties"].get(name, []))
    ]


# The words


def test_s8_every_type_and_property_is_one_of_schema_org_and_has_something_in_it(client, whole_site):
    graphs = {path: graph_of(client, path) for path in PUBLIC_PAGES}

    assert {path: found for path, graph in graphs.items() if (found := misused_words(graph))} == {}
    nodes = [node for graph in graphs.values() for node in nodes_in(list(graph.values()))]
    assert [node for node in nodes if any(value in (None, "", [], {}, [""]) for value in node.values())] == []
    assert {name for node in nodes for name in node if name[0] != "@"} == set(VOCABULARY["properties"])


def test_s8_a_property_of_another_type_is_found():
    assert misused_words({"page": {"@type": "Person", "opens": "08:00", "sings": "no"}}) == [
        ("Person", "opens"),
        ("Person", "sings"),
    ]


def test_s8_each_page_says_what_it_is_under_its_canonical_address(client, whole_site):
    nodes = {path: page_node(client, f"{path}?utm_source=mail") for path in PUBLIC_PAGES}

    assert {path: node["@type"] for path, node in nodes.items()} == PUBLIC_PAGES
    addresses = {path: f"http://localhost{path}" for path in PUBLIC_PAGES}
    assert {path: node["url"] for path, node in nodes.items()} == addresses
    assert {path: node["@id"].removesuffix("#page") for path, node in nodes.items()} == addresses


# Whether the check of a text is claimed


def test_s8_a_check_is_claimed_with_the_name_and_the_dates_that_the_page_shows(client, leg_pain):
    node = page_node(client, "/articles/leg-pain/")

    shown = " ".join(strip_tags(client.get("/articles/leg-pain/").content.decode()).split())
    checked_on, next_on = (
        format_date(date.fromisoformat(node[name]), "j F Y") for name in ("lastReviewed", "expires")
    )
    assert f"Checked by {node['reviewedBy']['name']}, on {checked_on}" in shown
    assert f"Next check by {next_on}." in shown
    assert node["reviewedBy"] == {
        "@type": "Person",
        "@id": "http://localhost/staff/theo-okafor/#person",
        "name": "Theo Okafor, PT",
    }


@pytest.mark.parametrize("kind", ["unchecked", "overdue", "published before", "news"])
def test_s8_no_other_label_claims_a_check(client, kind):
    long_ago = datetime(2020, 1, 6, 16, tzinfo=UTC)
    article = {
        "unchecked": builders.unchecked_article,
        "overdue": lambda: builders.published_article(now=long_ago),
        "published before": lambda: builders.unchecked_article(was_public_before=True),
        "news": lambda: builders.published_article(kind="news"),
    }[kind]()

    node = page_node(client, article.get_absolute_url())

    assert {"reviewedBy", "lastReviewed", "expires"} & set(node) == set()


# Articles and topics


def test_s8_an_article_names_author_subject_and_sources(client, leg_pain):
    node = page_node(client, "/articles/leg-pain/")

    assert node["author"] == {
        "@type": "Person",
        "@id": "http://localhost/staff/ines-calder/#person",
        "name": "Ines Calder",
        "honorificSuffix": "PT, OCS",
        "jobTitle": "Physical therapist",
        "url": "http://localhost/staff/ines-calder/",
        "worksFor": {"@id": "http://localhost/#clinic"},
    }
    assert node["about"] == {
        "@type": "MedicalCondition",
        "@id": "http://localhost/articles/topics/sciatica/#topic",
        "name": "Sciatica",
        "alternateName": ["Slipped disc"],
    }
    assert node["citation"] == [
        {
            "@type": "CreativeWork",
            "name": "Guideline",
            "url": "https://guide.example/",
            "publisher": {"@type": "Organization", "name": "A board"},
            "datePublished": "2023",
        }
    ]
    assert [step["name"] for step in node["breadcrumb"]["itemListElement"]] == [
        "Articles",
        "Sciatica",
        "Leg pain",
    ]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Topic.Kind.CONDITION, "MedicalCondition"),
        (Topic.Kind.TREATMENT, "PhysicalTherapy"),
        (Topic.Kind.BODY_AREA, "AnatomicalStructure"),
    ],
)
def test_s8_the_kind_of_a_topic_decides_what_its_page_is_about(client, leg_pain, topic, kind, expected):
    Topic.objects.update(kind=kind)

    assert page_node(client, topic.get_absolute_url())["about"]["@type"] == expected


def test_s8_news_is_dated_as_the_page_dates_it_and_is_no_medical_page(client, news):
    # Late in the evening in Chicago, when it is the next day in UTC.
    type(news).objects.update(published_at=datetime(2026, 11, 4, 3, tzinfo=UTC))

    graph = graph_of(client, "/articles/saturday-hours/")

    assert graph["article"]["datePublished"] == "2026-11-03T21:00:00-06:00"
    assert '<time datetime="2026-11-03">' in client.get("/articles/saturday-hours/").content.decode()
    assert [node["@type"] for node in graph.values()] == [
        "WebPage",
        "NewsArticle",
        "MedicalOrganization",
        "WebSite",
    ]


@pytest.mark.parametrize("gone", [{"left_on": "2026-01-31"}, {"is_listed": False}])
def test_s8_an_author_who_is_not_shown_is_named_without_a_page(client, leg_pain, gone):
    Therapist.objects.filter(slug="ines-calder").update(**gone)

    author = page_node(client, "/articles/leg-pain/")["author"]

    assert author == {
        "@type": "Person",
        "name": "Ines Calder",
        "honorificSuffix": "PT, OCS",
        "jobTitle": "Physical therapist",
    }


def test_s8_a_hostile_title_stays_a_title(client, author):
    builders.published_article(kind="news", title=f"A{HOSTILE}&\u2028B", slug="hostile", author=author)

    html = client.get("/articles/hostile/").content.decode()

    assert page_node(client, "/articles/hostile/")["name"] == f"A{HOSTILE}&\u2028B"
    assert re.findall(r"<script[^>]*>", html) == ['<script type="application/ld+json">']
    assert html.count("</script>") == 1
    assert "\u2028" not in html.partition("ld+json")[2].partition("</script>")[0]


# The clinic, its places and its people


def test_s8_every_local_business_has_its_name_and_address(client, whole_site):
    graphs = [graph_of(client, path) for path in ("/", "/locations/northside/")]

    places = [
        node
        for graph in graphs
        for node in nodes_in(list(graph.values()))
        if node["@type"] == "MedicalClinic"
    ]
    assert [place["name"] for place in places] == [
        "Harbor Physical Therapy, Mill Road",
        "Harbor Physical Therapy, Northside",
        "Harbor Physical Therapy, Northside",
    ]
    assert [place["address"]["streetAddress"] for place in places] == ["1 Harbor Street"] * 3


def test_s8_a_clinic_with_one_place_is_that_place(client, northside):
    facts.publish()

    clinic = graph_of(client, "/")["clinic"]

    assert clinic["@type"] == "MedicalClinic"
    assert clinic["name"] == "Physical therapy clinic"
    assert clinic["address"] == {
        "@type": "PostalAddress",
        "streetAddress": "1 Harbor Street",
        "addressLocality": "Harbor",
        "addressRegion": "IL",
        "postalCode": "60601",
        "addressCountry": "US",
    }
    assert clinic["geo"] == {"@type": "GeoCoordinates", "latitude": 42.4312, "longitude": -87.8334}


def test_s8_the_clinic_tells_its_legal_name_profiles_and_policy(client, whole_site):
    clinic = graph_of(client, "/articles/")["clinic"]

    assert clinic == {
        "@type": "MedicalOrganization",
        "@id": "http://localhost/#clinic",
        "url": "http://localhost/",
        "name": "Harbor Physical Therapy",
        "legalName": "Harbor Physical Therapy LLC",
        "logo": "http://localhost/look/190.png",
        "telephone": "(555) 010-0140",
        "email": "hello@harbor.example",
        "medicalSpecialty": "https://schema.org/Physiotherapy",
        "publishingPrinciples": "http://localhost/how-we-write/",
        "sameAs": ["https://profiles.example/harbor"],
    }


def test_s8_a_policy_that_readers_cannot_open_is_not_named(client):
    Clinic.objects.create(editorial_policy=Page.objects.create(slug="unfinished"))
    facts.publish()

    assert "publishingPrinciples" not in graph_of(client, "/")["clinic"]


@time_machine.travel(MONDAY, tick=False)
def test_s8_hours_and_closures_are_those_of_the_page(client, northside):
    thanksgiving = date(2026, 11, 26)
    Closure.objects.create(first_day=thanksgiving, last_day=thanksgiving, reason="Thanksgiving")
    Closure.objects.create(
        first_day=date(2026, 11, 27), last_day=date(2026, 11, 27), from_time=time(12), reason="Inventory"
    )
    Closure.objects.create(first_day=date(2026, 11, 20), last_day=date(2026, 11, 20), reason="Over")
    facts.publish()

    place = page_node(client, "/locations/northside/")["mainEntity"]

    kind = "OpeningHoursSpecification"
    weekdays = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
    assert place["openingHoursSpecification"] == [
        {
            "@type": kind,
            "opens": "08:00",
            "closes": "18:00",
            "dayOfWeek": [f"https://schema.org/{day}" for day in weekdays],
        }
    ]
    assert [
        (day["validFrom"], day["validThrough"], day["opens"], day["closes"])
        for day in place["specialOpeningHoursSpecification"]
    ] == [
        ("2026-11-26", "2026-11-26", "00:00", "00:00"),
        ("2026-11-27", "2026-11-27", "08:00", "12:00"),
    ]


@pytest.mark.parametrize(
    ("online", "takes_new"), [(True, True), (True, False), (False, True), (False, False)]
)
def test_s8_a_place_takes_new_patients_if_someone_there_does_and_requests_if_it_does(
    client, northside, author, online, takes_new
):
    Location.objects.update(takes_online_requests=online)
    Therapist.objects.update(takes_new_patients=takes_new)
    facts.publish()

    place = page_node(client, "/locations/northside/")["mainEntity"]

    assert (place["isAcceptingNewPatients"], "potentialAction" in place) == (takes_new, online)


def test_s8_a_therapist_is_a_person_with_credentials_and_a_license_number(client, author):
    facts.publish()
    author.credentials.create(
        kind=Credential.Kind.CERTIFICATE,
        name="Specialist",
        issuer="A board",
        number="7",
        issued_on="2015-01-05",
    )

    person = page_node(client, "/staff/ines-calder/")["mainEntity"]

    number = author.credentials.get(kind=Credential.Kind.LICENCE).number
    assert person["@type"] == "Person"
    assert person["identifier"] == [
        {"@type": "PropertyValue", "name": "Physical therapist license", "value": number}
    ]
    assert [(one["name"], one["recognizedBy"]["name"]) for one in person["hasCredential"]] == [
        ("Specialist", "A board"),
        ("Physical therapist license", "State Board"),
    ]
    assert (person["knowsAbout"], person["knowsLanguage"]) == (["Sciatica", "Sports"], ["English", "Igbo"])
    assert person["workLocation"] == [{"@id": "http://localhost/locations/northside/#place"}]


def test_s8_facts_stored_by_an_earlier_release_still_make_a_page(client, northside):
    facts.publish()
    clinic = Clinic.objects.get()
    for name in ("legal_name", "profiles", "editorial_policy"):
        del clinic.snapshot[name]
    del clinic.snapshot["locations"][0]["coordinates"]
    clinic.save()

    assert graph_of(client, "/")["clinic"]["name"] == "Physical therapy clinic"


def test_s8_the_second_page_of_a_list_has_an_address_of_its_own(client):
    by, author = builders.user("Editor"), builders.therapist()
    topic = builders.topic(slug="heel")
    for number in range(paging.PAGE_SIZE + 1):
        at = datetime(2026, 11, 3, 15, number, tzinfo=UTC)
        builders.published_article(kind="news", by=by, author=author, main_topic=topic, now=at)

    for path in ("/articles/", "/articles/topics/heel/"):
        html = client.get(path).content.decode()
        (older,) = re.findall(r'rel="next" href="([^"]+)"', html)
        node = page_node(client, f"{older}&utm_source=mail")

        assert node["url"] == f"http://localhost{older}"
        assert len(node["mainEntity"]["itemListElement"]) == 1
        canonical = f'<link rel="canonical" href="{node["url"]}">'
        assert canonical in client.get(f"{older}&utm_source=mail").content.decode()


# Shared links


def test_a_shared_link_shows_what_the_page_says(client, leg_pain):
    type(leg_pain).objects.update(
        published_at=datetime(2026, 11, 3, 15, tzinfo=UTC), changed_at=datetime(2026, 11, 4, 15, tzinfo=UTC)
    )

    html = client.get("/articles/leg-pain/").content.decode()

    shared = dict(
        re.findall(r'<meta (?:property|name)="((?:og|article|twitter):[^"]+)" content="([^"]*)">', html)
    )
    assert shared == {
        "og:site_name": "Physical therapy clinic",
        "og:type": "article",
        "og:title": "Leg pain",
        "og:description": "A sore heel often eases within months.",
        "og:url": "http://localhost/articles/leg-pain/",
        "og:image": "http://localhost/articles/leg-pain/share.png",
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "Leg pain",
        "article:published_time": "2026-11-03T09:00:00-06:00",
        "article:modified_time": "2026-11-04T09:00:00-06:00",
        "twitter:card": "summary_large_image",
    }
    assert '<meta name="description" content="A sore heel often eases within months.">' in html


# Pages that are nobody's business


def private_pages(client, article):
    client.force_login(builders.user("Manager"))
    yield "preview", client.get(f"/admin/articles/article/{article.pk}/preview/")
    client.logout()
    for name in ("request_start", "request_emergency", "request_form", "search", "admin:login"):
        yield name, client.get(reverse(name))
    yield "not sure", client.get(reverse("request_start", query={"answer": "not-sure"}))
    yield "check", post(client, "request_form", answers())
    sent = post(client, "request_send", answers())
    yield "confirmation", client.get(sent.headers["Location"])
    yield "error", client.get("/nothing/")


def test_s8_private_pages_tell_machines_nothing(client, leg_pain):
    facts.publish()

    told = {
        name: re.findall(r"ld\+json|property=\"og:", response.content.decode())
        for name, response in private_pages(client, leg_pain)
    }

    assert {name: found for name, found in told.items() if found} == {}
    assert len(told) == 10
    assert "ld+json" in client.get("/articles/leg-pain/").content.decode()

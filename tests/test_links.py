"""Links to our own site: where they lead, and the list of those that lead nowhere."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from articles import links as article_links
from articles import publishing
from clinic import facts, links, pages, redirects
from clinic.management.commands.worker import note_broken_links
from clinic.models import BrokenLink, Page
from tests import builders

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 3, 3, tzinfo=UTC)


def page(slug="about", body=""):
    place = Page.objects.create(slug=slug)
    by = builders.user("Editor")
    text = pages.keep(place, title="About us", summary="", description="", body=body, by=by)
    pages.publish(place, text, by=by)
    return place


def broken():
    return list(BrokenLink.objects.values_list("source", "href"))


@pytest.fixture
def addresses():
    """An address of each kind that readers find something at, and one beside it where they don't."""
    page("about")
    Page.objects.create(slug="never-published")
    therapist = builders.therapist("Ines Calder")
    gone = builders.therapist("Otto Left", left_on="2026-01-31")
    article, draft = builders.published_article(), builders.article()
    uncovered = builders.topic("Wrist")
    default_storage.save("pictures/knee.webp", ContentFile(b"x"))
    place = builders.location()
    facts.publish()
    return {
        "/": "/nothing/here/",
        "/about/": "/never-published/",
        article.get_absolute_url(): draft.get_absolute_url(),
        article.live.main_topic.get_absolute_url(): uncovered.get_absolute_url(),
        therapist.get_absolute_url(): gone.get_absolute_url(),
        place.get_absolute_url(): "/locations/atlantis/",
        "/media/pictures/knee.webp": "/media/pictures/elbow.webp",
        "/appointments/": "/appointments/nothing/",
        "/articles/": "/media/../clinic.sqlite3",
    }


def test_a_link_leads_somewhere_exactly_where_a_reader_finds_a_page(client, addresses):
    hrefs = [*addresses, *addresses.values()]
    found = [href for href in hrefs if client.get(href).status_code == 200]

    ends = links.follow(hrefs)

    assert [href for href in hrefs if ends[href] == href] == found
    assert found == list(addresses)


def test_the_links_of_a_text_are_followed_in_one_query(addresses, django_assert_num_queries):
    with django_assert_num_queries(1):
        ends = links.follow(addresses)

    assert ends == {href: href for href in addresses}


def test_every_public_page_that_is_known_by_a_slug_is_registered():
    patterns = get_resolver().url_patterns

    by_slug = {pattern.name for pattern in patterns if str(pattern.pattern).endswith("<slug:slug>/")}

    assert by_slug == set(links._rows_of)


@pytest.mark.parametrize(
    "href",
    [
        "/about/",
        "/about",
        "/about/?from=mail",
        "/about/#team",
        "/%61bout/",
        "http://localhost/about/",
    ],
)
def test_a_page_is_found_however_its_address_is_written(href):
    page("about")

    assert links.follow([href]) == {href: href}


@pytest.mark.parametrize(
    "href",
    [
        "https://www.nhs.uk/",
        "#sources",
        "mailto:desk@harbor.example",
        "tel:+17735550110",
        "http://[",
        "x" * 300,
    ],
)
def test_links_to_other_places_are_not_followed(href):
    assert links.follow([href]) == {}


@pytest.mark.parametrize("href", ["/admin/", "/admin/articles/article/"])
def test_the_staff_pages_are_nowhere_for_readers(href):
    assert links.follow([href]) == {href: links.NOWHERE}


def test_an_old_address_leads_to_the_newer_one_or_says_that_the_page_is_gone():
    page("about")
    redirects.lead("/2019/05/about-us/", "/about/")
    redirects.lead("/blog/?p=12", "/about/")
    redirects.close("/prices/")

    ends = links.follow(["/2019/05/about-us/", "/blog/?p=12", "/prices/"])

    assert ends == {"/2019/05/about-us/": "/about/", "/blog/?p=12": "/about/", "/prices/": links.NOWHERE}


def test_the_sweep_lists_dead_links_of_public_texts_and_forgets_mended_ones():
    body = '<p><a href="/articles/sore-knee/">Sore knee</a> <a href="/prices/">Prices</a></p>'
    article = builders.published_article(title="Sore heel", body=body)
    builders.article(title="Only a draft", body='<p><a href="/draft/">Draft</a></p>')
    page("about", '<p><a href="/team/">Team</a> <a href="/about/">Us</a></p>')
    article_links.sweep(NOW)
    noticed = broken()

    builders.published_article(title="Sore knee")
    page("team")
    article_links.sweep(NOW + timedelta(days=1))

    assert noticed == [
        ("/about/", "/team/"),
        ("/articles/sore-heel/", "/articles/sore-knee/"),
        ("/articles/sore-heel/", "/prices/"),
    ]
    assert broken() == [("/articles/sore-heel/", "/prices/")]
    assert BrokenLink.objects.get().noticed_at == NOW
    publishing.archive(article, by=builders.user("Editor"))
    article_links.sweep(NOW + timedelta(days=2))
    assert broken() == []


def test_the_sweep_costs_the_same_for_one_article_and_for_thirty():
    page("about")
    counts = []

    for more in (1, 29):
        for number in range(more):
            builders.published_article(title=f"Heel {number}", body='<p><a href="/about/">Us</a></p>')
        with CaptureQueriesContext(connection) as queries:
            article_links.sweep(NOW)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_worker_looks_for_dead_links():
    builders.published_article(title="Sore heel", body='<p><a href="/prices/">Prices</a></p>')

    note_broken_links(NOW, None)

    assert broken() == [("/articles/sore-heel/", "/prices/")]


def test_the_list_of_dead_links_leads_to_the_texts_they_stand_in(client):
    article = builders.published_article(title="Sore heel")
    about = page("about")
    for source in (article.get_absolute_url(), about.get_absolute_url()):
        BrokenLink.objects.create(source=source, href="/prices/")
    client.force_login(builders.user("Editor"))

    response = client.get("/admin/clinic/brokenlink/")

    assert response.status_code == 200
    html = response.content.decode()
    assert html.count(f'<a href="/admin/articles/article/{article.pk}/">/articles/sore-heel/</a>') == 1
    assert html.count(f'<a href="/admin/clinic/page/{about.pk}/change/">/about/</a>') == 1

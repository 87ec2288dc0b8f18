"""What readers' programs and search engines fetch: the Atom feed and the sitemap."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from articles import publishing
from articles.models import Article
from clinic import facts
from clinic.models import Clinic, Page
from staff.models import Therapist
from tests import builders

pytestmark = pytest.mark.django_db

ATOM = {"": "http://www.w3.org/2005/Atom"}
SITEMAP = {"": "http://www.sitemaps.org/schemas/sitemap/0.9"}
MORNING = datetime(2026, 11, 3, 15, tzinfo=UTC)


def feed(client, **headers):
    return ElementTree.fromstring(client.get("/articles/feed/", headers=headers).content)


def entries(client):
    return feed(client).findall("entry", ATOM)


def news(number=0, **fields):
    """A piece of news that came out so many hours after the morning."""
    return builders.published_article(kind="news", now=MORNING + timedelta(hours=number), **fields)


def sitemap(client, **headers):
    """Return the pages of the sitemap with the day of their last change."""
    root = ElementTree.fromstring(client.get("/sitemap.xml", headers=headers).content)
    return {
        url.findtext("loc", namespaces=SITEMAP): url.findtext("lastmod", namespaces=SITEMAP)
        for url in root.findall("url", SITEMAP)
    }


# The feed


def test_an_entry_tells_title_lead_author_topic_and_dates(client):
    author = builders.therapist("Ines Calder", suffix="PT")
    article = news(
        slug="hours",
        title="Hours & <days>",
        summary="Saturdays < 1 pm",
        author=author,
        main_topic=builders.topic("Visits"),
    )
    Article.objects.update(changed_at=MORNING + timedelta(days=1))

    (entry,) = entries(client)

    assert entry.findtext("title", namespaces=ATOM) == "Hours & <days>"
    # HTML, as its type says.
    assert entry.findtext("summary", namespaces=ATOM) == "Saturdays &lt; 1 pm"
    assert entry.findtext("author/name", namespaces=ATOM) == "Ines Calder, PT"
    assert entry.find("category", ATOM).get("term") == "Visits"
    assert entry.find("link", ATOM).get("href") == "http://localhost/articles/hours/"
    assert entry.findtext("published", namespaces=ATOM) == "2026-11-03T15:00:00+00:00"
    assert entry.findtext("updated", namespaces=ATOM) == "2026-11-04T15:00:00+00:00"
    assert entry.findtext("id", namespaces=ATOM) == f"tag:localhost,2026-11-03:article-{article.pk}"


def test_an_entry_stays_the_same_one_when_the_address_of_its_article_changes(client):
    article = news(slug="hours")
    before = entries(client)[0].findtext("id", namespaces=ATOM)

    Article.objects.filter(pk=article.pk).update(slug="opening-hours")

    (entry,) = entries(client)
    assert entry.find("link", ATOM).get("href") == "http://localhost/articles/opening-hours/"
    assert entry.findtext("id", namespaces=ATOM) == before


def test_the_feed_has_the_twenty_newest_public_articles_and_no_other(client, django_assert_num_queries):
    for number in range(21):
        last = news(number, title=f"News {number}")
    builders.article(kind="news", title="Draft")
    publishing.archive(last, by=last.created_by)
    facts.publish()

    with django_assert_num_queries(2):
        titles = [entry.findtext("title", namespaces=ATOM) for entry in entries(client)]

    assert titles == [f"News {number}" for number in reversed(range(20))]


def test_the_feed_is_the_sites_own_whatever_name_it_is_asked_by(client):
    Clinic.objects.create(name="Harbor Physical Therapy")
    facts.publish()

    root = feed(client, host="127.0.0.1")

    assert root.findtext("title", namespaces=ATOM) == "Harbor Physical Therapy"
    assert root.findtext("author/name", namespaces=ATOM) == "Harbor Physical Therapy"
    assert root.findtext("id", namespaces=ATOM) == "http://localhost/articles/feed/"
    links = {link.get("rel"): link.get("href") for link in root.findall("link", ATOM)}
    assert links == {"alternate": "http://localhost/articles/", "self": "http://localhost/articles/feed/"}


def test_an_unchanged_feed_is_not_sent_twice(client):
    news()
    first = client.get("/articles/feed/")

    again = client.get("/articles/feed/", headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, first["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    assert (again.status_code, again.content) == (304, b"")


def test_every_page_announces_the_feed(client):
    html = client.get(reverse("therapist_list")).content.decode()

    feed_link = 'type="application/atom+xml" title="Physical therapy clinic" href="/articles/feed/"'
    assert f'<link rel="alternate" {feed_link}>' in html


# The sitemap


def test_the_sitemap_lists_every_public_page_with_the_day_it_changed(client):
    topic = builders.topic(slug="heel")
    author = builders.therapist(slug="ines-calder")
    news(slug="hours", main_topic=topic, author=author)
    builders.location(slug="northside")
    page = Page.objects.create(slug="about")
    page.live = page.revisions.create(number=1, title="About us", created_at=MORNING)
    page.save()

    listed = sitemap(client)

    assert listed == {
        "http://localhost/": None,
        "http://localhost/articles/": None,
        "http://localhost/staff/": None,
        "http://localhost/locations/": None,
        "http://localhost/articles/hours/": "2026-11-03",
        "http://localhost/articles/topics/heel/": None,
        "http://localhost/staff/ines-calder/": None,
        "http://localhost/locations/northside/": None,
        "http://localhost/about/": "2026-11-03",
    }
    assert [client.get(address).status_code for address in listed] == [200] * 9


def test_the_sitemap_lists_nothing_that_readers_cannot_open(client):
    author = builders.therapist(slug="gone")
    published = news(slug="archived", author=author, main_topic=builders.topic(slug="empty"))
    builders.article(kind="news", slug="draft", author=author)
    Page.objects.create(slug="unfinished")
    found_before = set(sitemap(client))

    publishing.archive(published, by=published.created_by)
    Therapist.objects.filter(slug="gone").update(is_listed=False)

    assert found_before - set(sitemap(client)) == {
        "http://localhost/articles/archived/",
        "http://localhost/articles/topics/empty/",
        "http://localhost/staff/gone/",
    }
    assert len(sitemap(client)) == 4


def test_the_sitemap_is_the_sites_own_whatever_name_it_is_asked_by(client):
    assert set(sitemap(client, host="127.0.0.1")) == set(sitemap(client))


@pytest.mark.parametrize("number_of_articles", [1, 10])
def test_the_sitemap_costs_the_same_for_few_articles_and_for_many(
    client, django_assert_num_queries, number_of_articles
):
    by, author, topic = builders.user("Editor"), builders.therapist(), builders.topic()
    for _number in range(number_of_articles):
        news(by=by, author=author, main_topic=topic)

    with django_assert_num_queries(8):
        listed = sitemap(client)

    assert len(listed) == 4 + number_of_articles + 1 + 1

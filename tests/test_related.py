import pytest
from django.utils import timezone

from articles import publishing, related
from articles.models import Topic
from clinic.management.commands import worker
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def heel():
    return builders.topic("Heel")


def titles(page):
    return [card["title"] for card in page.context["related"]]


def published(title, topic, **fields):
    return builders.published_article(title=title, main_topic=topic, **fields)


def test_an_article_suggests_the_newest_others_on_its_topic(client, heel):
    articles = [published(f"Article {number}", heel) for number in range(5)]
    published("On knees", builders.topic("Knee"))

    page = client.get(articles[-1].get_absolute_url())

    assert titles(page) == ["Article 3", "Article 2", "Article 1"]


def test_articles_chosen_for_the_topic_come_first(client, heel):
    first, *_others, last = [published(f"Article {number}", heel) for number in range(6)]
    heel.featured.add(first)
    related.refresh([heel])

    assert titles(client.get(last.get_absolute_url())) == ["Article 0", "Article 4", "Article 3"]


def test_suggestions_follow_what_readers_can_find(client, heel):
    reader, gone, moved = (published(title, heel) for title in ("Read", "Gone", "Moved"))

    publishing.archive(gone, by=gone.created_by)
    publishing.rename(moved, "elsewhere", by=moved.created_by)

    page = client.get(reader.get_absolute_url())
    assert [card["url"] for card in page.context["related"]] == ["/articles/elsewhere/"]


def test_a_draft_is_never_suggested(client, heel):
    reader = published("Read", heel)
    builders.article(title="Draft", main_topic=heel)
    related.refresh(Topic.objects.all())

    assert titles(client.get(reader.get_absolute_url())) == []


def test_choosing_in_the_admin_shows_at_once(client, heel):
    first, _second = (published(title, heel) for title in ("First", "Second"))
    reader = published("Read", heel)
    client.force_login(builders.user("Manager"))

    client.post(
        f"/admin/articles/topic/{heel.pk}/change/",
        {"name": "Heel", "slug": heel.slug, "kind": "body_area", "position": "0", "featured": [first.pk]},
    )

    assert titles(client.get(reader.get_absolute_url())) == ["First", "Second"]


def test_the_worker_keeps_suggestions_ready_that_an_upgrade_came_without(client, heel):
    sore, _flat = published("Sore heel", heel), published("Flat feet", heel)
    Topic.objects.update(suggestions=[])

    worker.renew_suggestions(timezone.now(), None)

    assert titles(client.get(sore.get_absolute_url())) == ["Flat feet"]

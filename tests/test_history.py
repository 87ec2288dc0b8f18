import pytest

from articles import writing
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    article = builders.published_article(title="Sore heel", body="<p>Rest for two days.</p>")
    changed = {name: getattr(article.latest, name) for name in writing.FIELDS}
    changed |= {"body": "<p>Rest for three days.</p>", "sources": []}
    writing.keep(article, changed, topics=[], by=article.created_by, based_on=article.latest)
    return article


@pytest.fixture
def desk(client):
    client.force_login(builders.user("Editor"))
    return client


def compared(response):
    return [str(difference.label) for difference in response.context["differences"]]


def test_the_newest_text_is_compared_with_the_public_one(desk, article):
    response = desk.get(f"/admin/articles/article/{article.pk}/compare/")

    (body,) = (part for part in response.context["differences"] if part.label == "text")
    assert [stretch.words for stretch in body.new if stretch.is_changed] == ["three"]
    assert compared(response) == ["text", "sources"]


def test_any_two_texts_can_be_chosen(desk, article):
    response = desk.get(f"/admin/articles/article/{article.pk}/compare/", {"from": "2", "to": "2"})

    assert (response.context["old"].number, compared(response)) == (2, [])


def test_the_older_text_comes_back_with_one_click(desk, article):
    form = desk.get(f"/admin/articles/article/{article.pk}/compare/").context["restore"]

    desk.post(form.url, {"seen": form["seen"].value(), "number": form["number"].value()})

    article.refresh_from_db()
    assert (article.latest.number, article.latest.body) == (3, "<p>Rest for two days.</p>")


@pytest.mark.parametrize("number", ["9", "-1", "x", "99999999999999999999"])
def test_a_text_that_does_not_exist_is_not_found(desk, article, number):
    assert desk.get(f"/admin/articles/article/{article.pk}/compare/", {"from": number}).status_code == 404

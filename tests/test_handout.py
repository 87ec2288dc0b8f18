import re

import pytest

from articles import qr
from tests import builders

LONG = "<h2>What helps</h2>" + "<p>Walk a little more each day, and rest when it is sore.</p>" * 140


@pytest.fixture
def article():
    return builders.published_article(slug="sore-heel", title="Sore heel", body=LONG)


@pytest.mark.django_db
def test_a_handout_shows_the_text_its_check_and_the_way_to_the_request(client, article, settings):
    page = client.get("/articles/sore-heel/print/")

    assert page.context["qr"] == qr.code(f"{settings.SITE_URL}/appointments/?article=sore-heel")
    assert (page.context["text"], page.context["check"].kind) == (article.live, "checked")


@pytest.mark.django_db
@pytest.mark.parametrize(("country", "paper"), [("US", "letter"), ("GB", "a4"), ("DE", "a4")])
def test_a_handout_fits_the_paper_of_the_country(client, article, settings, country, paper):
    settings.COUNTRY = country

    assert client.get("/articles/sore-heel/print/").context["paper"] == paper


@pytest.mark.django_db
def test_a_draft_has_no_handout(client):
    builders.article(slug="draft")

    assert client.get("/articles/draft/print/").status_code == 404


def test_a_code_is_square_and_has_the_three_finders_of_the_standard():
    drawn = qr.code("https://www.harbor.example/")
    dark = set(re.findall(r"M(\d+ \d+)h1v1h-1z", drawn.path))
    corners = [(0, 0), (drawn.size - 7, 0), (0, drawn.size - 7)]

    # A finder is a frame of seven modules; the one beside its corner inside is light.
    edges = [{f"{left + step} {top}" for step in range(7)} for left, top in corners]
    inside = {f"{left + 1} {top + 1}" for left, top in corners}
    assert all(edge <= dark for edge in edges)
    assert not inside & dark


@pytest.mark.django_db(transaction=True)
def test_an_article_of_1700_words_fits_on_two_sheets(page, live_server, article):
    page.goto(f"{live_server.url}/articles/sore-heel/print/")

    pdf = page.pdf(prefer_css_page_size=True)

    # Two sheets have four sides; Letter is 612 by 792 points.
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 4
    assert set(re.findall(rb"/MediaBox\s*\[([^\]]*)\]", pdf)) == {b"0 0 612 792"}

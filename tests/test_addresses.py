"""Old addresses keep their promise: they lead straight to where the content is, or say that it is gone."""

import pytest

from articles import publishing
from clinic import redirects
from clinic.models import Redirect
from tests import builders

pytestmark = pytest.mark.django_db


def stored():
    return dict(Redirect.objects.values_list("path", "target"))


@pytest.mark.parametrize("address", ["/2019/05/back-pain/", "/?p=12", "/old-name/"])
def test_an_old_address_leads_to_the_new_one_W12(client, address):
    redirects.lead(address, "/articles/")

    response = client.get(address)

    assert (response.status_code, response["Location"]) == (301, "/articles/")


def test_a_numbered_address_is_found_among_other_parameters_W12(client):
    redirects.lead("/?p=12", "/articles/")

    assert client.get("/?utm_source=mail&p=12")["Location"] == "/articles/"


def test_an_unknown_numbered_address_shows_the_home_page(client):
    assert client.get("/?p=13").status_code == 200


def test_an_address_that_was_closed_says_that_it_is_gone(client):
    redirects.close("/old-name/")

    response = client.get("/old-name/")

    assert (response.status_code, "This page is gone" in response.content.decode()) == (410, True)


def test_a_page_that_exists_is_never_redirected_away(client):
    redirects.lead("/articles/", "/staff/")

    assert client.get("/articles/").status_code == 200


def test_redirects_never_lead_to_redirects_W12():
    redirects.lead("/first/", "/second/")
    redirects.lead("/second/", "/third/")
    redirects.lead("/fourth/", "/second/")

    assert stored() == {"/first/": "/third/", "/second/": "/third/", "/fourth/": "/third/"}


def test_redirects_never_run_in_a_circle_W12():
    redirects.lead("/first/", "/second/")
    redirects.lead("/second/", "/first/")

    assert stored() == {"/second/": "/first/"}


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "articles/",
        "javascript:alert(1)",
    ],
)
def test_a_foreign_address_is_refused_W12(address):
    with pytest.raises(redirects.ForeignAddress):
        redirects.lead("/old/", address)

    assert stored() == {}


def test_our_own_host_is_left_out_of_what_is_kept(settings):
    redirects.lead(f"{settings.SITE_URL}/old/", f"{settings.SITE_URL}/articles/")

    assert stored() == {"/old/": "/articles/"}


def test_an_article_that_moves_leaves_a_redirect(client):
    article = builders.published_article(slug="heel")

    publishing.rename(article, "sore-heel", by=article.created_by)
    publishing.rename(article, "heel-pain", by=article.created_by)

    assert stored() == {
        "/articles/heel/": "/articles/heel-pain/",
        "/articles/sore-heel/": "/articles/heel-pain/",
    }
    assert (
        client.get("/articles/heel/")["Location"] == client.get("/articles/heel-pain/").request["PATH_INFO"]
    )


def test_an_article_that_moves_back_is_at_its_first_address_again(client):
    article = builders.published_article(slug="heel")

    publishing.rename(article, "sore-heel", by=article.created_by)
    publishing.rename(article, "heel", by=article.created_by)

    assert stored() == {"/articles/sore-heel/": "/articles/heel/"}
    assert client.get("/articles/heel/").status_code == 200


def test_a_draft_moves_without_a_trace():
    article = builders.article(slug="heel")

    publishing.rename(article, "sore-heel", by=article.created_by)

    assert stored() == {}


def test_readers_of_an_archived_article_are_sent_on(client):
    article = builders.published_article(slug="heel")

    publishing.archive(article, target="/articles/", by=article.created_by)

    assert client.get("/articles/heel/")["Location"] == "/articles/"


def test_an_article_that_comes_back_is_found_again(client):
    article = builders.published_article(slug="heel")
    publishing.archive(article, target="/articles/", by=article.created_by)

    publishing.restore(article, by=article.created_by)
    publishing.publish(article, by=builders.user("Manager"))

    assert (client.get("/articles/heel/").status_code, stored()) == (200, {})


def test_the_admin_keeps_redirects_by_the_same_rules(client):
    client.force_login(builders.user("Editor"))
    redirects.lead("/first/", "/second/")

    client.post("/admin/clinic/redirect/add/", {"path": "/second/", "target": "/articles/"})
    refused = client.post(
        "/admin/clinic/redirect/add/", {"path": "/third/", "target": "//elsewhere.example/"}
    )

    assert stored() == {"/first/": "/articles/", "/second/": "/articles/"}
    assert refused.context["adminform"].errors == {
        "target": ["Enter an address of this site, such as /articles/heel-pain/."]
    }


def test_a_redirect_is_changed_in_the_admin(client):
    client.force_login(builders.user("Editor"))
    redirects.lead("/first/", "/articles/")
    address = f"/admin/clinic/redirect/{Redirect.objects.get().pk}/change/"

    client.post(address, {"path": "/older/", "target": ""})

    assert stored() == {"/older/": ""}

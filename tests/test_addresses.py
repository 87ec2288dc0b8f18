"""Old addresses keep their promise: they lead straight to where the content is, or say that it is gone."""

import pytest
from django.db import connection

from articles import publishing
from articles.step_forms import ArchiveForm
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


def test_an_old_address_is_found_without_its_last_slash_W12(client):
    redirects.lead("/2019/05/back-pain/", "/articles/")

    assert client.get("/2019/05/back-pain")["Location"] == "/articles/"


@pytest.mark.parametrize("kept", ["/caf%c3%a9/knee pain/", "/café/knee%20pain/"])
def test_an_old_address_is_found_however_its_letters_are_written_W12(client, kept):
    redirects.lead(kept, "/articles/")

    assert client.get("/caf%C3%A9/knee%20pain/")["Location"] == "/articles/"


def test_without_the_database_an_old_address_asks_to_come_back_later(client):
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE clinic_redirect")

    assert [client.get(address).status_code for address in ("/no/such/page/", "/?p=12")] == [503, 503]


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
        "https://localhost//elsewhere.example/",
        "articles/",
        "javascript:alert(1)",
    ],
)
def test_a_foreign_address_is_refused_W12(address):
    with pytest.raises(redirects.ForeignAddress):
        redirects.lead("/old/", address)

    assert stored() == {}


@pytest.mark.parametrize("address", ["/%2felsewhere.example/", "/%5celsewhere.example/"])
def test_a_foreign_address_in_disguise_is_refused_as_an_old_one(address):
    with pytest.raises(redirects.ForeignAddress):
        redirects.lead(address, "/articles/")


@pytest.mark.parametrize("target", ["/old/", "/old", "/old/#top", "/old/?page=2"])
def test_an_address_never_leads_back_to_itself_W12(target):
    with pytest.raises(redirects.ForeignAddress):
        redirects.lead("/old/", target)


def test_what_leads_to_a_part_of_a_page_that_moves_is_no_chain_W12():
    redirects.lead("/first/", "/second/#stairs")
    redirects.lead("/second/", "/third/")
    redirects.lead("/fourth/", "/second/?page=2")

    assert stored() == {"/first/": "/third/", "/second/": "/third/", "/fourth/": "/third/"}


@pytest.mark.parametrize("address", ["/a%00b/", "/nowhere/?%00"])
def test_a_zero_byte_is_no_address(client, address):
    assert client.get(address).status_code == 404


def test_a_zero_byte_for_a_number_shows_the_home_page(client):
    assert client.get("/?p=%00").status_code == 200


def test_browsers_ask_again_because_an_address_may_get_its_page_back(client):
    redirects.lead("/old/", "/articles/")

    assert client.get("/old/")["Cache-Control"] == "no-cache"


def test_a_draft_takes_no_readers_from_an_old_address(client):
    article = builders.published_article(slug="back")
    publishing.rename(article, "back-pain", by=article.created_by)
    draft = builders.article()

    publishing.rename(draft, "back", by=draft.created_by)

    assert client.get("/articles/back/")["Location"] == "/articles/back-pain/"


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        ("/articles/nowhere/", "There is no page at this address."),
        ("/articles/heel/?page=2", "This is the address of the article itself."),
        ("/articles/sore-heel/", "This is the address of the article itself."),
        ("//[elsewhere", "Enter an address of this site, such as /articles/heel-pain/."),
    ],
)
def test_readers_of_an_archived_article_are_sent_where_something_is(answer, refusal):
    article = builders.published_article(slug="heel")
    redirects.lead("/articles/sore-heel/", "/articles/heel/")

    form = ArchiveForm(article, {"seen": article.latest_id, "where": "address", "address": answer})

    assert form.errors == {"address": [refusal]}


@pytest.mark.parametrize(("others", "offered"), [(0, ["address", "gone"]), (1, ["topic", "address", "gone"])])
def test_a_topic_is_offered_to_readers_while_something_is_left_on_it(others, offered):
    topic = builders.topic()
    article = builders.published_article(main_topic=topic)
    for _other in range(others):
        builders.published_article(main_topic=topic)

    choices = ArchiveForm(article).fields["where"].choices

    assert [value for value, _label in choices] == offered


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

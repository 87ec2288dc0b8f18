"""Public pages leave compressed, and no page does that holds a form's token or is for one person only."""

import gzip

import brotli
import pytest
from django.http import HttpResponse
from django.urls import reverse

from clinic import facts
from clinic.site import compression
from tests import builders
from tests.test_access import TABLE, world  # noqa: F401 - one record of each kind, and where it is

pytestmark = pytest.mark.django_db

UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}
BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}


@pytest.fixture
def addresses():
    builders.location("Northside")
    article = builders.published_article(title="Sore heel")
    facts.publish()
    return {
        "home": "/",
        "article": article.get_absolute_url(),
        "feed": reverse("article_feed"),
        "sitemap": reverse("sitemap"),
        "search": "/search/?q=heel",
    }


def unpacked(response):
    content = response.getvalue()
    return UNPACK[response["Content-Encoding"]](content) if "Content-Encoding" in response else content


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br", "br"), ("br;q=0, gzip;q=0.5", "gzip"), ("identity", None), ("", None)],
)
@pytest.mark.parametrize("kind", ["home", "article", "feed", "sitemap", "search"])
def test_a_public_page_is_compressed_as_the_browser_likes(client, addresses, kind, accepted, encoding):
    plain = client.get(addresses[kind])
    packed = client.get(addresses[kind], headers={"Accept-Encoding": accepted})

    assert packed.get("Content-Encoding") == encoding
    assert packed["Content-Length"] == str(len(packed.content))
    assert unpacked(packed).split() == plain.content.split()
    assert (len(packed.content) < len(plain.content)) == bool(encoding)
    assert "Accept-Encoding" in packed["Vary"]


def test_a_page_that_did_not_change_is_not_sent_again(client, addresses):
    first = client.get(addresses["article"], headers=BROWSER)

    again = client.get(addresses["article"], headers={**BROWSER, "If-None-Match": first["ETag"]})

    assert first["ETag"].startswith('W/"')
    assert (again.status_code, again.content) == (304, b"")


def test_no_page_with_a_form_or_for_one_person_is_compressed(client, world):  # noqa: F811
    people, filled = world
    desk = {route for route in TABLE if route.startswith("admin/")}

    answers = {route: client.get(filled[route], headers=BROWSER) for route in {*TABLE} - desk}
    client.force_login(people["M"])
    answers |= {route: client.get(filled[route], headers=BROWSER) for route in desk}

    packed = {route for route, answer in answers.items() if "Content-Encoding" in answer}
    secret = {route for route, answer in answers.items() if is_secret(answer)}
    assert packed & (secret | desk) == set()
    assert {"", "articles/<slug:slug>/", "staff/<slug:slug>/"} <= packed
    assert {"appointments/request/", "appointments/r/<str:token>/", "admin/"} <= secret


@pytest.mark.parametrize("known_by", ["a cookie that is set", "a cookie that is read"])
def test_a_page_that_knows_its_visitor_is_not_for_everybody(known_by):
    page = HttpResponse("<p>Warm packs</p>" * 100)
    is_for_everybody = compression.is_public_text(page)

    if known_by == "a cookie that is set":
        page.set_cookie("token", "secret")
    else:
        page["Vary"] = "Cookie"

    assert (is_for_everybody, compression.is_public_text(page)) == (True, False)


def is_secret(response):
    """Tell from the page itself whether it holds a token, knows who asked, or must not be kept."""
    kept_by = response.get("Cache-Control", "")
    is_kept = "private" not in kept_by and "no-store" not in kept_by
    return b"csrfmiddlewaretoken" in unpacked(response) or bool(response.cookies) or not is_kept

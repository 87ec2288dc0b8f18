"""The notices that the law asks for: which, how they begin, and where readers find them."""

import pytest
from django.urls import reverse

from clinic import facts, legal, pages
from clinic.models import Page
from tests import builders

pytestmark = pytest.mark.django_db

AT_LEAST = {"website_privacy", "accessibility", "complaints"}


@pytest.fixture
def manager(client):
    person = builders.user("Manager")
    client.force_login(person)
    return person


def published(slug, *, duty="", menu=Page.Menu.FOOTER, position=0):
    page = Page.objects.create(slug=slug, duty=duty, menu=menu, position=position)
    pages.publish(page, pages.keep(page, title=slug, summary="", description="", body="", by=None), by=None)
    return page


def form(**changes):
    return {
        "title": "Privacy",
        "summary": "",
        "body": "<p>We store what you write.</p>",
        "description": "",
        "slug": "privacy",
        "duty": "website_privacy",
        "menu": "none",
        "position": "0",
        "_publish": "1",
    } | changes


@pytest.mark.parametrize(
    ("country", "asked"),
    [
        ("US", AT_LEAST | {"privacy_practices", "nondiscrimination", "language_help", "good_faith_estimate"}),
        ("GB", AT_LEAST),
        ("DE", AT_LEAST),
    ],
)
def test_a_country_asks_for_its_own_notices(country, asked):
    assert set(legal.duties(country)) == asked


def test_every_notice_is_one_that_a_page_can_be():
    assert set(legal.duties("US")) | set(legal.duties("GB")) == set(Page.Duty.values)


@pytest.mark.parametrize("country", ["US", "GB"])
@pytest.mark.parametrize("duty", Page.Duty.values)
def test_every_notice_begins_with_an_address_of_its_own_and_with_blanks(country, duty):
    begun = legal.beginning(duty, country)

    assert reverse("page_detail", args=[begun["slug"]]) == f"/{duty.replace('_', '-')}/"
    assert (legal.blanks(begun["body"]) != [], begun["body"].startswith("<")) == (True, True)


def test_a_notice_outside_the_us_names_controller_basis_rights_and_regulator():
    text = legal.beginning("website_privacy", "GB")["body"]

    said = ("data protection officer", "Article 6(1)(b)", "Your rights", "regulator", "Nevada")
    assert [words in text for words in said] == [True, True, True, True, False]


def test_blanks_are_named_once_and_links_are_none():
    text = '<p>[name], [phone] and [name]. <a href="https://clinic.example/?a[]=1">Here</a></p>'

    assert legal.blanks(text) == ["[name]", "[phone]"]


def test_the_page_of_a_notice_begins_with_its_text(client, manager):
    page = client.get(reverse("admin:clinic_page_add"), {"duty": "complaints"})

    begun = page.context["adminform"].form.initial
    assert (begun["title"], begun["slug"], begun["duty"]) == ("How to complain", "complaints", "complaints")
    assert legal.blanks(begun["body"]) != []


def test_a_page_that_is_no_notice_begins_empty(client, manager):
    page = client.get(reverse("admin:clinic_page_add"), {"duty": "unheard-of"})

    assert page.context["adminform"].form.initial.get("body") is None


def test_a_notice_with_blanks_can_be_kept_and_not_published(client, manager):
    body = "<p>Ask for [name].</p>"

    refused = client.post(reverse("admin:clinic_page_add"), form(body=body))
    there = Page.objects.exists()
    data = form(body=body, _continue="1")
    del data["_publish"]
    client.post(reverse("admin:clinic_page_add"), data)

    errors = refused.context["adminform"].form.errors
    assert errors == {"body": ["Fill in what stands in brackets, or save it for later: [name]"]}
    assert (there, Page.objects.get().live) == (False, None)


def test_brackets_on_a_page_that_is_no_notice_are_nobodys_business(client, manager):
    client.post(reverse("admin:clinic_page_add"), form(duty="", body="<p>She said [sic].</p>"))

    assert Page.objects.get().live is not None


def test_a_published_notice_stands_in_the_footer_whatever_its_menu(client, manager):
    client.post(reverse("admin:clinic_page_add"), form(menu="none"))

    assert [page["slug"] for page in facts.load()["footer"]] == ["privacy"]


def test_the_notice_of_privacy_practices_comes_first(client):
    published("about", position=1)
    published("accessibility", duty="accessibility", position=2)
    published("npp", duty="privacy_practices", menu=Page.Menu.MAIN, position=9)
    published("hidden", menu=Page.Menu.NONE)

    footer = client.get("/").text.partition("<footer")[2]

    assert [page["slug"] for page in facts.load()["footer"]] == ["npp", "about", "accessibility"]
    assert [footer.count(f'href="/{slug}/"') for slug in ("npp", "about", "accessibility", "hidden")] == [
        1,
        1,
        1,
        0,
    ]


def test_the_demo_clinic_shows_every_notice_of_its_country(template):
    shown = template.sql("SELECT duty FROM clinic_page WHERE live_id IS NOT NULL AND duty <> ''")

    assert {duty for (duty,) in shown} == set(legal.duties("US"))


@pytest.mark.parametrize(("country", "contract"), [("US", "a BAA"), ("GB", "a data processing agreement")])
def test_the_contract_with_host_and_mail_provider_has_the_name_of_its_country(country, contract):
    assert contract in str(legal.agreement(country))

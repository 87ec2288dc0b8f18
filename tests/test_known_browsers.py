"""Guesses from many places end, and nobody is made to wait for them in a browser they use."""

import re

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client, RequestFactory

from clinic.site import known_browsers, sign_in
from staff import account_links
from staff.models import AccountLink
from tests import builders

pytestmark = pytest.mark.django_db

SECRET = totp.generate_totp_secret()
DASHBOARD = "/admin/"
DESK = {"REMOTE_ADDR": "203.0.113.7"}
FORGOTTEN = "/admin/account/forgotten/"
STRANGERS = ["Too many wrong passwords were tried for this address."]


@pytest.fixture
def receptionist():
    return builders.user("Front desk", locations=[builders.location()])


@pytest.fixture
def few_guesses(monkeypatch):
    """As many as two places may make, so that the limit of the account is met first."""
    monkeypatch.setattr(sign_in, "FAILURES_OF_ACCOUNT", 10)


def knock(client, email, password, **extra):
    return client.post("/admin/login/", {"login": email, "password": password}, **extra)


def errors(response):
    return [str(error) for error in response.context["form"].non_field_errors()]


def code():
    """Return the code that an app shows now."""
    return totp.format_hotp_value(totp.hotp_value(SECRET, next(totp.yield_hotp_counters_from_time())))


def guess_from_many_places(email, times):
    return [
        errors(knock(Client(), email, "wrong", REMOTE_ADDR=f"198.51.100.{number}")) for number in range(times)
    ]


def test_t15_guesses_from_many_places_end_after_as_many_as_an_account_stands(few_guesses, receptionist):
    for email in (receptionist.email, "nobody@harbor.example"):
        answers = guess_from_many_places(email, 11)

        assert [answer == STRANGERS for answer in answers] == [False] * 10 + [True]
    assert errors(knock(Client(), receptionist.email, builders.PASSWORD, **DESK)) == STRANGERS


def test_t15_guesses_of_strangers_keep_nobody_from_signing_in_where_they_usually_do(
    client, few_guesses, receptionist
):
    builders.leave_signed_out(client, receptionist)
    guess_from_many_places(receptionist.email, 10)
    neighbour = [errors(knock(Client(), receptionist.email, "wrong", **DESK)) for _ in range(6)]

    let_in = knock(client, receptionist.email.upper(), builders.PASSWORD, **DESK)

    assert neighbour == [STRANGERS] * 6
    assert let_in.url == DASHBOARD


def test_t15_in_a_browser_that_is_known_guesses_end_too(client, receptionist):
    builders.leave_signed_out(client, receptionist)

    answers = [
        errors(knock(client, receptionist.email, "wrong", REMOTE_ADDR=f"203.0.113.{n}")) for n in range(6)
    ]

    refused = ["Too many tries from here. Wait five minutes, then try again."]
    assert [answer == refused for answer in answers] == [False] * 5 + [True]


def test_t15_a_browser_known_for_one_is_a_stranger_to_another(client, few_guesses, receptionist):
    colleague = builders.user("Front desk")
    builders.leave_signed_out(client, colleague)
    guess_from_many_places(receptionist.email, 10)

    assert errors(knock(client, receptionist.email, builders.PASSWORD, **DESK)) == STRANGERS


def test_t15_whoever_makes_the_cookie_up_is_a_stranger(client, few_guesses, receptionist, settings):
    knock(client, receptionist.email, builders.PASSWORD, **DESK)
    cookie = client.cookies[settings.KNOWN_BROWSER_COOKIE_NAME].value
    guess_from_many_places(receptionist.email, 10)
    forger = Client()
    forger.cookies[settings.KNOWN_BROWSER_COOKIE_NAME] = f"x{cookie}"

    assert errors(knock(forger, receptionist.email, builders.PASSWORD, **DESK)) == STRANGERS


def test_a_desk_knows_the_people_who_used_it_last(client, monkeypatch, receptionist):
    monkeypatch.setattr(known_browsers, "MOST_PEOPLE", 2)
    people = [builders.user("Front desk"), receptionist, builders.user("Front desk")]
    for person in (*people, people[1]):
        builders.leave_signed_out(client, person)
    request = RequestFactory().get("/")
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}

    known = [bool(known_browsers.key_of(request, person.email)) for person in people]

    assert known == [False, True, True]


def test_the_cookie_of_a_known_browser_names_nobody_and_stays_with_the_staff_pages(
    client, receptionist, settings
):
    cookie = knock(client, receptionist.email, builders.PASSWORD).cookies[settings.KNOWN_BROWSER_COOKIE_NAME]

    assert {name: cookie[name] for name in ("path", "httponly", "samesite", "max-age")} == {
        "path": "/admin/", "httponly": True, "samesite": "Lax", "max-age": 90 * 24 * 60 * 60,
    }  # fmt: skip
    assert receptionist.email.partition("@")[0] not in cookie.value


def test_a_link_for_a_new_password_makes_a_browser_known_in_spite_of_strangers(
    client, few_guesses, receptionist, settings
):
    guess_from_many_places(receptionist.email, 10)
    link = account_links.make(receptionist, AccountLink.Purpose.PASSWORD_RESET, by=None)
    page = account_links.address_of(link).removeprefix(settings.SITE_URL)
    chosen = {"new_password1": "a-fresh-long-password", "new_password2": "a-fresh-long-password"}

    assert client.post(page, chosen).url == DASHBOARD
    client.post("/admin/logout/")
    assert knock(client, receptionist.email, "a-fresh-long-password").url == DASHBOARD


def test_a_link_that_was_left_at_the_second_step_makes_a_browser_known_all_the_same(
    client, few_guesses, receptionist, settings
):
    totp.TOTP.activate(receptionist, SECRET)
    guess_from_many_places(receptionist.email, 10)
    link = account_links.make(receptionist, AccountLink.Purpose.PASSWORD_RESET, by=None)
    page = account_links.address_of(link).removeprefix(settings.SITE_URL)
    chosen = {"new_password1": "a-fresh-long-password", "new_password2": "a-fresh-long-password"}
    client.post(page, chosen)
    client.post("/admin/account/second-step/cancel/")

    step = knock(client, receptionist.email, "a-fresh-long-password")
    in_ = client.post(step.url, {"code": code()})

    assert (step.url, in_.url) == ("/admin/account/second-step/", DASHBOARD)


def test_who_is_kept_out_by_strangers_reads_how_long_and_where_a_new_password_is_asked_for(
    client, few_guesses, receptionist
):
    guess_from_many_places(receptionist.email, 10)

    page = knock(client, receptionist.email, builders.PASSWORD)

    refusal = re.search(r'<div class="errornote" role="alert">(.*?)</div>', page.text, re.DOTALL)[1]
    assert "It opens again within an hour of the last one." in refusal
    assert re.findall(r'href="([^"]+)"', refusal) == [FORGOTTEN]

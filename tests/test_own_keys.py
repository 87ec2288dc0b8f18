"""One's own keys: each step ends where the keys are, and says what was done."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from tests import builders

pytestmark = pytest.mark.django_db

ACCOUNT = "/admin/account/"


@pytest.fixture
def person(client):
    somebody = builders.user("Editor")
    client.post(reverse("admin:login"), {"login": somebody.email, "password": builders.PASSWORD})
    return somebody


@pytest.fixture
def key(person):
    return Authenticator.objects.create(user=person, type="webauthn", data={"name": "Key 1"})


def address(step, key):
    return reverse(f"mfa_{step}_webauthn", args=[key.pk])


def said(page):
    return [str(message) for message in page.context["messages"]]


def test_a_key_that_is_renamed_says_so_where_all_keys_are(client, key):
    page = client.post(address("edit", key), {"name": "Front desk computer"}, follow=True)

    assert page.redirect_chain == [(ACCOUNT, 302)]
    assert said(page) == ["The key is called “Front desk computer” now."]
    assert "<strong>Front desk computer</strong>" in page.text


def test_a_key_that_is_removed_says_so_where_all_keys_are(client, key):
    page = client.post(address("remove", key), follow=True)

    assert page.redirect_chain == [(ACCOUNT, 302)]
    assert said(page) == ["The key is removed."]
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("kind", ["webauthn", "totp"])
def test_of_what_has_to_stay_no_page_offers_the_removal(client, settings, person, kind):
    data = {"name": "Key 1"} if kind == "webauthn" else {"secret": "x"}
    only_one = Authenticator.objects.create(user=person, type=kind, data=data)
    removal = address("remove", only_one) if kind == "webauthn" else reverse("mfa_deactivate_totp")
    before = client.get(removal).text
    person.groups.set([builders.Group.objects.get(name="Front desk")])
    settings.REQUIRE_MFA = True

    page = client.get(removal).text

    assert ("Remove it" in before, "Remove it" in page) == (True, False)
    assert "Add another second step first. Your role needs one." in page
    assert reverse("mfa_add_webauthn") in page

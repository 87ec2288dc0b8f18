"""What is typed survives the end of a session on every staff page, through both steps of signing in."""

import json
import zlib

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core import signing

from clinic import encryption
from clinic.models import Notice
from tests import builders

pytestmark = pytest.mark.django_db

SECRET = totp.generate_totp_secret()
PAGE = "/admin/clinic/notice/add/"
NOTICE = {
    "location": "",
    "text": "Back at noon, says Quillfeather.",
    "shown_from": "2026-11-23T08:00",
    "shown_until": "2099-11-23T12:00",
}


@pytest.fixture
def manager():
    return builders.user("Manager")


def code():
    """Return the code that an app shows now."""
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(SECRET, counter))


def answer(client, page, **typed):
    return client.post(PAGE, {"kept_post": page.context["kept"], "credential": "", **typed})


def test_a19_what_was_typed_on_any_staff_page_is_kept_unread(client, manager):
    page = client.post(PAGE, NOTICE)

    response = answer(client, page, login=manager.email, password=builders.PASSWORD)

    assert (page.status_code, "Quillfeather" in page.text) == (403, False)
    assert response.status_code == 302
    assert Notice.objects.get().text == NOTICE["text"]


def test_a19_what_was_typed_survives_both_steps_of_signing_in(client, settings, manager):
    settings.REQUIRE_MFA = True
    totp.TOTP.activate(manager, SECRET)

    first = client.post(PAGE, NOTICE)
    second = answer(client, first, login=manager.email, password=builders.PASSWORD)
    wrong = answer(client, second, code="000000")
    before = Notice.objects.count()
    answer(client, wrong, code=code())

    assert [page.templates[0].name for page in (first, second, wrong)] == [
        "admin/sign_in_again.html",
        "admin/sign_in_again_code.html",
        "admin/sign_in_again_code.html",
    ]
    assert wrong.context["form"].errors["code"] == [
        "This code does not fit. Wait for the next one and try again."
    ]
    assert (before, Notice.objects.get().text) == (0, NOTICE["text"])


def test_t15_nobody_posts_with_a_password_alone_who_needs_a_second_step(client, settings, manager):
    settings.REQUIRE_MFA = True
    first = client.post(PAGE, NOTICE)

    response = answer(client, first, login=manager.email, password=builders.PASSWORD)

    assert (response.url, Notice.objects.count()) == ("/admin/account/", 0)


@pytest.mark.parametrize("made_up", ["{}", "[]", "7", "no json", '{"response": {"userHandle": "x"}}'])
def test_a_made_up_passkey_signs_nobody_in(client, manager, made_up):
    first = client.post(PAGE, NOTICE)

    response = client.post(PAGE, {"kept_post": first.context["kept"], "credential": made_up})

    assert (response.status_code, response.context["kept"]) == (403, first.context["kept"])
    assert "That did not work. Try again, or take another way." in response.text.split("<form")[0]


def test_who_signed_in_elsewhere_meanwhile_sends_it_without_a_password(client, manager):
    page = client.post(PAGE, NOTICE)
    client.force_login(manager)

    answer(client, page, login="", password="")

    assert Notice.objects.get().text == NOTICE["text"]


def test_passwords_and_tokens_are_not_kept(client):
    typed = {
        "old_password": "Quillfeather",
        "csrfmiddlewaretoken": "token",
        "new_password1": "x",
        "other": "y",
    }

    page = client.post("/admin/password_change/", typed)

    opened = encryption.cipher("kept posts").decrypt(page.context["kept"])
    assert json.loads(zlib.decompress(opened)) == ["/admin/password_change/", [["other", ["y"]]]]


@pytest.mark.parametrize(
    "forged",
    ["made-up", signing.dumps("made-up"), "gAAAAAB", "é"],
    ids=["made up", "signed", "begun", "no text of ours"],
)
def test_a_forged_post_is_refused(client, manager, forged):
    client.force_login(manager)

    response = client.post(PAGE, {"kept_post": forged})

    assert (response.status_code, Notice.objects.count()) == (400, 0)


def test_a_post_that_was_kept_for_one_page_goes_to_no_other(client, manager):
    kept = client.post("/admin/clinic/location/add/", NOTICE).context["kept"]
    client.force_login(manager)

    response = client.post(PAGE, {"kept_post": kept})

    assert (response.status_code, Notice.objects.count()) == (400, 0)


@pytest.mark.parametrize(
    "address", ["/admin/logout/", "/admin/presence/", "/admin/presence/lock/", "/admin/account/codes/new/"]
)
def test_what_is_no_text_is_not_kept(client, address):
    assert client.post(address).status_code == 302

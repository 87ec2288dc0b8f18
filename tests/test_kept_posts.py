"""What is typed survives the end of a session on every staff page, through both steps of signing in."""

import json
import zlib

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core import signing
from django.test import Client

from articles.models import CareCard
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


@pytest.fixture
def client(client, manager):
    """The browser of somebody whose session has ended."""
    builders.leave_signed_out(client, manager)
    return client


def code():
    """Return the code that an app shows now."""
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(SECRET, counter))


def answer(client, page, **typed):
    return client.post(PAGE, {"kept_post": page.context["kept"], "credential": "", **typed})


def send(client, page):
    """Say yes where what was typed is shown."""
    return client.post(PAGE, {"kept_post": page.context["kept"], "send_kept": "1"})


def test_a19_what_was_typed_on_any_staff_page_is_kept_unread(client, manager):
    page = client.post(PAGE, NOTICE)

    shown = answer(client, page, login=manager.email, password=builders.PASSWORD)
    before = Notice.objects.count()
    response = send(client, shown)

    assert (page.status_code, "Quillfeather" in page.text) == (403, False)
    assert (shown.status_code, "Back at noon, says Quillfeather." in shown.text, before) == (200, True, 0)
    assert response.status_code == 302
    assert Notice.objects.get().text == NOTICE["text"]


def test_a19_what_was_typed_survives_both_steps_of_signing_in(client, settings, manager):
    settings.REQUIRE_MFA = True
    totp.TOTP.activate(manager, SECRET)

    first = client.post(PAGE, NOTICE)
    second = answer(client, first, login=manager.email, password=builders.PASSWORD)
    wrong = answer(client, second, code="000000")
    before = Notice.objects.count()
    send(client, answer(client, wrong, code=code()))

    assert [page.templates[0].name for page in (first, second, wrong)] == [
        "admin/sign_in_again.html",
        "admin/sign_in_again_code.html",
        "admin/sign_in_again_code.html",
    ]
    assert wrong.context["form"].errors["code"] == [
        "This code does not fit, or was used before. Try the next one."
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

    send(client, answer(client, page, login="", password=""))

    assert Notice.objects.get().text == NOTICE["text"]


@pytest.mark.parametrize("who", ["a colleague", "whoever shares their browser"])
def test_a_page_left_at_the_desk_does_nothing_in_the_name_of_who_comes_next(client, manager, who):
    colleague = builders.user("Manager")
    if who != "a colleague":
        builders.leave_signed_out(client, colleague)
        builders.leave_signed_out(client, manager)
    page = client.post(PAGE, NOTICE)

    shown = answer(client, page, login=colleague.email, password=builders.PASSWORD)

    assert (shown.url, Notice.objects.count()) == (PAGE, 0)
    said = [str(message) for message in client.get(PAGE).context["messages"]]
    assert said == ["A colleague filled in this page before. It was not saved."]


def test_in_a_browser_that_nobody_knows_nothing_is_kept(manager):
    assert Client().post(PAGE, NOTICE).url == f"/admin/login/?next={PAGE}"


@pytest.mark.parametrize("signed_in", [False, True])
def test_what_gives_power_or_is_a_word_of_somebody_is_not_done_by_a_page_from_before(
    client, manager, signed_in
):
    article, card = builders.article(), CareCard.objects.first()
    person = f"/admin/staff/user/{manager.pk}"
    if signed_in:
        client.force_login(manager)
        client.post("/admin/presence/lock/")

    answers = [
        client.post(address, {"remark": "Quillfeather"})
        for address in (
            "/admin/staff/user/add/",
            f"{person}/change/",
            f"{person}/steps/password/",
            f"/admin/articles/article/{article.pk}/sign_off/",
            f"/admin/articles/article/{article.pk}/check_again/",
            f"/admin/articles/article/{article.pk}/publish_unsigned/",
            f"/admin/articles/carecard/{card.pk}/wordings/1/approve/",
            "/admin/access-review/",
            "/admin/account/app/remove/",
        )
    ]
    kept_elsewhere = client.post(PAGE, NOTICE).context["kept"]

    # Signed out, each leads to the door; locked, none is in the page.
    assert {answer.status_code for answer in answers} == {403 if signed_in else 302}
    assert [answer.context["kept"] for answer in answers if signed_in] == [""] * 9 * signed_in
    assert kept_elsewhere


def test_passwords_and_tokens_are_not_kept(client):
    typed = {
        "old_password": "Quillfeather",
        "csrfmiddlewaretoken": "token",
        "new_password1": "x",
        "other": "y",
    }

    page = client.post("/admin/password_change/", typed)

    opened = encryption.cipher("kept posts").decrypt(page.context["kept"])
    path, fields = json.loads(zlib.decompress(opened))[1:]
    assert (path, fields) == ("/admin/password_change/", [["other", ["y"]]])


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

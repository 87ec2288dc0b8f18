"""Where somebody is signed in: seen by its person, and ended at the next request."""

import pytest
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.test import Client

from clinic.models import AuditEvent
from clinic.site import devices, sessions
from tests import builders

pytestmark = pytest.mark.django_db

LIST = "/admin/account/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
)
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.6 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def editor():
    return builders.user("Editor")


def sign_in(person, device=FIREFOX):
    client = Client(headers={"User-Agent": device})
    client.post("/admin/login/", {"login": person.email, "password": builders.PASSWORD})
    return client


def is_in(client):
    return client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (FIREFOX, "Firefox on Windows"),
        (CHROME, "Chrome on Linux"),
        (SAFARI, "Safari on iPhone"),
        (f"{CHROME} Edg/141.0.0.0", "Edge on Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.6 Safari/605.1.15", "Safari on Mac"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/141.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5.0", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_a_device_has_a_name_in_plain_words(user_agent, device):
    assert devices.name_of(user_agent) == device


def test_the_list_shows_the_own_sessions_and_marks_this_one(editor):
    desk, _phone = sign_in(editor), sign_in(editor, SAFARI)
    sign_in(builders.user("Editor"), CHROME)

    shown = desk.get(LIST).context["sessions"]

    assert [(row["device"], row["is_here"]) for row in shown] == [
        ("Safari on iPhone", False),
        ("Firefox on Windows", True),
    ]


def test_asvs_7_4_5_one_session_is_ended_at_its_next_request(editor):
    desk, phone, tablet = (sign_in(editor, device) for device in (FIREFOX, SAFARI, CHROME))
    chosen = UserSession.objects.get(user_agent=SAFARI)

    response = desk.post(LIST, {"session": chosen.pk})

    assert response.url == LIST
    assert [is_in(client) for client in (desk, phone, tablet)] == [True, False, True]
    event = AuditEvent.objects.get(action="session.ended")
    assert (event.actor, event.count) == (editor, 1)


@pytest.mark.parametrize("by", ["someone else", "their own wish"])
def test_who_was_signed_out_by_someone_else_is_told_so_once(editor, by):
    desk = sign_in(editor)
    if by == "someone else":
        sessions.end_all(editor)
    else:
        desk.post("/admin/logout/")

    seen = [desk.get("/admin/", follow=True).context["messages"] for _ in range(2)]

    said = ["You were signed out. Sign in again to go on."] if by == "someone else" else []
    assert [[str(message) for message in messages] for messages in seen] == [said, []]


def test_asvs_7_4_5_all_other_sessions_are_ended(editor):
    desk, phone, tablet = (sign_in(editor, device) for device in (FIREFOX, SAFARI, CHROME))

    desk.post(LIST)

    assert [is_in(client) for client in (desk, phone, tablet)] == [True, False, False]
    assert UserSession.objects.count() == 1


def test_asvs_7_4_3_a_new_password_ends_all_other_sessions(editor):
    desk, phone = sign_in(editor), sign_in(editor, SAFARI)
    new = "another quiet harbor morning"
    typed = {"old_password": builders.PASSWORD, "new_password1": new, "new_password2": new}

    desk.post("/admin/password_change/", typed)

    assert [is_in(client) for client in (desk, phone)] == [True, False]
    shown = desk.get(LIST).context["sessions"]
    assert [(row["device"], row["is_here"]) for row in shown] == [("Firefox on Windows", True)]


def test_t2_nobody_ends_the_session_of_another(editor):
    desk, other = sign_in(editor), sign_in(builders.user("Editor"))
    theirs = UserSession.objects.exclude(user=editor).get()

    response = desk.post(LIST, {"session": theirs.pk})

    assert (response.status_code, is_in(other)) == (404, True)


@pytest.mark.parametrize("odd", ["0", "x", "9" * 40])
def test_a_session_that_is_not_there_is_not_found(editor, odd):
    assert sign_in(editor).post(LIST, {"session": odd}).status_code == 404


def test_t23_all_sessions_of_a_leaver_end_at_the_next_request(editor):
    other = builders.user("Editor")
    desk, bystander, forced = sign_in(editor), sign_in(other), Client()
    forced.force_login(editor)

    ended = sessions.end_all(editor)

    assert ended == 2
    assert [is_in(client) for client in (desk, forced, bystander)] == [False, False, True]
    assert list(UserSession.objects.values_list("user", flat=True)) == [other.pk]


def test_t23_a_begun_sign_in_is_ended_too(editor):
    totp.TOTP.activate(editor, totp.generate_totp_secret())
    half_in = sign_in(editor)
    before = half_in.get("/admin/account/second-step/").status_code

    ended = sessions.end_all(editor)

    assert (before, ended) == (200, 1)
    assert half_in.get("/admin/account/second-step/").url == "/admin/login/"

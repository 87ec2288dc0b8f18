"""A session that nobody uses is locked: it tells how much waits and nothing else, until it is unlocked."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.models import AppointmentRequest
from clinic.models import AuditEvent, Notice
from clinic.site import presence
from tests import builders

pytestmark = pytest.mark.django_db

STATUS = "/admin/presence/"
INBOX = "/admin/appointments/appointmentrequest/"
CANARY = "Quillfeather"
MADE_UP = {
    "id": "bWFkZS11cA",
    "rawId": "bWFkZS11cA",
    "type": "public-key",
    "response": {"clientDataJSON": "e30", "authenticatorData": "e30", "signature": "e30"},
}


@pytest.fixture
def northside():
    return builders.location("Northside")


@pytest.fixture
def receptionist(client, northside):
    person = builders.user("Front desk", locations=[northside], name="Dana Whitfield")
    client.force_login(person)
    return person


def leave(client, **time):
    """Let the time pass in which nobody is there."""
    session = client.session
    session[presence.SEEN_AT] = (timezone.now() - timedelta(**time)).isoformat()
    session.save()


def unlock(client, address=STATUS, password=builders.PASSWORD, **fields):
    return client.post(address, {"password": password, **fields})


def trail(person):
    events = AuditEvent.objects.filter(actor=person).order_by("pk")
    return [event.action for event in events if event.action.startswith(("session", "unlock"))]


@pytest.mark.parametrize(
    ("role", "minutes", "status"),
    [
        ("Front desk", 14, 200),
        ("Front desk", 15, 403),
        ("Manager", 15, 403),
        ("Editor", 15, 200),
        ("Editor", 29, 200),
        ("Editor", 30, 403),
        ("Clinician", 30, 403),
    ],
)
def test_asvs_7_3_1_whoever_sees_requests_is_locked_out_sooner(client, role, minutes, status):
    client.force_login(builders.user(role))
    leave(client, minutes=minutes)

    response = client.get("/admin/")

    assert response.status_code == status
    assert "no-store" in response["Cache-Control"]


def test_a_clock_that_is_set_back_an_hour_keeps_no_desk_open_for_longer(client, receptionist):
    leave(client, hours=-1)

    assert client.get("/admin/").status_code == 403


def test_whoever_goes_on_working_is_never_locked_out(client, receptionist):
    answers = []
    for _ in range(4):
        leave(client, minutes=14)
        answers.append(client.get("/admin/").status_code)

    assert answers == [200] * 4


def test_use_is_written_down_once_a_minute(client, receptionist):
    client.get("/admin/")
    fresh = client.session[presence.SEEN_AT]

    client.get("/admin/")
    kept = client.session[presence.SEEN_AT]
    leave(client, minutes=1)
    client.get("/admin/")

    assert kept == fresh
    assert client.session[presence.SEEN_AT] > fresh


@pytest.mark.parametrize("address", [STATUS, f"{INBOX}news/"])
def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(client, receptionist, address):
    leave(client, minutes=14)

    before = client.session[presence.SEEN_AT]

    client.get(address)

    assert client.session[presence.SEEN_AT] == before


def test_a_page_that_says_somebody_is_there_keeps_them_signed_in(client, receptionist):
    leave(client, minutes=14)

    answer = client.post(STATUS).json()

    assert (answer["is_locked"], answer["left"]) == (False, 15 * 60)


def test_t23_a_locked_screen_tells_how_much_waits_and_nothing_of_anybody(client, receptionist, northside):
    patient = builders.appointment_request(location=northside, full_name=CANARY, is_urgent=True)
    builders.appointment_request(location=northside, due_at=timezone.now() - timedelta(hours=1))
    builders.appointment_request(location=builders.location("Mill Road"))
    Notice.objects.create(text=CANARY, shown_until=timezone.now() + timedelta(days=1))
    addresses = ["/admin/", INBOX, patient.get_absolute_url(), "/admin/account/", "/admin/clinic/notice/"]
    shown = CANARY in client.get(patient.get_absolute_url()).text
    leave(client, minutes=15)

    pages = [client.get(address) for address in addresses]

    assert shown
    assert {page.status_code for page in pages} == {403}
    assert [CANARY in page.text for page in pages] == [False] * len(pages)
    assert [page.text.count("Dana Whitfield") for page in pages] == [1] * len(pages)
    numbers = pages[0].context["numbers"]
    assert (numbers["to_do"], numbers["urgent"], numbers["overdue"]) == (2, 1, 1)


def test_whoever_sees_no_requests_is_told_of_none(client, northside):
    builders.appointment_request(location=northside)
    client.force_login(builders.user("Editor"))
    leave(client, minutes=30)

    page = client.get("/admin/")

    assert (page.status_code, page.context["numbers"]) == (403, None)
    assert client.get("/design/").status_code == 403


def test_t23_news_while_locked_are_numbers_alone(client, receptionist, northside):
    seen = builders.appointment_request(location=northside)
    new = builders.appointment_request(location=northside)
    since = {"since": seen.pk}
    open_ = client.get(f"{INBOX}news/", since).json()
    leave(client, minutes=15)

    locked = client.get(f"{INBOX}news/", since).json()

    assert (new.get_absolute_url() in open_["rows"], open_["new"]) == (True, 1)
    assert (locked["rows"], locked["new"], locked["since"]) == ("", 0, None)
    assert locked["counts"] == open_["counts"]


def test_the_right_password_unlocks_and_leads_back_to_the_page(client, receptionist):
    leave(client, minutes=15)
    page = client.get(INBOX)

    response = unlock(client, INBOX, kept_post=page.context["kept"])

    assert (response.status_code, response.url) == (302, INBOX)
    assert client.get(INBOX).status_code == 200
    assert trail(receptionist) == ["session.locked", "session.unlocked"]


def test_a_wrong_password_says_so_and_unlocks_nothing(client, receptionist):
    leave(client, minutes=15)

    page = unlock(client, INBOX, "wrong", kept_post="")
    answer = unlock(client, password="wrong").json()

    assert (page.status_code, page.context["form"].errors["password"]) == (
        403,
        ["This is not your password."],
    )
    assert (answer["is_locked"], answer["errors"]) == (True, ["This is not your password."])
    assert trail(receptionist) == ["session.locked", "unlock.failed", "unlock.failed"]


def test_an_empty_password_is_no_try(client, receptionist):
    leave(client, minutes=15)

    answers = [unlock(client, password="").json()["errors"] for _ in range(6)]

    assert answers == [["Enter your password."]] * 6


def test_t15_five_wrong_passwords_end_the_session(client, receptionist):
    leave(client, minutes=15)
    answers = [unlock(client, password="wrong").status_code for _ in range(5)]

    page = client.get("/admin/", follow=True)

    assert answers == [200, 200, 200, 200, 302]
    assert page.redirect_chain == [("/admin/login/?next=/admin/", 302)]
    assert [str(message) for message in page.context["messages"]] == [
        "After five wrong tries you were signed out. Wait five minutes, or use a passkey."
    ]
    assert trail(receptionist).count("unlock.failed") == 5


def test_before_the_last_tries_it_is_said_that_they_are_the_last(client, receptionist):
    leave(client, minutes=15)

    errors = [unlock(client, password="wrong").json()["errors"] for _ in range(3)]
    page = unlock(client, INBOX, "wrong", kept_post="")

    wrong = "This is not your password."
    assert errors == [[wrong], [wrong], [wrong, "Two more tries, then you are signed out."]]
    assert "One more try, then you are signed out." in page.text


def test_nobody_unlocks_with_the_password_of_another(client, receptionist):
    builders.user("Front desk", password="another quiet morning")
    leave(client, minutes=15)

    assert unlock(client, password="another quiet morning").json()["is_locked"]


@pytest.mark.parametrize("made_up", [MADE_UP, {}, [], {"id": 1, "rawId": [], "response": {}}, 7])
def test_a_made_up_passkey_unlocks_nothing(client, receptionist, made_up):
    leave(client, minutes=15)
    options = client.get("/admin/presence/key/").json()

    answer = client.post(STATUS, {"password": "", "credential": json.dumps(made_up)}).json()

    assert options["request_options"]["publicKey"]["challenge"]
    assert (answer["is_locked"], len(answer["errors"])) == (True, 1)


def test_t23_a_request_that_was_under_way_neither_opens_nor_locks(client, receptionist):
    seen = []
    for change in (lambda: client.post("/admin/presence/lock/"), lambda: unlock(client)):
        under_way = client.session
        under_way["note"] = under_way[presence.SEEN_AT]
        change()
        under_way.save()
        seen.append(client.get(INBOX).status_code)

    assert seen == [403, 200]


def test_lock_screen_locks_at_once(client, receptionist):
    response = client.post("/admin/presence/lock/", {"next": INBOX})

    assert response.url == INBOX
    assert client.get(INBOX).status_code == 403
    event = AuditEvent.objects.get(action="session.locked")
    assert (event.actor, event.reason) == (receptionist, "wish")


def test_t17_locking_leads_to_no_other_site(client, receptionist):
    response = client.post("/admin/presence/lock/", {"next": "https://evil.example/"})

    assert (response.status_code, response.json()["is_locked"]) == (200, True)


def test_a_locked_person_can_sign_out(client, receptionist):
    leave(client, minutes=15)

    page = client.post("/admin/logout/")

    assert "You are signed out" in page.text
    assert client.get("/admin/").status_code == 302


def test_t23_a_leaver_unlocks_nothing(client, receptionist):
    leave(client, minutes=15)
    receptionist.is_active = False
    receptionist.save()

    assert unlock(client).status_code == 302


def test_a_post_to_a_locked_session_is_kept_and_goes_on(client, receptionist, northside):
    request = builders.appointment_request(location=northside)
    address = f"{request.get_absolute_url()}log_attempt/"
    typed = {"attempt": "voicemail", "remark": f"Mother of {CANARY} & friend", "seen": request.version}
    leave(client, minutes=15)

    page = client.post(address, typed)
    before = request.events.filter(step="log_attempt").count()
    wrong = unlock(client, address, "wrong", kept_post=page.context["kept"])
    unlock(client, address, kept_post=wrong.context["kept"], send_kept="1")

    assert (page.status_code, before, wrong.status_code) == (403, 0, 403)
    assert [CANARY in answer.text for answer in (page, wrong)] == [False, False]
    event = request.events.get(step="log_attempt")
    assert (event.attempt, event.remark, event.actor) == ("voicemail", typed["remark"], receptionist)


def test_after_five_wrong_passwords_the_post_is_kept_for_signing_in_again(client, receptionist, northside):
    request = builders.appointment_request(location=northside)
    address = f"{request.get_absolute_url()}claim/"
    leave(client, minutes=15)
    page = client.post(address, {"seen": request.version})
    for _ in range(5):
        page = unlock(client, address, "wrong", kept_post=page.context["kept"])

    assert page.templates[0].name == "admin/sign_in_again.html"
    assert AppointmentRequest.objects.get().status == "new"


def test_a_page_that_was_unlocked_elsewhere_sends_its_post_without_a_password(
    client, receptionist, northside
):
    request = builders.appointment_request(location=northside)
    address = f"{request.get_absolute_url()}claim/"
    leave(client, minutes=15)
    kept = client.post(address, {"seen": request.version}).context["kept"]
    unlock(client)

    client.post(address, {"kept_post": kept, "password": "", "send_kept": "1"})

    assert AppointmentRequest.objects.get().owner == receptionist


def test_whoever_has_yet_to_add_a_second_step_is_there_all_the_same(client, settings, receptionist):
    settings.REQUIRE_MFA = True

    answers = [client.get("/admin/").status_code, client.get(STATUS).status_code]

    assert answers == [302, 200]


def test_public_pages_know_nothing_of_the_lock(client, receptionist):
    leave(client, minutes=15)

    assert client.get(reverse("home")).status_code == 200
    assert presence.LOCKED_AT not in client.session

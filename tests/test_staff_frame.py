"""The frame of the staff pages: signing in, what waits, and the alarm over every page."""

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent, OutboxMessage, WorkerBeat
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    person = builders.user("Manager", name="Ruth Amari")
    client.force_login(person)
    return person


def url(name, *args):
    return reverse(f"admin:{name}", args=args)


def test_signing_in_and_out_and_failing_to_is_noted(client):
    person = builders.user("Editor")
    login = url("login")

    client.post(login, {"username": person.email, "password": "wrong"})
    client.post(login, {"username": "nobody@harbor.example", "password": "wrong"})
    client.post(login, {"username": person.email.upper(), "password": builders.PASSWORD})
    client.post(url("logout"))

    assert list(AuditEvent.objects.order_by("pk").values_list("action", "actor", "subject")) == [
        ("login.failed", None, f"person {person.pk}"),
        ("login.failed", None, ""),
        ("login", person.pk, ""),
        ("logout", person.pk, ""),
    ]


def test_t15_a_wrong_password_and_an_unknown_address_get_the_same_answer(client):
    person = builders.user("Editor")

    errors = [
        client.post(url("login"), {"username": email, "password": "wrong"}).context["form"].errors
        for email in (person.email, "nobody@harbor.example")
    ]

    assert errors[0] == errors[1]
    assert "E-mail address" in client.get(url("login")).text


def test_each_person_is_told_what_waits_for_them(client):
    place = builders.location()
    builders.appointment_request(location=place)
    builders.article()
    people = {role: builders.user(role, locations=[place]) for role in ("Editor", "Front desk", "Manager")}
    people["Clinician"] = builders.clinician().user

    waiting = {}
    for role, person in people.items():
        client.force_login(person)
        waiting[role] = {str(item.label): item.count for item in client.get(url("index")).context["waiting"]}

    requests = {"Requests to do": 1, "Past the promised time": 0, "My requests": 0, "Maybe spam": 0}
    assert waiting == {
        "Editor": {
            "Sent back to me": 0,
            "Drafts of articles": 1,
            "Signed, not yet public": 0,
            "Scheduled": 0,
            "Reported mistakes": 0,
        },
        "Clinician": {"Articles for me to sign off": 0, "Reported mistakes": 0},
        "Front desk": requests,
        "Manager": {**requests, "Overdue checks": 0, "Reported mistakes": 0, "Mail given up": 0},
    }


def test_every_staff_page_says_when_mail_needs_a_person(client, manager):
    pages_ = [
        url("index"),
        url("clinic_location_changelist"),
        url("appointments_appointmentrequest_changelist"),
    ]
    silent = [str(alarm) for alarm in client.get(pages_[0]).context["alarms"]]
    WorkerBeat.objects.create(at=timezone.now())
    quiet = [client.get(page).context["alarms"] for page in pages_]
    OutboxMessage.objects.create(kind="front_desk_notice", object_id=1, failed_at=timezone.now())

    loud = [client.get(page).text.count("Some mail was given up.") for page in pages_]

    assert silent == ["No mail is going out, since the worker has stopped. Start it, and watch the inbox."]
    assert (quiet, loud) == ([[], [], []], [1, 1, 1])


@pytest.mark.parametrize(
    ("model", "heading"),
    [("clinic/brokenlink", "Broken links"), ("clinic/notice", "Notices"), ("articles/article", "Articles")],
)
def test_a_list_is_named_for_what_it_holds(client, model, heading):
    client.force_login(builders.user("Manager"))

    page = client.get(f"/admin/{model}/").content.decode()

    assert (page.count(f"<h1>{heading}</h1>"), page.count(f"<title>{heading} · ")) == (1, 1)

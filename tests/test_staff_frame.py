"""The frame of the staff pages: signing in and out, the alarm over every page, lists and deleting."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent, Notice, OutboxMessage, WorkerBeat
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

    client.post(login, {"login": person.email, "password": "wrong"})
    client.post(login, {"login": "nobody@harbor.example", "password": "wrong"})
    client.post(login, {"login": person.email.upper(), "password": builders.PASSWORD})
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
        client.post(url("login"), {"login": email, "password": "wrong"}).context["form"].errors
        for email in (person.email, "nobody@harbor.example")
    ]

    assert errors[0] == errors[1]
    assert "E-mail address" in client.get(url("login")).text


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

    assert silent == [
        "No mail is going out: the worker has stopped. Tell whoever runs the site. Watch the inbox."
    ]
    assert (quiet, loud) == ([[], [], []], [1, 1, 1])


@pytest.mark.parametrize(
    ("model", "heading"),
    [("clinic/brokenlink", "Broken links"), ("clinic/notice", "Notices"), ("articles/article", "Articles")],
)
def test_a_list_is_named_for_what_it_holds(client, model, heading):
    client.force_login(builders.user("Manager"))

    page = client.get(f"/admin/{model}/").content.decode()

    assert (page.count(f"<h1>{heading}</h1>"), page.count(f"<title>{heading} · ")) == (1, 1)


def test_whoever_signed_out_is_told_so_and_nothing_about_the_mail(client, manager):
    before = client.get(url("index"))

    page = client.post(url("logout"))

    said = "No mail is going out"
    assert (said in before.text, said in page.text) == (True, False)
    assert "You are signed out" in page.text


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({}, ["Enter your e-mail address.", "Enter your password."]),
        ({"login": "a@harbor.example"}, ["Enter your password."]),
    ],
)
def test_the_door_says_what_is_missing(client, typed, errors):
    form = client.post(url("login"), typed).context["form"]

    assert [error for several in form.errors.values() for error in several] == errors


@pytest.mark.parametrize(
    ("query", "said"),
    [({}, "Nothing here yet."), ({"q": "zzz"}, "Nothing found. Try fewer letters, or another filter.")],
)
def test_an_empty_list_says_why(client, manager, query, said):
    page = client.get(url("clinic_insuranceplan_changelist"), query).text

    empty = ("Nothing here yet.", "Nothing found. Try fewer letters, or another filter.")
    assert [words for words in empty if words in page] == [said]


def test_deleting_says_first_what_goes(client, manager):
    notice = Notice.objects.create(
        text="The garage is full.", shown_from=timezone.now(), shown_until=timezone.now() + timedelta(days=1)
    )

    page = client.get(url("clinic_notice_delete", notice.pk)).text
    kept = Notice.objects.count()
    client.post(url("clinic_notice_delete", notice.pk), {"post": "yes"})

    assert page.count("What will happen") == 1
    assert (kept, Notice.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("path", "here"),
    [
        ("/admin/appointments/appointmentrequest/", "Requests"),
        ("/admin/appointments/appointmentrequest/reports/", "Reports"),
    ],
)
def test_the_rail_marks_the_one_page_that_is_open(client, manager, path, here):
    html = client.get(path).content.decode()

    assert re.findall(r'<li><a href="[^"]+" aria-current="page">([^<]+)</a>', html) == [here]
    assert html.count('aria-current="true">') == 0

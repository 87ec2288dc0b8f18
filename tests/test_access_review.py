"""The weekly look at who looked: numbers by person, what is worth a look first, and that it was done."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from clinic.site import access
from tests import builders

pytestmark = pytest.mark.django_db

# Noon in Chicago on the Wednesday of a week in spring.
WEDNESDAY = datetime(2026, 4, 15, 17, tzinfo=UTC)
WEEK = access.Week(date(2026, 4, 13))
PAGE = "admin:access_review"


@pytest.fixture
def place():
    return builders.location("Northside")


@pytest.fixture
def dana(place):
    return builders.user("Front desk", name="Dana Whitlock", locations=[place])


@pytest.fixture
def manager(client):
    person = builders.user("Manager", name="Ruth Amari")
    client.force_login(person)
    return person


def note(action, actor=None, *, at=WEDNESDAY, times=1, **fields):
    AuditEvent.objects.bulk_create(
        AuditEvent(action=action, actor=actor, at=at, **fields) for _number in range(times)
    )


def row_of(person, week=WEEK):
    [row] = [row for row in access.rows(week) if row.person == person]
    return row


def findings(person):
    return [str(finding) for finding in row_of(person).findings]


def test_what_a_person_did_is_counted_by_kind(dana):
    kinds = (
        ["login", "request.listed", "request.listed", "request.searched", "request.copied"]
        + ["request.viewed"] * 3
        + ["request.exported", "report.exported", "request.denied", "request.claim"]
    )
    for kind in kinds:
        note(kind, dana)
    note("login.failed", subject=f"person {dana.pk}", times=2)

    numbers = row_of(dana).numbers

    assert numbers == {
        "sign_ins": 1,
        "looks": 3,
        "old_looks": 0,
        "lists": 2,
        "searches": 1,
        "copies": 1,
        "exports": 2,
        "denied": 1,
        "failed": 2,
    }


@pytest.mark.parametrize(
    ("at", "is_counted"),
    [
        # Midnight in Chicago is five in the morning by UTC, in summer.
        (datetime(2026, 4, 13, 4, 59, tzinfo=UTC), False),
        (datetime(2026, 4, 13, 5, 0, tzinfo=UTC), True),
        (datetime(2026, 4, 20, 4, 59, tzinfo=UTC), True),
        (datetime(2026, 4, 20, 5, 0, tzinfo=UTC), False),
    ],
)
def test_a_week_begins_on_monday_by_the_clock_of_the_clinic(dana, at, is_counted):
    note("login", dana, at=at)

    assert bool(access.rows(WEEK)) == is_counted


def test_a_look_at_a_request_closed_for_over_a_day_is_counted_apart(dana, place):
    closed = [
        builders.appointment_request(
            location=place, status="closed", closed_at=WEDNESDAY - timedelta(days=days)
        )
        for days in (0, 2, 30)
    ]
    for request in closed:
        note("request.viewed", dana, subject=request.reference)

    numbers = row_of(dana).numbers

    assert (numbers["looks"], numbers["old_looks"]) == (3, 2)


@pytest.mark.parametrize(
    ("at", "looks"),
    [
        (WEDNESDAY, 0),
        # Open from 8 to 18: an hour that is open in part is none to wonder about.
        (datetime(2026, 4, 15, 13, 5, tzinfo=UTC), 0),
        (datetime(2026, 4, 15, 12, 55, tzinfo=UTC), 1),
        (datetime(2026, 4, 15, 23, 5, tzinfo=UTC), 1),
        (datetime(2026, 4, 18, 17, 0, tzinfo=UTC), 1),
    ],
)
def test_looks_at_night_and_on_closed_days_are_counted(dana, at, looks):
    note("request.viewed", dana, at=at)

    assert row_of(dana).numbers.get("night_looks", 0) == looks


def test_nothing_is_worth_a_look_where_all_is_as_usual(dana):
    for weeks in range(5):
        note("request.viewed", dana, at=WEDNESDAY - timedelta(weeks=weeks), times=20)

    assert findings(dana) == []


@pytest.mark.parametrize(
    ("action", "at", "finding"),
    [
        ("request.denied", WEDNESDAY, "refused once"),
        ("request.exported", WEDNESDAY, "exported data"),
        ("request.viewed", WEDNESDAY - timedelta(hours=12), "opened requests outside hours"),
    ],
)
def test_what_is_worth_a_look_is_said(dana, action, at, finding):
    note(action, dana, at=at)

    assert findings(dana) == [finding]


@pytest.mark.parametrize(("looks", "is_found"), [(20, False), (21, True)])
def test_more_than_twice_as_many_looks_as_usual_are_worth_a_look(dana, looks, is_found):
    note("request.viewed", dana, at=WEDNESDAY - timedelta(weeks=2), times=40)

    note("request.viewed", dana, times=looks)

    assert findings(dana) == ["opened more than twice as many as usual"] * is_found


@pytest.mark.parametrize(("looks", "is_found"), [(9, False), (10, True)])
def test_many_looks_of_somebody_who_never_looked_are_worth_a_look(dana, looks, is_found):
    note("request.viewed", builders.user("Front desk"), at=WEDNESDAY - timedelta(weeks=2))

    note("request.viewed", dana, times=looks)

    assert findings(dana) == ["opened more than twice as many as usual"] * is_found


def test_in_the_first_week_of_a_site_nothing_is_unusual(dana):
    note("request.viewed", dana, times=200)

    assert findings(dana) == []


def test_a_try_at_the_account_of_somebody_who_left_comes_first(dana):
    leaver = builders.user("Editor", name="Zora Quinn", is_active=False)
    note("login", dana)
    note("login.failed", subject=f"person {leaver.pk}")

    rows = access.rows(WEEK)

    assert [row.person for row in rows] == [leaver, dana]
    assert findings(leaver) == ["has left, or may not sign in"]


def test_a_sign_in_of_a_therapist_who_left_is_worth_a_look():
    profile = builders.clinician(left_on=date(2026, 4, 1))
    note("login", profile.user)

    assert findings(profile.user) == ["has left, or may not sign in"]


def test_the_page_takes_the_same_queries_for_many_people_as_for_one(client, manager, place):
    queries = []
    for people in (1, 29):
        for _number in range(people):
            person = builders.user("Front desk", locations=[place])
            note("request.viewed", person, times=5)
            note("report.exported", person)
        with CaptureQueriesContext(connection) as asked:
            response = client.get(reverse(PAGE), {"week": "2026-04-13"})
        queries.append(len(asked))

    assert len(response.context["rows"]) == 30
    assert queries[0] == queries[1]


def test_the_page_shows_people_and_exports_with_their_reasons_and_no_patient(client, manager, dana, place):
    request = builders.appointment_request(location=place, full_name="Alma Reyes")
    note("request.viewed", dana, subject=request.reference)
    note("request.exported", dana, count=12, reason="Asked by the insurer")

    page = client.get(reverse(PAGE), {"week": "2026-04-15"}).text

    assert "13 April – 19 April 2026" in page
    assert "Dana Whitlock: Requests exported (12) – Asked by the insurer" in page
    assert ("Alma" in page, request.reference in page) == (False, False)


@pytest.mark.parametrize("asked", ["", "soon", "2019-01-01", "0001-01-01", "99999-01-01"])
def test_a_week_that_makes_no_sense_is_the_last_one(client, manager, asked):
    response = client.get(reverse(PAGE), {"week": asked})

    assert response.context["week"] == access.Week.of(timezone.localdate()).before


def test_a_week_to_come_is_this_one_which_cannot_be_reviewed_yet(client, manager):
    page = f"{reverse(PAGE)}?week=2099-01-01"

    client.post(page, {"note": ""})

    assert "This week can be reviewed once it is over." in client.get(page).text
    assert not AuditEvent.objects.filter(action="access.reviewed").exists()


def test_a_review_is_noted_with_its_week_and_shown_with_who_did_it(client, manager):
    page = f"{reverse(PAGE)}?week=2026-04-13"

    response = client.post(page, {"note": "Asked Dana about Saturday"}, follow=True)

    [noted] = AuditEvent.objects.filter(action="access.reviewed")
    assert (noted.actor, noted.subject) == (manager, "week 2026-04-13")
    assert response.redirect_chain == [(page, 302)]
    assert "Reviewed by Ruth Amari" in response.text
    assert ": Asked Dana about Saturday" in response.text


def test_the_start_page_asks_for_the_review_of_last_week_until_it_is_done(client, manager, dana):
    def is_asked():
        waiting = client.get(reverse("admin:index")).context["waiting"]
        return "Access review of last week" in [item.label for item in waiting]

    asked = [is_asked()]
    note("login", dana, at=timezone.now() - timedelta(days=7))
    asked.append(is_asked())
    client.post(reverse(PAGE), {"note": ""})
    asked.append(is_asked())

    assert asked == [False, True, False]


def test_t25_the_download_has_the_numbers_and_no_formula(client, manager):
    mallory = builders.user("Front desk", name="=cmd|' /C calc'!A0")
    note("request.viewed", mallory, at=WEDNESDAY - timedelta(hours=12), times=12)
    note("request.denied", mallory)

    response = client.get(reverse(PAGE), {"week": "2026-04-13", "format": "csv"})

    text = b"".join(response.streaming_content).decode("utf-8-sig")
    heading, line = csv.reader(io.StringIO(text))
    assert dict(zip(heading, line, strict=True)) == {
        "Person": "'=cmd|' /C calc'!A0",
        "Sign-ins": "0",
        "Requests opened": "12",
        "Closed long ago": "0",
        "Lists": "0",
        "Searches": "0",
        "Copies": "0",
        "Exports": "0",
        "Refused": "1",
        "Failed sign-ins": "0",
        "Outside hours": "12",
        "Worth a look first": "refused once; opened requests outside hours",
    }
    [noted] = AuditEvent.objects.filter(action="access.exported")
    assert (noted.actor, noted.subject, noted.count) == (manager, "week 2026-04-13", 1)

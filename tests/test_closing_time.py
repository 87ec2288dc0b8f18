"""When a session ends: an hour after the last of the person's locations has closed."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from clinic import facts
from clinic.models import Closure, OpeningHours
from clinic.site import closing_time
from tests import builders

pytestmark = pytest.mark.django_db

CHICAGO = ZoneInfo("America/Chicago")
HAWAII = ZoneInfo("Pacific/Honolulu")


def at(day, hour, minute=0, zone=CHICAGO):
    return datetime.combine(date.fromisoformat(day), time(hour, minute), tzinfo=zone)


def ends_at(user, now):
    """Sign in at this moment, and return when the session ends."""
    facts.publish()
    return closing_time.ends_at(user, now)


# Open from Monday to Friday, from 8 to 18; the clocks change on 8 March and 1 November 2026.
@pytest.mark.parametrize(
    ("signed_in", "ended"),
    [
        (at("2026-11-23", 7, 45), at("2026-11-23", 19)),
        (at("2026-11-23", 17, 59), at("2026-11-23", 19)),
        # After closing, on a Sunday: four hours.
        (at("2026-11-23", 18), at("2026-11-23", 22)),
        (at("2026-11-22", 10), at("2026-11-22", 14)),
        # Closed all day, closed from noon on.
        (at("2026-11-26", 9), at("2026-11-26", 13)),
        (at("2026-11-27", 9), at("2026-11-27", 13)),
        # Never over sixteen hours.
        (at("2026-11-23", 0, 30), at("2026-11-23", 16, 30)),
        # The first days of summer and winter time.
        (at("2026-03-09", 8), at("2026-03-09", 19)),
        (at("2026-11-02", 8), at("2026-11-02", 19)),
        # The night in which the clocks change: four hours of the real time.
        (at("2026-03-08", 1), at("2026-03-08", 6)),
        (at("2026-11-01", 0), at("2026-11-01", 3)),
    ],
)
def test_asvs_7_3_2_a_session_ends_an_hour_after_closing(signed_in, ended):
    place = builders.location()
    person = builders.user("Front desk", locations=[place])
    Closure.objects.create(location=place, first_day="2026-11-26", last_day="2026-11-26")
    Closure.objects.create(
        location=place, first_day="2026-11-27", last_day="2026-11-27", from_time=time(12), until_time=None
    )

    assert ends_at(person, signed_in).astimezone(CHICAGO) == ended


def test_the_latest_of_the_own_locations_decides_and_of_all_for_who_has_none():
    early, late = builders.location(), builders.location()
    OpeningHours.objects.filter(location=late).update(closes_at=time(20))
    desk = builders.user("Front desk", locations=[early])
    both = builders.user("Front desk", locations=[early, late])
    manager = builders.user("Manager")
    morning = at("2026-11-23", 8)

    ends = [ends_at(person, morning).hour for person in (desk, both, manager)]

    assert ends == [19, 21, 21]


def test_the_end_is_told_by_the_clock_of_the_location():
    far = builders.location(time_zone="Pacific/Honolulu")
    person = builders.user("Front desk", locations=[far])

    end = ends_at(person, at("2026-11-23", 14))

    assert (end.hour, end == at("2026-11-23", 19, zone=HAWAII)) == (19, True)


def test_asvs_7_3_2_whoever_is_active_all_day_is_signed_out_an_hour_after_closing(client):
    person = builders.user("Front desk", locations=[builders.location()])
    answers = {}

    with time_machine.travel(at("2026-11-23", 17, 55), tick=False) as clock:
        client.force_login(person)
        for _ in range(13):
            clock.shift(timedelta(minutes=5))
            answers[datetime.now(CHICAGO).time()] = client.get("/admin/").status_code

    assert answers.popitem() == (time(19), 302)
    assert set(answers.values()) == {200}


def test_the_last_fifteen_minutes_are_announced(client):
    person = builders.user("Front desk", locations=[builders.location()])
    said = "data-ends>You will be signed out at 7 pm. Save your work before then."

    with time_machine.travel(at("2026-11-23", 17, 59), tick=False) as clock:
        client.force_login(person)
        found = []
        for _ in range(5):
            clock.shift(timedelta(minutes=9.5))
            found.append(client.get("/admin/").text.count(said))

    assert found == [0, 0, 0, 0, 1]

"""The calendar file, read back by another parser."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from django.urls import reverse

from appointments import calendar_files, desk, private_links
from clinic.models import Clinic
from tests import builders

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
NOON = datetime(2026, 11, 24, 18, tzinfo=UTC)
LONG = "Ñandú & Søn, „Üb“; C:\\Physio 東京リハビリ🏃‍♀️ " * 2


def booked(at=NOON, **fields):
    fields.setdefault("location", builders.location("Northside", region="IL"))
    return builders.appointment_request(
        status="closed", outcome="booked", appointment_at=at, full_name="Quokkaname", **fields
    )


def event_of(octets):
    """Return the one event of a file, which must read without a complaint."""
    calendar = icalendar.Calendar.from_ical(octets)
    (event,) = calendar.walk("VEVENT")
    assert (calendar.errors, event.errors) == ([], [])
    assert (calendar["VERSION"], calendar["METHOD"]) == (
        "2.0",
        "CANCEL" if event["STATUS"] == "CANCELLED" else "PUBLISH",
    )
    return event


def test_a_calendar_learns_when_and_where_and_whom_to_call(settings):
    settings.SITE_URL = "https://clinic.example:8443"
    settings.DEFAULT_FROM_EMAIL = "Harbor <front-desk@harbor.example>"
    Clinic.objects.update_or_create(pk=1, defaults={"name": "Harbor Physical Therapy"})
    request = booked(appointment_with=builders.therapist("Theo Okafor"))

    event = event_of(calendar_files.of(request, NOW))

    assert {name: getattr(event[name], "dt", event[name]) for name in event} == {
        "UID": f"{request.reference}@clinic.example",
        "DTSTAMP": NOW,
        "DTSTART": NOON,
        "DTEND": NOON + timedelta(hours=1),
        "SEQUENCE": 0,
        "STATUS": "CONFIRMED",
        "SUMMARY": "Appointment at Harbor Physical Therapy",
        "LOCATION": "Northside, 1 Harbor Street, Harbor, IL 60601",
        "DESCRIPTION": "To change or cancel it, call 773 555 0110.",
        "ORGANIZER": "mailto:front-desk@harbor.example",
    }


@pytest.mark.parametrize(
    "at",
    [
        # Either side of both changes of the clocks in Chicago, and both hours that it calls 1 am.
        datetime(2026, 3, 8, 7, 30, tzinfo=UTC),
        datetime(2026, 3, 8, 8, 30, tzinfo=UTC),
        datetime(2026, 11, 1, 6, 30, tzinfo=UTC),
        datetime(2026, 11, 1, 7, 30, tzinfo=UTC),
        datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC),
    ],
)
def test_the_instant_is_the_same_whatever_clocks_do(at):
    zone = builders.location().schedule().zone

    event = event_of(calendar_files.of(booked(at.astimezone(zone)), NOW))

    assert (event["DTSTART"].to_ical(), event.start, event.end) == (
        f"{at:%Y%m%dT%H%M%SZ}".encode(),
        at,
        at + timedelta(hours=1),
    )


@pytest.mark.parametrize("length", range(60, 84))
def test_long_names_in_any_script_are_folded_and_read_back(length):
    Clinic.objects.update_or_create(pk=1, defaults={"name": LONG[:length]})

    octets = calendar_files.of(booked(), NOW)

    assert event_of(octets)["SUMMARY"] == f"Appointment at {LONG[:length]}"
    lines = octets.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    # Half a character would not decode.
    assert "".join(line.decode() for line in lines) == octets.decode().replace("\r\n", "")


def test_each_step_makes_a_newer_file_of_the_same_event():
    by = builders.user("Front desk")
    request = builders.appointment_request()
    events = []

    for step in (
        lambda: desk.book(request, by=by, appointment_at=NOON),
        lambda: desk.change_appointment(request, by=by, appointment_at=NOON + timedelta(days=1)),
        lambda: desk.undo(request, by=by),
        lambda: desk.cancel_appointment(request, by=by),
    ):
        step()
        events.append(event_of(calendar_files.of(request, NOW)))

    assert {event["UID"] for event in events} == {f"{request.reference}@localhost"}
    assert [event["STATUS"] for event in events] == ["CONFIRMED", "CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [event.start for event in events] == [NOON, NOON + timedelta(days=1), NOON, NOON]
    assert [event["SEQUENCE"] for event in events] == [1, 2, 3, 4]
    assert events[-1]["SUMMARY"].startswith("Cancelled: appointment at")
    assert events[-1]["DESCRIPTION"] == "To find another time, call 773 555 0110."


def test_the_file_is_a_download_that_nobody_keeps(client):
    request = booked()

    answer = client.get(reverse("private_link_calendar", args=[private_links.token_of(request)]))

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    assert event_of(answer.content).start == NOON
    assert b"Quokkaname" not in answer.content

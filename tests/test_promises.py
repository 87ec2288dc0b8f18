"""What a patient was told stays; when to try again fits the patient and the place."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from appointments import intake, promises, watch
from appointments.intake import Arrival
from appointments.models.choices import CallTime, Channel, Purpose, Screening
from clinic.models import Clinic, Closure, OpeningHours
from tests import builders

pytestmark = pytest.mark.django_db

# A Friday, 4 pm in Chicago and 10 pm in London.
FRIDAY = datetime(2026, 11, 20, 22, tzinfo=UTC)


def accept(place, *, now=FRIDAY, screening=Screening.NONE):
    answers = {
        "full_name": "Alma Reyes",
        "phone": "773 555 0140",
        "channel": Channel.PHONE,
        "purpose": Purpose.NEW,
        "location": place,
    }
    token = f"{place.pk:032}" if now == FRIDAY else "9" * 32
    return intake.accept(answers, token=token, arrival=Arrival(screening=screening), now=now)


def moments(request):
    request.refresh_from_db()
    return [request.surfaces_at, request.alarm_at, request.due_at]


def utc(*when):
    return datetime(2026, 11, *when, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "screening", "expected"),
    [
        # Open from 8 to 18: two hours are left on Friday, the rest is Monday's.
        ("America/Chicago", Screening.NONE, [utc(21, 0), utc(23, 15), utc(23, 16)]),
        ("America/Chicago", Screening.YES, [utc(20, 22, 30), utc(20, 22, 45), utc(20, 23)]),
        ("Europe/London", Screening.NONE, [utc(23, 10), utc(23, 11), utc(23, 12)]),
        ("Europe/London", Screening.YES, [utc(23, 8, 30), utc(23, 8, 45), utc(23, 9)]),
    ],
)
def test_half_the_time_three_quarters_and_the_promise_by_the_clock_of_the_place(zone, screening, expected):
    request = accept(builders.location(time_zone=zone), screening=screening)

    assert moments(request) == expected


def test_the_clinic_sets_how_soon_patients_are_called():
    Clinic.objects.create(urgent_target_minutes=20, routine_target_minutes=120)
    place = builders.location(time_zone="America/Chicago")

    assert moments(accept(place)) == [utc(20, 23), utc(20, 23, 30), utc(21, 0)]


@pytest.mark.parametrize("is_everywhere", [True, False])
def test_a_closure_entered_later_moves_no_promise_and_silences_nobody(is_everywhere):
    place = builders.location(time_zone="America/Chicago")
    request = accept(place)
    before = moments(request)

    Closure.objects.create(
        location=None if is_everywhere else place,
        first_day="2026-11-23",
        last_day="2026-11-27",
        reason="Snow",
    )
    later = accept(place, now=FRIDAY + timedelta(minutes=1))

    assert moments(request) == before
    assert later.due_at == datetime(2026, 11, 30, 16, 1, tzinfo=UTC)
    assert watch.keep(request.due_at) == {"alarm": 0, "escalation": 1}


def test_other_hours_set_later_move_no_promise():
    place = builders.location(time_zone="America/Chicago")
    request = accept(place)
    before = moments(request)

    OpeningHours.objects.filter(location=place).update(opens_at=time(12))
    Clinic.objects.create(routine_target_minutes=15)

    assert moments(request) == before


@pytest.mark.parametrize(
    ("call_time", "now", "expected"),
    [
        # Chicago is six hours behind UTC in November; open from 8 to 18.
        (CallTime.ANY, utc(20, 16), utc(20, 18)),
        (CallTime.ANY, utc(20, 23), utc(23, 14)),
        (CallTime.MORNING, utc(20, 15), utc(20, 17)),
        (CallTime.MORNING, utc(20, 16, 1), utc(23, 14)),
        (CallTime.MIDDAY, utc(20, 14), utc(20, 17)),
        (CallTime.MIDDAY, utc(20, 17), utc(20, 19)),
        (CallTime.MIDDAY, utc(20, 18), utc(23, 17)),
        (CallTime.AFTERNOON, utc(20, 14), utc(20, 19)),
        (CallTime.AFTERNOON, utc(20, 22), utc(23, 19)),
    ],
)
def test_the_next_try_is_two_hours_on_open_and_at_the_best_time(call_time, now, expected):
    place = builders.location(time_zone="America/Chicago")
    request = builders.appointment_request(location=place, call_time=call_time)

    assert promises.next_try(request, now) == expected


@pytest.mark.parametrize(
    ("zone", "friday", "monday"),
    [
        ("America/Chicago", datetime(2026, 3, 6, 22, tzinfo=UTC), datetime(2026, 3, 9, 13, tzinfo=UTC)),
        ("America/Chicago", datetime(2026, 10, 30, 22, tzinfo=UTC), datetime(2026, 11, 2, 14, tzinfo=UTC)),
        ("Europe/London", datetime(2026, 3, 27, 22, tzinfo=UTC), datetime(2026, 3, 30, 7, tzinfo=UTC)),
        ("Europe/London", datetime(2026, 10, 23, 22, tzinfo=UTC), datetime(2026, 10, 26, 8, tzinfo=UTC)),
    ],
)
def test_the_next_try_is_at_eight_by_the_clock_also_when_clocks_change(zone, friday, monday):
    request = builders.appointment_request(location=builders.location(time_zone=zone))

    assert promises.next_try(request, friday) == monday


def test_there_is_no_next_try_where_the_best_time_never_comes():
    place = builders.location(time_zone="America/Chicago")
    OpeningHours.objects.filter(location=place).update(opens_at=time(14))
    mornings = builders.appointment_request(location=place, call_time=CallTime.MORNING)
    closed_for_good = builders.appointment_request(location=builders.location(weekdays=()))

    assert [promises.next_try(request, FRIDAY) for request in (mornings, closed_for_good)] == [None, None]


def test_the_promise_is_said_by_the_clock_of_the_place():
    places = [builders.location(time_zone=zone) for zone in ("America/Chicago", "Europe/London")]

    said = [
        promises.in_words(builders.appointment_request(location=place, due_at=FRIDAY)) for place in places
    ]

    assert said == ["Friday 20 November, 4 pm", "Friday 20 November, 10 pm"]


@pytest.mark.parametrize(
    ("zone", "typed", "meant"),
    [
        ("America/Chicago", "2026-11-21T10:00", utc(21, 16)),
        ("America/New_York", "2026-11-21T10:00", utc(21, 15)),
        ("Europe/London", "2026-11-21T10:00", utc(21, 10)),
        # Half past two does not exist in Chicago on this day, and in Phoenix it does.
        ("America/Phoenix", "2027-03-14T02:30", datetime(2027, 3, 14, 9, 30, tzinfo=UTC)),
        ("America/Chicago", "2027-03-14T02:30", datetime(2027, 3, 14, 8, 30, tzinfo=UTC)),
        # Half past one comes twice; the first is meant.
        ("America/Chicago", "2027-11-07T01:30", datetime(2027, 11, 7, 6, 30, tzinfo=UTC)),
    ],
)
@time_machine.travel(FRIDAY, tick=False)
def test_a_pause_ends_by_the_clock_of_its_place_and_says_so(client, zone, typed, meant):
    place = builders.location("Mill Road", time_zone=zone)
    client.force_login(builders.user("Front desk", locations=[place]))
    pause = reverse("admin:appointments_appointmentrequest_pause")

    client.post(pause, {"location": place.pk, "until": typed, "reason": "No heating."})
    page = client.get(pause)

    place.refresh_from_db()
    assert place.paused_until == meant
    shown = dict(page.context["paused"])[place]
    day = timezone.localtime(meant, place.schedule().zone)
    assert shown.startswith(f"{day:%A} {day.day} {day:%B}, {day.hour}")


@time_machine.travel(FRIDAY, tick=False)
def test_a_pause_that_is_over_by_the_clock_of_its_place_is_refused(client):
    place = builders.location("Mill Road", time_zone="Europe/London")
    client.force_login(builders.user("Front desk", locations=[place]))
    form = {"location": place.pk, "until": "2026-11-20T21:00", "reason": "No heating."}

    response = client.post(reverse("admin:appointments_appointmentrequest_pause"), form)

    assert response.context["form"].errors == {"until": ["Choose a time that is still to come."]}


@pytest.mark.parametrize("until", ["9999-12-31T23:59", "2026-02-30T10:00", "\x00"])
def test_a_pause_until_a_time_that_no_clock_shows_is_refused(client, until):
    place = builders.location(time_zone="America/Chicago")
    client.force_login(builders.user("Front desk", locations=[place]))
    form = {"location": place.pk, "until": until, "reason": "No heating."}

    response = client.post(reverse("admin:appointments_appointmentrequest_pause"), form)

    assert response.context["form"].errors == {"until": ["Choose day and time."]}

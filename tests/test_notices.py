from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from clinic import facts, pauses
from clinic.models import AuditEvent, Closure, Location, Notice
from tests import builders

pytestmark = pytest.mark.django_db

# A Tuesday, 11 in the morning in Chicago.
NOW = datetime(2026, 11, 24, 17, tzinfo=UTC)
PAUSE = "/admin/appointments/appointmentrequest/pause/"


@pytest.fixture
def northside():
    return builders.location("Northside", slug="northside", phone="773 555 0110")


@pytest.fixture
def desk(client, northside):
    client.force_login(builders.user("Front desk", locations=[northside]))
    return client


def notices(client, address="/"):
    return [
        f"{notice['heading']} {notice['text']}".strip()
        for notice in client.get(address).context["site"].notices
    ]


@pytest.mark.parametrize(
    "address", ["/", "/locations/northside/", "/appointments/", "/appointments/request/"]
)
def test_a_notice_stands_on_the_pages_where_patients_decide(client, northside, address):
    Notice.objects.create(text="Parking is closed today.", shown_until=timezone.now() + timedelta(hours=1))
    facts.publish()

    assert notices(client, address) == ["Parking is closed today."]


def test_a_notice_of_one_place_names_it(client, northside):
    Notice.objects.create(
        location=northside, text="The lift is out of order.", shown_until=timezone.now() + timedelta(hours=1)
    )
    facts.publish()

    assert notices(client) == ["Northside: The lift is out of order."]


@pytest.mark.parametrize(("hours", "shown"), [(-1, []), (1, ["Closed early."]), (4, [])])
def test_a_notice_comes_and_goes_by_itself(client, northside, hours, shown):
    with time_machine.travel(NOW, tick=False):
        Notice.objects.create(text="Closed early.", shown_from=NOW, shown_until=NOW + timedelta(hours=3))
        facts.publish()

    with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
        assert notices(client) == shown


@pytest.mark.parametrize(
    ("times", "shown"),
    [
        ({}, ["Northside is closed today: Storm"]),
        ({"from_time": time(15)}, ["Northside closes at 3 pm today: Storm"]),
        ({"until_time": time(12)}, ["Northside opens at 12 noon today: Storm"]),
        ({"until_time": time(10)}, []),
        ({"from_time": time(9), "until_time": time(11)}, []),
    ],
)
def test_a_closure_is_announced_until_it_is_over(client, northside, times, shown):
    with time_machine.travel(NOW, tick=False):
        day = timezone.localdate()
        Closure.objects.create(location=northside, reason="Storm", first_day=day, last_day=day, **times)
        facts.publish()

        assert notices(client) == shown


def test_the_front_desk_writes_notices_of_its_own_places_only(desk, northside):
    other = builders.location("Mill Road")
    until = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    since = timezone.localtime().strftime("%Y-%m-%dT%H:%M")

    for place in (northside, other):
        desk.post(
            "/admin/clinic/notice/add/",
            {"location": place.pk, "text": "Back at noon.", "shown_from": since, "shown_until": until},
        )

    assert [notice.location for notice in Notice.objects.all()] == [northside]
    assert notices(desk) == ["Northside: Back at noon."]


def test_a_paused_place_takes_no_requests_and_says_why(client, northside):
    with time_machine.travel(NOW, tick=False):
        pauses.pause(
            northside,
            until=NOW + timedelta(hours=3),
            reason="Our phones are down.",
            by=builders.user("Front desk"),
        )

        assert notices(client) == [
            "Northside takes no requests online until today, 2 pm: Our phones are down."
        ]
        assert '<a href="tel:+17735550110">Call 773 555 0110</a>' in client.get("/").content.decode()


def test_a_paused_place_is_left_out_of_the_form(client, northside):
    for name in ("Mill Road", "Harbor Point"):
        builders.location(name)
    before = client.get("/appointments/request/").context["form"].fields["location"].queryset.count()

    pauses.pause(northside, until=timezone.now() + timedelta(hours=3), reason="Moving.", by=None)

    left = client.get("/appointments/request/").context["form"].fields["location"].queryset
    assert (before, [place.name for place in left]) == (3, ["Harbor Point", "Mill Road"])


def test_the_one_place_that_a_pause_leaves_is_asked_for_by_name(client, northside):
    builders.location("Mill Road")

    pauses.pause(northside, until=timezone.now() + timedelta(hours=3), reason="Moving.", by=None)

    left = client.get("/appointments/request/").context["form"].fields["location"].queryset
    assert [place.name for place in left] == ["Mill Road"]


def test_with_every_place_paused_the_form_leads_to_the_phone(client, northside):
    pauses.pause(northside, until=timezone.now() + timedelta(hours=3), reason="Moving.", by=None)

    response = client.get("/appointments/request/", follow=True)

    assert response.redirect_chain == [("/appointments/", 302)]
    assert "We take no requests online at the moment. Call us instead." in response.content.decode()


def test_a_pause_ends_by_itself(client, northside):
    pauses.pause(northside, until=timezone.now() + timedelta(seconds=1), reason="Moving.", by=None)
    Location.objects.update(paused_until=timezone.now() - timedelta(seconds=1))

    assert client.get("/appointments/request/").status_code == 200


def test_the_front_desk_pauses_its_own_place_and_opens_it_again(desk, northside):
    until = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")

    desk.post(PAUSE, {"location": northside.pk, "until": until, "reason": "No heating."})
    paused = list(Location.objects.taking_requests())
    desk.post(PAUSE, {"reopen": northside.pk})

    assert (paused, list(Location.objects.taking_requests())) == ([], [northside])
    actions = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert [action for action in actions if action.startswith("location")] == [
        "location.paused",
        "location.reopened",
    ]


def test_nobody_pauses_a_place_of_others(desk, northside):
    other = builders.location("Mill Road")
    until = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")

    response = desk.post(PAUSE, {"location": other.pk, "until": until, "reason": "No heating."})

    assert list(response.context["form"].errors) == ["location"]
    assert set(Location.objects.taking_requests()) == {northside, other}


@pytest.mark.parametrize(
    ("until", "error"),
    [("", "Choose day and time."), ("2020-01-01T10:00", "Choose a time that is still to come.")],
)
def test_a_pause_needs_an_end_that_is_still_to_come(desk, northside, until, error):
    response = desk.post(PAUSE, {"location": northside.pk, "until": until, "reason": "No heating."})

    assert response.context["form"].errors == {"until": [error]}

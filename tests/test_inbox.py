"""The front desk's list: who sees what in it, in which order, and at what cost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments import inbox
from appointments.models.choices import Status
from clinic import facts
from clinic.models import AuditEvent, Closure
from tests import builders

INBOX = reverse("admin:appointments_appointmentrequest_changelist")
SEARCH = reverse("admin:appointments_appointmentrequest_search")

pytestmark = pytest.mark.django_db


@pytest.fixture
def northside():
    return builders.location("Northside")


@pytest.fixture
def receptionist(northside):
    return builders.user("Front desk", locations=[northside], name="Dana Whitlock")


@pytest.fixture
def desk(client, receptionist):
    client.force_login(receptionist)
    return client


def references(response):
    return [request.reference for request in response.context["requests"]]


def counts(response):
    return {name: count for name, _label, count in response.context["tabs"]}


def test_urgent_requests_come_first_and_then_whoever_was_told_the_earliest_time(desk, northside):
    now = timezone.now()
    later = builders.appointment_request(location=northside, due_at=now + timedelta(hours=3))
    sooner = builders.appointment_request(location=northside, due_at=now + timedelta(hours=1))
    urgent = builders.appointment_request(location=northside, due_at=now + timedelta(hours=5), is_urgent=True)

    response = desk.get(INBOX)

    assert references(response) == [urgent.reference, sooner.reference, later.reference]


@pytest.mark.parametrize("place", ["9" * 30, "-1", "\x00", "north"])
def test_u7_a_place_that_no_link_of_ours_names_is_no_error(desk, place):
    assert desk.get(INBOX, {"location": place}).status_code == 200


def test_each_tab_holds_its_own_requests_and_counts_them(desk, northside, receptionist):
    now = timezone.now()
    colleague = builders.user("Front desk", locations=[northside])
    new = builders.appointment_request(location=northside)
    mine = builders.appointment_request(location=northside, status=Status.CLAIMED, owner=receptionist)
    waiting = builders.appointment_request(location=northside, status=Status.WAITING, owner=colleague)
    closed = builders.appointment_request(location=northside, status=Status.CLOSED)
    suspect = builders.appointment_request(location=northside, quarantined_at=now)

    tabs = {name: desk.get(INBOX, {"tab": name}) for name in inbox.TABS}

    assert {name: set(references(response)) for name, response in tabs.items()} == {
        "to_do": {new.reference, mine.reference},
        "waiting": {waiting.reference},
        "mine": {mine.reference},
        "closed": {closed.reference},
        "maybe_spam": {suspect.reference},
    }
    assert counts(tabs["to_do"]) == {"to_do": 2, "waiting": 1, "mine": 1, "closed": None, "maybe_spam": 1}


def test_a_suspect_request_joins_the_list_at_half_of_its_promised_time(desk, northside):
    suspect = builders.appointment_request(
        location=northside, quarantined_at=timezone.now(), surfaces_at=timezone.now() - timedelta(minutes=1)
    )

    response = desk.get(INBOX)

    assert references(response) == [suspect.reference]
    assert "Maybe spam" in response.text


def test_the_front_desk_sees_no_request_of_another_place(desk, northside):
    own = builders.appointment_request(location=northside, full_name="Alma Reyes")
    foreign = builders.appointment_request(full_name="Zelda Quill")
    manager = builders.user("Manager")

    listed = desk.get(INBOX)
    found = desk.post(SEARCH, {"query": "Zelda"})
    forced = desk.get(INBOX, {"location": foreign.location.pk})
    desk.force_login(manager)
    everything = desk.get(INBOX)

    assert references(listed) == [own.reference]
    assert references(found) == references(forced) == []
    assert set(references(everything)) == {own.reference, foreign.reference}


def test_someone_of_two_places_can_look_at_one(desk, northside, receptionist):
    mill_road = builders.location("Mill Road")
    receptionist.locations.add(mill_road)
    here = builders.appointment_request(location=northside)
    builders.appointment_request(location=mill_road)

    response = desk.get(INBOX, {"location": northside.pk})

    assert references(response) == [here.reference]
    assert counts(response)["to_do"] == 1
    assert [place["location__name"] for place in response.context["places"]] == ["Mill Road", "Northside"]


def test_the_list_shows_no_notes_and_no_last_name(desk, northside):
    request = builders.appointment_request(
        location=northside, full_name="Alma Reyes-Whitfield", notes="canary-note", needs="canary-need"
    )

    listed = desk.get(INBOX).text
    opened = desk.get(request.get_absolute_url()).text

    assert "Alma R.-W." in listed
    assert [word in listed for word in ("canary-note", "canary-need", "Whitfield")] == [False] * 3
    assert [word in opened for word in ("canary-note", "canary-need", "Whitfield")] == [True] * 3


@pytest.mark.parametrize("number", [3, 50])
def test_the_list_costs_eight_queries_however_long_it_is(
    desk, northside, receptionist, django_assert_max_num_queries, number
):
    for position in range(number):
        builders.appointment_request(
            location=northside,
            status=Status.CLAIMED if position % 2 else Status.NEW,
            owner=receptionist if position % 2 else None,
        )
    facts.publish()

    with django_assert_max_num_queries(8):
        response = desk.get(INBOX)

    assert len(references(response)) == number


@pytest.mark.parametrize("tab", ["to_do", "closed"])
def test_the_next_page_goes_on_where_this_one_ends(desk, northside, monkeypatch, tab):
    monkeypatch.setattr(inbox, "PAGE_SIZE", 3)
    now = timezone.now()
    for number in range(7):
        fields = {"status": Status.CLOSED, "closed_at": now - timedelta(minutes=number // 2)}
        builders.appointment_request(
            location=northside,
            is_urgent=number == 4,
            due_at=now + timedelta(hours=number // 2),
            **(fields if tab == "closed" else {}),
        )
    whole = references(desk.get(INBOX, {"tab": tab}))

    seen, after = [], None
    while after or not seen:
        response = desk.get(INBOX, {"tab": tab, **({"after": after} if after else {})})
        seen += references(response)
        after = response.context["requests"][-1].pk if response.context["has_more"] else None

    assert whole == seen[:3]
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize(
    "query",
    [
        {"tab": "x' OR 1=1--"},
        {"after": "-1"},
        {"after": "99999999999999999999999"},
        {"location": "a"},
        {"after": "\x00"},
        {"_connector": "OR"},
        {"owner__password__startswith": "a"},
    ],
)
def test_t26_odd_addresses_show_the_plain_list(desk, northside, query):
    request = builders.appointment_request(location=northside)

    response = desk.get(INBOX, query)

    assert (response.status_code, references(response)) == (200, [request.reference])


@pytest.mark.parametrize(
    "typed",
    ["R-7K4M-2QX", "r7k4m2qx", "alma", "REYES", "773 555-0140", "+1 (773) 555 0140", "0140", "a.reyes@"],
)
def test_a_search_finds_a_patient_however_it_is_typed(desk, northside, typed):
    request = builders.appointment_request(
        location=northside, reference="R-7K4M-2QX", email="a.reyes@example.com"
    )
    builders.appointment_request(location=northside, full_name="Bo Lind", phone_e164="+17735550199")

    response = desk.post(SEARCH, {"query": typed})

    assert references(response) == [request.reference]


def test_a_search_finds_closed_requests_too_and_names_nobody_in_an_address(desk, northside):
    request = builders.appointment_request(location=northside, status=Status.CLOSED)

    response = desk.post(SEARCH, {"query": "Alma"})

    assert references(response) == [request.reference]
    assert desk.get(SEARCH, {"query": "Alma"}).url == INBOX


def test_lists_and_searches_leave_counts_and_no_words_in_the_audit_trail(desk, northside, receptionist):
    builders.appointment_request(location=northside)

    desk.get(INBOX, {"tab": "mine"})
    desk.post(SEARCH, {"query": "Alma"})

    events = AuditEvent.objects.filter(action__startswith="request.").order_by("pk")
    assert list(events.values_list("action", "subject", "count", "actor", "reason")) == [
        ("request.listed", "mine", 0, receptionist.pk, ""),
        ("request.searched", "", 1, receptionist.pk, ""),
    ]


def test_an_editor_is_refused_and_the_refusal_is_noted(client):
    editor = builders.user("Editor")
    client.force_login(editor)

    statuses = [client.get(INBOX).status_code, client.post(SEARCH, {"query": "Alma"}).status_code]

    assert statuses == [403, 403]
    assert list(AuditEvent.objects.filter(action="request.denied").values_list("actor", flat=True)) == [
        editor.pk,
        editor.pk,
    ]


def test_no_staff_page_is_stored_by_the_browser(desk):
    pages = [INBOX, reverse("admin:index"), reverse("admin:password_change"), reverse("admin:jsi18n")]

    headers = {path: desk.get(path).headers["Cache-Control"] for path in pages}

    assert ["no-store" in value for value in headers.values()] == [True] * len(pages)


def test_the_front_desk_closes_its_own_place_only(desk, northside):
    elsewhere = builders.location("Mill Road")
    form = {"reason": "Snow", "first_day": "2026-12-01", "last_day": "2026-12-01"}
    add = reverse("admin:clinic_closure_add")

    refused = [desk.post(add, {**form, "location": place}).status_code for place in ("", elsewhere.pk)]
    accepted = desk.post(add, {**form, "location": northside.pk}).status_code

    assert (refused, accepted) == ([200, 200], 302)
    assert [closure.location for closure in Closure.objects.all()] == [northside]

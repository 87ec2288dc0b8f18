"""The front desk's list: who sees what in it, in which order, and at what cost."""

from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.template import Context, Template
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.html import strip_tags

from appointments import inbox, searching
from appointments.models import AppointmentRequest
from appointments.models.choices import Outcome, Status
from clinic import facts
from clinic.models import AuditEvent, Closure, Location
from tests import benchmark, builders

INBOX = reverse("admin:appointments_appointmentrequest_changelist")
SEARCH = reverse("admin:appointments_appointmentrequest_search")
NEWS = reverse("admin:appointments_appointmentrequest_news")

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
    assert references(found) == []
    assert references(forced) == [own.reference]
    assert set(references(everything)) == {own.reference, foreign.reference}


def test_someone_of_two_places_can_look_at_one(desk, northside, receptionist):
    mill_road = builders.location("Mill Road")
    receptionist.locations.add(mill_road)
    here = builders.appointment_request(location=northside)
    builders.appointment_request(location=mill_road)

    response = desk.get(INBOX, {"location": northside.pk})

    assert references(response) == [here.reference]
    assert counts(response)["to_do"] == 1
    assert list(response.context["asked"].fields["location"].choices) == [
        ("", "All"), (mill_road.pk, "Mill Road"), (northside.pk, "Northside"),
    ]  # fmt: skip


def test_the_list_shows_no_notes_and_no_last_name(desk, northside):
    request = builders.appointment_request(
        location=northside, full_name="Alma Reyes-Whitfield", notes="canary-note", needs="canary-need"
    )

    listed = desk.get(INBOX).text
    opened = desk.get(request.get_absolute_url()).text

    assert "Alma R.-W." in listed
    assert [word in listed for word in ("canary-note", "canary-need", "Whitfield")] == [False] * 3
    assert [word in opened for word in ("canary-note", "canary-need", "Whitfield")] == [True] * 3


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_costs_eleven_queries_however_long_it_is(
    desk, northside, receptionist, django_assert_num_queries, number
):
    for position in range(number):
        builders.appointment_request(
            location=northside,
            status=Status.WAITING if position % 2 else Status.CLAIMED,
            owner=receptionist,
            next_try_at=timezone.now() - timedelta(hours=1),
        )
    facts.publish()

    with django_assert_num_queries(11):
        response = desk.get(INBOX)

    assert len(references(response)) == number


def test_filters_keep_each_other_and_the_tab(desk, northside, receptionist):
    mill_road = builders.location("Mill Road")
    receptionist.locations.add(mill_road)
    mara = builders.therapist("Mara Lindqvist")
    mine = {"status": Status.CLAIMED, "owner": receptionist}
    sought = builders.appointment_request(location=northside, therapist=mara, **mine)
    builders.appointment_request(location=mill_road, therapist=mara, **mine)
    builders.appointment_request(location=northside, **mine)
    builders.appointment_request(location=northside, therapist=mara)

    both = desk.get(INBOX, {"location": northside.pk, "therapist": mara.pk})
    all_three = desk.get(INBOX, {"location": northside.pk, "therapist": mara.pk, "state": "claimed"})

    assert counts(both) == {"to_do": 2, "waiting": 0, "mine": 1, "closed": None, "maybe_spam": 0}
    assert (len(references(both)), references(all_three)) == (2, [sought.reference])
    assert f'href="?location={northside.pk}&amp;therapist={mara.pk}&amp;tab=closed"' in all_three.text


def test_closed_requests_are_filtered_by_their_outcome(desk, northside):
    spam = builders.appointment_request(location=northside, status=Status.CLOSED, outcome=Outcome.SPAM)
    builders.appointment_request(location=northside, status=Status.CLOSED)

    response = desk.get(INBOX, {"tab": "closed", "state": "spam"})

    assert references(response) == [spam.reference]


@pytest.mark.parametrize("tab", inbox.TABS)
def test_an_empty_tab_says_what_would_be_in_it(desk, tab):
    plain, filtered = desk.get(INBOX, {"tab": tab}), desk.get(INBOX, {"tab": tab, "state": "claimed"})

    assert str(inbox.TABS[tab].when_empty) in plain.text
    assert ("No request here fits these filters." in filtered.text) is (tab != "closed")


def test_a_row_says_when_to_try_again_and_that_the_promise_is_kept(desk, northside, receptionist):
    now = timezone.now()
    builders.appointment_request(
        location=northside,
        status=Status.CLAIMED,
        owner=receptionist,
        attempts=1,
        called_at=now,
        next_try_at=now + timedelta(days=40),
        due_at=now - timedelta(hours=1),
    )

    waiting = desk.get(INBOX, {"tab": "waiting"}).text

    assert "Called" in waiting
    assert "Try again " in waiting
    assert "Late" not in waiting


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (timedelta(days=-1), "Late: 22 November"),
        (timedelta(minutes=-95), "1 h 35 late by 10:25 am"),
        (timedelta(seconds=-59), "0 min late by 11:59 am"),
        (timedelta(minutes=12, seconds=59), "12 min left by 12:12 pm"),
        (timedelta(hours=2, minutes=5), "2 h 05 left by 2:05 pm"),
        (timedelta(days=1), "tomorrow, 12 noon"),
    ],
)
def test_a_row_says_how_long_there_is_to_call(due, said):
    now = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("America/Chicago"))
    request = AppointmentRequest(location=Location(time_zone="America/Chicago"), status=Status.NEW)
    request.due_at = request.alarm_at = now + due
    site = SimpleNamespace(place=lambda slug: None)

    badge = Template("{% load desk %}{% due_badge request now %}").render(
        Context({"request": request, "now": now, "site": site})
    )

    assert strip_tags(badge).split() == said.split()


@pytest.mark.parametrize(
    ("closure", "said"),
    [
        (None, False),
        ({"from_time": time(15)}, True),
        # Until the moment it closes a promise can be kept.
        ({"from_time": time(16)}, False),
        ({}, True),
    ],
)
def test_a_closure_entered_later_moves_no_promise_and_the_row_says_so(desk, northside, closure, said):
    day = timezone.localdate() + timedelta(days=7 - timezone.localdate().weekday())
    due_at = datetime.combine(day, time(16), tzinfo=timezone.get_current_timezone())
    request = builders.appointment_request(location=northside, due_at=due_at)
    if closure is not None:
        Closure.objects.create(location=northside, first_day=day, last_day=day, reason="Snow", **closure)
    facts.publish()

    listed = desk.get(INBOX).text

    request.refresh_from_db()
    assert ("Closed then, still promised" in listed) is said
    assert request.due_at == due_at.astimezone(UTC)


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


ODD_QUERIES = [
    *(
        {name: value}
        for name in ("location", "therapist", "after", "since")
        for value in ("9" * 30, "-1", "\x00", "a'")
    ),
    {"tab": "x' OR 1=1--"},
    {"state": "claimed' OR 1=1--"},
    {"state": "closed"},
    {"_connector": "OR"},
    {"owner__password__startswith": "a"},
]


@pytest.mark.parametrize("query", ODD_QUERIES)
def test_t26_u7_odd_addresses_show_the_plain_list_and_no_news(desk, northside, query):
    request = builders.appointment_request(location=northside)

    listed, news = desk.get(INBOX, query), desk.get(NEWS, query)

    assert (listed.status_code, references(listed)) == (200, [request.reference])
    assert (news.status_code, news.json()["new"], news.json()["counts"]["to_do"]) == (200, 0, 1)


NAMES = {
    "Agnes O’Leary": ["o'leary", "OLeary", "o leary", "leary agnes"],
    "Mary McDonald": ["mc donald", "mcdon"],
    "Alma Reyes-Whitfield": [
        "reyes whitfield",
        "Reyes-Whitfield",
        "reyeswhitfield",
        "Whitfield, Alma",
        "whitf",
    ],
    "Juan de la Cruz": ["cruz", "delacruz", "de la cruz", "juan d cruz"],
    "Thanh Nguyễn": ["nguyen", "Nguyễn", "NGUYEN"],
    "Jürgen Müller": ["Müller", "Muller", "Mueller", "mueller jurgen"],
    "Karl Mueller": ["Müller"],
    "Søren Łukaszewicz": ["soren", "Soeren", "lukasz"],
    "李明": ["李", "李明", "明"],
    "김민준": ["김", "민준"],
    "مُحَمَّد أحمد": ["محمد", "احمد"],
    "कीर्ति शर्मा": ["शर्मा"],
}


@pytest.mark.parametrize(("name", "typed"), [(name, typed) for name in NAMES for typed in NAMES[name]])
def test_a_search_finds_a_name_however_it_is_written(name, typed):
    sought = builders.appointment_request(full_name=name)
    builders.appointment_request(full_name="Zelda Quill")

    assert list(AppointmentRequest.objects.matching(typed)) == [sought]


@pytest.mark.parametrize(
    "typed",
    [
        "773 555-0140",
        "+1 (773) 555-0140 ext 4",
        "1.773.555.0140 x12",
        "5550140",
        "0140",
        "０１４０",
        "a.reyes@",
        "A.REYES@Example.com",
        "a.reyes",
    ],
)
def test_a_search_finds_a_number_and_an_address_in_any_spelling(typed):
    sought = builders.appointment_request(email="a.reyes@example.com")
    builders.appointment_request(full_name="Bo Lind", phone="773 555 0199", phone_e164="+17735550199")

    assert list(AppointmentRequest.objects.matching(typed)) == [sought]


def test_seven_digits_that_could_be_a_reference_find_the_number():
    called = builders.appointment_request(phone="773 555 2347", phone_e164="+17735552347")
    named = builders.appointment_request(reference="R-5552-348")

    assert list(AppointmentRequest.objects.matching("555-2347")) == [called]
    assert list(AppointmentRequest.objects.matching("555-2348")) == [named]


@pytest.mark.parametrize(
    "typed", ["...", "555", "%", "_", "\U0010ffff", "ﷺ" * 100, "李" * 100, "b " * 50, "@"]
)
def test_an_odd_search_finds_nobody_and_breaks_nothing(typed):
    builders.appointment_request(email="someone@example.com")

    assert list(AppointmentRequest.objects.matching(typed)) == []


def test_an_overlong_name_is_found_by_its_beginning():
    sought = builders.appointment_request(full_name="ﷺ" * 100, email="e" * 64 + "@" + "x" * 180 + ".example")

    assert list(AppointmentRequest.objects.matching("ﷺ" * 100)) == [sought]
    assert list(AppointmentRequest.objects.matching("e" * 64 + "@" + "x" * 180)) == [sought]


@pytest.mark.parametrize("typed", ["R-7K4M-2QX", "r7k4m2qx"])
def test_a_reference_leads_straight_to_its_request(desk, northside, typed):
    request = builders.appointment_request(location=northside, reference="R-7K4M-2QX")
    foreign = builders.appointment_request(reference="R-8K4M-2QX")

    own, others = (desk.post(SEARCH, {"query": found}) for found in (typed, foreign.reference))

    assert (own.status_code, own.url) == (303, request.get_absolute_url())
    assert (others.status_code, references(others)) == (200, [])


@pytest.mark.parametrize("typed", ["R-5MYT", "r 5myt h", "smyt"])
def test_the_beginning_of_a_reference_finds_it_beside_those_of_that_name(desk, northside, typed):
    referred = builders.appointment_request(location=northside, reference="R-5MYT-H2X")
    named = builders.appointment_request(location=northside, full_name="Bo Smyth")
    builders.appointment_request(location=northside, reference="R-5MY4-H2X")
    builders.appointment_request(reference="R-5MYT-H3X")

    response = desk.post(SEARCH, {"query": typed})

    found = {referred, named} if typed == "smyt" else {referred}
    assert sorted(references(response)) == sorted(request.reference for request in found)


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("Front desk", "Nobody found at your locations. Another location may have it."),
        ("Manager", "Nobody found."),
    ],
)
def test_whoever_sees_some_locations_only_is_told_so_where_nobody_is_found(client, northside, role, said):
    client.force_login(builders.user(role, locations=[northside]))

    page = client.post(SEARCH, {"query": "Zelda"})

    words = page.text.partition('id="requests">')[2].partition("</p>")[0]
    assert " ".join(words.split()) == f"{said} Try fewer letters, or the last digits of the phone number."


def test_a_search_shows_open_requests_first_and_asks_for_more_letters(desk, northside, monkeypatch):
    monkeypatch.setattr(searching, "AT_MOST", 2)
    now = timezone.now()
    older, newer = (
        builders.appointment_request(
            location=northside, status=Status.CLOSED, closed_at=now - timedelta(days=age)
        )
        for age in (9, 1)
    )
    still_open = builders.appointment_request(location=northside)

    response = desk.post(SEARCH, {"query": "alma"})

    assert references(response) == [still_open.reference, newer.reference]
    assert "Type more of the name or number." in response.text
    assert 'value="alma"' in response.text
    assert older.reference not in response.text


def test_a_search_goes_by_the_index(desk, receptionist):
    # Where rows are few, or as far as PostgreSQL knows, another way is as good.
    places = [builders.location(), builders.location()]
    benchmark.write_requests(0, benchmark.FEW, places, benchmark.people(), receptionist)
    with connection.cursor() as cursor:
        for table in ("appointments_appointmentrequest", "appointments_searchkey"):
            cursor.execute(f"ANALYZE {table}")
    typed = ("alma reyes", "0140", "a.reyes@example.com", "555-2347", "5554")

    plans = {query: AppointmentRequest.objects.matching(query).explain() for query in typed}

    whole = "Seq Scan on appointments_searchkey" if connection.vendor == "postgresql" else "SCAN U1"
    assert {query for query in typed if "search_keys_by_beginning" in plans[query]} == set(typed)
    assert {query for query in typed if whole in plans[query]} == set()


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


def news(desk, since, **query):
    return desk.get(NEWS, {"since": since.pk, **query}).json()


def test_news_tell_once_of_each_new_request_that_is_nobodys_yet(desk, northside, receptionist):
    seen = builders.appointment_request(location=northside)
    before = news(desk, seen)
    taken = builders.appointment_request(location=northside, status=Status.CLAIMED, owner=receptionist)
    suspect = builders.appointment_request(location=northside, quarantined_at=timezone.now())
    new = builders.appointment_request(location=northside, full_name="Bo Lind-Hansen", is_urgent=True)

    first = news(desk, seen)
    again = news(desk, new)

    assert (before["new"], before["since"], before["rows"], before["counts"]["to_do"]) == (0, None, "", 1)
    assert (first["new"], first["urgent"], first["since"]) == (1, 1, new.pk)
    assert first["counts"] == {
        "to_do": 3,
        "urgent": 1,
        "waiting": 0,
        "mine": 1,
        "maybe_spam": 1,
        "overdue": 0,
    }
    assert [part in first["rows"] for part in (new.get_absolute_url(), "Bo L.-H.", "Northside")] == [True] * 3
    assert [part in first["rows"] for part in (taken.reference, suspect.reference, "Lind")] == [False] * 3
    assert again["new"] == 0


def test_news_come_in_the_order_they_came_and_the_next_answer_tells_of_the_rest(desk, northside):
    seen = builders.appointment_request(location=northside)
    later = [builders.appointment_request(location=northside) for _number in range(25)]

    first = news(desk, seen)
    second = desk.get(NEWS, {"since": first["since"]}).json()

    assert (first["new"], first["since"]) == (20, later[19].pk)
    assert (second["new"], second["since"]) == (5, later[24].pk)


def test_t2_news_tell_of_own_places_and_of_the_chosen_one_alone(desk, northside, receptionist):
    mill_road, elsewhere = builders.location("Mill Road"), builders.location("Far Pier")
    receptionist.locations.add(mill_road)
    seen = builders.appointment_request(location=northside)
    here = builders.appointment_request(location=northside)
    there = builders.appointment_request(location=mill_road)
    foreign = builders.appointment_request(location=elsewhere)

    everything, one_place = news(desk, seen), news(desk, seen, location=northside.pk)
    forced = news(desk, seen, location=elsewhere.pk)
    desk.force_login(builders.user("Manager"))
    managers = news(desk, seen)

    told = {
        name: [one.reference in answer["rows"] for one in (here, there, foreign)]
        for name, answer in {
            "all": everything,
            "one": one_place,
            "forced": forced,
            "manager": managers,
        }.items()
    }
    assert told == {
        "all": [True, True, False],
        "one": [True, False, False],
        "forced": [True, True, False],
        "manager": [True, True, True],
    }
    assert (everything["counts"]["to_do"], one_place["counts"]["to_do"]) == (3, 2)


def test_asking_for_news_is_no_activity_and_noted_only_when_rows_are_shown(desk, northside):
    seen = builders.appointment_request(location=northside)
    session = list(Session.objects.values_list())

    news(desk, seen)
    noted_at_first = AuditEvent.objects.filter(subject="news").count()
    builders.appointment_request(location=northside)
    response = desk.get(NEWS, {"since": seen.pk})

    assert (noted_at_first, AuditEvent.objects.filter(subject="news").values_list("count", flat=True)[0]) == (
        0,
        1,
    )
    assert list(Session.objects.values_list()) == session
    assert dict(response.cookies) == {}
    assert resolve(NEWS).func.is_activity is False


def test_whoever_is_signed_out_gets_no_news(client, desk, northside):
    desk.logout()

    response = desk.get(NEWS)

    assert (response.status_code, response.url.split("?")[0]) == (302, reverse("admin:login"))


def test_claiming_in_the_list_opens_the_request(desk, northside, receptionist):
    request = builders.appointment_request(location=northside)
    listed = desk.get(INBOX)
    claim = reverse("admin:appointments_appointmentrequest_step", args=[request.pk, "claim"])

    claimed = desk.post(claim, {"seen": request.version})

    request.refresh_from_db()
    assert f'action="{claim}"' in listed.text
    assert f'name="seen" value="{0}"' in listed.text
    assert (claimed.status_code, claimed.url, request.owner) == (
        303,
        f"{request.get_absolute_url()}#next",
        receptionist,
    )


def test_s2_a_foreign_request_is_not_claimed_from_the_list(desk):
    foreign = builders.appointment_request()

    refused = desk.post(
        reverse("admin:appointments_appointmentrequest_step", args=[foreign.pk, "claim"]), {"seen": 0}
    )

    foreign.refresh_from_db()
    assert (refused.status_code, foreign.status, foreign.owner) == (404, Status.NEW, None)


def test_an_editor_is_refused_and_the_refusal_is_noted(client):
    editor = builders.user("Editor")
    client.force_login(editor)

    statuses = [
        client.get(INBOX).status_code,
        client.post(SEARCH, {"query": "Alma"}).status_code,
        client.get(NEWS, {"since": 0}).status_code,
    ]

    assert statuses == [403] * 3
    assert (
        list(AuditEvent.objects.filter(action="request.denied").values_list("actor", flat=True))
        == [editor.pk] * 3
    )


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

"""What managers read about requests: hand-counted small worlds, the charts, and what may leave as a file."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from appointments.models import AppointmentRequest, ScreeningCount
from appointments.models.choices import Outcome, Source, Status
from appointments.reports import charts, figures, small_cells
from appointments.reports.figures import Numbers
from appointments.reports.report import EXPORTS
from appointments.reports.tables import Row, Table
from appointments.reports.weeks import Period
from articles.models import CareCard, VisitCount
from clinic.models import AuditEvent
from tests import builders

REPORTS = reverse("admin:appointments_appointmentrequest_reports")
REQUESTS = reverse("admin:appointments_appointmentrequest_export")
CHICAGO = ZoneInfo("America/Chicago")
# A Wednesday, 10 am in Chicago.
NOW = datetime(2026, 11, 18, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)
TYPED = {
    "full_name": "Quokkaname Valdez",
    "patient_name": "Wombatchild",
    "email": "numbatmail@example.org",
    "needs": "bilbyneed",
    "notes": "potoroonote",
}
CANARIES = ("Quokkaname", "Wombatchild", "numbatmail", "bilbyneed", "potoroonote", "555 0140", "5550140")


@pytest.fixture(autouse=True)
def _on_a_wednesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def northside(db):
    return builders.location("Northside")


@pytest.fixture
def manager(client, db):
    person = builders.user("Manager")
    client.force_login(person)
    return client


def request(days_ago=0, *, called=None, reached=None, closed=None, **fields):
    """A request of some days ago, due after four hours; moments are hours after it came."""
    received_at = NOW - timedelta(days=days_ago) - HOUR
    moments = {"called_at": called, "answered_at": reached, "closed_at": closed}
    fields |= {name: received_at + HOUR * hours for name, hours in moments.items() if hours is not None}
    if closed is not None:
        fields = {"status": Status.CLOSED, "outcome": Outcome.DECLINED, **fields}
    return builders.appointment_request(received_at=received_at, **fields)


def counted(now=NOW, weeks=12):
    return figures.by_week(AppointmentRequest.objects.all(), Period.until(now, weeks, CHICAGO), now)


def rows_of(table):
    return [[*row.about, *row.counts, *([row.share] if table.share_head else [])] for row in table.rows]


def report(client, **query):
    return client.get(REPORTS, query).context["report"]


def download(client, table, **query):
    response = client.post(
        f"{REPORTS}?{'&'.join(f'{k}={v}' for k, v in query.items())}", {"table": table, "reason": "Board"}
    )
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content, newline="")))


@pytest.mark.parametrize(
    ("monday", "starts_at", "hours"),
    [
        (date(2026, 11, 16), datetime(2026, 11, 16, 6, tzinfo=UTC), 168),
        (date(2026, 10, 26), datetime(2026, 10, 26, 5, tzinfo=UTC), 169),
        (date(2026, 3, 2), datetime(2026, 3, 2, 6, tzinfo=UTC), 167),
    ],
)
def test_a_week_begins_at_the_clinics_midnight_also_when_clocks_change(monday, starts_at, hours):
    start, end = Period([monday], CHICAGO).starts

    assert (start, (end - start) / HOUR) == (starts_at, hours)


def test_the_last_weeks_end_with_the_one_that_runs():
    period = Period.until(NOW, 3, CHICAGO)

    assert (period.mondays, period.last_day) == (
        [date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)],
        date(2026, 11, 22),
    )


@pytest.mark.django_db
def test_requests_around_the_change_of_clocks_fall_into_the_clinics_own_weeks(northside):
    instants = [
        datetime(2026, 10, 26, 4, 59, tzinfo=UTC),
        datetime(2026, 10, 26, 5, 0, tzinfo=UTC),
        datetime(2026, 11, 2, 5, 59, tzinfo=UTC),
        datetime(2026, 11, 2, 6, 0, tzinfo=UTC),
    ]
    for instant in instants:
        builders.appointment_request(location=northside, received_at=instant)

    weeks = {monday: numbers.requests for (monday, _place), numbers in counted().items()}

    assert weeks == {date(2026, 10, 19): 1, date(2026, 10, 26): 2, date(2026, 11, 2): 1}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moments", "numbers"),
    [
        # Came an hour ago, so the promise still runs.
        ({}, Numbers(requests=1)),
        ({"called": 0.5}, Numbers(requests=1, called=1)),
        ({"days_ago": 1}, Numbers(requests=1, overdue=1)),
        ({"days_ago": 1, "called": 4}, Numbers(requests=1, called=1)),
        ({"days_ago": 1, "called": 4.1}, Numbers(requests=1, overdue=1)),
        ({"days_ago": 1, "called": 3, "reached": 5}, Numbers(requests=1, called=1)),
        ({"days_ago": 1, "called": 3, "reached": 4}, Numbers(requests=1, called=1, reached=1)),
        # Booked at the counter, without a call before.
        (
            {"days_ago": 1, "reached": 2, "closed": 2, "outcome": Outcome.BOOKED},
            Numbers(requests=1, called=1, reached=1, booked=1),
        ),
        # The patient withdrew, before the time and after it.
        ({"days_ago": 1, "closed": 2}, Numbers(requests=1)),
        ({"days_ago": 1, "closed": 5}, Numbers(requests=1, overdue=1)),
        (
            {"days_ago": 1, "called": 1, "closed": 2, "outcome": Outcome.CANCELLED},
            Numbers(requests=1, called=1),
        ),
        ({"days_ago": 1, "source": Source.DEMO}, Numbers(requests=1, overdue=1)),
        ({"days_ago": 1, "called": 1, "closed": 2, "outcome": Outcome.SPAM}, Numbers()),
        ({"days_ago": 1, "closed": 2, "outcome": Outcome.REPLACED}, Numbers()),
    ],
)
def test_each_request_counts_as_what_became_of_it(moments, numbers):
    request(**moments)

    assert figures.total(counted().values()) == numbers


@pytest.mark.parametrize(
    ("called", "overdue", "percent"), [(0, 0, None), (3, 0, 100), (2, 1, 67), (1, 18, 5.3), (0, 4, 0)]
)
def test_the_share_of_kept_promises_is_of_those_that_were_due(called, overdue, percent):
    assert Numbers(requests=99, called=called, overdue=overdue).kept == percent


def test_locations_stand_side_by_side_and_in_weeks(manager, northside):
    mill_road = builders.location("Mill Road")
    request(1, location=northside, called=1, reached=2, closed=3, outcome=Outcome.BOOKED)
    request(7, location=northside)
    request(1, location=mill_road, called=2)

    found = report(manager, weeks=4)

    assert rows_of(found.locations) == [["Mill Road", 1, 1, 0, 0, 0, 100], ["Northside", 2, 1, 1, 1, 1, 50]]
    assert [panel.table.title for panel in found.panels] == ["All locations", "Mill Road", "Northside"]
    assert rows_of(found.panels[0].table) == [
        ["16 November 2026", 2, 2, 1, 1, 0, 100],
        ["9 November 2026", 1, 0, 0, 0, 1, 0],
    ]
    assert rows_of(found.panels[2].table) == [
        ["16 November 2026", 1, 1, 1, 1, 0, 100],
        ["9 November 2026", 1, 0, 0, 0, 1, 0],
    ]


@pytest.mark.parametrize(("first", "shown"), [(0, 1), (8, 2), (22, 4), (365, 4)])
def test_weeks_before_the_very_first_request_are_left_out(manager, northside, first, shown):
    request(first, location=northside)

    [panel] = report(manager, weeks=4).panels

    assert {len(panel.table.rows), *(len(chart.bars) for chart in panel.charts)} == {shown}


def test_no_heading_skips_a_level(manager, northside):
    builders.location("Mill Road")

    levels = [int(level) for level in re.findall(r"<h([1-6])", manager.get(REPORTS).text)]

    main = levels[levels.index(1) :]
    assert [pair for pair in pairwise(main) if pair[1] > pair[0] + 1] == []


def test_articles_tell_how_many_views_lead_to_a_request(manager, northside):
    heel, knee, old = (
        builders.published_article(title=title) for title in ("Sore heel", "Bad knee", "Old back")
    )
    VisitCount.objects.create(article=heel, day=NOW.date(), visits=60)
    VisitCount.objects.create(article=heel, day=NOW.date() - timedelta(days=8), visits=20)
    VisitCount.objects.create(article=knee, day=NOW.date(), visits=5)
    VisitCount.objects.create(article=old, day=NOW.date() - timedelta(days=400), visits=7)
    request(1, article=heel, closed=2, outcome=Outcome.BOOKED, location=northside)
    request(2, article=heel, location=northside)
    request(2, article=heel, closed=1, outcome=Outcome.SPAM, location=northside)
    request(2, location=northside)

    all_places, one_place = report(manager), report(manager, location=northside.pk)

    assert rows_of(all_places.articles) == [
        ["Sore heel", 80, 2, 1, 2.5],
        ["No article", "", 1, 0, None],
        ["Bad knee", 5, 0, 0, 0],
    ]
    # Readers have no location, so there is nothing to compare with.
    assert rows_of(one_place.articles) == [["Sore heel", "", 2, 1, None], ["No article", "", 1, 0, None]]


def test_ways_in_and_outcomes_are_counted(manager, northside):
    booked = {"closed": 2, "outcome": Outcome.BOOKED}
    request(1, heard_from="friend", location=northside, **booked)
    request(1, heard_from="friend", location=northside, source=Source.DESK)
    request(1, location=northside, source=Source.DEMO)
    request(1, closed=1, outcome=Outcome.REPLACED, location=northside)
    request(1, closed=1, outcome=Outcome.SPAM, location=northside)

    found = report(manager)

    assert rows_of(found.heard) == [["Friend or family", 2, 1, 50], ["Not asked", 1, 0, 0]]
    assert rows_of(found.sources) == [
        ["Website", 1, 1, 100],
        ["Phone or counter", 1, 0, 0],
        ["Demo", 1, 0, 0],
    ]
    assert rows_of(found.outcomes) == [
        ["Appointment booked", 1],
        ["Replaced by a corrected request", 1],
        ["Spam", 1],
        ["Still open", 2],
    ]
    assert found.left_out == 2


def test_answers_to_each_wording_of_a_card_are_counted(manager):
    wording = CareCard.objects.get(slug="general-emergency").live
    steps = {"shown": 50, "none": 30, "yes": 4, "not_sure": 6, "came_back": 2}
    for step, count in steps.items():
        ScreeningCount.objects.create(wording=wording, day=NOW.date(), step=step, count=count)
    ScreeningCount.objects.create(wording=wording, day=NOW.date() - timedelta(days=100), step="yes", count=9)

    assert rows_of(report(manager).screenings) == [[wording.card.name, wording.number, 50, 30, 4, 6, 2, 10]]


def test_t9_only_requests_of_the_own_locations_are_counted(client, northside):
    foreign = builders.location("Mill Road")
    request(1, location=northside)
    request(1, location=foreign)
    person = builders.user("Front desk", locations=[northside])
    reading = Group.objects.create(name="Reading")
    reading.permissions.add(Permission.objects.get(codename="view_reports"))
    person.groups.add(reading)
    client.force_login(person)

    own, asked = report(client), report(client, location=foreign.pk)
    refused = client.post(REPORTS, {"table": "locations", "reason": "Curious"})

    assert rows_of(own.locations) == rows_of(asked.locations) == [["Northside", 1, 0, 0, 0, 1, 0]]
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("weeks", "location"),
    [
        ("", ""),
        ("0", "0"),
        ("13", "-1"),
        ("9" * 30, "9" * 30),
        ("\x00", "\x00"),
        ("12 OR 1=1", "' OR 1=1"),
        ("weeks__in", "location__in"),
    ],
)
def test_t26_whatever_else_an_address_asks_for_shows_the_last_twelve_weeks(manager, weeks, location):
    response = manager.get(REPORTS, {"weeks": weeks, "location": location, "_connector": "OR"})

    assert (response.status_code, len(response.context["report"].period.mondays)) == (200, 12)


def test_a_page_without_any_request_draws_empty_charts(manager, northside):
    response = manager.get(REPORTS)

    found = response.context["report"]
    assert [len(chart.bars) for panel in found.panels for chart in panel.charts] == [12, 12]
    assert {tuple(bar.parts) for chart in found.panels[0].charts for bar in chart.bars} == {()}


def test_the_page_asks_the_database_as_often_for_many_requests_as_for_one(
    manager, northside, django_assert_num_queries, django_assert_max_num_queries
):
    article = builders.published_article()
    request(1, location=northside, article=article)
    manager.get(REPORTS)
    with django_assert_max_num_queries(21) as captured:
        manager.get(REPORTS)
    for number in range(30):
        request(number, location=northside, article=article, heard_from="friend" if number % 2 else "")

    with django_assert_num_queries(len(captured)):
        manager.get(REPORTS)


@pytest.mark.parametrize(
    ("tallest", "highest", "lines"),
    [
        (0, 1, [0, 1]),
        (1, 1, [0, 1]),
        (4, 4, [0, 1, 2, 3, 4]),
        (5, 6, [0, 2, 4, 6]),
        (12, 15, [0, 5, 10, 15]),
        (730, 800, [0, 200, 400, 600, 800]),
    ],
)
def test_the_scale_ends_at_a_round_number_over_the_tallest_bar(tallest, highest, lines):
    assert [charts.scale(tallest)[0], list(charts.scale(tallest)[1])] == [highest, lines]


def test_a_bar_is_made_of_its_parts_from_the_floor_up():
    week = Numbers(requests=10, called=7, reached=4, booked=3, overdue=2)

    [bar] = charts.promises("Northside", [(date(2026, 11, 16), week)], 10).bars

    unit = (charts.FLOOR - charts.TOP) / 10
    assert [(part.look, round(part.height / unit)) for part in bar.parts] == [
        ("reached", 4),
        ("called", 3),
        ("overdue", 2),
        ("rest", 1),
    ]
    assert (bar.parts[-1].y, bar.total) == (charts.TOP, 10)
    assert bar.title == (
        "Week from 16 November 2026: 10 requests. Reached in time: 4. Called in time, not reached: 3. "
        "Called too late: 2. Not due yet, or closed before: 1."
    )


def test_charts_are_named_and_need_neither_styles_nor_scripts(manager, northside):
    request(1, location=northside)

    page = manager.get(REPORTS).content.decode()

    drawn = re.findall(r"<svg viewBox.*?</svg>", page, re.DOTALL)
    names = [re.search(r'role="img" aria-label="([^"]*)"', drawing)[1] for drawing in drawn]
    assert names == [
        "Requests and calls week by week, Northside. The table below says the same.",
        "Booked (filled) of all requests week by week, Northside. The table below says the same.",
    ]
    assert [word for word in ("style=", "<script", "onload", "xlink") if word in "".join(drawn)] == []
    # Stripes tell what is overdue where colours do not.
    assert drawn[0].count('fill="url(#stripes)"') == 1


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([(20, 10)], [[20, 10]]),
        ([(20, 0)], [[20, 0]]),
        ([(3, 0)], [["<5", "hidden"]]),
        ([(20, 3), (20, 10), (20, 0)], [[20, "<5"], [20, "hidden"], [20, 0]]),
        # Seventeen of twenty tell of the other three.
        ([(20, 17), (30, 10)], [[20, "hidden"], [30, "hidden"]]),
        # Two that add up to four could be told from the sum, so a third goes with them.
        ([(20, 2), (20, 2), (20, 9), (20, 10)], [[20, "<5"], [20, "<5"], [20, "hidden"], [20, 10]]),
        ([(20, 3), (20, 4), (20, 9)], [[20, "<5"], [20, "<5"], [20, 9]]),
        ([(4, 4), (50, 20), (40, 20)], [["<5", "<5"], [50, "hidden"], ["hidden", 20]]),
    ],
)
def test_what_is_small_is_hidden_with_what_gives_it_away(counts, hidden):
    rows = [Row(("Week",), pair, 50) for pair in counts]
    table = Table("Weeks", ("Week",), ("Requests", "Booked"), "Share", rows=rows)

    written = small_cells.rows(table)

    assert [row[1:3] for row in written] == hidden
    assert [row[3] for row in written] == [
        50 if all(isinstance(n, int) for n in row[1:3]) else "" for row in written
    ]


def test_a_table_of_nothing_is_a_file_with_heads(manager, northside):
    assert download(manager, "outcomes") == [["Outcome", "Requests"]]


def test_a_download_holds_each_location_no_sum_and_nothing_small(manager, northside):
    mill_road = builders.location("Mill Road")
    for _number in range(6):
        request(1, location=northside, called=1)
        request(7, location=northside)
    for _number in range(2):
        request(1, location=mill_road)

    assert download(manager, "weeks", weeks=4)[1:] == [
        ["Mill Road", "16 November 2026", "<5", "hidden", "hidden", "hidden", "<5", ""],
        ["Mill Road", "9 November 2026", "0", "0", "0", "0", "0", ""],
        ["Northside", "16 November 2026", "6", "6", "0", "0", "0", "100"],
        ["Northside", "9 November 2026", "6", "0", "0", "0", "6", "0"],
    ]
    assert download(manager, "locations") == [
        [
            "Location",
            "Requests",
            "Called in time",
            "Reached in time",
            "Booked",
            "Called too late",
            "Promise kept",
        ],
        ["Mill Road", "<5", "hidden", "hidden", "hidden", "<5", ""],
        ["Northside", "hidden", "hidden", "0", "0", "hidden", ""],
    ]


def test_each_download_is_kept_in_the_trail_with_its_reason(manager, northside):
    download(manager, "locations")

    event = AuditEvent.objects.get(action="report.exported")
    assert (event.subject, event.count, event.reason) == ("locations", 1, "Board")


@pytest.mark.parametrize(
    "sent", [{"table": "locations", "reason": " "}, {"table": "requests", "reason": "Board"}]
)
def test_without_a_reason_or_a_known_table_nothing_leaves(manager, northside, sent):
    response = manager.post(REPORTS, sent)

    assert (response.status_code, response.context["form"].is_valid()) == (200, False)
    assert not AuditEvent.objects.filter(action="report.exported").exists()


def test_no_report_holds_what_a_patient_typed(manager, northside):
    for number in range(6):
        request(number, location=northside, called=1, **TYPED)

    page = manager.get(REPORTS).content.decode()
    files = [str(download(manager, table)) for table in EXPORTS]
    ticked = manager.post(REQUESTS, {"weeks": 12, "reason": "Board", "columns": ["contact", "notes"]})
    plain = manager.post(REQUESTS, {"weeks": 12, "reason": "Board", "columns": ["course", "origin"]})

    assert [canary for canary in CANARIES if canary in "".join([page, *files])] == []
    assert [canary for canary in CANARIES if canary in b"".join(plain.streaming_content).decode()] == []
    # The positive control.
    written = b"".join(ticked.streaming_content).decode()
    assert [canary for canary in CANARIES if canary in written] == [*CANARIES[:-1]]

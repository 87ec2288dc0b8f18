"""T25, S3, R46: what leaves as a file: which cells, for whom, and what the audit trail keeps of it."""

import csv
import io
import unicodedata
from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from appointments.models.choices import Channel, Outcome, Status
from clinic import csv_files
from clinic.models import AuditEvent
from tests import builders

EXPORT = reverse("admin:appointments_appointmentrequest_export")
NOW = datetime(2026, 11, 18, 16, tzinfo=UTC)
ALL_COLUMNS = ["course", "origin", "wishes", "contact", "notes"]
PAYLOADS = [
    '=HYPERLINK("http://x.example","open")',
    "=1+1",
    "+1",
    "+1 773 555 0140",
    "-2+3",
    "-1",
    "@x",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "|cmd",
    "%0A=1+1",
    "\t=1+1",
    "\ttab-led",
    "\r=1+1",
    "\n=1+1",
    "\x00=1+1",
    "\x0b=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "\u3000=1+1",
    "\u200b=1+1",
    "\ufeff+1",
    "＝1+1",
    "＋1",
    "－2",
    "＠x",
    "﹦1+1",
    "％x",
    "｜x",
]
HARMLESS = [
    "",
    " ",
    "Alma Reyes",
    "O’Leary",
    "5 + 3 = 8",
    "رمضان",
    "a\n=1+1",
    "'=1",
    '"quoted", and more',
    "½",
]


@pytest.fixture
def manager(client):
    person = builders.user("Manager")
    client.force_login(person)
    return person


@pytest.fixture(autouse=True)
def _on_a_wednesday():
    with time_machine.travel(NOW, tick=False):
        yield


def read_back(response):
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def export(client, **data):
    return client.post(EXPORT, {"weeks": 12, "reason": "Yearly review", **data})


def calculates(cell):
    """Tell whether a spreadsheet, which looks past blanks and folds wide signs, sees a formula."""
    seen = unicodedata.normalize("NFKC", cell).lstrip(" \u200b\ufeff")
    return seen[:1] in set("=+-@|%\t\r\n\x00\x0b") and seen != ""


@pytest.mark.parametrize("payload", PAYLOADS)
def test_t25_a_cell_that_would_be_calculated_is_led_by_an_apostrophe(payload):
    assert (calculates(payload), csv_files.guarded(payload)) == (True, f"'{payload}")


@pytest.mark.parametrize("text", HARMLESS)
def test_t25_other_cells_leave_as_they_are(text):
    assert (calculates(text), csv_files.guarded(text)) == (False, text)


def test_t25_every_payload_comes_back_as_one_cell_that_calculates_nothing():
    [*rows] = read_back(csv_files.response("list", [[payload, "after"] for payload in PAYLOADS]))

    assert rows == [[f"'{payload}", "after"] for payload in PAYLOADS]


def test_a_file_is_marked_quoted_named_and_kept_by_nobody():
    response = csv_files.response("list", [["Name", 3]])

    assert b"".join(response.streaming_content) == b'\xef\xbb\xbf"Name","3"\r\n'
    assert (response["Content-Type"], response["Content-Disposition"], response["Cache-Control"]) == (
        "text/csv; charset=utf-8",
        'attachment; filename="list.csv"',
        "no-store",
    )


def test_s3_rows_are_fetched_as_they_are_sent():
    fetched = []
    rows = ([fetched.append(number)] for number in range(100_000))

    pieces = iter(csv_files.response("list", rows))
    next(pieces), next(pieces)

    assert len(fetched) == csv_files.ROWS_A_PIECE


@pytest.mark.django_db
def test_s3_an_export_of_nothing_is_a_file_with_heads(client, manager):
    rows = read_back(export(client))

    assert rows == [["Reference", "Location", "Received"]]


@pytest.mark.django_db
def test_s3_r46_what_patients_wrote_comes_back_neutral_where_it_was_ticked(client, manager):
    written = {"full_name": "=cmd|' /C calc'!A0", "notes": "أهلا\n=1+1", "needs": "+1"}
    request = builders.appointment_request(location=builders.location("Northside"), **written)

    heads, row = read_back(export(client, columns=["contact", "notes"]))

    assert dict(zip(heads, row, strict=True)) == {
        "Reference": request.reference,
        "Location": "Northside",
        "Received": "2026-11-18 10:00",
        "Full name": "'=cmd|' /C calc'!A0",
        "Patient’s name": "",
        "Phone": "773 555 0140",
        "E-mail": "",
        "Needs": "'+1",
        "Notes": "أهلا\n=1+1",
    }


@pytest.mark.django_db
def test_the_form_ticks_nothing_that_identifies_patients(client, manager):
    page = client.get(EXPORT)

    assert page.context["form"]["columns"].initial == ["course", "origin"]


@pytest.mark.django_db
def test_each_column_tells_what_its_head_says(client, manager):
    closed_at = datetime(2026, 11, 17, 21, 30, tzinfo=UTC)
    article = builders.published_article(title="Sore heel")
    builders.appointment_request(
        received_at=datetime(2026, 11, 17, 16, tzinfo=UTC),
        called_at=datetime(2026, 11, 17, 17, tzinfo=UTC),
        answered_at=datetime(2026, 11, 17, 18, tzinfo=UTC),
        location=builders.location("Northside"),
        status=Status.CLOSED,
        outcome=Outcome.BOOKED,
        closed_at=closed_at,
        channel=Channel.PHONE,
        attempts=2,
        article=article,
        heard_from="friend",
        therapist=builders.therapist("Theo Okafor"),
        days=["mon", "tue"],
        parts_of_day=["early"],
        payment="self_pay",
    )

    heads, row = read_back(export(client, columns=ALL_COLUMNS))

    told = dict(zip(heads, row, strict=True))
    told.pop("Reference")
    assert told == {
        "Location": "Northside",
        "Received": "2026-11-17 10:00",
        "State": "Closed",
        "Urgent": "no",
        "Call by": "2026-11-17 14:00",
        "First called": "2026-11-17 11:00",
        "First answered": "2026-11-17 12:00",
        "Calls made": "2",
        "Closed": "2026-11-17 15:30",
        "Outcome": "Appointment booked",
        "By": "Website",
        "Article": "Sore heel",
        "Heard of us from": "Friend or family",
        "New or returning": "I am new to this clinic",
        "Days": "Mon, Tue",
        "Parts of the day": "Early in the day",
        "Best time to call": "Any time",
        "Therapist": "Theo Okafor",
        "Payment": "I pay myself",
        "Insurance": "",
        "Referral": "",
        "Full name": "Alma Reyes",
        "Patient’s name": "",
        "Phone": "773 555 0140",
        "E-mail": "",
        "Needs": "",
        "Notes": "",
    }


@pytest.mark.django_db
def test_period_state_and_location_choose_the_rows(client, manager):
    northside, mill_road = builders.location("Northside"), builders.location("Mill Road")
    long_ago = datetime(2026, 1, 5, 16, tzinfo=UTC)
    old = builders.appointment_request(location=northside, received_at=long_ago)
    new = builders.appointment_request(location=northside)
    closed = builders.appointment_request(location=northside, status=Status.CLOSED)
    other = builders.appointment_request(location=mill_road)

    found = {
        name: {row[0] for row in read_back(export(client, **asked))[1:]}
        for name, asked in {
            "all": {"weeks": 0},
            "recent": {},
            "state": {"state": "closed"},
            "place": {"location": mill_road.pk},
        }.items()
    }

    assert found == {
        "all": {request.reference for request in (old, new, closed, other)},
        "recent": {request.reference for request in (new, closed, other)},
        "state": {closed.reference},
        "place": {other.reference},
    }


@pytest.mark.django_db
def test_the_trail_has_reason_count_columns_and_names_of_filters_before_the_first_byte(client, manager):
    place = builders.location("Northside")
    builders.appointment_request(location=place)

    export(client, columns=ALL_COLUMNS, state="new", location=place.pk)

    event = AuditEvent.objects.get(action="request.exported")
    assert (event.actor, event.count, event.reason, event.subject) == (
        manager,
        1,
        "Yearly review",
        "course origin wishes contact notes; weeks state location",
    )


@pytest.mark.django_db
def test_without_a_reason_nothing_leaves(client, manager):
    builders.appointment_request(full_name="Quokka Valdez")

    response = export(client, reason=" ", columns=ALL_COLUMNS)

    assert (response.status_code, response.context["form"].errors["reason"]) == (
        200,
        ["Say what you need it for."],
    )
    assert not AuditEvent.objects.filter(action="request.exported").exists()


@pytest.mark.django_db
def test_t9_who_exports_gets_the_own_locations_only(client):
    here, elsewhere = builders.location("Northside"), builders.location("Mill Road")
    mine, foreign = (builders.appointment_request(location=place) for place in (here, elsewhere))
    person = builders.user("Front desk", locations=[here])
    exporting = Group.objects.create(name="Exporting")
    exporting.permissions.add(Permission.objects.get(codename="export_requests"))
    person.groups.add(exporting)
    client.force_login(person)

    everything = read_back(export(client, weeks=0))
    refused = export(client, location=foreign.location_id)

    assert [row[0] for row in everything] == ["Reference", mine.reference]
    assert refused.context["form"].has_error("location")


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["Front desk", "Editor", "Clinician"])
def test_others_are_refused_and_noted(client, role):
    client.force_login(builders.user(role, locations=[builders.location()]))

    response = export(client)

    assert response.status_code == 403
    assert AuditEvent.objects.filter(action="request.denied", subject="export").count() == 1

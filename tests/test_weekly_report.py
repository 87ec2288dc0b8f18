"""The Monday mail: when it is owed, what it counts, and who gets it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from appointments import weekly_report
from appointments.models.choices import Outcome, Source, Status
from clinic import mail_kinds
from clinic.models import OutboxMessage
from tests import builders

pytestmark = pytest.mark.django_db

# Chicago is six hours behind in November.
MONDAY_7_AM = datetime(2026, 11, 16, 13, tzinfo=UTC)
LAST_WEEK = 202646
TYPED = {"full_name": "Quokka Valdez", "email": "numbat@example.org", "needs": "bilby", "notes": "potoroo"}


def owed():
    return list(OutboxMessage.objects.filter(kind="weekly_report").values_list("object_id", flat=True))


def request(hours, **fields):
    """A request of Wednesday of last week, so many hours after 10 am, due at 2 pm."""
    received_at = datetime(2026, 11, 11, 16, tzinfo=UTC) + timedelta(hours=hours)
    return builders.appointment_request(received_at=received_at, **fields)


@pytest.mark.parametrize(
    ("moment", "weeks"),
    [
        (MONDAY_7_AM - timedelta(seconds=1), []),
        (MONDAY_7_AM, [LAST_WEEK]),
        (MONDAY_7_AM + timedelta(days=2), [LAST_WEEK]),
        (MONDAY_7_AM + timedelta(days=6, hours=16), [LAST_WEEK]),
        (MONDAY_7_AM + timedelta(days=7, hours=-1), []),
        (MONDAY_7_AM + timedelta(days=7), [202647]),
        # The Monday after the clocks went back, an hour later by the sun.
        (datetime(2026, 11, 2, 12, 59, tzinfo=UTC), []),
        (datetime(2026, 11, 2, 13, tzinfo=UTC), [202644]),
        (datetime(2026, 10, 26, 12, tzinfo=UTC), [202643]),
        # The last week of a year of 53 weeks.
        (datetime(2027, 1, 4, 13, tzinfo=UTC), [202653]),
    ],
)
def test_it_is_owed_from_monday_7_am_on_and_later_where_no_worker_ran(moment, weeks):
    request(-60 * 24)

    weekly_report.owe(moment)

    assert owed() == weeks


def test_each_week_is_owed_once_however_often_the_worker_looks():
    request(0)

    for hour in range(0, 14 * 24, 6):
        weekly_report.owe(MONDAY_7_AM + timedelta(hours=hour))

    assert owed() == [202647, LAST_WEEK]


def test_a_clinic_that_had_no_request_of_its_own_by_last_week_gets_no_mail():
    request(0, source=Source.DEMO)
    request(5 * 24)

    weekly_report.owe(MONDAY_7_AM)

    assert owed() == []


def test_without_anybody_who_may_see_reports_nothing_is_sent():
    builders.user("Front desk")
    builders.user("Manager", is_active=False)
    request(0)

    with pytest.raises(mail_kinds.NothingToSend):
        mail_kinds.make("weekly_report", LAST_WEEK)


@time_machine.travel(MONDAY_7_AM, tick=False)
def test_the_mail_counts_last_week_by_location_and_says_nothing_of_patients():
    owner, second = builders.user("Manager"), builders.user("Manager")
    northside, mill_road = builders.location("Northside"), builders.location("Mill Road")
    called_at = datetime(2026, 11, 11, 17, tzinfo=UTC)
    booked = {"status": Status.CLOSED, "outcome": Outcome.BOOKED, "closed_at": called_at}
    request(0, location=northside, called_at=called_at, answered_at=called_at, **booked, **TYPED)
    request(0, location=northside, called_at=called_at, **TYPED)
    request(0, location=mill_road, **TYPED)
    # Of this week, and of the week before last.
    request(5 * 24, location=northside)
    request(-7 * 24, location=northside, status=Status.CLOSED)

    mail = mail_kinds.make("weekly_report", LAST_WEEK)

    assert (mail.subject, set(mail.to)) == ("Appointment requests of last week", {owner.email, second.email})
    assert mail.body.strip().splitlines() == [
        "Appointment requests from 9 November to 15 November 2026",
        "",
        "All locations",
        "  Requests: 3",
        "  Called in time: 2",
        "  Reached in time: 1",
        "  Booked: 1",
        "  Called too late: 1",
        "  To do now: 3",
        "",
        "Mill Road",
        "  Requests: 1",
        "  Called in time: 0",
        "  Reached in time: 0",
        "  Booked: 0",
        "  Called too late: 1",
        "  To do now: 1",
        "",
        "Northside",
        "  Requests: 2",
        "  Called in time: 2",
        "  Reached in time: 1",
        "  Booked: 1",
        "  Called too late: 0",
        "  To do now: 2",
        "",
        "All reports, with earlier weeks:",
        "http://localhost/admin/appointments/appointmentrequest/reports/",
        "",
        "This message holds numbers only, nothing about any patient.",
    ]


def test_a_clinic_with_one_location_reads_its_numbers_once():
    builders.user("Manager")
    request(0, location=builders.location("Northside"))

    mail = mail_kinds.make("weekly_report", LAST_WEEK)

    assert [line for line in mail.body.splitlines() if line in ("All locations", "Northside")] == [
        "Northside"
    ]

"""A clock that has jumped ahead deletes and seals nothing, until a person has had a day to set it."""

import logging
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
import time_machine
from django.core.management import CommandError, call_command

from appointments.models.choices import Status
from clinic import audit, clock_check
from clinic.backup import making, thinning
from clinic.management.commands import worker
from clinic.models import AuditEvent, AuditSeal, SelfTest, WorkerBeat
from clinic.site.watching import hops
from tests import builders

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 18, 16, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BUSY_WEEK = [NOW - 12 * HOUR * number for number in reversed(range(14))]


@pytest.fixture(autouse=True)
def beat():
    WorkerBeat.objects.create(at=NOW)


def do_things_at(*moments):
    for moment in moments:
        AuditEvent.objects.create(action="request.viewed", at=moment)


@pytest.mark.parametrize(
    ("moments", "now", "is_doubtful"),
    [
        ([], NOW, False),
        ([NOW], NOW, False),
        (BUSY_WEEK, NOW, False),
        (BUSY_WEEK, NOW + 2 * DAY, False),
        (BUSY_WEEK, NOW + 3 * DAY + HOUR, True),
        (BUSY_WEEK, NOW + 365 * DAY, True),
        ([NOW], NOW + 365 * DAY, True),
        (BUSY_WEEK, NOW - 3 * DAY, False),
        # By the new time it has done things for less than a day, and for a day.
        ([*BUSY_WEEK, NOW + 30 * DAY], NOW + 31 * DAY - HOUR, True),
        ([*BUSY_WEEK, NOW + 30 * DAY], NOW + 31 * DAY, False),
        # Set right again, it has done things in its future.
        ([*BUSY_WEEK, NOW + 30 * DAY], NOW + HOUR, False),
        # Two days later it is wrong again, and that future is lately.
        ([*BUSY_WEEK, NOW + 30 * DAY, NOW + HOUR], NOW + 32 * DAY, True),
    ],
)
def test_a_clock_is_doubted_while_nothing_was_done_in_the_days_before(moments, now, is_doubtful):
    do_things_at(*moments)

    assert clock_check.is_doubtful(now) == is_doubtful


def test_on_a_site_where_nobody_does_anything_the_seals_of_its_worker_tell_the_time():
    do_things_at(NOW - 60 * DAY)
    before = clock_check.is_doubtful(NOW)
    AuditSeal.objects.create(day=NOW.date(), events=0, digest="", sealed_at=NOW - 2 * DAY)

    assert (before, clock_check.is_doubtful(NOW)) == (True, False)


def test_p8_a_new_site_where_nobody_signs_in_raises_no_alarm():
    do_things_at(NOW)
    builders.location()

    doubtful = []
    for hours in range(24 * 8):
        now = NOW + hours * HOUR
        if hops.is_due(now):
            SelfTest.objects.create(started_at=now, passed_at=now)
        seal_at(now)
        if clock_check.is_doubtful(now):
            doubtful.append(hours)

    assert doubtful == []


def test_a_self_test_by_a_wrong_clock_is_no_reason_to_believe_it_the_next_time():
    do_things_at(NOW)
    for moment in (NOW, NOW + 365 * DAY, NOW + HOUR):
        SelfTest.objects.create(started_at=moment, passed_at=moment)

    assert clock_check.is_doubtful(NOW + 367 * DAY)


def test_asking_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        clock_check.is_doubtful(NOW)


@pytest.mark.parametrize(("ahead", "name"), [(30 * DAY, "Alma Reyes"), (timedelta(), "")])
def test_a_worker_whose_clock_has_jumped_erases_nothing(ahead, name):
    do_things_at(*BUSY_WEEK)
    closed_at = NOW + ahead - 91 * DAY
    request = builders.appointment_request(status=Status.CLOSED, closed_at=closed_at, full_name="Alma Reyes")

    worker.erase_old(NOW + ahead, Event())

    request.refresh_from_db()
    assert request.full_name == name


def test_a_clock_that_is_wrong_at_every_start_erases_nothing_at_the_second_one_either():
    do_things_at(*BUSY_WEEK)
    request = builders.appointment_request(status=Status.CLOSED, closed_at=NOW - DAY)
    year = 365 * DAY

    for now in (NOW + year, NOW + HOUR, NOW + year + 2 * DAY):
        with time_machine.travel(now, tick=False):
            worker.beat(now, Event())
            worker.raise_alarms(now, Event())
            worker.erase_old(now, Event())

    request.refresh_from_db()
    assert request.erased_at is None


def test_the_command_erases_nothing_then_either():
    do_things_at(*BUSY_WEEK)

    with time_machine.travel(NOW + 30 * DAY), pytest.raises(CommandError, match="its clock has jumped ahead"):
        call_command("purge")


def test_a_site_that_was_off_for_a_week_goes_on_by_itself_after_a_day():
    do_things_at(*BUSY_WEEK)
    request = builders.appointment_request(status=Status.CLOSED, closed_at=NOW - 100 * DAY)
    back, erased = NOW + 7 * DAY, []

    for hours in (0, 12, 25):
        now = back + hours * HOUR
        with time_machine.travel(now, tick=False):
            worker.erase_old(now, Event())
            worker.raise_alarms(now, Event())
        request.refresh_from_db()
        erased.append(request.erased_at)

    alarm = AuditEvent.objects.filter(subject="clock-doubtful")
    assert erased == [None, None, back + 25 * HOUR]
    assert [event.at for event in alarm] == [back]


def seal_at(now):
    with time_machine.travel(now, tick=False):
        worker.seal_trail(now, Event())


@pytest.mark.parametrize("ahead", [HOUR, DAY, 2 * DAY, 30 * DAY])
def test_p13_a_clock_that_jumps_ahead_and_is_set_right_leaves_the_seals_whole(ahead):
    do_things_at(*BUSY_WEEK)
    jumped = NOW + ahead
    seal_at(jumped)
    do_things_at(jumped, jumped + HOUR)
    seal_at(jumped + 2 * HOUR)

    for days in range(40):
        do_things_at(NOW + days * DAY + 3 * HOUR)
        seal_at(NOW + days * DAY + 3 * HOUR)

    last = NOW.date() + 39 * DAY
    assert audit.verify() == []
    assert AuditSeal.objects.first().day == last - 4 * DAY
    assert AuditSeal.objects.count() == (last - 4 * DAY - BUSY_WEEK[0].date()).days + 1


def test_a_backup_made_while_the_clock_is_doubtful_pushes_no_other_out(tmp_path, caplog):
    do_things_at(*BUSY_WEEK)
    old = [thinning.name_at(NOW - number * DAY) for number in range(7)]
    for name in old:
        (tmp_path / name).touch()

    with caplog.at_level(logging.WARNING):
        making.thin(tmp_path, NOW + 365 * DAY)

    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(old)
    assert "backup.not_thinned" in caplog.text

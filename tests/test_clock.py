"""Opening hours, worked out by hand.

Chicago: UTC-6 in winter, UTC-5 in summer; clocks change on 2026-03-08, 2026-11-01 and 2027-03-14.
Berlin: UTC+1 in winter, UTC+2 in summer; clocks change on 2026-03-29, 2026-10-25 and 2027-03-28.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from clinic.clock import Closed, Schedule, spoken, spoken_time, spoken_with_day

CHICAGO = ZoneInfo("America/Chicago")
BERLIN = ZoneInfo("Europe/Berlin")
WEEKDAYS = {weekday: ((time(8), time(18)),) for weekday in range(5)}
WITH_LUNCH = {weekday: ((time(8), time(12)), (time(13), time(17))) for weekday in range(5)}
EVERY_NIGHT = {weekday: ((time(0), time(6)),) for weekday in range(7)}

FRIDAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 23)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text, zone=CHICAGO):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def hours(number):
    return timedelta(hours=number)


def test_a_working_day_is_one_period_in_utc():
    schedule = Schedule(CHICAGO, WEEKDAYS)

    assert schedule.open_periods(MONDAY) == [(utc("2026-11-23 14:00"), utc("2026-11-24 00:00"))]


def test_a_day_without_hours_has_no_periods():
    assert Schedule(CHICAGO, WEEKDAYS).open_periods(date(2026, 11, 22)) == []


def test_a_lunch_break_splits_the_day():
    assert Schedule(CHICAGO, WITH_LUNCH).open_periods(MONDAY) == [
        (utc("2026-11-23 14:00"), utc("2026-11-23 18:00")),
        (utc("2026-11-23 19:00"), utc("2026-11-23 23:00")),
    ]


@pytest.mark.parametrize(
    "listed",
    [
        ((time(8), time(13)), (time(12), time(18))),
        ((time(12), time(18)), (time(8), time(13))),
        ((time(8), time(12)), (time(12), time(18))),
        ((time(8), time(18)), (time(9), time(10))),
    ],
    ids=["overlapping", "out of order", "touching", "one inside the other"],
)
def test_hours_that_overlap_or_touch_are_one_period(listed):
    schedule = Schedule(CHICAGO, {0: listed})

    assert schedule.open_periods(MONDAY) == [(utc("2026-11-23 14:00"), utc("2026-11-24 00:00"))]


def test_hours_that_end_before_they_begin_are_no_hours():
    assert Schedule(CHICAGO, {0: ((time(18), time(8)), (time(9), time(9)))}).open_periods(MONDAY) == []


@pytest.mark.parametrize(
    "closure, expected",
    [
        (Closed(MONDAY, MONDAY), []),
        (Closed(FRIDAY, date(2026, 11, 27)), []),
        (Closed(FRIDAY, FRIDAY), [("14:00", "24:00")]),
        (Closed(MONDAY, MONDAY, until_time=time(10)), [("16:00", "24:00")]),
        (Closed(MONDAY, MONDAY, from_time=time(15)), [("14:00", "21:00")]),
        (Closed(FRIDAY, date(2026, 11, 27), time(12), time(13)), [("14:00", "18:00"), ("19:00", "24:00")]),
        (Closed(MONDAY, MONDAY, time(6), time(8)), [("14:00", "24:00")]),
        (Closed(MONDAY, MONDAY, time(18), time(20)), [("14:00", "24:00")]),
    ],
    ids=[
        "all day",
        "several days",
        "another day",
        "late start",
        "early end",
        "an hour on each of several days",
        "before opening",
        "after closing",
    ],
)
def test_a_closure_is_cut_out(closure, expected):
    schedule = Schedule(CHICAGO, WEEKDAYS, (closure,))

    midnight = utc("2026-11-23 00:00")
    assert schedule.open_periods(MONDAY) == [
        tuple(midnight + hours(int(moment.split(":")[0])) for moment in period) for period in expected
    ]


def test_several_closures_on_one_day_are_all_cut_out():
    closures = (Closed(MONDAY, MONDAY, time(9), time(10)), Closed(MONDAY, MONDAY, time(9, 30), time(17)))

    assert Schedule(CHICAGO, WEEKDAYS, closures).open_periods(MONDAY) == [
        (utc("2026-11-23 14:00"), utc("2026-11-23 15:00")),
        (utc("2026-11-23 23:00"), utc("2026-11-24 00:00")),
    ]


@pytest.mark.parametrize(
    "zone, day, length",
    [
        (CHICAGO, date(2026, 3, 8), 5),
        (CHICAGO, date(2026, 3, 9), 6),
        (CHICAGO, date(2026, 11, 1), 7),
        (CHICAGO, date(2027, 3, 14), 5),
        (CHICAGO, date(2027, 11, 7), 7),
        (BERLIN, date(2026, 3, 29), 5),
        (BERLIN, date(2026, 10, 25), 7),
        (BERLIN, date(2027, 3, 28), 5),
        (BERLIN, date(2027, 10, 31), 7),
    ],
)
def test_midnight_to_six_has_its_true_length_when_clocks_change(zone, day, length):
    (period,) = Schedule(zone, EVERY_NIGHT).open_periods(day)

    assert period[1] - period[0] == hours(length)


@pytest.mark.parametrize(
    "zone, day, start, end",
    [
        (CHICAGO, date(2026, 10, 30), "2026-10-30 13:00", "2026-10-30 23:00"),
        (CHICAGO, date(2026, 11, 2), "2026-11-02 14:00", "2026-11-03 00:00"),
        (BERLIN, date(2027, 3, 26), "2027-03-26 07:00", "2027-03-26 17:00"),
        (BERLIN, date(2027, 3, 29), "2027-03-29 06:00", "2027-03-29 16:00"),
    ],
)
def test_the_door_opens_at_eight_by_the_local_clock_before_and_after_a_change(zone, day, start, end):
    assert Schedule(zone, WEEKDAYS).open_periods(day) == [(utc(start), utc(end))]


def test_an_opening_time_that_does_not_exist_moves_forward():
    schedule = Schedule(CHICAGO, {6: ((time(2, 30), time(6)),)})

    assert schedule.open_periods(date(2027, 3, 14)) == [(utc("2027-03-14 08:30"), utc("2027-03-14 11:00"))]
    assert local("2027-03-14 03:30") == utc("2027-03-14 08:30")


def test_a_time_that_exists_twice_means_the_first():
    schedule = Schedule(BERLIN, {6: ((time(2, 30), time(6)),)})

    assert schedule.open_periods(date(2026, 10, 25)) == [(utc("2026-10-25 00:30"), utc("2026-10-25 05:00"))]


@pytest.mark.parametrize(
    "now, closes",
    [
        ("2026-11-23 07:59", None),
        ("2026-11-23 08:00", "2026-11-23 12:00"),
        ("2026-11-23 11:59", "2026-11-23 12:00"),
        ("2026-11-23 12:00", None),
        ("2026-11-23 13:00", "2026-11-23 17:00"),
        ("2026-11-23 17:00", None),
        ("2026-11-22 10:00", None),
    ],
)
def test_open_now_and_until_when(now, closes):
    schedule = Schedule(CHICAGO, WITH_LUNCH)

    assert schedule.closes_at(local(now)) == (local(closes) if closes else None)
    assert schedule.is_open(local(now)) == (closes is not None)


def test_open_now_is_asked_in_the_zone_of_the_location():
    late_evening_in_utc = utc("2026-11-23 23:30")

    assert Schedule(CHICAGO, WEEKDAYS).is_open(late_evening_in_utc) is True
    assert Schedule(BERLIN, WEEKDAYS).is_open(late_evening_in_utc) is False


@pytest.mark.parametrize(
    "now, expected",
    [
        ("2026-11-23 07:59", "2026-11-23 08:00"),
        ("2026-11-23 08:00", "2026-11-23 13:00"),
        ("2026-11-23 12:30", "2026-11-23 13:00"),
        ("2026-11-23 13:00", "2026-11-24 08:00"),
        ("2026-11-20 17:00", "2026-11-23 08:00"),
        ("2026-11-20 22:45", "2026-11-23 08:00"),
    ],
)
def test_the_next_opening(now, expected):
    assert Schedule(CHICAGO, WITH_LUNCH).next_opening(local(now)) == local(expected)


def test_the_next_opening_skips_a_long_closure():
    holiday = Closed(date(2026, 12, 21), date(2027, 1, 3))

    opening = Schedule(CHICAGO, WEEKDAYS, (holiday,)).next_opening(local("2026-12-18 18:00"))

    assert opening == local("2027-01-04 08:00")


def test_there_is_no_next_opening_when_nothing_opens_within_sixty_days():
    rebuilding = Closed(date(2026, 11, 1), date(2027, 3, 31))

    assert Schedule(CHICAGO, WEEKDAYS, (rebuilding,)).next_opening(local("2026-11-20 09:00")) is None
    assert Schedule(CHICAGO, {}).next_opening(local("2026-11-20 09:00")) is None


@pytest.mark.parametrize(
    "start, delta, expected",
    [
        ("2026-11-23 09:00", 4, "2026-11-23 14:00"),
        ("2026-11-23 08:00", 4, "2026-11-23 12:00"),
        ("2026-11-23 12:15", 1, "2026-11-23 14:00"),
        ("2026-11-23 06:00", 1, "2026-11-23 09:00"),
        ("2026-11-23 15:00", 4, "2026-11-24 10:00"),
        ("2026-11-20 16:30", 1, "2026-11-23 08:30"),
        ("2026-11-20 23:50", 4, "2026-11-23 12:00"),
        ("2026-11-22 10:00", 1, "2026-11-23 09:00"),
        ("2026-11-23 09:00", 40, "2026-11-30 09:00"),
    ],
    ids=[
        "over lunch",
        "exactly until lunch",
        "from within lunch",
        "before opening",
        "into the next day",
        "over the weekend",
        "on Friday night",
        "on a Sunday",
        "a whole week",
    ],
)
def test_open_time_is_added(start, delta, expected):
    assert Schedule(CHICAGO, WITH_LUNCH).add_open_time(local(start), hours(delta)) == local(expected)


def test_no_open_time_to_add_is_the_start_itself():
    start = local("2026-11-22 03:00")

    assert Schedule(CHICAGO, WEEKDAYS).add_open_time(start, timedelta(0)) == start


@pytest.mark.parametrize(
    "zone, friday, monday",
    [
        (CHICAGO, "2026-03-06 17:00", "2026-03-09 11:00"),
        (CHICAGO, "2026-10-30 17:00", "2026-11-02 11:00"),
        (BERLIN, "2026-10-23 17:00", "2026-10-26 11:00"),
        (BERLIN, "2027-03-26 17:00", "2027-03-29 11:00"),
    ],
)
def test_a_request_before_the_clocks_change_is_due_by_the_new_local_clock(zone, friday, monday):
    schedule = Schedule(zone, WEEKDAYS)

    assert schedule.add_open_time(local(friday, zone), hours(4)) == local(monday, zone)


def test_open_time_passes_truly_through_the_lost_and_the_doubled_hour():
    schedule = Schedule(CHICAGO, EVERY_NIGHT)

    assert schedule.add_open_time(local("2026-03-08 01:00"), hours(2)) == local("2026-03-08 04:00")
    assert schedule.add_open_time(local("2026-11-01 00:30"), hours(2)) == utc("2026-11-01 07:30")


def test_a_request_is_not_due_during_a_closure():
    day_off = Closed(MONDAY, MONDAY, reason="Staff training")
    early_end = Closed(date(2026, 11, 24), date(2026, 11, 24), from_time=time(9))
    schedule = Schedule(CHICAGO, WEEKDAYS, (day_off, early_end))

    assert schedule.add_open_time(local("2026-11-20 17:00"), hours(4)) == local("2026-11-25 10:00")


def test_a_location_that_never_opens_has_twenty_four_hours():
    start = local("2026-11-20 17:00")
    closed_for_good = Closed(date(2026, 1, 1), date(2027, 12, 31))

    assert Schedule(CHICAGO, {}).add_open_time(start, hours(4)) == start + hours(24)
    assert Schedule(CHICAGO, WEEKDAYS, (closed_for_good,)).add_open_time(start, hours(1)) == start + hours(24)


@pytest.mark.parametrize(
    "start, end, expected",
    [
        ("2026-11-23 09:00", "2026-11-23 11:00", 2),
        ("2026-11-23 11:00", "2026-11-23 14:00", 2),
        ("2026-11-23 12:00", "2026-11-23 13:00", 0),
        ("2026-11-20 16:00", "2026-11-23 09:00", 2),
        ("2026-11-23 00:00", "2026-11-30 00:00", 40),
        ("2026-11-23 11:00", "2026-11-23 09:00", 0),
        ("2026-11-24 11:00", "2026-11-23 09:00", 0),
    ],
)
def test_open_time_between_two_instants(start, end, expected):
    assert Schedule(CHICAGO, WITH_LUNCH).open_time_between(local(start), local(end)) == hours(expected)


def test_open_time_between_counts_the_change_of_clocks():
    schedule = Schedule(BERLIN, EVERY_NIGHT)

    assert schedule.open_time_between(
        local("2026-10-25 00:00", BERLIN), local("2026-10-26 00:00", BERLIN)
    ) == hours(7)
    assert schedule.open_time_between(
        local("2027-03-28 00:00", BERLIN), local("2027-03-29 00:00", BERLIN)
    ) == hours(5)
    assert schedule.open_time_between(
        local("2026-10-25 01:30", BERLIN), local("2026-10-25 04:00", BERLIN)
    ) == hours(3.5)


@pytest.mark.parametrize(
    "moment, country, words",
    [
        ("2026-11-20 11:00", "US", "today, 11 am"),
        ("2026-11-20 23:59", "US", "today, 11:59 pm"),
        ("2026-11-21 09:30", "US", "tomorrow, 9:30 am"),
        ("2026-11-24 11:00", "US", "Tuesday 24 November, 11 am"),
        ("2026-11-24 13:05", "US", "Tuesday 24 November, 1:05 pm"),
        ("2026-11-24 12:00", "US", "Tuesday 24 November, 12 noon"),
        ("2026-11-19 09:00", "US", "Thursday 19 November, 9 am"),
        ("2026-11-20 11:00", "GB", "today, 11:00"),
        ("2026-11-21 09:30", "DE", "tomorrow, 09:30"),
        ("2026-11-24 17:05", "DE", "Tuesday 24 November, 17:05"),
    ],
)
def test_an_instant_in_plain_words(moment, country, words):
    with translation.override("en"):
        assert spoken(local(moment), CHICAGO, local("2026-11-20 17:45"), country) == words


def test_today_is_the_day_of_the_location():
    late_evening = utc("2026-11-21 04:30")

    with translation.override("en"):
        assert spoken(utc("2026-11-21 05:30"), CHICAGO, late_evening, "US") == "today, 11:30 pm"
        assert spoken(utc("2026-11-21 06:30"), CHICAGO, late_evening, "US") == "tomorrow, 12:30 am"


@pytest.mark.parametrize(
    "wall_clock, in_the_us, elsewhere",
    [
        (time(0), "12 midnight", "00:00"),
        (time(0, 15), "12:15 am", "00:15"),
        (time(8), "8 am", "08:00"),
        (time(12), "12 noon", "12:00"),
        (time(12, 30), "12:30 pm", "12:30"),
        (time(18), "6 pm", "18:00"),
    ],
)
def test_a_time_of_day_in_plain_words(wall_clock, in_the_us, elsewhere):
    with translation.override("en"):
        assert spoken_time(wall_clock, "US") == in_the_us
        assert spoken_time(wall_clock, "DE") == elsewhere


def test_with_its_day_an_instant_is_said_the_same_whenever_it_is_read():
    moment = datetime(2026, 11, 24, 17, tzinfo=UTC)

    assert spoken_with_day(moment, CHICAGO, "US") == "Tuesday 24 November, 11 am"

"""Opening hours, worked out by hand.

Chicago: UTC-6 in winter, UTC-5 in summer; clocks change on 2026-03-08, 2026-11-01 and 2027-03-14.
Berlin: UTC+1 in winter, UTC+2 in summer; clocks change on 2026-03-29, 2026-10-25 and 2027-03-28.
London: UTC in winter, UTC+1 in summer; clocks change on the same days.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from clinic.clock import Closed, Schedule, spoken, spoken_time, spoken_with_day

CHICAGO = ZoneInfo("America/Chicago")
BERLIN = ZoneInfo("Europe/Berlin")
LONDON = ZoneInfo("Europe/London")
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


HOURS = {
    "weekdays": WEEKDAYS,
    "lunch": WITH_LUNCH,
    "saturdays": WEEKDAYS | {5: ((time(9), time(13)),)},
    "nine to five": {weekday: ((time(9), time(17)),) for weekday in range(5)},
    "nights": EVERY_NIGHT,
    "never": {},
}
CHRISTMAS = Closed(date(2026, 12, 24), date(2027, 1, 3))
BOXING_DAY = Closed(date(2026, 12, 25), date(2026, 12, 28))
FOR_GOOD = Closed(date(2026, 1, 1), date(2027, 12, 31))


def on_monday(*times):
    return Closed(MONDAY, MONDAY, *(time.fromisoformat(said) if said else None for said in times))


# Received and due by the wall clock of the place; with an offset where that clock shows a time twice.
# 240 and 60 minutes are promised; the alarm comes after 180 and 45, half has passed after 120 and 30.
PROMISES = [
    # a working day, from 8 to 18
    (CHICAGO, "weekdays", (), "2026-11-23 10:00", 240, "2026-11-23 14:00"),
    (CHICAGO, "weekdays", (), "2026-11-23 10:00", 180, "2026-11-23 13:00"),
    (CHICAGO, "weekdays", (), "2026-11-23 10:00", 120, "2026-11-23 12:00"),
    (CHICAGO, "weekdays", (), "2026-11-23 10:00", 60, "2026-11-23 11:00"),
    (CHICAGO, "weekdays", (), "2026-11-23 10:00", 45, "2026-11-23 10:45"),
    (CHICAGO, "weekdays", (), "2026-11-23 10:00", 30, "2026-11-23 10:30"),
    (CHICAGO, "weekdays", (), "2026-11-23 05:30", 60, "2026-11-23 09:00"),
    (CHICAGO, "weekdays", (), "2026-11-23 14:00", 240, "2026-11-23 18:00"),
    (CHICAGO, "weekdays", (), "2026-11-23 14:01", 240, "2026-11-24 08:01"),
    (CHICAGO, "weekdays", (), "2026-11-23 17:59", 60, "2026-11-24 08:59"),
    (CHICAGO, "weekdays", (), "2026-11-23 18:00", 60, "2026-11-24 09:00"),
    # a lunch break, from 12 to 13
    (CHICAGO, "lunch", (), "2026-11-23 11:00", 240, "2026-11-23 16:00"),
    (CHICAGO, "lunch", (), "2026-11-23 11:30", 60, "2026-11-23 13:30"),
    (CHICAGO, "lunch", (), "2026-11-23 11:30", 45, "2026-11-23 13:15"),
    (CHICAGO, "lunch", (), "2026-11-23 11:30", 30, "2026-11-23 12:00"),
    (CHICAGO, "lunch", (), "2026-11-23 12:20", 60, "2026-11-23 14:00"),
    (CHICAGO, "lunch", (), "2026-11-23 15:30", 240, "2026-11-24 10:30"),
    # Friday nights and weekends
    (CHICAGO, "weekdays", (), "2026-11-20 21:00", 240, "2026-11-23 12:00"),
    (CHICAGO, "weekdays", (), "2026-11-20 21:00", 180, "2026-11-23 11:00"),
    (CHICAGO, "weekdays", (), "2026-11-20 21:00", 120, "2026-11-23 10:00"),
    (CHICAGO, "weekdays", (), "2026-11-20 21:00", 60, "2026-11-23 09:00"),
    (CHICAGO, "weekdays", (), "2026-11-20 17:30", 240, "2026-11-23 11:30"),
    (CHICAGO, "weekdays", (), "2026-11-20 17:30", 60, "2026-11-23 08:30"),
    (CHICAGO, "weekdays", (), "2026-11-21 11:00", 60, "2026-11-23 09:00"),
    (CHICAGO, "weekdays", (), "2026-11-22 23:59", 240, "2026-11-23 12:00"),
    (CHICAGO, "saturdays", (), "2026-11-20 17:30", 60, "2026-11-21 09:30"),
    (CHICAGO, "saturdays", (), "2026-11-20 17:30", 240, "2026-11-21 12:30"),
    (CHICAGO, "saturdays", (), "2026-11-21 12:30", 240, "2026-11-23 11:30"),
    # closures: of days, of hours, of both
    (CHICAGO, "weekdays", (on_monday(),), "2026-11-20 17:00", 240, "2026-11-24 11:00"),
    (CHICAGO, "weekdays", (on_monday(),), "2026-11-23 10:00", 240, "2026-11-24 12:00"),
    (CHICAGO, "weekdays", (on_monday("", "10:00"),), "2026-11-20 17:00", 240, "2026-11-23 13:00"),
    (CHICAGO, "weekdays", (on_monday("15:00"),), "2026-11-23 13:00", 240, "2026-11-24 10:00"),
    (CHICAGO, "weekdays", (on_monday("12:00", "13:00"),), "2026-11-23 11:30", 60, "2026-11-23 13:30"),
    (CHICAGO, "weekdays", (on_monday("09:00", "11:00"),), "2026-11-23 09:30", 60, "2026-11-23 12:00"),
    (
        CHICAGO,
        "weekdays",
        (on_monday("09:00", "12:00"), on_monday("11:00", "14:00")),
        "2026-11-23 08:30",
        60,
        "2026-11-23 14:30",
    ),
    (CHICAGO, "weekdays", (CHRISTMAS,), "2026-12-23 16:00", 240, "2027-01-04 10:00"),
    (LONDON, "nine to five", (BOXING_DAY,), "2026-12-24 16:00", 240, "2026-12-29 12:00"),
    # the clocks go forward: in the US on 8 March, in the UK on 29 March
    (CHICAGO, "weekdays", (), "2026-03-06 17:00", 240, "2026-03-09 11:00"),
    (CHICAGO, "weekdays", (), "2026-03-06 17:00", 180, "2026-03-09 10:00"),
    (CHICAGO, "nights", (), "2026-03-08 00:30", 60, "2026-03-08 01:30"),
    (CHICAGO, "nights", (), "2026-03-08 01:30", 60, "2026-03-08 03:30"),
    (CHICAGO, "nights", (), "2026-03-08 01:00", 240, "2026-03-08 06:00"),
    (CHICAGO, "nights", (), "2026-03-07 05:00", 240, "2026-03-08 04:00"),
    (LONDON, "nine to five", (), "2026-03-27 16:30", 240, "2026-03-30 12:30"),
    (LONDON, "nine to five", (), "2026-03-27 16:30", 60, "2026-03-30 09:30"),
    (LONDON, "nights", (), "2026-03-29 00:30", 60, "2026-03-29 02:30"),
    (LONDON, "nights", (), "2026-03-28 05:30", 240, "2026-03-29 04:30"),
    # the clocks go back: in the UK on 25 October, in the US on 1 November
    (LONDON, "nine to five", (), "2026-10-23 16:30", 240, "2026-10-26 12:30"),
    (LONDON, "nights", (), "2026-10-25 00:30", 60, "2026-10-25 01:30+01:00"),
    (LONDON, "nights", (), "2026-10-25 00:30", 120, "2026-10-25 01:30+00:00"),
    (LONDON, "nights", (), "2026-10-25 00:00", 240, "2026-10-25 03:00"),
    (
        LONDON,
        "nights",
        (Closed(date(2026, 10, 25), date(2026, 10, 25), time(1), time(2)),),
        "2026-10-25 00:30",
        60,
        "2026-10-25 02:30",
    ),
    (CHICAGO, "weekdays", (), "2026-10-30 17:00", 240, "2026-11-02 11:00"),
    (CHICAGO, "nights", (), "2026-11-01 00:30", 60, "2026-11-01 01:30-05:00"),
    (CHICAGO, "nights", (), "2026-11-01 00:30", 120, "2026-11-01 01:30-06:00"),
    (CHICAGO, "nights", (), "2026-11-01 01:30-06:00", 60, "2026-11-01 02:30"),
    (CHICAGO, "nights", (), "2026-11-01 00:00", 240, "2026-11-01 03:00"),
    (CHICAGO, "nights", (), "2026-10-31 05:00", 240, "2026-11-01 02:00"),
    # one instant in two zones, also in the weeks in which only one of them has changed its clocks
    (CHICAGO, "weekdays", (), "2026-11-23 23:30+00:00", 60, "2026-11-24 08:30"),
    (LONDON, "nine to five", (), "2026-11-23 23:30+00:00", 60, "2026-11-24 10:00"),
    (CHICAGO, "weekdays", (), "2026-10-26 16:30+00:00", 60, "2026-10-26 12:30"),
    (LONDON, "nine to five", (), "2026-10-26 16:30+00:00", 60, "2026-10-27 09:30"),
    (CHICAGO, "weekdays", (), "2026-03-16 16:30+00:00", 240, "2026-03-16 15:30"),
    (LONDON, "nine to five", (), "2026-03-16 16:30+00:00", 240, "2026-03-17 12:30"),
    # places that never open: a day, by the sun and not by the wall clock
    (CHICAGO, "never", (), "2026-11-20 17:00", 240, "2026-11-21 17:00"),
    (CHICAGO, "never", (), "2026-11-20 17:00", 180, "2026-11-21 17:00"),
    (CHICAGO, "weekdays", (FOR_GOOD,), "2026-11-20 17:00", 60, "2026-11-21 17:00"),
    (LONDON, "never", (), "2026-10-24 12:00", 60, "2026-10-25 11:00"),
    (LONDON, "never", (), "2026-03-28 12:00", 60, "2026-03-29 13:00"),
]


@pytest.mark.parametrize(
    ("zone", "open_hours", "closures", "received", "minutes", "due"),
    PROMISES,
    ids=[f"{zone.key} {hours} {received} +{minutes}" for zone, hours, _, received, minutes, _ in PROMISES],
)
def test_the_table_of_promises_worked_out_by_hand(zone, open_hours, closures, received, minutes, due):
    schedule = Schedule(zone, HOURS[open_hours], closures)

    promised = schedule.add_open_time(said(received, zone), timedelta(minutes=minutes))

    assert promised == said(due, zone).astimezone(UTC)


def said(text, zone):
    """Read a time of a wall clock, or of the offset that it names."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


MORNING, MIDDAY = (time.min, time(12)), (time(11), time(14))


@pytest.mark.parametrize(
    ("zone", "open_hours", "earliest", "window", "expected"),
    [
        (CHICAGO, "lunch", "2026-11-23 07:00", MORNING, "2026-11-23 08:00"),
        (CHICAGO, "lunch", "2026-11-23 09:10", MORNING, "2026-11-23 09:10"),
        (CHICAGO, "lunch", "2026-11-23 12:00", MORNING, "2026-11-24 08:00"),
        (CHICAGO, "lunch", "2026-11-20 11:59", MORNING, "2026-11-20 11:59"),
        (CHICAGO, "lunch", "2026-11-20 16:00", MORNING, "2026-11-23 08:00"),
        (CHICAGO, "lunch", "2026-11-23 08:30", MIDDAY, "2026-11-23 11:00"),
        (CHICAGO, "lunch", "2026-11-23 12:10", MIDDAY, "2026-11-23 13:00"),
        (CHICAGO, "lunch", "2026-11-23 14:00", MIDDAY, "2026-11-24 11:00"),
        (CHICAGO, "lunch", "2026-11-23 09:00", (time(13), time.max), "2026-11-23 13:00"),
        (CHICAGO, "lunch", "2026-11-23 17:00", (time(13), time.max), "2026-11-24 13:00"),
        (CHICAGO, "lunch", "2026-11-23 09:00", (time(17), time(19)), None),
        (CHICAGO, "lunch", "2026-11-23 09:00", (time(12), time(13)), None),
        (CHICAGO, "never", "2026-11-23 09:00", MORNING, None),
        # the window moves with the wall clock
        (CHICAGO, "weekdays", "2026-03-06 15:00", MIDDAY, "2026-03-09 11:00"),
        (CHICAGO, "weekdays", "2026-10-30 15:00", MIDDAY, "2026-11-02 11:00"),
        (LONDON, "nine to five", "2026-10-23 15:00", MORNING, "2026-10-26 09:00"),
        (LONDON, "nights", "2026-10-25 00:00", (time(2), time(3)), "2026-10-25 02:00+00:00"),
        (CHICAGO, "nights", "2026-03-08 00:00", (time(2), time(4)), "2026-03-08 03:00"),
        # an hour that this night does not have
        (CHICAGO, "nights", "2026-03-08 01:00", (time(1), time(2)), "2026-03-08 01:00"),
    ],
)
def test_the_next_open_moment_inside_a_window(zone, open_hours, earliest, window, expected):
    found = Schedule(zone, HOURS[open_hours]).next_open(said(earliest, zone), window)

    assert found == (expected and said(expected, zone).astimezone(UTC))


def test_without_a_window_the_next_open_moment_is_now_or_the_next_opening():
    schedule = Schedule(CHICAGO, WITH_LUNCH)

    assert schedule.next_open(local("2026-11-23 09:10")) == local("2026-11-23 09:10")
    assert schedule.next_open(local("2026-11-23 12:10")) == local("2026-11-23 13:00")


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

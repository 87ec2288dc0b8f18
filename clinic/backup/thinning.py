"""Which old backups are kept: one a day for a week, then one a week, none longer than five weeks.

Those of the last few days that have any stay however old they seem to be: a clock may be wrong. Those that
it has dated to the future stay as well, and take no such day from the others.
"""

from datetime import datetime, timedelta

NAME = "clinic-%Y-%m-%d-%H%M%S.backup"
DAILY = timedelta(days=7)
DAYS_KEPT = 3
UNFINISHED = ".part"
# What was erased on the site must be gone everywhere 35 days later, and the next thinning may be a day away.
LONGEST = timedelta(days=34)


def name_at(moment):
    """Return the file name of a backup made at this moment, which tells day and time in its zone."""
    return moment.strftime(NAME)


def superfluous(names, now):
    """Return which of these file names to remove; what bears another kind of name stays."""
    made = {name: moment for name in names if (moment := _moment(name, now.tzinfo))}
    newest, newest_of_day = {}, {}
    for name in sorted(made):
        newest[_span(made[name], now)] = name
        if made[name] <= now:
            newest_of_day[made[name].date()] = name
    newest.pop(None, None)
    kept = {*newest.values(), *list(newest_of_day.values())[-DAYS_KEPT:]}
    return sorted([*made.keys() - kept, *_left_behind(names, now)])


def _left_behind(names, now):
    """Return what runs have left that were stopped yesterday or before."""
    drafts = [name for name in names if name.endswith(UNFINISHED)]
    made = {name: _moment(name.removesuffix(UNFINISHED), now.tzinfo) for name in drafts}
    return [name for name, moment in made.items() if moment and now - moment > timedelta(days=1)]


def _moment(name, zone):
    try:
        return datetime.strptime(name, NAME).replace(tzinfo=zone)
    except ValueError:
        return None


def _span(moment, now):
    """Return the day or week of which the newest backup is kept; None for what is too old."""
    age = now - moment
    if age > LONGEST:
        return None
    # Weeks of the calendar: counted back from today, none would ever reach its second week.
    return moment.date() if age < DAILY else moment.isocalendar()[:2]

"""The second process: it delivers mail, watches promises, does the daily chores, and beats its heart."""

import logging
import signal
import threading
from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from appointments import watch, weekly_report
from articles import links, related, reminders, schedule
from articles.models import Topic
from clinic import audit, clock_check, delivery, durability, exposure, facts, orphans, retention
from clinic.models import WorkerBeat
from clinic.site import health, indexing, stand_in
from clinic.site.watching import alarms, hops

log = logging.getLogger(__name__)

PAUSE_SECONDS = 1
BEAT_EVERY = timedelta(seconds=15)
WATCH_EVERY = timedelta(seconds=30)
FOLLOW_EVERY = timedelta(seconds=5)
# For the first time when what starts beside the worker is up.
ASK_FOR_SELF_TEST_EVERY = timedelta(minutes=5)
HOURLY, DAILY = timedelta(hours=1), timedelta(days=1)


class Command(BaseCommand):
    help = "Deliver what is due, do the daily chores, and beat the heart; SIGTERM ends it cleanly."

    def handle(self, **options):
        durability.refuse_less()
        exposure.refuse()
        self.stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        log.info("worker.started")
        self.run_until(self.stopping)
        log.info("worker.stopped")

    def run_until(self, stopping):
        """Take turns until told to stop; each message in hand is finished first."""
        pulse = Chore(beat, BEAT_EVERY)
        chores = [
            Chore(deliver, timedelta(0)),
            Chore(watch_promises, WATCH_EVERY),
            # What waited for this start is no alarm.
            Chore(raise_alarms, WATCH_EVERY, ran_at=timezone.now()),
            Chore(test_itself, ASK_FOR_SELF_TEST_EVERY, ran_at=timezone.now()),
            Chore(follow_self_test, FOLLOW_EVERY),
            Chore(keep_schedule, WATCH_EVERY),
            # First at every start: an earlier release stored facts without what this one shows.
            Chore(renew_facts, HOURLY),
            Chore(seal_trail, HOURLY),
            Chore(erase_old, HOURLY),
            Chore(remove_orphans, DAILY),
            Chore(remind, HOURLY),
            Chore(report_week, HOURLY),
            Chore(note_broken_links, HOURLY),
            Chore(mend_search, DAILY),
            Chore(renew_suggestions, DAILY),
        ]
        while not stopping.is_set():
            pulse.run_if_due(stopping)
            # Going back from an upgrade that broke off could not take a mail back.
            for chore in [] if settings.MAINTENANCE_FILE.exists() else chores:
                chore.run_if_due(stopping)
            stopping.wait(PAUSE_SECONDS)


class Chore:
    """A task and how long it rests. What it raises is logged, so that no task ends the worker."""

    def __init__(self, task, rest, ran_at=None):
        self.task, self.rest, self.ran_at = task, rest, ran_at

    def run_if_due(self, stopping):
        now = timezone.now()
        # A clock that was set back must not make a task rest for hours.
        if self.ran_at is not None and timedelta(0) <= now - self.ran_at < self.rest:
            return
        self.ran_at = now
        close_old_connections()
        try:
            self.task(now, stopping)
        except Exception as error:
            log.error("worker.chore_failed chore=%s error=%s", self.task.__name__, type(error).__name__)
            close_old_connections()


def beat(now, stopping):
    """Say that a worker is alive."""
    WorkerBeat.objects.update_or_create(pk=1, defaults={"at": now})


def deliver(now, stopping):
    """Send what is due, keeping the heart beating through a long queue."""
    while not stopping.is_set() and (message := delivery.claim(timezone.now())):
        delivery.deliver(message)
        if timezone.now() - now >= BEAT_EVERY:
            now = timezone.now()
            beat(now, stopping)


def watch_promises(now, stopping):
    """Tell the front desk of requests that nobody has called, before and after the promised time."""
    watch.keep(now)


def raise_alarms(now, stopping):
    """Tell those who look after the site what needs them."""
    alarms.keep(health.trouble(now), now)


def test_itself(now, stopping):
    """Ask for an appointment once a day, as a patient would."""
    if hops.is_due(now) and (test := hops.start(now)):
        hops.send_form(test)


def follow_self_test(now, stopping):
    """See how far that request has come."""
    hops.follow(now)


def keep_schedule(now, stopping):
    """Publish and archive what was to happen at a set time."""
    schedule.keep(now)


def renew_facts(now, stopping):
    """Renew the facts that pages show, and the pages that the proxy shows without us."""
    facts.publish()
    stand_in.write()


def seal_trail(now, stopping):
    """Seal the finished days of the audit trail."""
    if not clock_check.is_doubtful(now):
        audit.seal_finished_days(now)


def erase_old(now, stopping):
    """Forget what is needed no longer."""
    if not clock_check.is_doubtful(now):
        retention.purge(now)


def remove_orphans(now, stopping):
    """Remove uploaded files that no row names."""
    orphans.remove(now)


def remind(now, stopping):
    """Remind clinicians of the checks that fall due."""
    reminders.remind(now)


def report_week(now, stopping):
    """Tell the owners on Monday how last week was."""
    weekly_report.owe(now)


def note_broken_links(now, stopping):
    """Note which links to our own pages lead nowhere."""
    links.sweep(now)


def mend_search(now, stopping):
    """Find again whatever the search index has lost, and nothing that is gone."""
    indexing.refresh_all()


def renew_suggestions(now, stopping):
    """Keep ready for each topic what to read next, also after an upgrade or another name for a picture."""
    related.refresh(Topic.objects.all())

"""The second process: it delivers mail, watches promises, does the daily chores, and beats its heart."""

import logging
import signal
import threading
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from appointments import desk, retention
from clinic import audit, delivery, durability, facts
from clinic.models import WorkerBeat

log = logging.getLogger(__name__)

PAUSE_SECONDS = 1
BEAT_EVERY = timedelta(seconds=15)
WATCH_EVERY = timedelta(seconds=30)


class Command(BaseCommand):
    help = "Deliver what is due, do the daily chores, and beat the heart; SIGTERM ends it cleanly."

    def handle(self, **options):
        durability.refuse_less()
        self.stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        log.info("worker.started")
        self.run_until(self.stopping)
        log.info("worker.stopped")

    def run_until(self, stopping):
        """Take turns until told to stop; each message in hand is finished first."""
        chores = [
            Chore(beat, BEAT_EVERY),
            Chore(deliver, timedelta(0)),
            Chore(watch_promises, WATCH_EVERY),
            Chore(daily, timedelta(hours=1)),
        ]
        while not stopping.is_set():
            for chore in chores:
                chore.run_if_due(stopping)
            stopping.wait(PAUSE_SECONDS)


class Chore:
    """A task and how long it rests. What it raises is logged, so that no task ends the worker."""

    def __init__(self, task, rest):
        self.task, self.rest, self.ran_at = task, rest, None

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
    """Tell the front desk again of requests whose promised time has passed."""
    desk.escalate_overdue(now)


def daily(now, stopping):
    """Renew the facts that pages show, seal the audit trail, and forget what is needed no longer."""
    # First and at every start: an earlier release stored them without what this one shows.
    facts.publish()
    audit.seal_finished_days(now)
    retention.erase_old(now)
    Session.objects.filter(expire_date__lt=now).delete()

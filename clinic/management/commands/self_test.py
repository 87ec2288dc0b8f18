import time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clinic.site.health import trouble
from clinic.site.watching import hops

PAUSE_SECONDS = 0.2


class Command(BaseCommand):
    help = "Ask for an appointment as a patient would, and follow the request into the inbox and by mail."

    def handle(self, **options):
        now = timezone.now()
        if "worker-silent" in trouble(now):
            raise CommandError("The worker does not run. Start it, then test again.")
        test = hops.start(now)
        if test is None:
            raise CommandError("Another test is under way. Try again in a quarter of an hour.")
        hops.send_form(test)
        self.follow(test)
        for hop, seconds in zip(hops.Hop, test.seconds, strict=True):
            reached = "not reached" if seconds is None else f"{seconds:.1f} s"
            self.stdout.write(f"{hop:<6}{'broken' if hop == test.broken_hop else reached}")
        if test.broken_hop:
            raise CommandError(f"Broken at {test.get_broken_hop_display()}: {test.error}")

    def follow(self, test):
        """Wait until the test has ended; the worker sends its mail within a second."""
        while True:
            hops.follow(timezone.now())
            test.refresh_from_db()
            if test.passed_at or test.broken_hop:
                return
            time.sleep(PAUSE_SECONDS)

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clinic import clock_check, retention


class Command(BaseCommand):
    help = "Forget what is needed no longer, as the worker does every hour, and tell how much it was."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only tell what would be forgotten")

    def handle(self, *, dry_run, **options):
        now = timezone.now()
        if not dry_run and clock_check.is_doubtful(now):
            raise CommandError(
                "The site was off for days, or its clock has jumped ahead. Try again tomorrow."
            )
        counts = retention.count_due(now) if dry_run else retention.purge(now)
        for kind, count in counts:
            self.stdout.write(f"{count:>6}  {kind.label}")

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clinic.models import OutboxMessage
from clinic.site.health import trouble, warnings


class Command(BaseCommand):
    help = "Tell how many mails wait, and exit with 1 when mail or worker need a person."

    def handle(self, **options):
        now = timezone.now()
        reasons = trouble(now)
        if "database" not in reasons:
            waiting, failed = OutboxMessage.objects.waiting().count(), OutboxMessage.objects.failed().count()
            self.stdout.write(f"{waiting} waiting, {failed} failed")
        if found := warnings():
            self.stdout.write("To set right: " + ", ".join(found))
        if reasons:
            raise CommandError("Needs a person: " + ", ".join(reasons))

from django.core.management.base import BaseCommand, CommandError

from clinic import audit
from clinic.models import AuditSeal


class Command(BaseCommand):
    help = "Tell whether every sealed day of the audit trail is as it was; exit with 1 when one is not."

    def handle(self, **options):
        if broken := audit.verify():
            days = ", ".join(day.isoformat() for day in broken)
            raise CommandError(f"These days were altered after they were sealed: {days}")
        self.stdout.write(f"{AuditSeal.objects.count()} sealed days, none altered")

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from clinic import delivery, mail_check, trial_mail
from clinic.models import Clinic


class Command(BaseCommand):
    help = "Look at the way of a mail step by step, then send one. Exits with 1 where the way ends."

    def add_arguments(self, parser):
        parser.add_argument("address", nargs="?", help="where the test mail goes; else the alarm address")

    def handle(self, address, **options):
        address = address or _known_address()
        try:
            validate_email(address)
        except ValidationError as problem:
            raise CommandError("Name the e-mail address that the test mail shall go to.") from problem
        try:
            for finding in mail_check.findings(address):
                self.stdout.write(f"{'ok  ' if finding.is_fine else 'hint'}  {finding.step}: {finding.said}")
        except mail_check.Broken as broken:
            raise CommandError(broken) from broken
        self.send(address)

    def send(self, address):
        """Owe the mail like every other one, and deliver it here and now."""
        with transaction.atomic():
            message = trial_mail.owe(address)
            delivery.claim_this(message, timezone.now())
        if not delivery.deliver(message):
            message.refresh_from_db()
            raise CommandError(
                f"The test mail was not taken ({message.last_error}). It stays on the list of outgoing mail."
            )
        self.stdout.write(f"ok    Test mail: the server has taken it. Look into the mailbox of {address}.")


def _known_address():
    clinic = Clinic.objects.first() or Clinic()
    return next(iter(f"{clinic.alarm_emails} {clinic.front_desk_emails}".split()), "")

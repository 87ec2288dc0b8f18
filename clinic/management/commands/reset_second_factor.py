from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from clinic.site import second_factors, sessions
from staff import account_changes
from staff.models import User


class Command(BaseCommand):
    help = "Take away the second factors of a person who lost them, and end their sessions."

    def add_arguments(self, parser):
        parser.add_argument("email")

    def handle(self, email, **options):
        person = User.objects.filter(email__iexact=email).first()
        if person is None:
            raise CommandError("Nobody has this e-mail address. Check it.")
        with transaction.atomic():
            second_factors.reset(person)
            sessions.end_all(person)
            account_changes.note("second_factor.reset", person, reason="on the server")
        self.stdout.write("Done. The next sign-in with the password asks for a new second factor.")

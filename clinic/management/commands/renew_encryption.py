from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand
from django.db import transaction

from clinic.site.second_factors import SECRETS, renewed


class Command(BaseCommand):
    help = "Encrypt the secrets of second factors with the first of ENCRYPTION_KEYS."

    @transaction.atomic
    def handle(self, **options):
        kept = Authenticator.objects.select_for_update().filter(type__in=SECRETS)
        for authenticator in kept:
            name = SECRETS[authenticator.type]
            authenticator.data[name] = renewed(authenticator.data[name])
            authenticator.save(update_fields=["data"])
        self.stdout.write(f"{len(kept)} secrets now need the first key only.")

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from clinic import audit
from clinic.models import Location
from clinic.site.person_forms import OF_LOCATIONS
from clinic.site.roles import ROLES
from staff import account_links
from staff.models import AccountLink, User


class Command(BaseCommand):
    help = "Invite somebody into a role, or once more, and print the link that the e-mail will bring."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--role", required=True, help=" | ".join(ROLES))
        parser.add_argument("--name", default="")
        parser.add_argument("--location", nargs="*", default=[], help="slugs of the own locations")

    def handle(self, *, email, role, name, location, **options):
        group, places = _role(role), _places(location)
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email} is no e-mail address.") from error
        with transaction.atomic():
            person = _person(email, name)
            person.groups.add(group)
            person.locations.add(*places)
            if group.name == OF_LOCATIONS and not person.locations.exists():
                raise CommandError(
                    f"Add --location: {OF_LOCATIONS} sees the requests of the own locations alone."
                )
            link = account_links.make(person, AccountLink.Purpose.INVITATION, by=None)
            audit.record("person.invited", subject=f"person {person.pk}", reason=f"by command: {group.name}")
        self.stdout.write(f"{person.email} is invited as {group.name}. The link works once, for 72 hours:")
        self.stdout.write(account_links.address_of(link))
        self.stdout.write("The worker sends it too. Where mail does not work yet, hand it over yourself.")


def _role(typed):
    """Find a role however it is capitalised, with or without a hyphen."""
    name = typed.replace("-", " ").casefold()
    role = next((role for role in ROLES if role.casefold() == name), None)
    if role is None:
        raise CommandError(f"There is no role {typed}. Choose one of: {', '.join(ROLES)}.")
    return Group.objects.get(name=role)


def _places(slugs):
    places = list(Location.objects.filter(slug__in=slugs))
    if unknown := set(slugs) - {place.slug for place in places}:
        known = ", ".join(Location.objects.values_list("slug", flat=True)) or "none yet"
        raise CommandError(f"There is no location {', '.join(sorted(unknown))}. There are: {known}.")
    return places


def _person(email, name):
    """Return who has this address, allowed to sign in; whoever is new has no rights but the role's."""
    person = User.objects.filter(email__iexact=email).first()
    person = person or User.objects.create_user(email, None, name=name or email[:100])
    if not person.is_active:
        person.is_active = True
        person.save(update_fields=["is_active"])
    return person

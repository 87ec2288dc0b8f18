"""The demo clinic's people: five therapists, and a login for each role."""

import os
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import Group
from django.utils import timezone

from clinic.site.demo import reading
from staff.models import Credential, Therapist, User

# role, address, name, own locations
LOGINS = (
    ("Manager", "manager@harbor.example", "Ruth Amari", ()),
    ("Editor", "editor@harbor.example", "Nils Berger", ()),
    ("Front desk", "northside@harbor.example", "Dana Whitlock", ("northside",)),
    ("Front desk", "mill-road@harbor.example", "Tomas Rey", ("mill-road",)),
)
CLINICIAN = "Clinician"
CLINICAL_LEAD = "theo-okafor"
LICENCE = Credential.Kind.LICENCE


def load_therapists(pictures, places):
    """Store the therapists with logins that sign, and return them by slug."""
    therapists = {}
    for position, facts in enumerate(reading.table("therapists")):
        user = _person(CLINICIAN, facts["email"], facts["name"], places.values())
        therapist, _ = Therapist.objects.update_or_create(
            slug=facts["slug"],
            defaults={
                **{name: facts[name] for name in ("name", "suffix", "job_title", "takes_new_patients")},
                "user": user,
                "is_listed": True,
                "left_on": None,
                "photo": pictures[facts["picture"]],
                "biography": facts["biography"].strip(),
                "specialties": "\n".join(facts["specialties"]),
                "education": "\n".join(facts["education"]),
                "languages": ", ".join(facts["languages"]),
                "position": position,
            },
        )
        if therapist.slug == CLINICAL_LEAD:
            user.groups.add(Group.objects.get(name="Clinical lead"))
        therapist.locations.set(places[slug] for slug in facts["locations"])
        _give_credentials(therapist, facts["credentials"])
        therapists[therapist.slug] = therapist
    return therapists


def _give_credentials(therapist, rows):
    today = timezone.localdate()
    for row in rows:
        is_licence = "license" in row["name"].lower()
        Credential.objects.get_or_create(
            therapist=therapist,
            name=row["name"],
            issuer=row["issuer"],
            number=row["number"],
            defaults={
                "kind": LICENCE if is_licence else Credential.Kind.CERTIFICATE,
                "abbreviation": row["abbreviation"],
                "issued_on": row["issued_on"],
                "expires_on": today + timedelta(days=row["expires_in_days"]),
            },
        )


def load_logins(places):
    """Store one person per role, the front desk once per location; return them by address."""
    return {
        email: _person(role, email, name, [places[slug] for slug in slugs])
        for role, email, name, slugs in LOGINS
    }


def _person(role, email, name, locations):
    # Who was switched off when the demo was removed is let in again.
    user, is_new = User.objects.update_or_create(email=email, defaults={"name": name, "is_active": True})
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    user.groups.add(Group.objects.get(name=role))
    user.locations.set(locations)
    return user


def addresses():
    """Return the e-mail addresses with which the people of the demo sign in."""
    staff = [email for _role, email, *_rest in LOGINS]
    return staff + [facts["email"] for facts in reading.table("therapists")]


def logins_file():
    return settings.FACTS_FILE.parent / "demo-logins.txt"


def write_logins():
    """Give one login of each role a new random password, and keep them where only the owner can read."""
    first_of_role = {role: email for role, email, *_rest in reversed(LOGINS)}
    lines = []
    for role, email in {**first_of_role, CLINICIAN: "theo.okafor@harbor.example"}.items():
        password = secrets.token_urlsafe(12)
        user = User.objects.get(email=email)
        user.set_password(password)
        user.save(update_fields=["password"])
        lines.append(f"{role.lower().replace(' ', '-')} {email} {password}\n")
    with open(os.open(logins_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.writelines(lines)

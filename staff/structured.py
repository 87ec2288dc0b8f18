"""What machines read about a therapist. Not a schema.org Physician: a physical therapist is none."""

from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.structured import address, clinic, identity, listing, node, page
from staff.models import Credential


def person(therapist, **properties):
    """Return who a therapist is; someone who has no page here is named without one."""
    return node(
        "Person",
        known_as(therapist),
        name=therapist.name,
        honorificSuffix=therapist.suffix,
        jobTitle=therapist.job_title,
        url=address(therapist.get_absolute_url()) if therapist.is_shown else None,
        worksFor=clinic() if therapist.is_shown else None,
        **properties,
    )


def known_as(therapist):
    """Return the name by which nodes refer to a therapist, empty for someone who has no page."""
    return identity(therapist.get_absolute_url(), "person") if therapist.is_shown else ""


def therapist_list(therapists):
    """Return what machines read on the page of all therapists."""
    rows = [(therapist.full_name, therapist.get_absolute_url()) for therapist in therapists]
    return [
        page(
            "CollectionPage",
            reverse("therapist_list"),
            name=_("Therapists"),
            description=_("Our physical therapists: what they help with, where, and who takes new patients."),
            mainEntity=listing(rows),
        )
    ]


def therapist_detail(therapist, credentials):
    """Return what machines read on a therapist's page, where these credentials are shown."""
    who = person(
        therapist,
        image=address(therapist.photo.url) if therapist.photo else None,
        knowsAbout=therapist.specialty_list,
        knowsLanguage=[language for part in therapist.languages.split(",") if (language := part.strip())],
        workLocation=[
            {"@id": identity(location.get_absolute_url(), "place")} for location in therapist.locations.all()
        ],
        hasCredential=[_credential(credential) for credential in credentials],
        identifier=[_licence_number(credential) for credential in credentials if _is_numbered(credential)],
    )
    return [
        page(
            "ProfilePage",
            therapist.get_absolute_url(),
            name=therapist.full_name,
            description=f"{therapist.full_name}, {therapist.job_title}",
            crumbs=[(_("Therapists"), reverse("therapist_list"))],
            mainEntity=who,
        )
    ]


def _credential(credential):
    return node(
        "EducationalOccupationalCredential",
        name=credential.name,
        alternateName=credential.abbreviation,
        credentialCategory=credential.get_kind_display(),
        recognizedBy=node("Organization", name=credential.issuer),
    )


def _is_numbered(credential):
    return credential.kind == Credential.Kind.LICENCE and credential.number


def _licence_number(credential):
    return node("PropertyValue", name=credential.name, value=credential.number)

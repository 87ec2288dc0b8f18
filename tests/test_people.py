"""People who sign in, and therapists: who may change whom, and what stays."""

import pytest
from django.urls import reverse

from clinic.models import AuditEvent
from staff.models import Therapist, User
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    person = builders.user("Manager", name="Ruth Amari")
    client.force_login(person)
    return person


@pytest.fixture
def superuser(client):
    person = builders.user(is_superuser=True)
    client.force_login(person)
    return person


def url(name, *args):
    return reverse(f"admin:{name}", args=args)


def trail(action):
    return list(AuditEvent.objects.filter(action=action).values_list("subject", flat=True))


def person_form(**changes):
    return {"email": "new@harbor.example", "name": "Nia Cole", "groups": [], "locations": [], **changes}


def test_a_superuser_lets_somebody_in_and_the_trail_names_the_role_change(client, superuser):
    role = builders.Group.objects.get(name="Editor")
    password = {"password1": builders.PASSWORD, "password2": builders.PASSWORD}

    client.post(url("staff_user_add"), person_form(**password, groups=[role.pk]))

    person = User.objects.get(email="new@harbor.example")
    assert list(person.groups.all()) == [role]
    assert person.check_password(builders.PASSWORD)
    assert (trail("setting.added"), trail("setting.role_changed")) == (
        ["person Nia Cole"],
        ["person Nia Cole"],
    )


def test_t10_nobody_changes_the_own_rights(client, superuser):
    role = builders.Group.objects.get(name="Manager")

    client.post(
        url("staff_user_change", superuser.pk),
        person_form(email=superuser.email, groups=[role.pk], is_superuser="", is_active=""),
    )

    superuser.refresh_from_db()
    assert (superuser.name, superuser.is_superuser, superuser.is_active) == ("Nia Cole", True, True)
    assert superuser.groups.count() == 0


def test_t10_a_manager_sees_people_without_their_passwords_and_changes_none(client, manager):
    person = builders.user("Editor", name="Nils")
    page = client.get(url("staff_user_change", person.pk))

    refused = client.post(url("staff_user_change", person.pk), person_form(is_superuser="on"))

    assert (page.status_code, refused.status_code) == (200, 403)
    assert "Nils" in page.text
    assert person.password not in page.text
    assert not User.objects.get(pk=person.pk).is_superuser


def test_an_address_differs_from_another_by_more_than_capitals(client, superuser):
    builders.user(email="nia@harbor.example")
    password = {"password1": builders.PASSWORD, "password2": builders.PASSWORD}

    response = client.post(url("staff_user_add"), person_form(email="Nia@harbor.example", **password))

    assert "Someone has this e-mail address already." in response.text


def test_a_therapist_keeps_credentials_and_is_not_deleted(client, manager):
    profile = builders.clinician()
    kept = {"credentials-TOTAL_FORMS": 1, "credentials-INITIAL_FORMS": 0}
    new = {
        "kind": "degree",
        "name": "Doctor of Physical Therapy",
        "issuer": "Lake",
        "issued_on": "2015-06-01",
    }
    form = {name: getattr(profile, name) for name in ("name", "slug", "suffix", "job_title", "position")}

    client.post(
        url("staff_therapist_change", profile.pk),
        {**form, **kept, **{f"credentials-0-{name}": value for name, value in new.items()}},
    )
    refused = client.post(url("staff_therapist_delete", profile.pk), {"post": "yes"})

    assert profile.credentials.count() == 2
    assert refused.status_code == 403
    assert Therapist.objects.filter(pk=profile.pk).exists()

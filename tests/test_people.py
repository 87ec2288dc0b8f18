"""Therapists: who may change them, and what stays."""

import pytest
from django.urls import reverse

from staff.models import Therapist
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    person = builders.user("Manager", name="Ruth Amari")
    client.force_login(person)
    return person


def url(name, *args):
    return reverse(f"admin:{name}", args=args)


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

"""The four roles and the clinical lead: one table, and what must never be in it."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission

from clinic.site import roles
from tests import builders

pytestmark = pytest.mark.django_db


def held(role):
    rows = Permission.objects.filter(group__name=role).values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in rows}


@pytest.mark.parametrize("role", roles.ROLES)
def test_a_role_holds_exactly_what_the_table_says(role):
    assert held(role) == roles.permission_names(role) != set()


def test_there_are_these_four_roles_one_duty_and_no_other():
    assert set(Group.objects.values_list("name", flat=True)) == {
        "Editor",
        "Clinician",
        "Front desk",
        "Manager",
        "Clinical lead",
    }


def test_only_the_clinical_lead_approves_care_cards():
    approve = "articles.approve_carecard"
    assert [role for role in roles.ROLES if approve in held(role)] == ["Clinical lead"]


def test_a_permission_given_by_hand_is_taken_back_by_the_next_migrate():
    editor = Group.objects.get(name="Editor")
    editor.permissions.add(Permission.objects.get(codename="view_appointmentrequest"))

    roles.synchronise(apps)

    assert held("Editor") == roles.permission_names("Editor")


@pytest.mark.parametrize(
    ("role", "parts"),
    [
        ("Editor", ("appointments.", "staff.view_user", "auth.", "clinic.view_auditevent")),
        ("Clinician", ("appointments.", "staff.view_user", "auth.", "clinic.")),
        ("Front desk", ("articles.", "staff.", "auth.", "appointments.view_every_location")),
        (
            "Manager",
            ("auth.", "articles.change_article", "articles.sign_off"),
        ),
    ],
)
def test_a_role_reaches_nothing_that_is_not_its_own(role, parts):
    assert [name for name in held(role) for part in parts if name.startswith(part)] == []


@pytest.mark.parametrize("role", roles.ROLES)
def test_no_role_changes_or_deletes_the_audit_trail_or_deletes_a_request_or_a_person(role):
    forbidden = {
        *(f"clinic.{action}_auditevent" for action in ("add", "change", "delete")),
        "appointments.delete_appointmentrequest",
        "staff.delete_user",
    }

    assert held(role) & forbidden == set()


def test_rights_come_from_roles_alone():
    person = builders.user("Editor")
    person.user_permissions.add(Permission.objects.get(codename="view_appointmentrequest"))

    assert person.has_perm("articles.view_article")
    assert not person.has_perm("appointments.view_appointmentrequest")

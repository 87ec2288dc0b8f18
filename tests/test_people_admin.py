"""People who sign in, as managers see them: invited into roles, helped in, never given more."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic import delivery
from clinic.models import AuditEvent, OutboxMessage
from clinic.site import roles
from staff import account_links
from staff.models import AccountLink, User
from tests import builders

pytestmark = pytest.mark.django_db

STEPS = ["invite", "password", "second-step", "sessions", "leave", "return"]


@pytest.fixture
def manager(client):
    person = builders.user("Manager", name="Ruth Amari")
    client.force_login(person)
    return person


@pytest.fixture
def superuser():
    return builders.user(is_superuser=True, name="Root")


def url(name, *args):
    return reverse(f"admin:staff_user_{name}", args=args)


def role(name):
    return Group.objects.get(name=name).pk


def answers(**changes):
    fields = {"email": "new@harbor.example", "name": "Nia Cole", "groups": [role("Editor")], "locations": []}
    return {**fields, **changes}


def told():
    for message in OutboxMessage.objects.waiting().order_by("pk"):
        delivery.deliver(message)
    return [(sent.subject, sent.to) for sent in mail.outbox]


def trail(prefix):
    return list(
        AuditEvent.objects.filter(action__startswith=prefix)
        .order_by("pk")
        .values_list("action", "subject", "reason")
    )


def rights_of(person):
    """Return everything that makes an account more or less powerful, and who can enter it."""
    person = User.objects.get(pk=person.pk)
    own = (person.is_superuser, person.is_staff, person.is_active, person.email, person.password)
    groups = sorted(group.name for group in person.groups.all())
    return (
        *own,
        groups,
        person.user_permissions.count(),
        sorted(place.pk for place in person.locations.all()),
    )


def with_key(person):
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return person


def test_a_manager_invites_somebody_into_a_role(client, manager):
    place = builders.location()

    page = client.post(
        url("add"), answers(name="", groups=[role("Front desk")], locations=[place.pk]), follow=True
    )

    person = User.objects.get(email="new@harbor.example")
    assert (person.name, person.has_usable_password()) == ("new@harbor.example", False)
    assert [group.name for group in person.groups.all()] == ["Front desk"]
    assert list(person.locations.all()) == [place]
    assert told() == [("Your invitation to the staff pages", ["new@harbor.example"])]
    assert [str(message) for message in page.context["messages"]] == [
        "The invitation is on its way to new@harbor.example."
    ]
    assert AccountLink.objects.get().created_by == manager
    assert [action for action, *_rest in trail("setting.")] == ["setting.added", "setting.role_changed"]


def test_a_manager_makes_another_manager(client, manager):
    client.post(url("add"), answers(groups=[role("Manager")]))

    assert [group.name for group in User.objects.get(name="Nia Cole").groups.all()] == ["Manager"]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"email": "nia"}, "Enter an e-mail address such as name@example.com."),
        ({"email": "RUTH@harbor.example"}, "Someone has this e-mail address already."),
        ({"email": "gone@harbor.example"}, "This person was here before."),
        ({"groups": []}, "Choose at least one role."),
        ({"groups": [10**9]}, "Choose from the list."),
        ({"groups": ["front desk"]}, "Choose the locations whose requests this person sees."),
    ],
)
def test_an_invitation_that_would_not_work_is_not_sent(client, changes, complaint):
    client.force_login(builders.user("Manager", email="ruth@harbor.example"))
    builders.user(email="gone@harbor.example", is_active=False)
    if changes.get("groups") == ["front desk"]:
        changes = {"groups": [role("Front desk")]}

    page = client.post(url("add"), answers(**changes))

    assert complaint in page.text
    assert (User.objects.count(), OutboxMessage.objects.count()) == (2, 0)


def test_a_manager_changes_role_and_locations(client, manager):
    person, place = builders.user("Editor", name="Nils"), builders.location()

    client.post(
        url("change", person.pk),
        answers(email=person.email, name="Nils B.", groups=[role("Front desk")], locations=[place.pk]),
    )

    person.refresh_from_db()
    assert (person.name, rights_of(person)[5:]) == ("Nils B.", (["Front desk"], 0, [place.pk]))
    assert trail("setting.role_changed") == [("setting.role_changed", "person Nils B.", "")]


FORGED = {
    "is_superuser": "on",
    "is_staff": "",
    "is_active": "",
    "password": "md5$x$0",
    "password1": "four words nobody expects",
    "usable_password": "true",
    "id": "1",
    "pk": "1",
}


def forged(person, **changes):
    more = [permission.pk for permission in Permission.objects.all()[:3]]
    return answers(email=person.email, name="Forged", user_permissions=more, **FORGED, **changes)


def test_s9_t10_nobody_gives_rights_to_themselves(client, manager):
    before = rights_of(manager)
    groups = [role(name) for name in roles.ROLES]

    client.post(url("change", manager.pk), forged(manager, groups=groups, locations=[builders.location().pk]))

    manager.refresh_from_db()
    assert manager.name == "Forged"
    assert rights_of(manager) == before


def test_s9_t10_a_forged_form_changes_nothing_that_the_page_does_not_show(client, manager):
    person, other = builders.user("Editor"), builders.user("Editor")
    before = rights_of(person), rights_of(other), User.objects.count()

    client.post(url("change", person.pk), {**forged(person), "id": other.pk, "pk": other.pk})

    person.refresh_from_db()
    assert person.name == "Forged"
    assert (rights_of(person), rights_of(other), User.objects.count()) == before


def test_s9_t10_saving_as_new_is_an_invitation_like_any_other(client, manager):
    person = builders.user("Editor")
    before = rights_of(person)

    client.post(
        url("change", person.pk), {**forged(person), "email": "new@harbor.example", "_saveasnew": "1"}
    )

    new = User.objects.get(email="new@harbor.example")
    assert (new.is_superuser, new.has_usable_password(), rights_of(person)) == (False, False, before)


def test_s9_t10_nobody_is_invited_into_more_than_a_role(client, manager):
    more = Group.objects.create(name="Everything")
    more.permissions.set(Permission.objects.all())

    refused = client.post(url("add"), answers(groups=[more.pk]))
    client.post(url("add"), {**answers(), **FORGED, "is_superuser": "on"})

    person = User.objects.get(email="new@harbor.example")
    assert "Choose from the list." in refused.text
    assert (person.is_superuser, person.is_active, person.has_usable_password()) == (False, True, False)
    assert not AccountLink.objects.exclude(user=person).exists()


def test_s9_t10_a_manager_can_do_nothing_to_a_superuser(client, manager, superuser):
    with_key(superuser)
    before = rights_of(superuser)
    page = client.get(url("change", superuser.pk))

    answers_ = [client.post(url("change", superuser.pk), forged(superuser))]
    answers_ += [client.post(url("step", superuser.pk, step), {"reason": "x"}) for step in STEPS]

    assert (page.status_code, 'name="email"' in page.text) == (200, False)
    assert [answer.status_code for answer in answers_] == [403] * 7
    assert rights_of(superuser) == before
    assert Authenticator.objects.filter(user=superuser).exists()
    assert [action for action, *_rest in trail("person.")] == ["person.denied"] * 6


@pytest.mark.parametrize("step", STEPS)
def test_nobody_takes_a_step_with_themselves(client, manager, step):
    with_key(manager)
    before = rights_of(manager)

    answer = client.post(url("step", manager.pk, step), {"reason": "x"})

    assert (answer.status_code, rights_of(manager)) == (404, before)
    assert Authenticator.objects.filter(user=manager).exists()


@pytest.mark.parametrize("name", ["Editor", "Clinician", "Front desk"])
@pytest.mark.parametrize("step", STEPS)
def test_t10_no_other_role_takes_a_step(client, name, step):
    person = with_key(builders.user("Editor"))
    before = rights_of(person)
    client.force_login(builders.user(name))

    answer = client.post(url("step", person.pk, step), {"reason": "x"})

    assert (answer.status_code, rights_of(person)) == (403, before)


def test_no_password_is_found_out_by_filtering(client, manager):
    person = builders.user("Editor", name="Nils")

    answer = client.get(url("changelist"), {"password__startswith": person.password[:8]})

    assert answer.status_code == 400


def test_no_page_shows_or_sets_a_password(client, superuser):
    client.force_login(superuser)
    person = builders.user("Editor")

    change, add, listed = (
        client.get(address) for address in (url("change", person.pk), url("add"), url("changelist"))
    )

    forms = [list(page.context["adminform"].form.fields) for page in (change, add)]
    assert forms == [["email", "name", "groups", "locations"]] * 2
    assert not any(person.password in page.text for page in (change, add, listed))


def test_the_list_says_who_is_invited_has_left_and_has_a_second_step(client, manager):
    with_key(builders.user("Editor", name="Bea"))
    builders.user("Clinician", name="Cal", password=None)
    builders.user("Front desk", name="Dan", is_active=False)

    page = client.get(url("changelist"))

    rows = [re.sub(r"<[^>]+>|\s+", " ", row) for row in re.findall(r"<tr>.*?</tr>", page.text, re.DOTALL)]
    assert ["Editor" in row and 'alt="True"' for row in rows[1:2]] == ['alt="True"']
    assert "Invited" in rows[2]
    assert "Has left" in rows[4]


def test_the_list_asks_the_same_for_two_people_and_for_thirty(client, manager):
    builders.user("Editor")
    with CaptureQueriesContext(connection) as few:
        client.get(url("changelist"))
    for _number in range(28):
        with_key(builders.user("Editor"))

    with CaptureQueriesContext(connection) as many:
        client.get(url("changelist"))

    assert len(many) == len(few)


def test_a_changed_address_is_told_to_both_apart(client, manager):
    person = builders.user("Editor", email="old@harbor.example", name="Nils")

    client.post(url("change", person.pk), answers(name="Nils"))

    changed = "Your sign-in was changed"
    assert told() == [(changed, ["new@harbor.example"]), (changed, ["old@harbor.example"])]
    assert ["Ruth Amari did this" in sent.body for sent in mail.outbox] == [True, True]
    assert ["harbor.example" in sent.body for sent in mail.outbox] == [False, False]


def test_an_invitation_is_sent_again_and_ends_the_first(client, manager):
    person = builders.user("Editor", password=None, email="nia@harbor.example")
    client.post(url("step", person.pk, "invite"))
    first = AccountLink.objects.get()

    client.post(url("step", person.pk, "invite"))

    assert AccountLink.objects.get().pk > first.pk
    assert told() == [("Your invitation to the staff pages", ["nia@harbor.example"])]
    assert trail("person.") == [("person.invited", f"person {person.pk}", "")] * 2


def test_a_manager_sends_a_link_for_a_new_password_and_ends_the_old_one(client, manager):
    person = builders.user("Editor", email="nils@harbor.example")
    theirs = type(client)()
    theirs.force_login(person)

    page = client.post(url("step", person.pk, "password"), follow=True)

    person.refresh_from_db()
    assert "A link for a new password is on its way to nils@harbor.example." in page.text
    assert not person.check_password(builders.PASSWORD)
    assert theirs.get("/admin/").status_code == 302
    assert told() == [("Set a new password", ["nils@harbor.example"])]
    assert "Ruth Amari sends you this link" in mail.outbox[0].body
    # Not taken for someone new, by the list or by the page behind the link.
    assert "Invited" not in client.get(url("changelist")).text
    page = theirs.get(account_links.address_of(AccountLink.objects.get()))
    assert "Choose a new password" in page.text


def test_a_second_step_is_reset_with_a_reason_and_the_person_is_told(client, manager):
    person = with_key(builders.user("Front desk", email="dana@harbor.example"))
    theirs = type(client)()
    theirs.force_login(person)
    refused = client.post(url("step", person.pk, "second-step"))
    kept = Authenticator.objects.filter(user=person).exists()

    client.post(url("step", person.pk, "second-step"), {"reason": "Lost her key"})

    assert ("Enter the reason." in refused.text, kept) == (True, True)
    assert not Authenticator.objects.filter(user=person).exists()
    assert theirs.get(reverse("admin:index")).status_code == 302
    assert told() == [("Your sign-in was changed", ["dana@harbor.example"])]
    assert trail("second_factor.") == [("second_factor.reset", f"person {person.pk}", "Lost her key")]


def test_a_manager_signs_somebody_out_everywhere(client, manager):
    person = builders.user("Editor")
    theirs = type(client)()
    theirs.force_login(person)

    client.post(url("step", person.pk, "sessions"))

    assert theirs.get(reverse("admin:index")).status_code == 302
    assert client.get(reverse("admin:index")).status_code == 200
    assert trail("person.") == [("person.signed_out", f"person {person.pk}", "")]


@pytest.mark.parametrize(
    ("fields", "offered"),
    [
        ({}, ["password", "sessions", "leave"]),
        ({"password": None}, ["invite", "leave"]),
        ({"is_active": False}, ["return"]),
    ],
)
def test_only_the_steps_that_make_sense_are_offered(client, manager, fields, offered):
    person = builders.user("Editor", **fields)

    page = client.get(url("change", person.pk))
    statuses = {step: client.get(url("step", person.pk, step)).status_code for step in STEPS}

    assert [form.step for form in page.context["steps"]] == offered
    assert [step for step, status in statuses.items() if status == 200] == offered


def test_looking_at_a_step_takes_none(client, manager):
    person = with_key(builders.user("Editor"))
    before = rights_of(person)

    for step in STEPS:
        client.get(url("step", person.pk, step))

    assert (rights_of(person), OutboxMessage.objects.count()) == (before, 0)
    assert Authenticator.objects.filter(user=person).exists()


def test_a_superuser_helps_another_one(client, superuser):
    client.force_login(builders.user(is_superuser=True))

    answer = client.post(url("step", superuser.pk, "password"))

    assert (answer.status_code, AccountLink.objects.get().user) == (302, superuser)


def test_the_filters_are_captioned_in_plain_words(client, manager):
    builders.location()

    page = client.get(url("changelist"))

    captions = re.findall(r"<details data-filter-title.+?>\s*<summary>(.+?)</summary>", page.text)
    assert captions == ["Role", "May sign in", "Own locations"]

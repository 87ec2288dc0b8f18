"""Care cards: new wordings wait for a clinician; shipped ones say that nobody here approved them yet."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone

from articles import cards
from articles.models import CareCard
from articles.steps import Refused
from tests import builders

pytestmark = pytest.mark.django_db

WORDING = {
    "introduction": "With back or leg pain, any of these is new:",
    "bullets": "numb between the legs\ntrouble starting to pee",
    "safety_net": "If one of these comes later, do not wait.",
}


@pytest.fixture
def card():
    return CareCard.objects.get(slug="back-and-leg-emergency")


def test_shipped_cards_are_shown_from_day_one_and_count_as_unapproved(card):
    assert (card.live.number, card.live.is_shipped, card.live.signature) == (1, True, None)
    assert card in CareCard.objects.shown()


def test_a_new_wording_is_not_shown_before_a_clinician_approves_it(card):
    version = cards.reword(card, **WORDING, by=builders.user("Manager"), reason="Plainer words")

    card.refresh_from_db()
    assert (version.number, card.live.number) == (2, 1)


def test_an_approved_wording_is_shown_at_once(card):
    theo = builders.clinician()
    version = cards.reword(card, **WORDING, by=builders.user("Manager"), reason="Plainer words")

    signature = cards.approve(version, by=theo.user)

    card.refresh_from_db()
    assert (card.live, card.live.signature, signature.therapist) == (version, signature, theo)
    assert signature.next_review_on == timezone.localdate() + cards.REVIEW_AFTER
    assert signature.digest == cards.digest(version)


def test_approving_again_replaces_the_signature(card):
    theo, mara = builders.clinician(), builders.clinician("Mara Ruiz")
    first = cards.approve(card.live, by=theo.user)

    second = cards.approve(card.live, by=mara.user)

    first.refresh_from_db()
    assert (first.ended_at is None, second.ended_at) == (False, None)


def test_nobody_approves_the_own_wording(card):
    theo = builders.clinician()
    version = cards.reword(card, **WORDING, by=theo.user, reason="Plainer words")

    with pytest.raises(Refused, match="You wrote this wording"):
        cards.approve(version, by=theo.user)


def test_a_card_needs_a_clinician_with_a_current_license(card):
    yesterday = timezone.localdate() - timedelta(days=1)
    people = [builders.user("Manager"), builders.clinician(expires_on=yesterday).user]

    for person in people:
        with pytest.raises(Refused, match="current license"):
            cards.approve(card.live, by=person)


def address(card, name="change", *arguments):
    return reverse(f"admin:articles_carecard_{name}", args=[card.pk, *arguments])


def approver():
    """A clinician whose role has been given the permission as well."""
    theo = builders.clinician()
    permission = Permission.objects.get(codename="approve_carecard")
    group = Group.objects.create(name="Approves cards")
    group.permissions.add(permission)
    theo.user.groups.add(group)
    return theo


def test_the_list_marks_what_nobody_here_has_approved(client, card, django_assert_max_num_queries):
    cards.approve(card.live, by=builders.clinician().user)
    client.force_login(builders.user("Manager"))

    with django_assert_max_num_queries(13):
        page = client.get(reverse("admin:articles_carecard_changelist")).content.decode()

    shipped = CareCard.objects.filter(live__signature=None).count()
    assert page.count("default, not yet approved by this clinic") == shipped
    assert page.count("by Theo Okafor, PT on") == 1


def test_a_wording_is_rewritten_on_the_page_of_its_card(client, card):
    client.force_login(builders.user("Manager"))

    response = client.post(address(card), {**WORDING, "reason": "Plainer words"})

    newest = card.versions.first()
    assert (response.status_code, newest.number, newest.bullets) == (302, 2, WORDING["bullets"])


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"bullets": "\n"}, {"bullets": ["Enter at least one sign."]}),
        ({"bullets": "a\n" * 7}, {"bullets": ["Name at most six signs: readers skip longer lists."]}),
        ({"reason": ""}, {"reason": ["Say why you change it."]}),
    ],
    ids=["no sign", "seven signs", "no reason"],
)
def test_what_is_wrong_with_a_wording_is_said(client, card, changes, errors):
    client.force_login(builders.user("Manager"))

    response = client.post(address(card), {**WORDING, "reason": "Plainer words", **changes})

    assert (response.context["form"].errors, card.versions.count()) == (errors, 1)


def test_an_unchanged_wording_is_not_stored(client, card):
    client.force_login(builders.user("Manager"))
    same = {name: getattr(card.live, name) for name in WORDING}

    response = client.post(address(card), {**same, "reason": "Again"})

    assert response.context["form"].non_field_errors() == ["Nothing has changed."]


def test_a_clinician_with_the_permission_approves_on_the_page(client, card):
    theo = approver()
    version = cards.reword(card, **WORDING, by=builders.user("Manager"), reason="Plainer words")
    client.force_login(theo.user)

    client.post(address(card, "approve", version.number))

    card.refresh_from_db()
    assert (card.live, card.live.signature.therapist) == (version, theo)


def test_the_reason_against_an_approval_is_said(client, card):
    theo = approver()
    cards.reword(card, **WORDING, by=theo.user, reason="Plainer words")
    client.force_login(theo.user)

    response = client.post(address(card, "approve", 2), follow=True)

    assert [str(message) for message in response.context["messages"]] == [
        "You wrote this wording. Another clinician must approve it."
    ]


@pytest.mark.parametrize(
    ("role", "sees", "rewords"),
    [("Editor", 200, 403), ("Clinician", 200, 302), ("Manager", 200, 302), ("Front desk", 403, 403)],
)
def test_roles_at_the_page_of_a_card(client, card, role, sees, rewords):
    client.force_login(builders.user(role))

    answers = [
        client.get(address(card)),
        client.post(address(card), {**WORDING, "reason": "Plainer words"}),
        client.post(address(card, "approve", 1)),
    ]

    assert [answer.status_code for answer in answers] == [sees, rewords, 403]

"""Invitations: a link that one e-mail holds, that works once, for three days, for one person."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from clinic import delivery, facts, mail_kinds
from clinic.models import AuditEvent, OutboxMessage
from clinic.moves import Stale
from staff import account_links
from staff.models import AccountLink, User
from tests import builders

pytestmark = pytest.mark.django_db

INVITATION, RESET = AccountLink.Purpose.INVITATION, AccountLink.Purpose.PASSWORD_RESET
CHOSEN = "four words nobody expects"


def invited(role="Editor", **fields):
    return builders.user(
        role, **{"email": "nia@harbor.example", "name": "nia@harbor.example", "password": None, **fields}
    )


def path_of(link):
    return account_links.address_of(link).removeprefix("http://localhost")


def answers(**changes):
    return {"name": "Nia Cole", "new_password1": CHOSEN, "new_password2": CHOSEN, **changes}


def mails():
    for message in OutboxMessage.objects.waiting().order_by("pk"):
        delivery.deliver(message)
    return mail.outbox


def test_who_is_invited_chooses_name_and_password_and_is_signed_in(client):
    person = invited()
    link = account_links.make(person, INVITATION, by=builders.user("Manager", name="Ruth Amari"))
    [sent] = mails()
    found = re.search(r"http://localhost(/admin/account/welcome/\S+)", sent.body)[1]
    page = client.get(found)

    response = client.post(found, answers())

    person.refresh_from_db()
    assert sent.to == ["nia@harbor.example"]
    assert "Ruth Amari invites you to the staff pages" in sent.body
    assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "same-origin")
    assert "nia@harbor.example" in page.text
    assert response.url == reverse("admin:index")
    assert client.session["_auth_user_id"] == str(person.pk)
    assert (person.name, person.check_password(CHOSEN)) == ("Nia Cole", True)
    assert AccountLink.objects.get(pk=link.pk).used_at is not None
    assert list(AuditEvent.objects.order_by("pk").values_list("action", "actor"))[-2:] == [
        ("invitation.accepted", person.pk),
        ("login", person.pk),
    ]


def test_whoever_sees_requests_is_led_to_a_second_step_after_accepting(client, settings):
    settings.REQUIRE_MFA = True
    link = account_links.make(invited("Front desk"), INVITATION, by=None)

    response = client.post(path_of(link), answers(), follow=True)

    assert response.redirect_chain[-1][0] == reverse("mfa_index")


def test_t15_a_link_opens_the_second_step_even_where_a_colleague_is_signed_in(client):
    colleague, person = builders.user("Editor"), builders.user("Front desk")
    Authenticator.objects.create(user=person, type="totp", data={})
    client.force_login(colleague)
    link = account_links.make(person, RESET, by=None)

    response = client.post(path_of(link), answers(), follow=True)

    assert response.redirect_chain == [(reverse("mfa_authenticate"), 302)]
    assert "_auth_user_id" not in client.session


def test_looking_at_a_link_changes_nothing(client):
    link = account_links.make(invited(), INVITATION, by=None)
    before = (User.objects.values().get(pk=link.user_id), AccountLink.objects.values().get())

    statuses = [client.get(path_of(link)).status_code for _look in range(2)] + [
        client.head(path_of(link)).status_code
    ]

    assert statuses == [200, 200, 200]
    assert (User.objects.values().get(pk=link.user_id), AccountLink.objects.values().get()) == before
    assert "_auth_user_id" not in client.session


def used(link):
    account_links.use(link, CHOSEN, now=timezone.now())
    return path_of(link)


def too_old(link):
    hours = account_links.OPENS_FOR[link.purpose]
    AccountLink.objects.filter(pk=link.pk).update(created_at=timezone.now() - hours)
    return path_of(link)


def of_a_leaver(link):
    User.objects.update(is_active=False)
    return path_of(link)


def after_a_newer_one(link):
    address = path_of(link)
    account_links.make(link.user, link.purpose, by=None)
    return address


def to_an_earlier_address(link):
    address = path_of(link)
    User.objects.update(email="other@harbor.example")
    return address


def after_another_way_to_a_password(link):
    address = path_of(link)
    link.user.set_password("something else entirely")
    link.user.save()
    return address


def forged(link):
    return path_of(link)[:-3] + "xx/"


def of_another_link(link):
    other = account_links.make(builders.user("Manager"), link.purpose, by=None)
    return path_of(link).replace(f"/{link.pk}.", f"/{other.pk}.")


def without_a_number(link):
    return reverse("account_welcome", args=["9" * 30 + ".abc"])


CLOSED = [
    used,
    too_old,
    of_a_leaver,
    after_a_newer_one,
    to_an_earlier_address,
    after_another_way_to_a_password,
    forged,
    of_another_link,
    without_a_number,
]


@pytest.mark.parametrize("purpose", [INVITATION, RESET])
@pytest.mark.parametrize("closed", CLOSED, ids=lambda closed: closed.__name__)
def test_asvs_6_4_1_a_link_opens_nothing(client, closed, purpose):
    link = account_links.make(invited(), purpose, by=None)
    address = closed(link)
    before = list(User.objects.order_by("pk").values())

    pages = [client.get(address), client.post(address, answers())]

    assert [page.status_code for page in pages] == [404, 404]
    assert len({re.sub(r'nonce="[^"]+"', "", page.text) for page in pages}) == 1
    assert "This link opens nothing" in pages[0].text
    assert list(User.objects.order_by("pk").values()) == before


def test_nothing_that_is_stored_opens_a_link(client):
    link = account_links.make(invited(), INVITATION, by=None)
    stored = AccountLink.objects.values_list().get()

    pages = [client.get(reverse("account_welcome", args=[f"{link.pk}.{value}"])) for value in stored]

    assert {page.status_code for page in pages} == {404}


def test_a_link_outlives_a_change_of_the_key(client, settings):
    link = account_links.make(invited(), INVITATION, by=None)
    address = path_of(link)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 10, [settings.SECRET_KEY]

    assert client.get(address).status_code == 200


def test_of_two_answers_to_one_link_the_first_counts():
    link = account_links.make(invited(), INVITATION, by=None)
    account_links.use(link, CHOSEN, now=timezone.now())

    with pytest.raises(Stale):
        account_links.use(AccountLink.objects.get(), "another password", now=timezone.now())

    assert User.objects.get().check_password(CHOSEN)


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("short words", "at least 12 characters"),
        ("qwerty123456", "too common"),
        ("nia@harbor.example", "too similar to the e-mail address"),
        ("nia cole 2026", "too similar to the name"),
        ("HarborTherapy2026!", "little more than the clinic’s name"),
        ("NorthsideClinic1", "little more than the clinic’s name"),
        ("harbor12345678", "little more than the clinic’s name"),
        ("harbor front desk", "little more than the clinic’s name"),
        ("harbor therapy 2026 northside1", "little more than the clinic’s name"),
        ("Harbor-by-the-C 2026!!!!!!!!", "little more than the clinic’s name"),
    ],
)
def test_asvs_6_2_a_password_that_is_easily_guessed_is_not_taken(client, password, complaint):
    builders.location("Northside", city="Harbor")
    facts.publish()
    link = account_links.make(invited(), INVITATION, by=None)

    page = client.post(path_of(link), answers(new_password1=password, new_password2=password))

    assert complaint in page.text
    assert page.context["form"].errors.keys() == {"new_password1"}
    assert AccountLink.objects.get().used_at is None


@pytest.mark.parametrize(
    "password",
    [
        "only small letters here",
        "x  y  z  q  ",
        "🙂" * 12,
        "quite long " * 11 + "1234567",
        "quiet harbor 12 mornings",
        "8#kd92!Lq04$72zP",
    ],
)
def test_asvs_6_2_any_other_password_is_taken_as_it_is_typed(client, password):
    builders.location("Northside", city="Harbor")
    facts.publish()
    link = account_links.make(invited(), INVITATION, by=None)

    client.post(path_of(link), answers(new_password1=password, new_password2=password))

    assert User.objects.get().check_password(password)


def test_two_different_passwords_are_not_taken(client):
    link = account_links.make(invited(), INVITATION, by=None)

    page = client.post(path_of(link), answers(new_password2="four words nobody expected"))

    assert "The two passwords differ. Type the same one twice." in page.text
    assert not User.objects.get().has_usable_password()


def test_a_link_that_was_used_before_its_mail_went_out_is_not_sent():
    link = account_links.make(invited(), INVITATION, by=None)
    account_links.use(link, CHOSEN, now=timezone.now())

    with pytest.raises(mail_kinds.NothingToSend):
        mail_kinds.make("invitation", link.pk)


def test_an_invitation_says_how_long_it_works():
    link = account_links.make(invited(), INVITATION, by=None)

    body = mail_kinds.make("invitation", link.pk).body

    assert account_links.closes_at(link) - link.created_at == timedelta(hours=72)
    assert "It works once, until " in body


def invite(*arguments):
    output = StringIO()
    call_command("invite", *arguments, stdout=output)
    return output.getvalue()


def test_the_command_invites_and_prints_the_link(client):
    place = builders.location("Northside", slug="northside")

    printed = invite("dana@harbor.example", "--role", "front-desk", "--location", "northside")

    person = User.objects.get()
    found = re.search(r"http://localhost(/\S+)", printed)[1]
    assert client.get(found).status_code == 200
    assert [group.name for group in person.groups.all()] == ["Front desk"]
    assert list(person.locations.all()) == [place]
    assert (person.is_superuser, person.has_usable_password()) == (False, False)
    assert [sent.to for sent in mails()] == [["dana@harbor.example"]]


def test_the_command_invites_the_same_person_again():
    first = invite("ruth@harbor.example", "--role", "Manager", "--name", "Ruth Amari")
    second = invite("Ruth@harbor.example", "--role", "manager")

    assert [person.name for person in User.objects.all()] == ["Ruth Amari"]
    assert AccountLink.objects.count() == 1
    assert first != second


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["x@harbor.example", "--role", "Owner"], "Choose one of: Editor, Clinician, Front desk, Manager"),
        (["x@harbor.example", "--role", "Editor", "--location", "moon"], "There is no location moon."),
        (["x@harbor.example", "--role", "Front desk"], "Add --location: Front desk sees the requests"),
        (["nobody", "--role", "Editor"], "nobody is no e-mail address."),
    ],
)
def test_the_command_says_what_it_does_not_know(arguments, complaint):
    with pytest.raises(CommandError, match=complaint):
        invite(*arguments)

    assert User.objects.count() == 0

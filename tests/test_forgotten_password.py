"""T15, T16: a new password for who has forgotten theirs, and nothing for who asks around."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clinic import delivery
from clinic.models import AuditEvent, Hit, OutboxMessage
from staff.models import AccountLink
from tests import builders

pytestmark = pytest.mark.django_db

KNOWN, UNKNOWN = "dana@harbor.example", "nobody@harbor.example"
NEW = "four words nobody expects"
SAVED = "Your new password is saved."


@pytest.fixture
def person():
    return builders.user("Editor", email=KNOWN, name="Dana Whitlock")


def ask(client, email, **headers):
    return client.post(reverse("account_reset_password"), {"email": email}, follow=True, **headers)


def mails():
    for message in OutboxMessage.objects.waiting().order_by("pk"):
        delivery.deliver(message)
    return mail.outbox


def link_in(message):
    return re.search(r"(https?://[^/]+)(/admin/account/welcome/\S+)", message.body).groups()


def without_tokens(page):
    return re.sub(r'(nonce|value)="[^"]{16,}"', "", page.text)


def test_who_has_forgotten_the_password_sets_a_new_one(client, person):
    ask(client, KNOWN.upper())
    [sent] = mails()
    _host, path = link_in(sent)

    response = client.post(path, {"new_password1": NEW, "new_password2": NEW})

    person.refresh_from_db()
    assert sent.to == [KNOWN]
    assert "If it was not you, do nothing." in sent.body
    assert response.url == reverse("admin:index")
    assert (person.name, person.check_password(NEW)) == ("Dana Whitlock", True)
    assert [str(said) for said in client.get(response.url).context["messages"]] == [SAVED]
    assert [(word.subject, word.to) for word in mails()[1:]] == [("Your sign-in was changed", [KNOWN])]
    assert "Your password was changed." in mails()[1].body


def test_at_the_second_step_it_is_said_that_the_new_password_is_saved(client, person):
    Authenticator.objects.create(user=person, type="totp", data={})
    ask(client, KNOWN)
    _host, path = link_in(mails()[0])

    step = client.post(path, {"new_password1": NEW, "new_password2": NEW}, follow=True)

    assert [str(said) for said in step.context["messages"]] == [SAVED]
    assert "Your password was right." not in step.text


def test_who_has_not_accepted_the_invitation_yet_is_asked_for_the_name_too(client):
    person = builders.user("Editor", email=KNOWN, name=KNOWN, password=None)
    ask(client, KNOWN)
    _host, path = link_in(mails()[0])

    client.post(path, {"name": "Dana Whitlock", "new_password1": NEW, "new_password2": NEW})

    person.refresh_from_db()
    assert (person.name, person.check_password(NEW)) == ("Dana Whitlock", True)


def test_a_new_password_signs_out_all_other_devices(client, person):
    client.force_login(person)
    ask(client, KNOWN)
    _host, path = link_in(mails()[0])
    elsewhere = type(client)()

    elsewhere.post(path, {"new_password1": NEW, "new_password2": NEW})

    assert client.get(reverse("admin:index")).status_code == 302
    assert elsewhere.get(reverse("admin:index")).status_code == 200


def test_t15_known_and_unknown_addresses_get_the_same_page_after_the_same_work(client, person):
    answers = []
    for email in (KNOWN, UNKNOWN):
        with CaptureQueriesContext(connection) as queries:
            page = ask(client, email)
        answers.append((page.redirect_chain, without_tokens(page), work_of(queries)))

    assert answers[0] == answers[1]
    assert answers[0][2].count("INSERT INTO") == 5
    assert (AccountLink.objects.count(), OutboxMessage.objects.count(), Hit.objects.count()) == (1, 1, 4)


def work_of(queries):
    """Return which tables were read and written in turn; taking back writes nothing more."""
    statements = [
        re.match(r'(?:INSERT INTO|DELETE FROM|UPDATE|SELECT) "\w+"', query["sql"]) for query in queries
    ]
    return " ".join(found[0] for found in statements if found)


def test_who_may_not_sign_in_gets_nothing(client, person):
    person.is_active = False
    person.save()

    page = ask(client, KNOWN)

    assert "Look into your mailbox" in page.text
    assert mails() == []


def test_an_address_gets_three_links_an_hour_and_each_ends_the_one_before(client, person):
    pages = [without_tokens(ask(client, KNOWN, REMOTE_ADDR=f"198.51.100.{number}")) for number in range(5)]

    statuses = [client.get(link_in(sent)[1]).status_code for sent in mails()]

    # Of three links in one go only the newest is still to be sent.
    assert len(set(pages)) == 1
    assert AccountLink.objects.count() == 1
    assert OutboxMessage.objects.count() == 3
    assert statuses == [200]


def test_a_place_gets_twenty_links_an_hour(client):
    people = [builders.user() for _number in range(22)]

    for person in people:
        ask(client, person.email)

    assert AccountLink.objects.count() == 20


def test_t16_a_stranger_who_goes_on_asking_neither_keeps_a_person_out_nor_fills_the_trail(client, person):
    for _time in range(3):
        ask(client, KNOWN)
    Hit.objects.update(at=timezone.now() - timedelta(minutes=61))
    asked = []
    for _round in range(2):
        for _time in range(4):
            ask(client, KNOWN)
        asked.append(AuditEvent.objects.filter(action="password.asked").count())
        Hit.objects.update(at=F("at") - timedelta(minutes=40))
    newest = AccountLink.objects.get().pk

    ask(client, KNOWN)

    assert asked == [6, 6]
    assert AccountLink.objects.get().pk > newest


def test_an_hour_later_a_link_is_sent_again(client, person):
    for _time in range(4):
        ask(client, KNOWN)
    Hit.objects.update(at=timezone.now() - timedelta(minutes=61))
    newest = AccountLink.objects.get().pk

    ask(client, KNOWN)

    assert AccountLink.objects.get().pk > newest


@pytest.mark.parametrize(
    ("headers", "links"),
    [
        ({"HTTP_HOST": "evil.example"}, []),
        ({"HTTP_X_FORWARDED_HOST": "evil.example"}, ["http://localhost"]),
        ({"HTTP_HOST": "localhost", "HTTP_FORWARDED": "host=evil.example"}, ["http://localhost"]),
        ({"SERVER_NAME": "evil.example"}, []),
    ],
)
def test_t16_the_link_leads_to_our_own_address_whatever_host_is_named(client, person, headers, links):
    ask(client, KNOWN, **headers)

    assert [link_in(sent)[0] for sent in mails()] == links
    assert "evil.example" not in "".join(sent.body for sent in mails())


@pytest.mark.parametrize("email", ["", "dana", "dana@harbor"])
def test_what_is_no_address_is_asked_for_again(client, email):
    page = ask(client, email)

    assert page.context["form"].errors.keys() == {"email"}
    assert Hit.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "complaints"),
    [
        (
            {"old_password": "wrong", "new_password1": NEW, "new_password2": NEW + "!"},
            {
                "old_password": ["This is not your password."],
                "new_password2": ["The two passwords differ. Type the same one twice."],
            },
        ),
        (
            {},
            {
                "old_password": ["Enter your password."],
                "new_password1": ["Enter a new password."],
                "new_password2": ["Type the same password again."],
            },
        ),
    ],
)
def test_whoever_changes_the_own_password_reads_what_to_do(client, person, typed, complaints):
    client.force_login(person)

    page = client.post(reverse("admin:password_change"), typed)

    assert page.context["form"].errors == complaints


def test_each_request_is_in_the_trail(client, person):
    ask(client, KNOWN)
    ask(client, UNKNOWN)

    asked = AuditEvent.objects.filter(action="password.asked").order_by("pk")
    assert list(asked.values_list("subject", flat=True)) == [f"person {person.pk}", ""]


def test_who_changes_the_own_password_is_told(client, person):
    client.force_login(person)
    change = {"old_password": builders.PASSWORD, "new_password1": NEW, "new_password2": NEW}

    client.post(reverse("admin:password_change"), change)

    [sent] = mails()
    assert sent.to == [KNOWN]
    assert "Your password was changed." in sent.body
    assert AuditEvent.objects.filter(action="password.changed", actor=person).count() == 1


def test_the_sign_in_page_leads_here(client):
    assert f'href="{reverse("account_reset_password")}"' in client.get(reverse("admin:login")).text

"""T23: who leaves is out at the next request, and what they had in hand goes on with somebody."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from appointments.models import AppointmentRequest
from articles import publishing, schedule, writing
from articles.models import Article, WorkingCopy
from articles.review_links import Review
from clinic import delivery
from clinic.models import AuditEvent, OutboxMessage, SearchEntry
from clinic.site import leaving
from staff import account_links, indexing
from staff.models import AccountLink
from tests import builders

pytestmark = pytest.mark.django_db

INBOX = "admin:appointments_appointmentrequest_changelist"


@pytest.fixture
def manager():
    return builders.user("Manager", name="Ruth Amari")


def step(person, name):
    return reverse("admin:staff_user_step", args=[person.pk, name])


def claimed_by(person, location, **fields):
    return builders.appointment_request(location=location, status="claimed", owner=person, **fields)


def now_of(request):
    return AppointmentRequest.objects.values_list("owner", "status").get(pk=request.pk)


def test_t23_who_has_left_is_at_the_sign_in_page_with_the_next_request(client, manager):
    person = builders.user("Front desk", locations=[builders.location()])
    theirs = type(client)()
    theirs.force_login(person)
    before = theirs.get(reverse(INBOX)).status_code
    client.force_login(manager)

    client.post(step(person, "leave"))

    # Not only shut, but gone: nothing is there to come back to with them.
    assert [data[SESSION_KEY] for data in map(Session.get_decoded, Session.objects.all())] == [
        str(manager.pk)
    ]
    after = theirs.get(reverse(INBOX))
    assert (before, after.status_code) == (200, 302)
    assert after.url.startswith(reverse("admin:login"))
    assert list(
        AuditEvent.objects.filter(action="person.left").values_list("actor", "subject", "reason")
    ) == [(manager.pk, f"person {person.pk}", "")]


def test_nothing_opens_any_more_for_who_has_left(client, manager):
    person = builders.user("Editor")
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})
    link = account_links.make(person, AccountLink.Purpose.PASSWORD_RESET, by=None)

    leaving.leave(person, by=manager)

    tried = {"login": person.email, "password": builders.PASSWORD}
    signed_in = client.post(reverse("admin:login"), tried)
    opened = client.get(account_links.address_of(link).removeprefix("http://localhost"))
    assert (signed_in.status_code, opened.status_code) == (200, 404)
    assert not Authenticator.objects.filter(user=person).exists()
    assert AccountLink.objects.count() == 0


def test_without_an_heir_claimed_requests_go_back_to_the_inbox(manager):
    place = builders.location()
    person = builders.user("Front desk", locations=[place], name="Dana Whitlock")
    requests = [claimed_by(person, place), claimed_by(person, place)]
    AppointmentRequest.objects.filter(pk=requests[1].pk).update(status="waiting")
    closed = builders.appointment_request(location=place, status="closed", owner=person)

    leaving.leave(person, by=manager)

    assert [now_of(request) for request in requests] == [(None, "new"), (None, "new")]
    assert now_of(closed) == (person.pk, "closed")
    event = requests[0].events.get()
    assert (event.step, event.actor, event.remark) == ("release", manager, "Dana Whitlock has left.")


def test_an_heir_gets_the_requests_of_the_own_locations_and_no_others(manager):
    here, elsewhere = builders.location(), builders.location()
    person = builders.user("Front desk", locations=[here, elsewhere])
    heir = builders.user("Front desk", locations=[here])
    mine, other = claimed_by(person, here), claimed_by(person, elsewhere)

    leaving.leave(person, by=manager, heir=heir)

    assert (now_of(mine), now_of(other)) == ((heir.pk, "claimed"), (None, "new"))
    assert (mine.events.get().step, other.events.get().step) == ("hand_over", "release")
    assert mine.events.get().label == "Handed over"


def test_who_may_see_no_requests_inherits_none(manager):
    place = builders.location()
    person = builders.user("Front desk", locations=[place])
    request = claimed_by(person, place)

    leaving.leave(person, by=manager, heir=builders.user("Editor", locations=[place]))

    assert now_of(request) == (None, "new")


def test_unsaved_texts_are_handed_over_and_saved_ones_keep_their_name(manager):
    person, heir = builders.user("Editor"), builders.user("Editor")
    article = builders.article(by=person)
    writing.set_aside(article, builders.text(title="Half done"), topics=[], by=person, version=0)

    leaving.leave(person, by=manager, heir=heir)

    copy = WorkingCopy.objects.get()
    article.refresh_from_db()
    assert (copy.holder, copy.title) == (heir, "Half done")
    assert (article.created_by, article.latest.created_by) == (person, person)


def test_an_unsaved_text_stays_for_any_editor_to_go_on_with(client, manager):
    person, editor = builders.user("Editor", name="Nils"), builders.user("Editor")
    article = builders.article(by=person)
    writing.set_aside(article, builders.text(title="Half done"), topics=[], by=person, version=0)

    leaving.leave(person, by=manager)

    client.force_login(editor)
    page = client.get(reverse("admin:articles_article_change", args=[article.pk]))
    assert "Half done" in page.text
    writing.set_aside(article, builders.text(title="More"), topics=[], by=editor, version=1)
    assert WorkingCopy.objects.get().holder == editor


@pytest.mark.parametrize(
    ("heir_role", "publisher"), [("Editor", "heir"), ("Clinician", "manager"), (None, "manager")]
)
def test_a_set_time_is_kept_by_somebody_who_is_still_here(manager, heir_role, publisher):
    person = builders.user("Editor")
    heir = builders.user(heir_role) if heir_role else None
    article = builders.signed_article(by=person)
    schedule.publish_at(article, timezone.now() + timedelta(hours=1), by=person)

    leaving.leave(person, by=manager, heir=heir)

    article.refresh_from_db()
    assert article.scheduled_by == {"heir": heir, "manager": manager}[publisher]
    schedule.keep(timezone.now() + timedelta(hours=2))
    assert Article.objects.get(pk=article.pk).is_public


def test_a_text_that_waits_for_a_signature_is_given_to_another_clinician(manager):
    leaver, heir = (
        builders.clinician("Theo Okafor"),
        builders.clinician("Ana Ruiz", review_email="ana@harbor.example"),
    )
    article = builders.article()
    publishing.submit(article, to=leaver, by=article.created_by)
    delivery.deliver(OutboxMessage.objects.get())

    leaving.leave(leaver.user, by=manager, heir=heir.user)

    article.refresh_from_db()
    delivery.deliver(OutboxMessage.objects.waiting().get())
    assert (article.status, article.asked) == ("in_review", heir)
    assert mail.outbox[1].to == ["ana@harbor.example"]
    assert "Theo Okafor has left." in mail.outbox[1].body


@pytest.mark.parametrize("heir", ["nobody", "its author", "an editor"])
def test_a_text_that_nobody_else_may_sign_goes_back_to_its_editor(client, manager, heir):
    leaver, author = builders.clinician("Theo Okafor"), builders.clinician("Ana Ruiz")
    article = builders.article(author=author)
    publishing.submit(article, to=leaver, by=article.created_by)
    heirs = {"nobody": None, "its author": author.user, "an editor": builders.user("Editor")}

    leaving.leave(leaver.user, by=manager, heir=heirs[heir])

    article.refresh_from_db()
    assert (article.status, article.asked) == ("draft", None)
    client.force_login(article.created_by)
    assert (
        "Theo Okafor has left."
        in client.get(reverse("admin:articles_article_change", args=[article.pk])).text
    )


@pytest.mark.parametrize("review_email", ["", "theo@elsewhere.example"])
def test_the_profile_is_off_the_site_and_review_links_are_dead(client, manager, review_email):
    leaver = builders.clinician("Theo Okafor", review_email=review_email)
    indexing.refresh_all()
    article = builders.article()
    publishing.submit(article, to=leaver, by=article.created_by)
    link = Review(article.events.first(), leaver).address.removeprefix("http://localhost")
    before = [client.get(address).status_code for address in (link, leaver.get_absolute_url())]

    leaving.leave(leaver.user, by=manager)

    leaver.refresh_from_db()
    assert before == [200, 200]
    assert client.get(link).status_code == 404
    assert leaver.left_on == timezone.localdate()
    assert "Theo Okafor" not in client.get(reverse("therapist_list")).text
    assert not SearchEntry.objects.filter(title__contains="Theo").exists()


def test_the_page_says_what_is_in_hand_before_anything_happens(client, manager):
    place = builders.location()
    leaver = builders.clinician("Theo Okafor")
    leaver.user.groups.add(builders.Group.objects.get(name="Front desk"))
    claimed_by(leaver.user, place), claimed_by(leaver.user, place)
    article = builders.article()
    publishing.submit(article, to=leaver, by=article.created_by)
    client.force_login(manager)

    page = client.get(step(leaver.user, "leave"))

    assert "<strong>2</strong> open requests" in page.text
    assert "<strong>1</strong> article to sign off" in page.text


def has_a_request(person, place):
    claimed_by(person, place)


def has_an_unsaved_text(person, place):
    article = builders.article(by=person)
    writing.set_aside(article, builders.text(title="Half done"), topics=[], by=person, version=0)


def has_set_a_time(person, place):
    article = builders.signed_article(by=person)
    schedule.publish_at(article, timezone.now() + timedelta(hours=1), by=person)


def is_asked_to_sign(person, place):
    article = builders.article()
    publishing.submit(article, to=person.therapist, by=article.created_by)


@pytest.mark.parametrize(
    ("in_hand", "heirs"),
    [
        ([], []),
        ([has_a_request], ["Desk", "Ruth Amari"]),
        ([has_an_unsaved_text], ["Nils"]),
        ([has_set_a_time], ["Nils", "Ruth Amari"]),
        ([is_asked_to_sign], ["Ana Ruiz"]),
        ([has_a_request, is_asked_to_sign], ["Ana Ruiz", "Desk", "Ruth Amari"]),
    ],
)
def test_heirs_are_those_who_may_take_what_is_there(manager, in_hand, heirs):
    here, elsewhere = builders.location(), builders.location()
    leaver = builders.clinician("Theo Okafor").user
    cast = [
        builders.clinician("Ana Ruiz").user,
        builders.user("Front desk", name="Desk", locations=[here]),
        builders.user("Front desk", name="Desk elsewhere", locations=[elsewhere]),
        builders.user("Front desk", name="Invited", locations=[here], password=None),
        builders.user("Front desk", name="Gone", locations=[here], is_active=False),
        builders.user("Editor", name="Nils"),
        manager,
    ]
    for has in in_hand:
        has(leaver, here)

    found = leaving.heirs(leaver).filter(pk__in=[person.pk for person in cast])

    assert [person.name for person in found] == heirs


@pytest.mark.parametrize(
    ("in_hand", "asked"), [([], []), ([is_asked_to_sign], []), ([has_a_request], ["heir"])]
)
def test_who_takes_over_is_asked_where_somebody_can(client, manager, in_hand, asked):
    leaver = builders.clinician("Theo Okafor").user
    for has in in_hand:
        has(leaver, builders.location())
    client.force_login(manager)

    page = client.get(step(leaver, "leave"))

    assert list(page.context["form"].fields) == asked


def test_the_page_tells_afterwards_what_went_where(client, manager):
    here, elsewhere = builders.location(), builders.location()
    leaver = builders.clinician("Theo Okafor", user=builders.user("Front desk", name="Theo Okafor")).user
    heir = builders.user("Front desk", name="Dana", locations=[here])
    claimed_by(leaver, here), claimed_by(leaver, here), claimed_by(leaver, elsewhere)
    for has in (has_an_unsaved_text, has_set_a_time):
        has(leaver, here)
    leaver.groups.add(builders.Group.objects.get(name="Clinician"))
    is_asked_to_sign(leaver, here)
    client.force_login(manager)

    page = client.post(step(leaver, "leave"), {"heir": heir.pk}, follow=True)

    assert [str(message) for message in page.context["messages"]] == [
        "Theo Okafor has left. Nothing opens for them any more. 2 requests are with Dana now. "
        "1 request is back in the inbox. 1 article is back with its editor. "
        "1 unsaved text waits for any editor. 1 set time is yours to watch."
    ]


def test_who_has_left_inherits_nothing_by_a_forged_form(client, manager):
    place = builders.location()
    person, gone = builders.user("Editor"), builders.user("Front desk", locations=[place], is_active=False)
    has_a_request(person, place)
    client.force_login(manager)

    pages = [client.post(step(person, "leave"), {"heir": heir.pk}) for heir in (gone, person)]

    person.refresh_from_db()
    assert ["Choose from the list." in page.text for page in pages] == [True, True]
    assert person.is_active


def test_what_came_back_from_who_has_left_is_not_undone_into_their_hands(client, manager):
    request = claimed_by(builders.user("Front desk", name="Kim"), builders.location())
    client.force_login(manager)
    client.post(step(request.owner, "leave"))

    page = client.get(request.get_absolute_url())
    forged = client.post(
        reverse("admin:appointments_appointmentrequest_step", args=[request.pk, "undo"]), {"seen": 1}
    )

    assert (page.context["undoable"], forged.status_code) == (None, 409)
    assert "This can’t be undone any more." in forged.text
    assert now_of(request) == (None, "new")


def test_if_the_last_line_can_not_be_written_nobody_has_left(manager):
    place = builders.location()
    person = builders.user("Front desk", locations=[place])
    request = claimed_by(person, place)

    with pytest.raises(AttributeError):
        leaving.leave(person, by=manager, request=object())

    person.refresh_from_db()
    assert (person.is_active, now_of(request)) == (True, (person.pk, "claimed"))


def test_who_comes_back_is_invited_into_the_roles_they_had(client, manager):
    person = builders.user("Editor", email="nils@harbor.example")
    leaving.leave(person, by=manager)
    client.force_login(manager)

    client.post(step(person, "return"))

    person.refresh_from_db()
    delivery.deliver(OutboxMessage.objects.get())
    assert (person.is_active, person.has_usable_password()) == (True, False)
    assert [group.name for group in person.groups.all()] == ["Editor"]
    assert [(sent.subject, sent.to) for sent in mail.outbox] == [
        ("Your invitation to the staff pages", ["nils@harbor.example"])
    ]
    assert AuditEvent.objects.filter(action="person.returned", actor=manager).count() == 1

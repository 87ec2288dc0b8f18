"""A request taken by phone or at the counter: in twenty seconds, with the same clock, for own places."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from playwright.sync_api import expect

from appointments import desk as verbs
from appointments import form_token, screening
from appointments.models import AppointmentRequest
from appointments.models.choices import CallTime, Channel, Purpose, Screening, Source, Status
from articles.models import CareCard
from clinic import delivery, facts
from clinic.models import AuditEvent, OutboxMessage
from tests import builders
from tests.test_staff_pages_in_a_browser import WATCH, complaints

ENTER = reverse("admin:appointments_appointmentrequest_enter")
# A Monday, 10 am in Chicago.
MONDAY = datetime(2026, 11, 23, 16, tzinfo=UTC)
# What a typist of forty words a minute needs for a key (Card, Moran and Newell 1980).
SECONDS_A_KEY = 0.28

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def northside():
    return builders.location("Northside", time_zone="America/Chicago")


@pytest.fixture
def dana(northside):
    return builders.user("Front desk", locations=[northside], name="Dana Whitlock")


@pytest.fixture
def desk(client, dana):
    client.force_login(dana)
    return client


@pytest.fixture
def said(northside):
    """What the shortest call tells, as the page posts it."""
    return {
        "token": form_token.issue(),
        "full_name": "Alma Reyes",
        "phone": "773 555 0140",
        "email": "",
        "location": northside.pk,
        "screening": "none",
        "purpose": "new",
        "call_time": "any",
        "patient_name": "",
        "therapist": "",
        "notes": "",
    }


def test_what_is_taken_down_is_a_request_like_any_other(desk, dana, northside, said):
    theo = builders.therapist()
    told = {
        "patient_name": "Bo Reyes",
        "call_time": "morning",
        "purpose": "returning",
        "therapist": theo.pk,
        "notes": "Fell.",
    }

    response = desk.post(ENTER, {**said, **told})

    request = AppointmentRequest.objects.get()
    assert response.url == request.get_absolute_url()
    assert (request.full_name, request.patient_name, request.is_for_someone_else) == (
        "Alma Reyes",
        "Bo Reyes",
        True,
    )
    assert (request.phone, request.phone_e164, request.channel) == (
        "773 555 0140",
        "+17735550140",
        Channel.PHONE,
    )
    assert (request.location, request.therapist, request.notes) == (northside, theo, "Fell.")
    assert (request.purpose, request.call_time) == (Purpose.RETURNING, CallTime.MORNING)
    assert (request.source, request.screening, request.is_urgent) == (Source.DESK, Screening.NONE, False)
    assert (request.received_at, request.due_at) == (MONDAY, MONDAY.replace(hour=20))
    assert (request.status, request.owner) == (Status.NEW, None)
    assert list(request.events.values_list("step", "actor")) == [("received", dana.pk)]
    assert list(AppointmentRequest.objects.matching("Bo Reyes")) == [request]


@pytest.mark.parametrize(
    ("answer", "is_urgent", "hour"), [("none", False, 20), ("yes", True, 17), ("not_sure", True, 17)]
)
def test_warning_signs_asked_by_phone_shorten_the_promise(desk, said, answer, is_urgent, hour):
    desk.post(ENTER, {**said, "screening": answer})

    request = AppointmentRequest.objects.get()
    assert (request.screening, request.is_urgent, request.due_at.hour) == (answer, is_urgent, hour)


def test_the_wording_that_was_read_out_is_kept_with_the_request(desk, said):
    page = desk.get(ENTER)
    read_out = screening.emergency_wording(None)
    hidden = dict(page.context["hidden"])
    card = CareCard.objects.get(slug="general-emergency")
    card.live = card.versions.create(number=99, bullets="Another sign")
    card.save()

    desk.post(ENTER, {**said, **hidden})

    assert read_out.bullet_list[0] in page.text
    assert AppointmentRequest.objects.get().card_version == read_out


@pytest.mark.parametrize(("ticked", "allowed"), [({"may_leave_message": "on"}, True), ({}, False)])
def test_whether_we_may_leave_a_message_is_as_the_caller_said(desk, said, ticked, allowed):
    desk.post(ENTER, {**said, **ticked})

    assert AppointmentRequest.objects.get().may_leave_message is allowed


def test_nobody_is_mailed_about_what_they_have_just_taken_down(desk, said):
    desk.post(ENTER, said)

    assert list(OutboxMessage.objects.values_list("kind", flat=True)) == []


def test_who_leaves_an_address_alone_is_reached_by_mail(desk, said):
    desk.post(ENTER, {**said, "phone": "", "email": "alma@example.com"})

    request = AppointmentRequest.objects.get()
    assert (request.channel, request.email) == (Channel.EMAIL, "alma@example.com")
    assert list(OutboxMessage.objects.values_list("kind", flat=True)) == ["acknowledgement"]


def test_the_caller_can_be_told_the_reference_and_by_when_we_call(desk, said):
    page = desk.post(ENTER, said, follow=True)

    reference = AppointmentRequest.objects.get().reference
    assert [str(message) for message in page.context["messages"]] == [
        f"Saved as {reference}. Tell the caller: we call by Monday 23 November, 2 pm."
    ]


def test_a_double_click_makes_one_request(desk, said):
    answers = [desk.post(ENTER, said).url for _click in range(2)]

    assert AppointmentRequest.objects.count() == 1
    assert answers[0] == answers[1]


@pytest.mark.parametrize("clicks", [1, 2])
def test_saving_and_taking_makes_it_mine(desk, dana, said, clicks):
    for _click in range(clicks):
        page = desk.post(ENTER, {**said, "mine": "1"}, follow=True)

    request = AppointmentRequest.objects.get()
    assert (request.status, request.owner) == (Status.CLAIMED, dana)
    assert [message.level_tag for message in page.context["messages"]] == ["success"]
    assert list(request.events.values_list("step", flat=True)) == ["claim", "received"]


def test_what_a_colleague_has_taken_meanwhile_stays_with_the_colleague(desk, northside, said):
    colleague = builders.user("Front desk", locations=[northside])
    desk.post(ENTER, said)
    verbs.claim(AppointmentRequest.objects.get(), by=colleague)

    page = desk.post(ENTER, {**said, "mine": "1"}, follow=True)

    assert AppointmentRequest.objects.get().owner == colleague
    assert "Someone else changed this." in str(list(page.context["messages"])[-1])


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"full_name": " "}, {"full_name": ["Enter the caller’s name."]}),
        ({"phone": ""}, {"phone": ["Enter a phone number or an e-mail address."]}),
        ({"phone": "soon"}, {"phone": ["Enter a phone number we can dial, such as 555 010 0177"]}),
        ({"email": "alma@"}, {"email": ["Enter an e-mail address such as name@example.com"]}),
        ({"location": ""}, {"location": ["Choose a location."]}),
        ({"screening": ""}, {"screening": ["Ask about the warning signs, and choose the answer."]}),
        ({"screening": "direct"}, {"screening": ["Ask about the warning signs, and choose the answer."]}),
        ({"therapist": "0"}, {"therapist": ["Choose one of these therapists, or no preference."]}),
        ({"token": "forged"}, {"__all__": ["Look through the answers and save again."]}),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(desk, said, change, errors):
    page = desk.post(ENTER, {**said, "notes": "Fell.", **change})

    assert page.context["form"].errors == errors
    assert (page.context["form"]["notes"].value(), AppointmentRequest.objects.count()) == ("Fell.", 0)
    assert form_token.read(dict(page.context["hidden"])["token"])


def test_t2_nobody_enters_a_request_for_a_place_of_others(client, desk, northside, said):
    mill_road = builders.location("Mill Road")

    refused = desk.post(ENTER, {**said, "location": mill_road.pk})
    stored = AppointmentRequest.objects.count()
    client.force_login(builders.user("Manager"))
    client.post(ENTER, {**said, "location": mill_road.pk})

    assert list(refused.context["form"].errors) == ["location"]
    assert stored == 0
    assert AppointmentRequest.objects.get().location == mill_road


def test_t9_only_what_the_page_asks_is_taken(desk, dana, said):
    forged = {
        "status": "closed",
        "owner": dana.pk,
        "is_urgent": "on",
        "due_at": "2030-01-01",
        "received_at": "2020-01-01",
        "source": "web",
        "quarantined_at": "2026-01-01",
        "reference": "R-AAAA-AAA",
        "id": 7,
    }

    desk.post(ENTER, {**said, **forged})

    request = AppointmentRequest.objects.get()
    assert (request.status, request.owner, request.is_urgent, request.source) == (
        Status.NEW,
        None,
        False,
        Source.DESK,
    )
    assert (request.received_at, request.due_at) == (MONDAY, MONDAY.replace(hour=20))
    assert (request.quarantined_at, request.reference == "R-AAAA-AAA") == (None, False)


def test_t5_control_characters_reach_no_mail_header(desk, northside, said):
    odd = "Alma\r\nBcc: all@example.com\x0b\x85 Reyes"

    desk.post(ENTER, {**said, "full_name": odd})
    request = AppointmentRequest.objects.get()
    verbs.relocate(request, northside, by=builders.user("Front desk"))
    delivery.deliver(delivery.claim(MONDAY))

    assert request.full_name == "Alma Bcc: all@example.com Reyes"
    assert [message.to for message in mail.outbox] == [[northside.front_desk_emails]]
    assert "Alma" not in mail.outbox[0].message().as_string()


def test_a_place_is_chosen_beforehand_only_where_there_is_one(desk, dana, northside):
    alone = desk.get(ENTER).context["form"]["location"].value()
    dana.locations.add(builders.location("Mill Road"))
    of_two = desk.get(ENTER).context["form"]["location"].value()

    assert (alone, of_two) == (northside.pk, None)


def test_taking_down_is_noted_without_a_name(desk, dana, said):
    desk.post(ENTER, said)

    noted = AuditEvent.objects.filter(action="request.entered").values_list("actor", "subject")
    assert list(noted) == [(dana.pk, AppointmentRequest.objects.get().reference)]


def test_an_editor_is_refused_and_the_refusal_is_noted(client, said):
    editor = builders.user("Editor")
    client.force_login(editor)

    statuses = [client.get(ENTER).status_code, client.post(ENTER, said).status_code]

    assert statuses == [403, 403]
    assert AppointmentRequest.objects.count() == 0
    assert (
        list(AuditEvent.objects.filter(action="request.denied").values_list("actor", "subject"))
        == [(editor.pk, "enter")] * 2
    )


@pytest.mark.django_db(transaction=True)
def test_a_call_is_taken_down_in_twenty_seconds_with_the_keyboard_alone(page, live_server, desk, settings):
    facts.publish()
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": desk.cookies[name].value, "url": live_server.url}])
    page.add_init_script(WATCH)
    page.goto(live_server.url + ENTER)
    problems = complaints(page)
    # Name; phone; past e-mail, the place and the card, if one is left by other tests; "None of these"; save.
    tabs = ["Tab"] * (3 + page.locator(".desk-form summary").count())
    keys = [*"Alma Reyes", "Tab", *"7735550140", *tabs, "Space", "Enter"]

    for key in keys:
        page.keyboard.press(key)
    expect(page.get_by_text("Tell the caller: we call by")).to_be_visible()

    request = AppointmentRequest.objects.get()
    assert problems == []
    assert (request.full_name, request.phone_e164, request.screening) == (
        "Alma Reyes",
        "+17735550140",
        "none",
    )
    assert len(keys) * SECONDS_A_KEY < 20

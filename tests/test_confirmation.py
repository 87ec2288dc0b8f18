"""Request sent: what the page says of it, to whom, and for how long."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from appointments import confirmation, private_links
from appointments.models import AppointmentRequest
from appointments.models.choices import Outcome, Status
from articles.models import CareCard, CareCardVersion
from clinic import facts
from clinic.models import OutboxMessage
from tests import builders
from tests.journey import answers, post, say, submit

pytestmark = pytest.mark.django_db

# A Monday, 10 am in Chicago.
MONDAY = datetime(2026, 11, 23, 16, tzinfo=UTC)


@pytest.fixture
def place():
    place = builders.location(
        "Northside", slug="northside", time_zone="America/Chicago", phone="773 555 0110"
    )
    facts.publish()
    return place


def send(client, **changes):
    """Send a finished form and return the address that confirms it."""
    return post(client, "request_send", answers(**changes)).headers["Location"]


def text_of(response):
    return " ".join(response.content.decode().split())


def parts_of(response):
    """Return the text under each heading of the page."""
    sections = text_of(response).partition("</main>")[0].split("<h2>")[1:]
    return {
        heading: _plain(text) for heading, _, text in (section.partition("</h2>") for section in sections)
    }


def _plain(markup):
    return " ".join(re.sub("<[^>]*>", "", re.sub("</(p|th|td)>", " ", markup)).split())


def test_the_page_says_what_happens_by_when_and_from_which_number(client, place):
    with time_machine.travel(MONDAY, tick=False):
        page = client.get(send(client))

    request = AppointmentRequest.objects.get()
    assert f'<strong class="reference">{request.reference}</strong>' in text_of(page)
    assert (
        parts_of(page)["What happens next"].split(" . ")[0].split()
        == (
            "We will call you by Monday 23 November, 2 pm, from Northside, 773 555 0110."
            " This is not yet an appointment. We will find a time together."
        ).split()
    )


@pytest.mark.parametrize("hours", [0, 20])
def test_the_promise_reads_the_same_on_paper_and_the_next_day(client, place, hours):
    with time_machine.travel(MONDAY, tick=False):
        address = send(client)
    with time_machine.travel(MONDAY + timedelta(hours=hours), tick=False):
        page = client.get(address)

    assert "We will call you by <strong>Monday 23 November, 2 pm</strong>" in text_of(page)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("yes", "You come first. We will call you by <strong>Monday 23 November, 11 am</strong>, from"),
        ("not-sure", "You come first. We will call you by <strong>Monday 23 November, 11 am</strong>, from"),
        ("none", "We will call you by <strong>Monday 23 November, 2 pm</strong>, from"),
    ],
)
def test_whoever_may_have_warning_signs_is_told_to_be_called_first(client, place, answer, words):
    with time_machine.travel(MONDAY, tick=False):
        form = say(client, client.get(reverse("request_start")), answer)
        if answer != "none":
            form = submit(client, form, "/request/", begin="yes")
        check = submit(client, form, "/request/", full_name="Alma Reyes", phone="(555) 010-0177")
        page = client.get(submit(client, check, "/send/").headers["Location"])

    assert words in text_of(page)


def test_at_night_an_urgent_patient_is_told_what_to_do_if_it_cannot_wait(client, place):
    with time_machine.travel(MONDAY + timedelta(hours=12), tick=False):
        urgent = client.get(send(client, screening="yes"))
        routine = client.get(send(client, screening="none"))

    words = "Closed, opens tomorrow, 8 am. If it can’t wait: Call your doctor’s after-hours line"
    assert words in parts_of(urgent)["What happens next"]
    assert "can’t wait" not in text_of(routine)


def test_a_change_leaves_the_appointment_as_it_is(client, place):
    page = client.get(send(client, purpose="change"))

    said = parts_of(page)["What happens next"]
    assert "Your appointment stays as it is until we have talked. Is it before then? Call us." in said
    assert "not yet an appointment" not in said


def test_a_correction_is_said_to_replace_what_was_sent_before(client, place):
    fields = answers()
    first = client.get(post(client, "request_send", fields).headers["Location"])
    second = client.get(post(client, "request_send", {**fields, "phone": "773 555 0178"}).headers["Location"])

    words = "It replaces the one you sent before."
    assert [words in text_of(page) for page in (first, second)] == [False, True]


def test_phone_and_hours_are_those_of_the_place_that_was_chosen(client, place):
    builders.location("Mill Road", slug="mill-road", phone="773 555 0120", weekdays=[5])
    facts.publish()

    page = client.get(send(client, location="mill-road"))

    part = parts_of(page)["Did something change? Call us"]
    assert re.findall(r"773 555 01\d0", part) == ["773 555 0120"]
    assert re.findall(r"(\w+day) *(8 am to 6 pm|Closed)", part) == [
        (day, "8 am to 6 pm" if day == "Saturday" else "Closed")
        for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    ]


def test_the_card_that_was_seen_closes_the_page(client, place):
    card = CareCard.objects.get(slug="neck-and-head-emergency").live

    page = client.get(send(client, card=card.pk, screening="none"))

    assert parts_of(page).keys() == {
        "What happens next",
        "Keep your private link",
        "Did something change? Call us",
    }
    assert [sign for sign in card.bullet_list if sign not in text_of(page)] == []


def test_without_a_card_the_emergency_line_closes_the_page(client, place):
    CareCard.objects.update(live=None)

    page = client.get(send(client))

    assert "In an emergency: <strong>Call 911 or go to the emergency room now.</strong>" in text_of(page)


@pytest.mark.parametrize(("seconds", "is_shown"), [(0, True), (599, True), (601, False), (23 * 3600, False)])
def test_the_private_link_is_shown_for_ten_minutes_and_the_rest_for_a_day(client, place, seconds, is_shown):
    with time_machine.travel(MONDAY, tick=False):
        address = send(client)
    link = private_links.address_of(AppointmentRequest.objects.get())

    with time_machine.travel(MONDAY + timedelta(seconds=seconds), tick=False):
        page = client.get(address)

    assert page.context["received"] == AppointmentRequest.objects.get()
    assert re.findall('href="([^"]*/appointments/r/[^"]*)"', text_of(page)) == [link] * is_shown
    assert ("Keep your private link" in text_of(page)) == is_shown


def test_the_private_link_opens_the_request(client, place):
    page = client.get(send(client))

    opened = client.get(page.context["private_link"].removeprefix("http://localhost"))

    assert page.context["private_link"].startswith("http://localhost/appointments/r/")
    assert opened.status_code == 200
    assert AppointmentRequest.objects.get().reference in text_of(opened)


@pytest.mark.parametrize("outcome", [Outcome.BOOKED, Outcome.DECLINED, Outcome.REPLACED, Outcome.SPAM])
def test_what_has_become_of_a_request_is_told_by_its_private_link_alone(client, place, outcome):
    address = send(client)
    request = AppointmentRequest.objects.get()
    closed = {"status": Status.CLOSED, "outcome": outcome, "closed_at": request.received_at}
    AppointmentRequest.objects.update(**closed)

    page = client.get(address)

    assert "<h1>If you sent a request, we have it</h1>" in text_of(page)
    assert [word for word in (request.reference, "/appointments/r/") if word in text_of(page)] == []


def test_a_request_that_somebody_works_on_is_still_confirmed(client, place):
    address = send(client)
    AppointmentRequest.objects.update(status=Status.CLAIMED, owner=builders.user())

    assert client.get(address).context["received"] == AppointmentRequest.objects.get()


@pytest.mark.parametrize(
    ("fields", "is_told"),
    [
        ({"email": "alma@ex.com"}, True),
        ({"email": "alma@ex.com", "wants_no_email": "on"}, False),
        ({}, False),
    ],
)
def test_whoever_gave_an_address_is_told_of_the_mail(client, place, fields, is_told):
    page = client.get(send(client, **fields))

    assert ("We may also e-mail you." in text_of(page)) == is_told


def test_t31_the_page_does_not_tell_whether_an_address_has_written_before(client, place):
    with time_machine.travel(MONDAY, tick=False):
        pages = [client.get(send(client, email="alma@ex.com")) for _time in range(2)]

    said = []
    for page in pages:
        received = page.context["received"]
        own = f"{received.reference}|{re.escape(private_links.address_of(received))}"
        said.append(re.sub(own, "own", text_of(page)))
    assert OutboxMessage.objects.filter(kind="acknowledgement").count() == 1
    assert said[0] == said[1]


@pytest.mark.django_db(transaction=True)
def test_the_page_prints_on_one_sheet(page, live_server):
    location = builders.location("Northside", slug="northside")
    facts.publish()
    card = CareCard.objects.create(slug="any", level="emergency")
    signs = (
        "numbness, tingling or a changed feeling around your genitals, anus, buttocks or inner thighs\n" * 6
    )
    wording = CareCardVersion.objects.create(
        card=card, number=1, introduction="any of these is new:", bullets=signs
    )
    request = builders.appointment_request(
        location=location,
        card_version=wording,
        is_urgent=True,
        purpose="change",
        email="alma@ex.com",
    )
    request.link_digest = private_links.digest_of(private_links.make(request.reference, request.link_nonce))
    request.save()
    page.goto(live_server.url + confirmation.address_of(request))

    sheets = page.pdf(format="Letter")

    assert page.get_by_text(request.reference).is_visible()
    assert page.get_by_text("Keep your private link").is_visible()
    assert len(re.findall(rb"/Type\s*/Page\b", sheets)) == 1

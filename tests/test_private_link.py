"""The private link: it says how a request stands, withdraws it, and repeats nothing that was typed."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from appointments import calendar_files, desk, private_links, retention, withdrawing
from appointments.models import AppointmentRequest, Attempt, RequestEvent
from appointments.models.choices import Outcome
from clinic import facts
from clinic.models import Clinic
from staff.models import Therapist
from tests import builders
from tests.journey import refuse_inserts_into

pytestmark = pytest.mark.django_db

# Monday, 9 am in Chicago.
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
TOMORROW_NOON = datetime(2026, 11, 24, 18, tzinfo=UTC)
HOUR = timedelta(hours=1)
CANARIES = {
    "full_name": "Quokkaname Valdez",
    "patient_name": "Wombatchild Valdez",
    "phone": "773 555 0187",
    "phone_e164": "+17735550187",
    "email": "numbatmail@example.org",
    "needs": "a bilbyneed",
    "notes": "My potoroonote hurts.",
    "referral": "not_sure",
    "payment": "self_pay",
    "quarantine_reasons": "honeypot",
    "appointment_number": "EMR-77123",
}
SHOWN_NOWHERE = [
    *("Quokka", "Wombat", "0187", "numbat", "bilby", "potoroo", "not_sure", "self_pay"),
    *("honeypot", "Dunnart", "EMR-77123", "kowariremark"),
]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def receptionist():
    return builders.user("Front desk")


def asked(**fields):
    if "location" not in fields:
        fields["location"] = builders.location("Northside", region="IL")
    Clinic.objects.update_or_create(pk=1, defaults={"phone": "773 555 0100"})
    request = builders.appointment_request(**fields)
    facts.publish()
    return request


def address_of(request):
    return reverse("private_link", args=[private_links.token_of(request)])


def withdraw(client, request, typed):
    body = urlencode({"detail": typed})
    return client.post(address_of(request), body, content_type="application/x-www-form-urlencoded")


def heading(response):
    return response.content.decode().split("<h1>")[1].split("</h1>")[0]


def text(response):
    return " ".join(response.content.decode().split())


def called(attempt):
    return lambda request, by: desk.log_attempt(request, attempt, by=by, next_try_at=NOW + 3 * HOUR)


def closed(outcome):
    return lambda request, by: desk.close(request, outcome, by=by, remark="kowariremark")


def booked(request, by, **changes):
    return desk.book(request, by=by, appointment_at=TOMORROW_NOON, remark="kowariremark", **changes)


def cancelled(request, by):
    booked(request, by)
    return desk.cancel_appointment(request, by=by)


# What the desk did, and what the page says then.
STATES = {
    "nothing": (
        lambda request, by: None,
        "We have your request",
        "We will call you by Monday 23 November, 1 pm.",
    ),
    "claimed": (
        lambda request, by: desk.claim(request, by=by),
        "We have your request",
        "We will call you by Monday 23 November, 1 pm.",
    ),
    "no answer": (
        called(Attempt.NO_ANSWER),
        "We tried to reach you",
        "We will try again from Monday 23 November, 12 noon.",
    ),
    "reached": (
        called(Attempt.REACHED),
        "We are finding a time for you",
        "This is not yet an appointment. Nothing changes before we talk.",
    ),
    "waiting": (
        lambda request, by: desk.wait(request, by=by),
        "We are waiting to hear from you",
        "Call us to find a time.",
    ),
    "booked": (booked, "Your appointment is recorded", "To change or cancel it, call us."),
    "booked elsewhere": (
        lambda request, by: desk.book(request, by=by, appointment_number="EMR-77123"),
        "Your appointment is recorded",
        "Call us for its day and time.",
    ),
    "cancelled": (cancelled, "Your appointment is cancelled", "It was on Tuesday 24 November, 12 noon."),
    "withdrawn": (
        lambda request, by: desk.withdraw(request),
        "You withdrew this request",
        "We will not call you about it.",
    ),
    "replaced": (closed(Outcome.REPLACED), "You sent us a corrected request", "We work with that one."),
    "unreachable": (
        closed(Outcome.UNREACHABLE),
        "We could not reach you",
        "Call us, and we go on from there.",
    ),
    **{
        outcome: (closed(outcome), "This request is closed", "Call us with any question.")
        for outcome in ("declined", "not_our_service", "emergency", "duplicate", "spam")
    },
}


@pytest.mark.parametrize("state", STATES)
def test_t1_the_page_says_how_a_request_stands_and_nothing_that_was_typed(client, receptionist, state):
    steps, expected_heading, sentence = STATES[state]
    request = asked(**CANARIES, quarantined_at=NOW, therapist=builders.therapist("Dunnart Therapist"))
    steps(request, receptionist)
    address = address_of(request)

    page, calendar = client.get(address), client.get(f"{address}appointment.ics")

    assert (page.status_code, heading(page)) == (200, expected_heading)
    assert f'<p class="lead">{sentence}</p>' in text(page)
    assert f'<strong class="reference">{request.reference}</strong>' in text(page)
    assert '<a class="phone-large" href="tel:+17735550110">773 555 0110</a>' in text(page)
    assert "<strong>Call 911 or go to the emergency room now.</strong>" in text(page)
    said = text(page).partition("<main")[2].partition("<footer")[0] + calendar.content.decode()
    assert [canary for canary in SHOWN_NOWHERE if canary.lower() in said.lower()] == []
    # The positive control: all of it is there to be leaked.
    rows = [AppointmentRequest.objects.values().get(pk=request.pk), *RequestEvent.objects.values()]
    kept = repr([*rows, Therapist.objects.get().name])
    assert [canary for canary in SHOWN_NOWHERE[:-2] if canary not in kept] == []


def test_t31_a_person_with_an_earlier_request_sees_the_same_page(client, receptionist):
    place = builders.location("Northside")
    first = asked(location=place, email="alma@example.org")
    booked(first, receptionist)
    known = asked(location=place, email="alma@example.org")
    unknown = asked(location=place, full_name="Ben Ito", phone="773 555 0199", phone_e164="+17735550199")

    pages = [
        text(client.get(address_of(request))).replace(request.reference, "") for request in (known, unknown)
    ]

    assert pages[0] == pages[1]


def test_a_late_call_is_admitted(client, clock):
    request = asked()
    clock.shift(5 * HOUR)

    page = client.get(address_of(request))

    assert "We said we would answer by Monday 23 November, 1 pm, and are late." in text(page)


def test_the_appointment_is_shown_with_day_time_person_and_place(client, receptionist):
    request = asked()
    booked(request, receptionist, appointment_with=builders.therapist("Theo Okafor", suffix="PT"))

    page = client.get(address_of(request))

    assert page.context["standing"].appointment == (
        ("When", "Tuesday 24 November, 12 noon"),
        ("With", "Theo Okafor, PT"),
        ("Where", "Northside, 1 Harbor Street, Harbor, IL 60601"),
    )
    assert 'href="appointment.ics"' in text(page)


def test_neither_page_may_be_kept_listed_or_named_to_others(client, receptionist):
    request = asked()
    booked(request, receptionist)
    address = address_of(request)

    for response in (
        client.get(address),
        client.get(f"{address}appointment.ics"),
        client.get("/appointments/r/x/"),
    ):
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex"
        assert response["Referrer-Policy"] == "same-origin"
        assert response.cookies == {}
    page = client.get(address).content.decode()
    assert private_links.token_of(request) not in page


def test_scanners_that_open_every_link_change_nothing(client, receptionist):
    requests = [asked(location=builders.location()), asked(location=builders.location())]
    booked(requests[1], receptionist)
    stored = [list(model.objects.order_by("pk").values()) for model in (AppointmentRequest, RequestEvent)]

    for request in requests:
        for address in (address_of(request), f"{address_of(request)}appointment.ics"):
            client.get(address, {"detail": "0140"})
            client.head(address)

    assert [
        list(model.objects.order_by("pk").values()) for model in (AppointmentRequest, RequestEvent)
    ] == stored


def test_unknown_altered_and_erased_tokens_get_one_page_that_tells_nothing(client, receptionist):
    request = asked()
    token = private_links.token_of(request)
    altered = token[:-1] + ("A" if token[-1] != "A" else "B")
    closed(Outcome.DECLINED)(request, receptionist)
    known = client.get(address_of(request))
    retention.erase(request, by=receptionist, reason="asked")

    pages = [client.get(reverse("private_link", args=[name])) for name in (token, altered, "x", "ü\x00")]
    files = [client.get(reverse("private_link_calendar", args=[name])) for name in (token, "x")]

    assert known.status_code == 200
    assert {page.status_code for page in pages + files} == {404}
    assert {text(page) for page in pages + files} == {text(pages[0])}
    assert heading(pages[0]) == "If you sent a request, we have it"
    assert private_links.token_of(request) is None


def test_whoever_tries_thirty_unknown_tokens_an_hour_is_told_to_wait(client, clock):
    asked()
    tried = [client.get(f"/appointments/r/{number}/").status_code for number in range(30)]

    refused = client.get("/appointments/r/x/")
    neighbour = client.get("/appointments/r/x/", REMOTE_ADDR="192.0.2.9")
    clock.shift(HOUR)
    later = client.get("/appointments/r/x/")

    assert tried == [404] * 30
    assert [refused.status_code, neighbour.status_code, later.status_code] == [429, 404, 404]
    assert refused["Retry-After"] == "3600"
    assert 'href="tel:+17735550100"' in text(refused)


def test_in_ipv6_unknown_tokens_are_counted_of_a_whole_network(client):
    tried = [client.get(f"/appointments/r/{n}/", REMOTE_ADDR=f"2001:db8::{n}").status_code for n in range(31)]

    assert tried == [404] * 30 + [429]


def test_a_known_token_opens_whatever_else_was_tried_from_there(client):
    request = asked()
    for number in range(31):
        client.get(f"/appointments/r/{number}/")

    assert client.get(address_of(request)).status_code == 200


def test_p11_on_a_full_disk_an_unknown_token_gets_the_same_page(client):
    refuse_inserts_into("clinic_hit")

    page = client.get("/appointments/r/x/")

    assert (page.status_code, heading(page)) == (404, "If you sent a request, we have it")


SAME_PHONE = ["0140", "773 555 0140", "+1 (773) 555-0140", "０１４０"]


@pytest.mark.parametrize("typed", SAME_PHONE)
def test_the_end_of_the_phone_number_withdraws_a_request_without_a_cookie(typed):
    request = asked(email="alma@example.org")
    client = Client(enforce_csrf_checks=True)

    answer = withdraw(client, request, typed)

    assert (answer.status_code, answer.url) == (303, address_of(request))
    assert heading(client.get(answer.url)) == "You withdrew this request"
    request.refresh_from_db()
    assert (request.status, request.outcome, request.closed_at) == ("closed", Outcome.DECLINED, NOW)
    assert request.events.get(step="withdraw").actor is None
    assert client.cookies == {}


def test_without_a_phone_number_the_e_mail_address_is_asked(client):
    request = asked(phone="", phone_e164="", email="Alma@Example.org", channel="email")
    page = client.get(address_of(request))

    withdraw(client, request, " alma@EXAMPLE.ORG")

    assert page.context["form"]["detail"].label == "E-mail address you gave us"
    request.refresh_from_db()
    assert request.outcome == Outcome.DECLINED


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", "Enter the last four digits of your phone number"),
        ("140", "Enter the last four digits of your phone number"),
        ("0141", "This is not what you gave us. Check it, or call us."),
        ("alma@example.org", "Enter the last four digits of your phone number"),
        ("0140" * 100, "This is not what you gave us. Check it, or call us."),
        ("01\x0040", "Some characters could not be read. Type this again."),
    ],
)
def test_another_detail_withdraws_nothing(client, typed, error):
    request = asked(email="alma@example.org")

    page = withdraw(client, request, typed)

    assert (page.status_code, page.context["form"].errors) == (200, {"detail": [error]})
    request.refresh_from_db()
    assert (request.status, request.version) == ("new", 0)


def test_after_five_wrong_details_a_day_the_form_gives_way_to_the_phone(client, clock):
    request, other = asked(), asked(location=builders.location("Mill Road"))
    withdraw(client, request, "12")
    for _try in range(5):
        withdraw(client, request, "9999")

    page = withdraw(client, request, "0140")
    clock.shift(timedelta(hours=25))
    next_day = client.get(address_of(request))

    assert page.context["form"] is None
    assert "To withdraw this request, call us." in text(page)
    assert next_day.context["form"] is not None
    request.refresh_from_db()
    assert request.status == "new"
    assert withdraw(client, other, "0140").status_code == 303


def test_guesses_that_come_all_at_once_get_no_more_tries():
    request = asked()
    forms = [
        withdrawing.WithdrawalForm({"detail": typed}, asked=request, now=NOW)
        for typed in ("9991", "9992", "9993", "9994", "9995", "0140")
    ]

    assert [form.is_valid() for form in forms] == [False] * 6


def test_a_step_of_the_desk_at_the_same_moment_wins(receptionist):
    request = asked()
    form = withdrawing.WithdrawalForm({"detail": "0140"}, asked=request, now=NOW)
    desk.claim(AppointmentRequest.objects.get(), by=receptionist)

    assert (form.is_valid(), form.save()) == (True, False)
    assert form.non_field_errors() == ["Someone at the clinic worked on it meanwhile. Look again."]
    assert (request.status, request.owner) == ("claimed", receptionist)


def test_a_closed_request_is_not_withdrawn(client, receptionist):
    request = asked()
    booked(request, receptionist)
    version = request.version

    page = withdraw(client, request, "0140")

    assert (heading(page), page.context["form"]) == ("Your appointment is recorded", None)
    request.refresh_from_db()
    assert (request.outcome, request.version) == (Outcome.BOOKED, version)


def test_a_new_secret_key_keeps_old_links_open(client, settings):
    request = asked()
    address = address_of(request)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key " * 5

    assert (address_of(request), client.get(address).status_code) == (address, 200)


def test_a_request_without_an_appointment_has_no_calendar_file(client):
    request = asked()

    answer = client.get(f"{address_of(request)}appointment.ics")

    assert (answer.status_code, calendar_files.has_one(request)) == (404, False)


@pytest.mark.parametrize(
    ("email", "leads_on"), [("alma@example.com", True), ("elma@example.com", False), ("", False)]
)
def test_a_link_leads_on_to_the_correction_unless_it_may_be_in_a_strangers_mailbox(client, email, leads_on):
    first = asked(email="alma@example.com")
    address = address_of(first)
    AppointmentRequest.objects.update(status="closed", outcome="replaced", closed_at=NOW)
    newer = asked(location=first.location, replaces=first, email=email)

    assert client.get(address).context["asked"] == (newer if leads_on else first)

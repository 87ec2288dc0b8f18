"""One request on one screen: what it shows, to whom, and the steps it offers."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from appointments import desk as verbs
from appointments import suspicion
from appointments.models import MOVES, AppointmentRequest, Attempt
from appointments.models.choices import Outcome, Status
from clinic.models import AuditEvent
from tests import builders

pytestmark = pytest.mark.django_db

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "{{ 7|add:7 }}{% now 'Y' %}",
    "</textarea></title><svg onload=alert(1)>",
    "javascript:alert(1)",
]
LIVE = ["<script>alert", "<img src=x", "<svg onload", 'href="javascript:']


@pytest.fixture
def northside():
    return builders.location("Northside")


@pytest.fixture
def receptionist(northside):
    return builders.user("Front desk", locations=[northside], name="Dana Whitlock")


@pytest.fixture
def desk(client, receptionist):
    client.force_login(receptionist)
    return client


def take(client, request, step, **answers):
    return client.post(
        reverse("admin:appointments_appointmentrequest_step", args=[request.pk, step]), answers, follow=True
    )


def said(response):
    return [str(message) for message in response.context["messages"]]


def offered(response):
    return [form.step for form in response.context["forms"]]


def test_the_page_shows_what_is_needed_to_call(desk, northside):
    request = builders.appointment_request(
        location=northside,
        full_name="Alma Reyes",
        email="alma@example.com",
        is_for_someone_else=True,
        patient_name="Ben Reyes",
        may_leave_message=False,
        days=["mon", "fri"],
        needs="Spanish interpreter",
        notes="Line one\nLine two",
        therapist=builders.therapist("Theo Okafor"),
    )

    page = desk.get(request.get_absolute_url()).text

    for part in (
        '<a href="tel:+17735550140">773 555 0140</a>',
        '<a href="mailto:alma@example.com">alma@example.com</a>',
        "Ben Reyes",
        "leave no message",
        "Mon, Fri",
        "Spanish interpreter",
        "Line one<br>Line two",
        "Theo Okafor",
    ):
        assert part in page
    assert f"<title>{request.reference} · " in page


def test_the_page_says_why_a_request_may_be_spam(desk, northside):
    request = builders.appointment_request(
        location=northside, quarantined_at=timezone.now(), quarantine_reasons="honeypot, too_fast"
    )

    page = desk.get(request.get_absolute_url()).text

    assert f"{suspicion.LABELS['honeypot']} · {suspicion.LABELS['too_fast']}" in page


def test_a_corrected_request_and_the_one_it_replaces_lead_to_each_other(desk, northside):
    first = builders.appointment_request(location=northside, status=Status.CLOSED, outcome=Outcome.REPLACED)
    second = builders.appointment_request(location=northside, replaces=first)

    links = [list(desk.get(one.get_absolute_url()).context["related"]) for one in (first, second)]

    assert links == [[second], [first]]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_t3_a_payload_comes_out_as_text_on_page_list_and_search(desk, northside, payload):
    request = builders.appointment_request(
        location=northside, full_name=payload, patient_name=payload, is_for_someone_else=True,
        phone=payload[:30], needs=payload, notes=payload,
    )  # fmt: skip
    verbs.claim(request, by=builders.user("Front desk", name=payload))
    search = reverse("admin:appointments_appointmentrequest_search")

    pages = [
        desk.get(request.get_absolute_url()).text,
        desk.get(reverse("admin:appointments_appointmentrequest_changelist")).text,
        desk.post(search, {"query": payload}).text,
    ]

    assert escape(payload) in pages[0]
    assert [(bad, page) for bad in LIVE for page in pages if bad in page] == []


def test_every_look_is_noted_with_who_looked(desk, northside, receptionist):
    request = builders.appointment_request(location=northside)

    desk.get(request.get_absolute_url())
    desk.get(request.get_absolute_url())

    looks = AuditEvent.objects.filter(action="request.viewed", subject=request.reference, actor=receptionist)
    assert looks.count() == 2


def test_a_foreign_request_looks_like_one_that_does_not_exist(desk):
    foreign = builders.appointment_request()
    unknown = 10**20
    page = "admin:appointments_appointmentrequest_change"
    step = "admin:appointments_appointmentrequest_step"

    looks = [desk.get(reverse(page, args=[pk])) for pk in (foreign.pk, unknown)]
    steps = [desk.post(reverse(step, args=[pk, "claim"])) for pk in (foreign.pk, unknown)]

    assert [response.status_code for response in (*looks, *steps)] == [404] * 4
    assert looks[0].content == looks[1].content
    assert AppointmentRequest.objects.get(pk=foreign.pk).status == Status.NEW
    assert AuditEvent.objects.filter(action="request.denied").count() == 4


def test_the_page_offers_the_steps_that_the_table_of_moves_allows(desk, northside, receptionist):
    colleague = builders.user("Front desk", locations=[northside])
    request = builders.appointment_request(location=northside)
    url = request.get_absolute_url()

    def offers(**state):
        AppointmentRequest.objects.filter(pk=request.pk).update(**state)
        return offered(desk.get(url))

    assert offers() == ["claim", "close"]
    assert offers(quarantined_at=timezone.now(), surfaces_at=timezone.now()) == ["claim", "close", "not_spam"]
    assert offers(quarantined_at=None, status=Status.CLAIMED, owner=receptionist) == [
        "release", "log_attempt", "wait", "book", "close",
    ]  # fmt: skip
    assert offers(owner=colleague) == ["take_over", "log_attempt", "wait", "book", "close"]
    assert offers(status=Status.WAITING, owner=receptionist) == [
        "release", "log_attempt", "resume", "book", "close",
    ]  # fmt: skip
    assert offers(status=Status.CLOSED, outcome=Outcome.DECLINED, closed_at=timezone.now()) == ["reopen"]


@pytest.mark.parametrize("step", MOVES)
def test_t8_a_step_by_get_changes_nothing(desk, northside, step):
    request = builders.appointment_request(location=northside)
    address = reverse("admin:appointments_appointmentrequest_step", args=[request.pk, step])

    response = desk.get(address, {"outcome": "spam", "remark": "x"})

    assert (response.status_code, response.url) == (303, request.get_absolute_url())
    assert request.events.count() == 0
    assert AppointmentRequest.objects.get().status == Status.NEW


def test_t9_fields_that_no_form_asks_for_are_not_taken(desk, northside):
    request = builders.appointment_request(location=northside)
    names = [field.name for field in AppointmentRequest._meta.concrete_fields]
    forged = {**dict.fromkeys(names, "1"), "full_name": "Forged", "status": "closed", "is_staff": "1"}

    take(desk, request, "claim", **forged)

    after = AppointmentRequest.objects.get()
    assert (after.full_name, after.reference, after.location) == ("Alma Reyes", request.reference, northside)
    assert (after.status, after.outcome, after.is_urgent) == (Status.CLAIMED, "", False)


def test_a_step_says_what_was_done_and_leads_back_to_the_page(desk, northside, receptionist):
    request = builders.appointment_request(location=northside)

    response = take(desk, request, "claim")

    assert response.redirect_chain == [(request.get_absolute_url(), 303)]
    assert said(response) == [f"{request.reference} is yours now."]
    assert AppointmentRequest.objects.get().owner == receptionist


def test_whoever_is_second_is_told_and_changes_nothing(desk, northside):
    colleague = builders.user("Front desk", locations=[northside])
    request = builders.appointment_request(location=northside)
    verbs.claim(request, by=colleague)

    response = take(desk, request, "claim")

    assert said(response) == ["Someone else changed this. Look at it again, then decide."]
    assert AppointmentRequest.objects.get().owner == colleague


def test_taking_over_from_someone_else_than_was_shown_is_refused(desk, northside, receptionist):
    shown, owner = (builders.user("Front desk", locations=[northside]) for _number in range(2))
    request = builders.appointment_request(location=northside, status=Status.CLAIMED, owner=owner)

    refused = take(desk, request, "take_over", seen_owner=shown.pk)
    taken = take(desk, request, "take_over", seen_owner=owner.pk)

    assert [said(refused), said(taken)] == [
        ["Someone else changed this. Look at it again, then decide."],
        [f"{request.reference} is yours now."],
    ]
    assert AppointmentRequest.objects.get().owner == receptionist


def test_a_call_is_noted_with_how_it_went(desk, northside, receptionist):
    request = builders.appointment_request(location=northside, status=Status.CLAIMED, owner=receptionist)

    take(desk, request, "log_attempt", attempt=Attempt.VOICEMAIL, remark="<b>Call</b> back at 5")
    page = desk.get(request.get_absolute_url()).text

    assert AppointmentRequest.objects.get().attempts == 1
    assert "Left a message" in page
    assert "&lt;b&gt;Call&lt;/b&gt; back at 5" in page


@pytest.mark.parametrize(
    ("step", "status", "answers", "field"),
    [
        ("log_attempt", Status.CLAIMED, {"remark": "x"}, "attempt"),
        ("log_attempt", Status.CLAIMED, {"attempt": "shouted"}, "attempt"),
        ("close", Status.CLAIMED, {"remark": "done"}, "outcome"),
        ("close", Status.CLAIMED, {"outcome": "booked"}, "outcome"),
        ("book", Status.CLAIMED, {}, "day"),
        ("book", Status.CLAIMED, {"day": "2020-01-06", "time": "10:00"}, "day"),
        ("book", Status.CLAIMED, {"day": "2099-01-05"}, "time"),
        ("book", Status.CLAIMED, {"time": "10:00"}, "day"),
        ("reopen", Status.CLOSED, {"remark": "  "}, "remark"),
    ],
)
def test_an_answer_that_is_missing_is_asked_for_again(
    desk, northside, receptionist, step, status, answers, field
):
    request = builders.appointment_request(location=northside, status=status, owner=receptionist)

    response = take(desk, request, step, **answers)

    [form] = [form for form in response.context["forms"] if form.step == step]
    assert list(form.errors) == [field]
    assert AppointmentRequest.objects.get().status == status
    assert request.events.count() == 0


def test_an_appointment_is_kept_at_the_clock_of_the_location(desk, receptionist):
    denver = builders.location("Denver", time_zone="America/Denver")
    receptionist.locations.add(denver)
    therapist = builders.therapist()
    request = builders.appointment_request(location=denver, status=Status.CLAIMED, owner=receptionist)
    day = timezone.localdate() + timedelta(days=7)

    take(desk, request, "book", day=day.isoformat(), time="10:30", therapist=therapist.pk, number="A-17")

    booked = AppointmentRequest.objects.get()
    assert booked.appointment_at == datetime(
        day.year, day.month, day.day, 10, 30, tzinfo=ZoneInfo("America/Denver")
    )
    assert (booked.appointment_with, booked.appointment_number) == (therapist, "A-17")
    assert (booked.status, booked.outcome) == (Status.CLOSED, Outcome.BOOKED)


def test_t23_whoever_is_switched_off_is_out_at_the_next_click(desk, northside, receptionist):
    request = builders.appointment_request(location=northside)
    assert desk.get(request.get_absolute_url()).status_code == 200
    receptionist.is_active = False
    receptionist.save()

    response = desk.get(request.get_absolute_url())

    assert response.url.startswith(reverse("admin:login"))

"""Every step that the front desk takes, through the page: what it asks, what it keeps, who is first."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments import desk as verbs
from appointments import intake
from appointments.desk_forms import FORMS
from appointments.models import AppointmentRequest, Attempt
from appointments.models.choices import HeardFrom, Outcome, Source, Status
from clinic.models import AuditEvent, OutboxMessage
from tests import builders

pytestmark = pytest.mark.django_db

SOON = f"{timezone.localdate() + timedelta(days=30)}"
DENVER = ZoneInfo("America/Denver")
# A request in the state from which each step leads on, and what is answered.
ROUTINE = {
    "claim": ({}, {}),
    "take_over": ({"status": Status.CLAIMED, "owner": "colleague"}, {}),
    "release": ({"status": Status.CLAIMED, "owner": "me"}, {}),
    "resume": ({"status": Status.WAITING, "owner": "me"}, {}),
    "not_spam": ({"quarantined_at": timezone.now()}, {}),
    "log_attempt": ({}, {"attempt": "no_answer", "remark": "Line was busy"}),
    "book": ({}, {"appointment_number": "A-17"}),
    "change_appointment": ({"status": Status.CLOSED, "outcome": "booked"}, {"appointment_number": "A-18"}),
    "cancel_appointment": ({"status": Status.CLOSED, "outcome": "booked"}, {"remark": "Ill"}),
    "wait": ({}, {"until": "2"}),
    "correct": ({}, {"full_name": "Alma Bell", "phone": "773 555 0140"}),
    "relocate": ({}, {"location": "elsewhere"}),
    "close": ({}, {"outcome": "not_our_service"}),
    "reopen": ({"status": Status.CLOSED}, {"remark": "She called again"}),
    "erase": ({"status": Status.CLOSED}, {"reason": "Asked for it"}),
}
BY_THE_DESK = [step for step in ROUTINE if step != "erase"]
# Of each request its own.
DIGESTS = ("answers_digest", "link_digest")
# What no step may change.
IDENTITY = ("id", "reference", "form_token", "link_nonce", "received_at", "due_at", "alarm_at", "source")


@pytest.fixture
def northside():
    return builders.location("Northside")


@pytest.fixture
def elsewhere():
    return builders.location("Mill Road")


@pytest.fixture
def receptionist(northside):
    return builders.user("Front desk", locations=[northside], name="Dana Whitlock")


@pytest.fixture
def colleague(northside):
    return builders.user("Front desk", locations=[northside], name="Sam Ortega")


@pytest.fixture
def desk(client, receptionist):
    client.force_login(receptionist)
    return client


@pytest.fixture
def asked_for(northside, elsewhere, receptionist, colleague):
    """Return a function that makes the request and the answers of a routine step."""
    people = {"me": receptionist, "colleague": colleague}

    def make(step):
        state, answers = ROUTINE[step]
        state = {name: people.get(value, value) for name, value in state.items()}
        answers = {name: elsewhere.pk if value == "elsewhere" else value for name, value in answers.items()}
        return builders.appointment_request(location=northside, **state), answers

    return make


def address(request, step):
    return reverse("admin:appointments_appointmentrequest_step", args=[request.pk, step])


def take(client, request, step, **answers):
    """Take a step from the page as it is now, unless `seen` says that it was another."""
    seen = AppointmentRequest.objects.get(pk=request.pk).version
    return client.post(address(request, step), {"seen": seen, **answers}, follow=True)


def stored(request):
    return AppointmentRequest.objects.get(pk=request.pk)


def form_of(response, step):
    [form] = [form for form in response.context["forms"] if form.step == step]
    return form


def said(response):
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize("step", BY_THE_DESK)
def test_a_step_says_what_was_done_and_leads_back(desk, asked_for, receptionist, step):
    request, answers = asked_for(step)

    response = take(desk, request, step, **answers)

    inbox = reverse("admin:appointments_appointmentrequest_changelist")
    back = inbox if step == "relocate" else f"{request.get_absolute_url()}#next"
    assert response.redirect_chain == [(back, 303)]
    assert said(response) == [FORMS[step].done % {"reference": request.reference}]
    assert list(request.events.values_list("step", "actor")) == [(step, receptionist.pk)]


def test_every_step_is_tried():
    assert {*ROUTINE, "undo"} == set(FORMS)


@pytest.mark.parametrize("step", ROUTINE)
def test_t9_fields_that_no_form_asks_for_are_not_taken(desk, asked_for, step):
    if step == "erase":
        desk.force_login(builders.user("Manager"))
    (plain, answers), (target, _same) = asked_for(step), asked_for(step)
    fields = {field.name for field in AppointmentRequest._meta.concrete_fields} - set(FORMS[step].base_fields)
    forged = dict.fromkeys([*fields, "pk", "is_staff", "by"], "2001-01-01")
    fixed = AppointmentRequest.objects.values(*IDENTITY).get(pk=target.pk)

    take(desk, plain, step, **answers)
    desk.post(address(target, step), {**forged, "seen": target.version, **answers})

    outcomes = [
        {name: value.date() if isinstance(value, datetime) else value for name, value in row.items()}
        for row in AppointmentRequest.objects.order_by("pk").values(*sorted(fields - {*IDENTITY, *DIGESTS}))
    ]
    assert outcomes[0] == outcomes[1]
    assert AppointmentRequest.objects.values(*IDENTITY).get(pk=target.pk) == fixed


@pytest.mark.parametrize("step", FORMS)
def test_t2_no_step_is_taken_with_a_foreign_request(desk, elsewhere, colleague, step):
    state, answers = ROUTINE.get(step, ({}, {}))
    state = {**state, **({"owner": colleague} if "owner" in state else {})}
    foreign = builders.appointment_request(location=elsewhere, **state)
    before = AppointmentRequest.objects.values().get(pk=foreign.pk)

    response = desk.post(address(foreign, step), {"seen": foreign.version, **answers})

    assert response.status_code == 404
    assert AppointmentRequest.objects.values().get(pk=foreign.pk) == before


@pytest.mark.parametrize("step", sorted({*BY_THE_DESK} - {"claim"}))
def test_p14_the_second_of_two_changes_nothing_and_loses_no_word(
    desk, asked_for, colleague, receptionist, step
):
    request, answers = asked_for(step)
    seen = request.version
    if request.is_open:
        verbs.correct(request, by=colleague, email="alma@example.com")
        what = "Contact details corrected"
    else:
        verbs.reopen(request, by=colleague, remark="Wrong one")
        what = "Opened again"
    before = AppointmentRequest.objects.values().get(pk=request.pk)

    response = take(desk, request, step, **answers, seen=seen)

    assert response.status_code == 409
    assert f"Changed by Sam Ortega: {what}." in response.text
    assert AppointmentRequest.objects.values().get(pk=request.pk) == before
    typed = [
        value for name, value in answers.items() if name in ("remark", "appointment_number", "full_name")
    ]
    assert [words for words in typed if words not in response.text] == []


def test_p14_after_a_look_the_same_words_are_sent_again(desk, northside, colleague):
    request = builders.appointment_request(location=northside)
    verbs.claim(request, by=colleague)
    answers = {"attempt": "voicemail", "remark": "Call after 5"}

    late = take(desk, request, "log_attempt", **answers, seen=0)
    form = form_of(late, "log_attempt")
    again = take(desk, request, "log_attempt", **answers, seen=late.context["appointment_request"].version)

    assert (form["remark"].value(), form["attempt"].value()) == ("Call after 5", "voicemail")
    assert late.context["unfolded"] == "log_attempt"
    assert said(again) == [f"The call about {request.reference} is noted."]
    assert (stored(request).owner, stored(request).attempts) == (colleague, 1)


def test_p14_words_for_a_step_that_is_over_are_shown_to_be_copied(desk, northside, colleague):
    request = builders.appointment_request(location=northside)
    verbs.close(request, Outcome.DECLINED, by=colleague)

    response = take(desk, request, "log_attempt", attempt="reached", remark="Comes on Monday", seen=0)

    assert response.context["lost"] == [("How did it go?", "Reached"), ("Remark", "Comes on Monday")]
    assert "<dd>Comes on Monday</dd>" in response.text


def test_p14_of_two_who_claim_from_the_list_the_first_has_it(desk, northside, colleague):
    request = builders.appointment_request(location=northside)
    verbs.claim(request, by=colleague)

    response = desk.post(address(request, "claim"))

    assert response.status_code == 409
    assert "Changed by Sam Ortega: Claimed." in response.text
    assert stored(request).owner == colleague


@pytest.mark.parametrize(
    ("step", "state", "answers", "field", "words"),
    [
        ("log_attempt", {}, {"remark": "x"}, "attempt", "Choose how it went."),
        ("log_attempt", {}, {"attempt": "shouted"}, "attempt", None),
        ("log_attempt", {"email": "a@example.com", "phone": ""}, {"attempt": "voicemail"}, "attempt", None),
        ("log_attempt", {}, {"attempt": "no_answer", "next_try_at": "soon"}, "next_try_at",
         "Enter day and time, or leave both empty."),
        ("log_attempt", {}, {"attempt": "no_answer", "next_try_at": "2020-01-06T10:00"}, "next_try_at",
         "Choose a time that is still to come."),
        ("wait", {}, {}, "until", "Choose when to look at it again."),
        ("close", {}, {"remark": "done"}, "outcome", "Choose how it ended."),
        ("close", {}, {"outcome": "booked"}, "outcome", None),
        ("close", {"attempts": 1}, {"outcome": "unreachable"}, "outcome",
         "Only 1 call is logged. Close it as not reached after three."),
        ("close", {"attempts": 2}, {"outcome": "unreachable"}, "outcome",
         "Only 2 calls are logged. Close it as not reached after three."),
        ("close", {}, {"outcome": "duplicate"}, "duplicate_of", "Enter the reference of the other request."),
        ("book", {}, {}, "day", "Enter a day and time, or the number in your scheduling system."),
        ("book", {}, {"day": "2020-01-06", "time": "10:00"}, "day", "Enter a day that is not over."),
        ("book", {}, {"day": SOON}, "time", "Enter the time of the appointment."),
        ("book", {}, {"day": "9999-12-31", "time": "23:59"}, "day", "Enter a day within the next two years."),
        ("log_attempt", {}, {"attempt": "no_answer", "next_try_at": "9999-12-31T23:59"}, "next_try_at",
         "Enter day and time, or leave both empty."),
        ("log_attempt", {}, {"attempt": "no_answer", "next_try_at": "2099-12-31T10:00"}, "next_try_at",
         "Choose a time within the next three months."),
        ("book", {}, {"time": "10:00"}, "day", "Enter the day of the appointment."),
        ("correct", {}, {"full_name": "Alma Reyes", "phone": "773 555 0140"}, "full_name",
         "Nothing is different. Change what is wrong."),
        ("correct", {}, {"full_name": "Alma Reyes"}, "phone", "Enter a phone number or an e-mail address"),
        ("correct", {}, {"full_name": "Alma Reyes", "phone": "five"}, "phone",
         "Enter a phone number we can dial, such as 555 010 0177"),
        ("correct", {}, {"full_name": "", "phone": "773 555 0140"}, "full_name", "Enter the name."),
        ("correct", {}, {"full_name": "Alma Reyes", "email": "alma"}, "email",
         "Enter an e-mail address such as name@example.com"),
        ("relocate", {}, {}, "location", "Choose a location."),
        ("reopen", {"status": Status.CLOSED}, {"remark": "  "}, "remark", "Say why you open it again."),
    ],
)  # fmt: skip
def test_an_answer_that_is_missing_is_asked_for_again(
    desk, northside, elsewhere, step, state, answers, field, words
):
    request = builders.appointment_request(location=northside, **state)

    response = take(desk, request, step, **answers)

    form = form_of(response, step)
    assert list(form.errors) == [field]
    assert words is None or form.errors[field] == [words]
    assert response.context["unfolded"] == step
    assert request.events.count() == 0


@pytest.mark.parametrize("step", ["book", "change_appointment"])
def test_an_appointment_while_the_place_is_closed_is_asked_about_once(desk, asked_for, step):
    request, _answers = asked_for(step)
    today = timezone.localdate()
    answers = {"day": (today + timedelta(days=13 - today.weekday())).isoformat(), "time": "03:00"}

    asked = take(desk, request, step, **answers)
    take(desk, request, step, **answers, although_closed="on")

    assert dict(form_of(asked, step).errors) == {
        "although_closed": ["Northside is closed then. Record it all the same?"]
    }
    assert 'type="checkbox" name="although_closed"' in asked.text
    assert (stored(request).outcome, stored(request).appointment_at.weekday()) == (Outcome.BOOKED, 6)


def test_whoever_sends_a_request_out_of_sight_is_told_who_can_send_it_back(desk, northside, elsewhere):
    request = builders.appointment_request(location=northside)
    told = f"Move {request.reference}, Alma Reyes, to Mill Road. Their desk is told. The promised time stays."

    out_of_sight = form_of(desk.get(request.get_absolute_url()), "relocate").note
    desk.force_login(builders.user("Manager"))
    in_sight = form_of(desk.get(request.get_absolute_url()), "relocate").note

    assert (out_of_sight, in_sight) == (f"{told} Only Mill Road can send it back.", told)


def test_after_a_call_that_was_taken_back_one_calls_again(desk, northside):
    request = builders.appointment_request(location=northside)

    take(desk, request, "log_attempt", attempt="reached")
    undone = take(desk, request, "undo")

    assert undone.context["unfolded"] == "log_attempt"


def test_what_is_done_or_put_off_leads_to_the_next_request(desk, northside):
    now = timezone.now()
    first = builders.appointment_request(location=northside)
    later = builders.appointment_request(location=northside, due_at=now + timedelta(hours=9))
    builders.appointment_request(is_urgent=True)
    open_page = desk.get(first.get_absolute_url())

    waiting, closed = (
        take(desk, first, "wait", until="2"),
        take(desk, first, "close", outcome="spam"),
    )

    following = [page.context["next_request"] for page in (open_page, waiting, closed)]
    assert following == [None, later, later]


def test_a_routine_request_is_done_by_one_form_from_a_fresh_page(desk, northside, receptionist):
    therapist = builders.therapist()
    request = builders.appointment_request(location=northside, therapist=therapist)
    page = desk.get(request.get_absolute_url())
    preset = form_of(page, "book").initial["appointment_with"]
    day = northside.schedule().next_open(timezone.now() + timedelta(days=3)).date()

    take(
        desk, request, "book", day=day.isoformat(), time="10:30", appointment_with=preset, heard_from="friend"
    )

    done = stored(request)
    assert (done.status, done.outcome, done.owner) == (Status.CLOSED, Outcome.BOOKED, None)
    assert (done.appointment_with, done.heard_from) == (therapist, HeardFrom.FRIEND)
    assert done.answered_at is not None


def test_times_are_those_of_the_clock_on_the_wall_of_the_location(desk, receptionist):
    place = builders.location("Denver", time_zone="America/Denver", weekdays=range(7))
    receptionist.locations.add(place)
    request = builders.appointment_request(location=place)
    day = timezone.localdate() + timedelta(days=7)
    morning = datetime.combine(day, time(10, 30), tzinfo=DENVER)

    take(desk, request, "log_attempt", attempt="no_answer", next_try_at=f"{day}T10:30")
    tried = stored(request).next_try_at
    take(desk, request, "book", day=day.isoformat(), time="10:30")
    page = desk.get(request.get_absolute_url())

    assert (tried, stored(request).appointment_at) == (morning, morning)
    assert form_of(page, "change_appointment").initial["time"] == time(10, 30)


def test_the_next_try_stands_in_the_form_and_may_be_emptied(desk, northside):
    request = builders.appointment_request(location=northside)
    page = desk.get(request.get_absolute_url())
    preset = form_of(page, "log_attempt").initial["next_try_at"]

    take(desk, request, "log_attempt", attempt="no_answer", next_try_at="")

    assert preset > timezone.now()
    assert northside.schedule().is_open(preset)
    assert stored(request).next_try_at is None


@pytest.mark.parametrize(
    ("attempt", "next_step", "is_put_off"),
    [
        (Attempt.REACHED, "book", False),
        (Attempt.WRONG_NUMBER, "correct", False),
        (Attempt.VOICEMAIL, "log_attempt", True),
        (Attempt.WROTE, "log_attempt", True),
    ],
)
def test_how_a_call_went_says_what_comes_next(desk, northside, attempt, next_step, is_put_off):
    request = builders.appointment_request(location=northside, email="alma@example.com")
    later = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")

    response = take(desk, request, "log_attempt", attempt=attempt, next_try_at=later)

    assert response.context["unfolded"] == next_step
    assert (stored(request).next_try_at is not None) == is_put_off


@pytest.mark.parametrize(
    ("contact", "attempts"),
    [
        ({}, ["reached", "voicemail", "no_answer", "wrong_number"]),
        ({"phone": "", "phone_e164": "", "email": "a@example.com"}, ["reached", "wrote"]),
    ],
)
def test_only_what_can_be_tried_is_asked(desk, northside, contact, attempts):
    request = builders.appointment_request(location=northside, **contact)

    form = form_of(desk.get(request.get_absolute_url()), "log_attempt")

    assert [value for value, _label in form.fields["attempt"].choices] == attempts


def test_who_waits_is_looked_at_again_when_the_place_opens(desk, northside, receptionist):
    request = builders.appointment_request(location=northside)

    take(desk, request, "wait", until="2", remark="Asks her doctor")

    due = timezone.localtime(stored(request).next_try_at)
    assert (stored(request).status, stored(request).owner) == (Status.WAITING, receptionist)
    assert due.date() >= timezone.localdate() + timedelta(days=2)
    assert due.time() == time(8)


def test_a_corrected_number_is_found_and_the_earlier_one_stays_in_the_history(desk, northside):
    request = builders.appointment_request(location=northside)
    intake.renew_keys(request)

    response = take(desk, request, "correct", full_name="Alma Reyes", phone="(773) 555-0188")

    assert (stored(request).phone, stored(request).phone_e164) == ("(773) 555-0188", "+17735550188")
    assert request.events.get().before["phone"] == "773 555 0140"
    assert "Phone was 773 555 0140" in response.text
    assert list(AppointmentRequest.objects.matching("7735550188")) == [request]


def test_a_request_that_moves_is_gone_from_here_and_its_new_desk_is_told(desk, northside, elsewhere):
    request = builders.appointment_request(location=northside)

    response = take(desk, request, "relocate", location=elsewhere.pk)

    assert stored(request).location == elsewhere
    assert response.redirect_chain[0][0] == reverse("admin:appointments_appointmentrequest_changelist")
    assert OutboxMessage.objects.filter(kind="relocation_notice").count() == 1


def test_one_tap_closes_a_duplicate_of_the_request_that_stays(desk, northside):
    first = builders.appointment_request(location=northside)
    second = builders.appointment_request(location=northside)

    take(desk, second, "close", outcome="duplicate", duplicate_of=first.reference.lower())
    page = desk.get(first.get_absolute_url())

    assert (stored(second).outcome, stored(second).duplicate_of) == (Outcome.DUPLICATE, first)
    assert page.context["related"] == [("Also sent as", second)]


@pytest.mark.parametrize("other", ["itself", "foreign", "unknown", "the other way round"])
def test_a_duplicate_is_one_of_another_request_that_is_seen_and_stays(desk, northside, elsewhere, other):
    request = builders.appointment_request(location=northside)
    reference = {
        "itself": request.reference,
        "foreign": builders.appointment_request(location=elsewhere).reference,
        "unknown": "R-2222-22",
        "the other way round": builders.appointment_request(
            location=northside, status=Status.CLOSED, outcome=Outcome.DUPLICATE, duplicate_of=request
        ).reference,
    }[other]

    response = take(desk, request, "close", outcome="duplicate", duplicate_of=reference)

    assert list(form_of(response, "close").errors) == ["duplicate_of"]
    assert stored(request).status == Status.NEW


def test_a_reference_counts_only_for_a_duplicate(desk, northside):
    request = builders.appointment_request(location=northside, attempts=3)

    take(desk, request, "close", outcome="unreachable", duplicate_of="nonsense", heard_from="doctor")

    assert (stored(request).outcome, stored(request).duplicate_of) == (Outcome.UNREACHABLE, None)
    assert stored(request).heard_from == HeardFrom.DOCTOR


def test_the_last_step_is_taken_back_by_one_button(desk, northside):
    request = builders.appointment_request(location=northside)

    closed = take(desk, request, "close", outcome="spam")
    undone = take(desk, request, "undo")

    assert "Undo: Closed" in closed.text
    assert said(undone) == [f"The last step with {request.reference} is taken back."]
    assert (stored(request).status, stored(request).outcome) == (Status.NEW, "")
    assert undone.context["undoable"] is None


def test_the_step_of_somebody_else_is_not_taken_back(desk, northside, colleague):
    request = builders.appointment_request(location=northside)
    verbs.claim(request, by=colleague)

    page = desk.get(request.get_absolute_url())
    response = take(desk, request, "undo")

    assert page.context["undoable"] is None
    assert response.status_code == 409
    assert "This can’t be undone any more." in response.text
    assert stored(request).owner == colleague


def test_s5_details_are_erased_by_managers_for_a_reason(desk, northside, receptionist):
    request = builders.appointment_request(location=northside, status=Status.CLOSED, source=Source.WEB)
    refused = take(desk, request, "erase", reason="Asked for it")
    manager = builders.user("Manager")
    desk.force_login(manager)

    unsaid = take(desk, request, "erase", reason=" ")
    kept = stored(request).full_name
    take(desk, request, "erase", reason="Asked for it")

    assert (refused.status_code, kept) == (403, "Alma Reyes")
    assert form_of(unsaid, "erase").errors["reason"] == ["Say why you erase it."]
    assert (stored(request).full_name, stored(request).outcome) == ("", Outcome.DECLINED)
    noted = AuditEvent.objects.get(action="request.erased")
    assert (noted.subject, noted.actor, noted.reason) == (request.reference, manager, "Asked for it")


def test_s5_nobody_erases_what_is_still_open(desk, northside):
    request = builders.appointment_request(location=northside)
    desk.force_login(builders.user("Manager"))

    response = take(desk, request, "erase", reason="Asked for it")

    assert response.status_code == 409
    assert stored(request).full_name == "Alma Reyes"


def test_s6_markup_in_a_remark_is_text(desk, northside):
    request = builders.appointment_request(location=northside)

    response = take(desk, request, "log_attempt", attempt="voicemail", remark="<b>Call</b> https://x.example")

    assert "<p>&lt;b&gt;Call&lt;/b&gt; https://x.example</p>" in response.text


@pytest.mark.parametrize("role", ["Editor", "Clinician"])
def test_other_roles_take_no_step(client, northside, role):
    request = builders.appointment_request(location=northside)
    client.force_login(builders.user(role, locations=[northside]))

    response = client.post(address(request, "close"), {"seen": 0, "outcome": "spam"})

    assert response.status_code == 404
    assert stored(request).status == Status.NEW


@pytest.mark.parametrize(
    ("state", "is_taken"),
    [
        ({}, True),
        ({"status": Status.CLOSED, "outcome": Outcome.BOOKED}, True),
        ({"status": Status.CLOSED, "outcome": Outcome.SPAM}, False),
        ({"status": Status.CLOSED, "outcome": Outcome.DUPLICATE}, False),
    ],
)
def test_a_duplicate_stands_behind_a_request_that_goes_on(desk, northside, state, is_taken):
    request = builders.appointment_request(location=northside)
    other = builders.appointment_request(location=northside, **state)

    take(desk, request, "close", outcome="duplicate", duplicate_of=other.reference)

    request.refresh_from_db()
    assert (request.outcome, request.duplicate_of) == (("duplicate", other) if is_taken else ("", None))


def test_whoever_can_only_be_written_to_is_written_to(desk, northside):
    request = builders.appointment_request(location=northside)

    take(desk, request, "correct", full_name="Alma Reyes", email="alma@example.com")

    request.refresh_from_db()
    assert (request.phone, request.channel) == ("", "email")


def test_t23_looking_at_a_likely_duplicate_is_noted_as_well(desk, northside):
    request, other = (builders.appointment_request(location=northside) for _number in range(2))

    desk.get(request.get_absolute_url())

    looks = AuditEvent.objects.filter(action="request.viewed").values_list("subject", flat=True)
    assert set(looks) == {request.reference, other.reference}

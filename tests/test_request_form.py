"""What the request form makes of odd input: the rows R of the bad-input catalogue."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from crispy_forms.layout import Fieldset
from django.urls import reverse
from django.utils import timezone

from appointments.models import AppointmentRequest
from appointments.models.choices import Day
from clinic import form_fields
from clinic.models import Clinic, InsurancePlan
from tests import builders
from tests.journey import answers, form_on, post

pytestmark = pytest.mark.django_db

PHONE_EXAMPLE = "Enter a phone number we can dial, such as 555 010 0177"
EMAIL_EXAMPLE = "Enter an e-mail address such as name@example.com"
SCRIPT = "<script>alert(1)</script> {{7*7}} {% load x %} ${7*7} '; DROP TABLE users; --"


@pytest.fixture
def place():
    return builders.location("Northside", slug="northside")


def errors_of(response):
    return [error for messages in response.context["form"].errors.values() for error in messages]


def send(client, **changes):
    return post(client, "request_send", answers(**changes))


@pytest.mark.parametrize(
    "typed, stored",
    [
        pytest.param({"full_name": "O’Brien-Ngũgĩ"}, {"full_name": "O’Brien-Ngũgĩ"}, id="R1-apostrophe"),
        pytest.param({"full_name": "María José"}, {"full_name": "María José"}, id="R1-accents"),
        pytest.param({"full_name": "X Æ A-12"}, {"full_name": "X Æ A-12"}, id="R1-digits"),
        pytest.param({"full_name": "李"}, {"full_name": "李"}, id="R1-han"),
        pytest.param({"full_name": "محمد"}, {"full_name": "محمد"}, id="R1-arabic"),
        pytest.param({"full_name": "Nguyễn Thị Á"}, {"full_name": "Nguyễn Thị Á"}, id="R1-stacked-accents"),
        pytest.param({"full_name": "B"}, {"full_name": "B"}, id="R2-one-letter"),
        pytest.param({"full_name": "Prince"}, {"full_name": "Prince"}, id="R2-one-word"),
        pytest.param(
            {"full_name": "Ana\r\nBcc: v@e.com"},
            {"full_name": "Ana Bcc: v@e.com"},
            id="R6-line-break-in-name",
        ),
        pytest.param({"full_name": "Ana\u202e Lima"}, {"full_name": "Ana Lima"}, id="R9-reversed-text"),
        pytest.param({"full_name": "n" * 100}, {"full_name": "n" * 100}, id="R10-longest-name"),
        pytest.param({"notes": "é\r\n" * 250}, {"notes": "\n".join("é" * 250)}, id="R10-longest-note"),
        pytest.param(
            {"status": "closed", "id": "1", "is_staff": "1", "received_at": "1999-01-01", "is_urgent": "1"},
            {"status": "new", "is_urgent": False},
            id="R21-unknown-fields",
        ),
        pytest.param({"email": "o'brien+pt@ex.com"}, {"email": "o'brien+pt@ex.com"}, id="R22-odd-address"),
        pytest.param({"email": "ana@bücher.example"}, {"email": "ana@bücher.example"}, id="R23-idn"),
        pytest.param({"email": " ana@ex.com \n"}, {"email": "ana@ex.com"}, id="R28-blanks-around"),
        pytest.param(
            {"phone": "(555) 010-0199 ext 4"},
            {"phone": "(555) 010-0199 ext 4", "phone_e164": "+15550100199"},
            id="R29-extension",
        ),
        pytest.param(
            {"phone": "555.010.0199"}, {"phone": "555.010.0199", "phone_e164": "+15550100199"}, id="R29-dots"
        ),
        pytest.param(
            {"phone": "+44 7700 900982"},
            {"phone": "+44 7700 900982", "phone_e164": "+447700900982"},
            id="R29-abroad",
        ),
        pytest.param({"phone": "５５５０１００１９９"}, {"phone_e164": "+15550100199"}, id="R29-full-width"),
        pytest.param(
            {"notes": "See https://a.example"},
            {"quarantined_at": None, "quarantine_reasons": ""},
            id="R43-one-link",
        ),
        pytest.param({"full_name": SCRIPT[:100]}, {"full_name": SCRIPT[:100]}, id="R45-code-in-name"),
        pytest.param({"notes": SCRIPT}, {"notes": SCRIPT}, id="R45-code-in-note"),
    ],
)
def test_odd_but_honest_answers_are_stored_as_typed(client, place, typed, stored):
    response = send(client, **typed)

    request = AppointmentRequest.objects.get()
    assert response.status_code == 303
    assert {name: getattr(request, name) for name in stored} == stored


@pytest.mark.parametrize(
    "typed, errors",
    [
        pytest.param({"full_name": " \u00a0 "}, ["Enter your full name"], id="R4-blank-name"),
        pytest.param({"full_name": "\u200b\ufeff"}, ["Enter your full name"], id="R5-invisible-name"),
        pytest.param({"full_name": "Ana\x00"}, [str(form_fields.UNREADABLE)], id="R7-nul-in-name"),
        pytest.param({"notes": "a\x00b"}, [str(form_fields.UNREADABLE)], id="R7-nul-in-note"),
        pytest.param({"who": "\x00"}, ["Choose who this is for"], id="R7-nul-in-choice"),
        pytest.param(
            {"full_name": "n" * 101}, ["Your full name must be 100 characters or fewer"], id="R10-long-name"
        ),
        pytest.param({"notes": "n" * 501}, ["Your note must be 500 characters or fewer"], id="R10-long-note"),
        pytest.param(
            {"who": "else", "patient_name": "n" * 101},
            ["The person’s name must be 100 characters or fewer"],
            id="R10-long-other-name",
        ),
        pytest.param(
            {"needs": "n" * 101}, ["Your needs must be 100 characters or fewer"], id="R10-long-needs"
        ),
        pytest.param(
            {"email": f"{'n' * 248}@ex.com"},
            ["The e-mail address must be 254 characters or fewer"],
            id="R10-long-address",
        ),
        pytest.param({"email": "a@b.co,c@d.eu"}, [EMAIL_EXAMPLE], id="R24-two-addresses"),
        pytest.param({"email": "Ana <a@b.co>"}, [EMAIL_EXAMPLE], id="R24-display-name"),
        pytest.param({"email": "a@b.co\nBcc: c@d.eu"}, [EMAIL_EXAMPLE], id="R25-line-break"),
        pytest.param({"email": '"ana"@b.co'}, [EMAIL_EXAMPLE], id="R25-quoted"),
        pytest.param({"phone": "call me"}, [PHONE_EXAMPLE], id="R30-words"),
        pytest.param({"phone": "555"}, [PHONE_EXAMPLE], id="R30-three-digits"),
        pytest.param(
            {"phone": "5" * 40},
            ["Enter a phone number of 30 characters or fewer, such as 555 010 0177"],
            id="R30-forty-digits",
        ),
        pytest.param({"phone": ""}, ["Enter a phone number or an e-mail address"], id="R32-no-contact"),
        pytest.param({"channel": ""}, ["Choose the best way to reach you"], id="R32-no-channel"),
        pytest.param(
            {"phone": "", "email": "ana@ex.com"},
            ["Enter a phone number, or choose e-mail"],
            id="R33-phone-without-number",
        ),
        pytest.param(
            {"channel": "email"},
            ["Enter an e-mail address, or choose phone"],
            id="R33-e-mail-without-address",
        ),
        pytest.param({"call_time": "zzz"}, ["Choose the best time to call"], id="R34-tampered-choice"),
        pytest.param({"suits": ["mon", "zzz"]}, ["Choose from these days and times"], id="R34-tampered-day"),
        pytest.param(
            {"therapist": "nobody"},
            ["Choose one of these therapists, or no preference"],
            id="R34-tampered-therapist",
        ),
        pytest.param({"plan": "999"}, ["Choose one of these ways to pay"], id="R34-tampered-plan"),
        pytest.param({"location": "nowhere"}, ["Choose a location"], id="R34-tampered-location"),
        pytest.param({"who": "else"}, ["Enter the name of the person who needs care"], id="R40-no-name"),
    ],
)
def test_what_cannot_be_used_is_explained_and_nothing_typed_is_lost(client, place, typed, errors):
    response = send(client, **typed)

    kept = form_on(response, "/appointments/request/").fields
    free_text = {"full_name", "patient_name", "email", "phone", "needs", "notes"} & set(typed)
    assert response.status_code == 200
    assert errors_of(response) == errors
    assert {name: dict(kept)[name] for name in free_text} == {name: typed[name] for name in free_text}
    assert AppointmentRequest.objects.count() == 0


@pytest.mark.parametrize("broken", ["%FF%FE", "%ED%A0%80", "%C0%AF"], ids=lambda raw: f"R12-{raw}")
def test_characters_that_cannot_be_read_are_asked_for_again(client, place, broken):
    body = urlencode(answers(full_name="BROKEN")).replace("BROKEN", broken).encode()

    response = post(client, "request_send", body)

    assert errors_of(response) == [str(form_fields.UNREADABLE)]
    assert AppointmentRequest.objects.count() == 0


@pytest.mark.parametrize(
    "body, content_type, status",
    [
        pytest.param(b'{"full_name": "Ana"}', "application/json", 415, id="R15-json"),
        pytest.param(b"<a/>", "application/xml", 415, id="R15-xml"),
        pytest.param(b"--x--", "multipart/form-data; boundary=x", 415, id="R16-multipart"),
        pytest.param(b"notes=" + b"n" * 65537, "application/x-www-form-urlencoded", 413, id="R18-64-KB"),
    ],
)
def test_other_bodies_are_refused_before_anything_reads_them(client, place, body, content_type, status):
    response = client.post(reverse("request_send"), body, content_type=content_type)

    assert response.status_code == status
    assert AppointmentRequest.objects.count() == 0


@pytest.mark.parametrize("why", ["closed-for-good", "paused"])
def test_r35_a_place_that_takes_no_requests_online_is_named_with_its_phone(client, place, why):
    builders.location()
    tomorrow = timezone.now() + timedelta(days=1)
    state = {"paused_until": tomorrow} if why == "paused" else {"takes_online_requests": False}
    builders.location("Mill Road", slug="mill-road", phone="773 555 0142", **state)

    response = send(client, location="mill-road")

    assert errors_of(response) == [
        "Mill Road takes no requests online. Call 773 555 0142, or choose another location."
    ]


def test_a_place_that_stopped_taking_requests_never_becomes_the_other_one_unseen(client, place):
    builders.location("Mill Road", slug="mill-road", phone="773 555 0142", takes_online_requests=False)

    response = send(client, location="mill-road")

    assert list(response.context["form"].errors) == ["location"]
    assert AppointmentRequest.objects.count() == 0


def test_r34_a_choice_that_was_never_offered_is_logged_by_the_name_of_its_field(client, place, caplog):
    send(client, call_time="secret-value")

    assert [r.getMessage() for r in caplog.records if r.name == "appointments.forms"] == [
        "journey.choice_not_offered fields=call_time"
    ]


@pytest.mark.parametrize(
    "typed, reasons",
    [
        pytest.param({"website": "https://spam.example"}, "honeypot, too_fast", id="R41-honeypot"),
        pytest.param({"notes": "http://a http://b http://c"}, "too_fast, many_links", id="R43-three-links"),
    ],
)
def test_suspect_requests_get_the_same_confirmation_and_are_kept_apart(client, place, typed, reasons):
    response = send(client, **typed)

    request = AppointmentRequest.objects.get()
    confirmed = client.get(response.headers["Location"])
    assert confirmed.templates[0].name == "appointments/request_received.html"
    assert (request.is_maybe_spam, request.quarantine_reasons) == (True, reasons)


def test_r45_code_is_shown_literally_on_the_check_page(client, place):
    response = post(client, "request_form", answers(full_name="<b>Ana</b> {{7*7}}"))

    assert "<dd>&lt;b&gt;Ana&lt;/b&gt; {{7*7}}</dd>" in response.content.decode()


@pytest.mark.parametrize("token", ["", "altered", "\x00", None], ids=lambda token: f"R47-{token!r}")
def test_a_form_without_its_token_is_shown_again_with_a_new_one(client, place, token):
    given = {name: value for name, value in answers(token=token).items() if value is not None}

    response = post(client, "request_send", given)

    assert errors_of(response) == ["Check your answers and send again"]
    assert AppointmentRequest.objects.count() == 0
    again = form_on(response, "/appointments/request/").fields
    assert post(client, "request_send", again).status_code == 303
    assert AppointmentRequest.objects.get().full_name == "Alma Reyes"


def test_for_someone_else_the_persons_name_is_stored(client, place):
    send(client, who="else", patient_name="Leo Reyes")

    request = AppointmentRequest.objects.get()
    assert (request.is_for_someone_else, request.patient_name) == (True, "Leo Reyes")


def test_a_name_left_behind_for_someone_else_is_not_stored(client, place):
    send(client, who="me", patient_name="Leo Reyes")

    assert AppointmentRequest.objects.get().patient_name == ""


def test_a_day_beside_any_time_says_more(client, place):
    send(client, suits=["any", "mon", "late"])

    request = AppointmentRequest.objects.get()
    assert (request.days, request.parts_of_day) == (["mon"], ["late"])


@pytest.mark.parametrize(
    "choice, payment",
    [("self_pay", "self_pay"), ("not_sure", "not_sure"), ("other", "insurance"), ("", "")],
)
def test_how_to_pay_is_stored_by_kind(client, place, choice, payment):
    send(client, plan=choice)

    request = AppointmentRequest.objects.get()
    assert (request.payment, request.insurance_plan) == (payment, None)


def test_an_insurance_that_a_location_accepts_can_be_chosen_by_name(client, place):
    plan = InsurancePlan.objects.create(name="Lakeside Health")
    place.insurance_plans.add(plan)

    send(client, plan=str(plan.pk))

    assert AppointmentRequest.objects.get().insurance_plan == plan


def test_a_clinic_may_leave_out_the_question_of_payment(client, place):
    Clinic.objects.create(asks_insurance=False)

    response = client.get(reverse("request_form"))

    assert "plan" not in response.context["form"].fields


def test_the_location_is_asked_only_where_there_is_a_choice(client, place):
    alone = client.get(reverse("request_form")).context["form"]
    builders.location()
    with_another = client.get(reverse("request_form")).context["form"]

    assert ("location" in alone.fields, "location" in with_another.fields) == (False, True)


QUESTIONS = {
    "This is for": ["who", "patient_name"],
    "Your full name": ["full_name"],
    "Phone number or e-mail address": ["phone", "email"],
    "Best way to reach you": ["channel", "may_leave_message", "wants_no_email", "call_time"],
    "New or returning": ["purpose"],
    "Location": ["location"],
    "Therapist": ["therapist"],
    "How will you pay?": ["plan"],
    "Has a doctor referred you?": ["referral"],
    "When would suit you?": ["suits"],
    "Interpreter or access needs": ["needs"],
    "Anything we should know?": ["notes"],
}


def test_the_form_asks_twelve_questions_at_most_in_three_groups(client, place):
    builders.location()

    form = client.get(reverse("request_form")).context["form"]

    asked = [name for names in QUESTIONS.values() for name in names]
    assert len(QUESTIONS) == 12
    assert sorted(form.fields) == sorted([*asked, "website"])
    assert [str(part.legend) for part in form.helper.layout if isinstance(part, Fieldset)] == [
        "Who is it for?",
        "How can we reach you?",
        "What do you need, and when?",
    ]


@pytest.mark.parametrize(
    "weekdays, other_weekdays, days, parts",
    [
        pytest.param([0, 2], [], ["mon", "wed"], ["early", "daytime", "late"], id="one-place"),
        pytest.param([0, 2], [2, 5], ["mon", "wed", "sat"], ["early", "daytime", "late"], id="two-places"),
        pytest.param(range(6), [], [*Day.values[:6]], ["early", "daytime", "late"], id="six-days"),
        pytest.param(range(5), [5, 6], [*Day.values], ["early", "late"], id="all-week"),
        pytest.param([], [], [], ["early", "daytime", "late"], id="no-hours-known"),
    ],
)
def test_the_days_offered_are_those_on_which_a_place_opens(client, weekdays, other_weekdays, days, parts):
    builders.location(weekdays=weekdays)
    builders.location(weekdays=other_weekdays)
    builders.location(weekdays=range(7), takes_online_requests=False)

    suits = client.get(reverse("request_form")).context["form"].fields["suits"]

    assert [value for value, _label in suits.choices] == ["any", *days, *parts]
    assert len(suits.choices) <= 10


def test_r34_a_day_on_which_no_place_opens_is_not_offered(client, place):
    response = send(client, suits=["sun"])

    assert errors_of(response) == ["Choose from these days and times"]


def test_an_insurance_of_a_place_that_takes_no_requests_now_is_not_offered(client, place):
    closed = builders.location(paused_until=timezone.now() + timedelta(days=1))
    closed.insurance_plans.add(InsurancePlan.objects.create(name="Lakeside Health"))

    plan = client.get(reverse("request_form")).context["form"].fields["plan"]

    assert [value for value, _label in plan.choices] == ["", "other", "self_pay", "not_sure"]


def test_browsers_are_told_neither_to_cut_nor_to_check_what_is_typed(client, place):
    page = client.get(reverse("request_form")).content.decode()

    assert [word for word in ("maxlength", " required", "pattern=") if word in page] == []


def test_a_change_is_asked_for_its_day_and_not_how_it_is_paid(client, place):
    change = client.get(reverse("request_form"), {"purpose": "change"})

    page = change.content.decode()
    assert "<h1>Change or cancel an appointment</h1>" in page
    assert "Which day and time, and do you want to move or cancel it?" in page
    assert [name for name in ("plan", "referral") if f'name="{name}"' in page] == []


def test_what_a_change_is_not_asked_is_stored_if_it_was_answered_before(client, place):
    check = post(client, "request_form", answers(purpose="change", referral="yes"))
    send(client, purpose="change", referral="yes")

    others = [answer.label for answer in check.context["others"]]
    assert ("How will you pay?" in others, "Has a doctor referred you?" in others) == (False, True)
    assert AppointmentRequest.objects.get().referral == "yes"


@pytest.mark.parametrize("word", ["please", "sorry", "valid", "invalid", "oops", "required"])
def test_no_error_says(client, place, word):
    builders.location()
    response = send(
        client,
        who="x", full_name="", phone="x", email="x", channel="x", call_time="x", purpose="x", location="x",
        therapist="x", plan="x", referral="x", suits="x", needs="n" * 101, notes="n" * 501,
    )  # fmt: skip

    assert len(errors_of(response)) == 14
    assert [error for error in errors_of(response) if word in error.lower().split()] == []

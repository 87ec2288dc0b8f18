"""What patients are told by mail, through the outbox: true when it is sent, and free of what was typed."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from appointments import acknowledging, desk, patient_emails, private_links, retention, standing
from appointments.models import AppointmentRequest, Attempt
from appointments.models.choices import Outcome
from articles import reading
from clinic import delivery, outbox
from clinic.mail_kinds import NothingToSend
from clinic.models import Clinic, OutboxMessage
from tests import builders

pytestmark = pytest.mark.django_db

# Monday, 9 am in Chicago.
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
TUESDAY_NOON = datetime(2026, 11, 24, 18, tzinfo=UTC)
FRIDAY_NOON = datetime(2026, 11, 27, 18, tzinfo=UTC)
# What no writer could say in easier words.
FACTS = re.compile(r"\n(http|Your reference:|.*773 555|Monday to).*")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def clinic():
    return Clinic.objects.update_or_create(pk=1, defaults={"name": "Harbor Physical Therapy"})[0]


@pytest.fixture
def receptionist():
    return builders.user("Front desk")


@pytest.fixture
def place():
    place = builders.location("Northside", region="IL")
    place.opening_hours.create(weekday=5, opens_at="09:00", closes_at="12:00")
    return place


@pytest.fixture
def asked(place):
    return builders.appointment_request(location=place, email="alma@example.org")


def deliver_all():
    while message := delivery.claim(timezone.now()):
        delivery.deliver(message)


def told(mailoutbox):
    """Return the first line of every mail to a patient, oldest first."""
    deliver_all()
    return [mail.body.splitlines()[0] for mail in mailoutbox]


def test_the_acknowledgement_says_by_when_we_call_and_how_to_look(asked, mailoutbox):
    acknowledging.owe(asked, peer="", now=NOW)

    deliver_all()

    (mail,) = mailoutbox
    assert (mail.subject, mail.to) == ("Your request at Harbor Physical Therapy", ["alma@example.org"])
    assert mail.message()["Auto-Submitted"] == "auto-generated"
    assert mail.body.rstrip().splitlines() == [
        "We have your request.",
        "We will call you by Monday 23 November, 1 pm.",
        "This is not yet an appointment. Nothing changes before we talk.",
        f"Your reference: {asked.reference}",
        "",
        "See how it stands, or withdraw it:",
        f"http://localhost/appointments/r/{private_links.token_of(asked)}/",
        "",
        "Thank you.",
        "Harbor Physical Therapy, Northside, 773 555 0110",
        "Monday to Friday 8 am to 6 pm, Saturday 9 am to 12 noon",
        "In an emergency: Call 911 or go to the emergency room now.",
        "There is no need to answer this e-mail.",
    ]


def test_whoever_chose_e_mail_is_told_that_we_write(place):
    request = builders.appointment_request(
        location=place, email="alma@example.org", channel="email", phone=""
    )

    assert (
        "We will write to you by Monday 23 November, 1 pm." in patient_emails.acknowledgement(request.pk).body
    )


def test_a_place_with_odd_hours_says_them_in_one_line(asked):
    asked.location.opening_hours.filter(weekday__in=[1, 3]).delete()
    asked.location.opening_hours.create(weekday=3, opens_at="08:00", closes_at="12:00")
    asked.location.opening_hours.create(weekday=3, opens_at="13:30", closes_at="18:00")

    said = patient_emails.acknowledgement(asked.pk).body

    assert (
        "\nMonday 8 am to 6 pm, Wednesday 8 am to 6 pm, Thursday 8 am to 12 noon and 1:30 pm to 6 pm, "
        "Friday 8 am to 6 pm, Saturday 9 am to 12 noon\n"
    ) in said


def test_the_link_of_a_mail_opens_the_page_even_after_a_new_secret_key(asked, client, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key " * 5

    link = re.search(r"http://localhost(/\S+)", patient_emails.acknowledgement(asked.pk).body)[1]

    assert client.get(link).context["asked"] == asked


def test_without_the_old_key_a_mail_goes_out_without_a_link(asked, settings):
    settings.SECRET_KEY = "another key " * 5

    body = patient_emails.acknowledgement(asked.pk).body

    assert ("http" in body, "See how it stands" in body) == (False, False)


NOT_ACKNOWLEDGED = {
    "suspect": {"quarantined_at": NOW},
    "closed": {"status": "closed"},
    "withdrawn": {"status": "closed", "outcome": Outcome.DECLINED},
    "no address": {"email": ""},
    "declined": {"wants_no_email": True},
    "letters no mail server must take": {"email": "änne@example.org"},
}


@pytest.mark.parametrize("why", NOT_ACKNOWLEDGED)
def test_what_no_longer_holds_is_not_acknowledged(place, mailoutbox, why):
    request = builders.appointment_request(
        location=place, **{"email": "a@example.org"} | NOT_ACKNOWLEDGED[why]
    )
    outbox.owe(acknowledging.KIND, request.pk)

    deliver_all()

    assert mailoutbox == []
    assert OutboxMessage.objects.get().sent_at == NOW


def test_an_erased_request_is_mailed_no_more(asked, receptionist, mailoutbox):
    acknowledging.owe(asked, peer="", now=NOW)
    desk.book(asked, by=receptionist, appointment_at=TUESDAY_NOON)
    retention.erase(asked, by=receptionist, reason="asked")

    assert told(mailoutbox) == []


def test_a_suspect_request_is_acknowledged_once_a_person_has_looked(place, receptionist, mailoutbox):
    request = builders.appointment_request(location=place, email="a@example.org", quarantined_at=NOW)
    desk.not_spam(request, by=receptionist)

    assert told(mailoutbox) == ["We have your request."]


def test_r23_the_domain_of_an_address_is_spelled_out_for_mail_servers(place, mailoutbox):
    request = builders.appointment_request(location=place, email="ana@bücher.example")
    acknowledging.owe(request, peer="", now=NOW)

    deliver_all()

    assert mailoutbox[0].message()["To"] == "ana@xn--bcher-kva.example"
    assert mailoutbox[0].message().as_bytes().isascii()


HOSTILE = {
    "full_name": "Win $$$ at https://evil.example <b>now</b>",
    "patient_name": "Bcc: victim@example.org",
    "phone": "773 555 0199 x1",
    "phone_e164": "+17735550199",
    "needs": "{{ request.notes }} %(heading)s",
    "notes": "<script>alert(1)</script>\nhttps://evil.example",
    "quarantine_reasons": "links",
}


@pytest.mark.parametrize("step", ["acknowledgement", "appointment"])
def test_t4_t31_the_bytes_of_a_mail_do_not_depend_on_what_was_typed_or_who_is_known(
    place, receptionist, mailoutbox, step
):
    known = builders.appointment_request(location=place, email="alma@example.org", status="closed")
    requests = [
        builders.appointment_request(location=place, email="alma@example.org", replaces=known),
        builders.appointment_request(location=place, email="%(heading)s@evil.example", **HOSTILE),
    ]
    for request in requests:
        if step == "acknowledgement":
            acknowledging.owe(request, peer="", now=NOW)
        else:
            desk.book(request, by=receptionist, appointment_at=TUESDAY_NOON, remark="https://evil.example")

    deliver_all()

    links = [private_links.token_of(request) for request in requests]
    texts = [mail.message().as_string() for mail in mailoutbox]
    for request, link, number in zip(requests, links, (0, 1), strict=True):
        texts[number] = (
            texts[number]
            .replace(link, "LINK")
            .replace(request.reference, "REFERENCE")
            .replace(f"To: {request.email}", "To: RECIPIENT")
        )
        texts[number] = re.sub(r"Message-ID: <.*>", "", texts[number])
    assert texts[0] == texts[1]
    assert ("LINK" in texts[0], "REFERENCE" in texts[0], "RECIPIENT" in texts[0]) == (True, True, True)


def test_a_recorded_appointment_is_told_with_day_time_and_place(asked, receptionist, mailoutbox):
    theo = builders.therapist("Theo Okafor", suffix="PT")
    desk.book(asked, by=receptionist, appointment_at=TUESDAY_NOON, appointment_with=theo)

    deliver_all()

    assert mailoutbox[0].subject == "Your appointment at Harbor Physical Therapy"
    assert mailoutbox[0].body.splitlines()[:6] == [
        "Your appointment is recorded.",
        "When: Tuesday 24 November, 12 noon",
        "With: Theo Okafor, PT",
        "Where: Northside, 1 Harbor Street, Harbor, IL 60601",
        "To change or cancel it, call us.",
        f"Your reference: {asked.reference}",
    ]


def test_an_appointment_known_by_its_number_alone_sends_the_patient_to_the_phone(
    asked, receptionist, mailoutbox
):
    desk.book(asked, by=receptionist, appointment_number="EMR-77123")

    deliver_all()

    assert mailoutbox[0].body.splitlines()[:2] == [
        "Your appointment is recorded.",
        "Call us for its day and time.",
    ]
    assert "EMR" not in mailoutbox[0].body


def test_a_change_and_a_cancellation_are_told(asked, receptionist, mailoutbox):
    desk.book(asked, by=receptionist, appointment_at=TUESDAY_NOON)
    deliver_all()
    desk.change_appointment(asked, by=receptionist, appointment_at=FRIDAY_NOON)
    deliver_all()
    desk.cancel_appointment(asked, by=receptionist)

    assert told(mailoutbox) == [
        "Your appointment is recorded.",
        "Your appointment has changed.",
        "Your appointment is cancelled.",
    ]
    assert mailoutbox[1].body.splitlines()[1] == "When: Friday 27 November, 12 noon"
    assert mailoutbox[2].body.splitlines()[1] == "It was on Friday 27 November, 12 noon."


def test_a_step_that_was_overtaken_before_its_mail_left_is_not_told(asked, receptionist, mailoutbox):
    desk.book(asked, by=receptionist, appointment_at=TUESDAY_NOON)
    desk.cancel_appointment(asked, by=receptionist)

    assert told(mailoutbox) == ["Your appointment is cancelled."]


def test_a_step_undone_before_its_mail_left_is_not_told_at_all(asked, receptionist, mailoutbox):
    desk.book(asked, by=receptionist, appointment_at=TUESDAY_NOON)
    desk.undo(asked, by=receptionist)

    assert told(mailoutbox) == []


MISTAKE = "Our last e-mail was a mistake. This is how it stands: "
UNDONE = {
    "book": ([], "We have your request."),
    "change_appointment": (["book"], "Your appointment is recorded."),
    "cancel_appointment": (["book"], "Your appointment is recorded."),
}


@pytest.mark.parametrize("step", UNDONE)
def test_a_step_undone_after_its_mail_left_is_put_right(asked, receptionist, mailoutbox, step):
    before, heading = UNDONE[step]
    steps = {
        "book": lambda: desk.book(asked, by=receptionist, appointment_at=TUESDAY_NOON),
        "change_appointment": lambda: desk.change_appointment(
            asked, by=receptionist, appointment_at=FRIDAY_NOON
        ),
        "cancel_appointment": lambda: desk.cancel_appointment(asked, by=receptionist),
    }
    for name in [*before, step]:
        steps[name]()
        deliver_all()
    desk.undo(asked, by=receptionist)

    assert told(mailoutbox)[-1] == MISTAKE + heading
    times = [line for line in mailoutbox[-1].body.splitlines() if line.startswith("When:")]
    assert times == (["When: Tuesday 24 November, 12 noon"] if before else [])


def test_a_step_undone_while_its_mail_is_being_sent_is_put_right_as_well(asked, receptionist, mailoutbox):
    desk.book(asked, by=receptionist, appointment_at=TUESDAY_NOON)
    delivery.claim(NOW)
    desk.undo(asked, by=receptionist)

    assert told(mailoutbox) == [MISTAKE + "We have your request."]


def test_what_follows_an_undo_counts_when_its_mail_leaves(asked, receptionist, mailoutbox):
    desk.book(asked, by=receptionist, appointment_at=TUESDAY_NOON)
    deliver_all()
    desk.undo(asked, by=receptionist)
    desk.withdraw(asked)

    assert told(mailoutbox)[-1] == MISTAKE + "You withdrew this request."


@pytest.mark.parametrize("step", ["claim", "log_attempt", "wait", "correct"])
def test_undoing_what_was_never_told_tells_nothing(asked, receptionist, mailoutbox, step):
    arguments = {"log_attempt": {"attempt": Attempt.VOICEMAIL}, "correct": {"email": "other@example.org"}}
    getattr(desk, step)(asked, by=receptionist, **arguments.get(step, {}))
    desk.undo(asked, by=receptionist)

    assert told(mailoutbox) == []
    assert AppointmentRequest.objects.get().email == "alma@example.org"


def standings(receptionist, place):
    """Yield how requests stand after every step that ends or changes one."""
    by = {"by": receptionist}
    steps = [
        lambda request: None,
        lambda request: desk.log_attempt(request, Attempt.NO_ANSWER, **by),
        lambda request: desk.log_attempt(request, Attempt.REACHED, **by),
        lambda request: desk.wait(request, **by),
        lambda request: desk.book(request, appointment_at=TUESDAY_NOON, **by),
        lambda request: desk.book(request, appointment_number="7", **by),
        lambda request: desk.withdraw(request),
        *[lambda request, outcome=outcome: desk.close(request, outcome, **by) for outcome in Outcome],
    ]
    for step in steps:
        request = builders.appointment_request(location=place, email="a@example.org")
        step(request)
        yield standing.of(request, NOW)


def test_every_mail_reads_at_grade_five(asked, receptionist, place):
    frame = FACTS.sub("", patient_emails.acknowledgement(asked.pk).body.partition("talk.")[2])
    texts = [
        f"{said.heading}. {' '.join(map(str, said.sentences))}" for said in standings(receptionist, place)
    ]
    texts += [f"{words % {'heading': 'It is so'}}." for words in patient_emails.BEGINNINGS.values()]

    for text in texts:
        assert reading.grade(text + frame) <= 5, text
        assert reading.length(reading.longest_sentences(text, 1)[0]) <= 15, text


def test_a_late_answer_is_admitted_in_the_acknowledgement(asked, clock):
    clock.shift(timedelta(hours=5))

    body = patient_emails.acknowledgement(asked.pk).body

    assert body.splitlines()[1] == (
        "We said we would answer by Monday 23 November, 1 pm, and are late. You can also call us."
    )


def corrected(first, **changes):
    """Store a request that replaces the first one, as the same form sent again does."""
    AppointmentRequest.objects.filter(pk=first.pk).update(status="closed", outcome="replaced", closed_at=NOW)
    return builders.appointment_request(location=first.location, replaces=first, **changes)


def test_the_acknowledgement_of_a_request_corrected_meanwhile_is_about_the_correction(asked):
    newer = corrected(asked, email=asked.email)

    body = patient_emails.acknowledgement(asked.pk).body

    assert (newer.reference in body, asked.reference in body) == (True, False)


def test_a_correction_of_the_address_itself_leaves_the_old_address_without_a_mail(asked):
    corrected(asked, email="right@example.org")

    with pytest.raises(NothingToSend):
        patient_emails.acknowledgement(asked.pk)


def test_an_appointment_changed_before_its_mail_left_is_told_once_as_recorded(
    asked, receptionist, mailoutbox, clock
):
    desk.book(asked, by=receptionist, appointment_at=TUESDAY_NOON)
    clock.shift(timedelta(minutes=1))
    desk.change_appointment(asked, by=receptionist, appointment_at=FRIDAY_NOON)
    clock.shift(timedelta(minutes=1))

    assert told(mailoutbox) == ["Your appointment is recorded."]
    assert "Friday 27 November" in mailoutbox[0].body


def test_a_reopened_appointment_is_told(asked, receptionist, mailoutbox):
    desk.book(asked, by=receptionist, appointment_at=TUESDAY_NOON)
    deliver_all()
    desk.reopen(asked, by=receptionist, remark="The room is flooded")

    assert told(mailoutbox)[-1] == "Your appointment is not fixed any more."
    assert mailoutbox[-1].body.splitlines()[1] == "We will find a time together."

"""One person's data: a copy of all of it, and nobody else's; or all of it erased, and nothing sent after."""

import json
import stat
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from appointments import desk, patient_emails, person
from appointments.models import AppointmentRequest, RequestEvent
from appointments.models.choices import Outcome, Status
from clinic.mail_kinds import NothingToSend
from clinic.models import AuditEvent, OutboxMessage
from tests import builders

pytestmark = pytest.mark.django_db

ALMA = {"full_name": "Alma Reyes", "phone": "(555) 010-0140", "phone_e164": "+15550100140"}


def request(**fields):
    return builders.appointment_request(**{**ALMA, **fields})


def closed(**fields):
    return request(status=Status.CLOSED, **fields)


def names(*requests):
    return {one.reference for one in requests}


def found(who):
    return names(*person.find(str(who)).requests)


@pytest.mark.parametrize("who", ["555 010 0140", "+1 555-010-0140", "Alma@Example.com", "reference"])
def test_a_person_is_found_by_number_address_or_reference_with_all_requests(who):
    first = request(email="alma@example.com")
    by_phone = closed()
    by_address = closed(email="alma@example.com", phone="", phone_e164="")
    request(full_name="Ben Okafor", phone="(555) 010-0141", phone_e164="+15550100141")

    assert found(first if who == "reference" else who) == names(first, by_phone, by_address)


def test_corrections_and_duplicates_belong_to_the_same_person():
    first = closed(outcome=Outcome.REPLACED, phone="(555) 010-0199", phone_e164="+15550100199")
    second = request(replaces=first)
    third = closed(duplicate_of=second, full_name="A. Reyes", phone="", phone_e164="", email="a@example.com")

    expected = names(first, second, third)
    assert [found(one) for one in (first, second, third)] == [expected] * 3


@pytest.mark.parametrize(
    "who", ["Alma Reyes", "Alma", "Reyes alma", "010 0140", "0140", "alma@", "R-2222-222", ""]
)
def test_whoever_is_not_named_for_certain_is_not_found(who):
    request(email="alma@example.com")

    with pytest.raises(person.NotOnePerson):
        person.find(who)


def test_a_number_that_two_people_share_is_refused_and_a_reference_is_not():
    alma, ben = request(), request(full_name="Ben Reyes")

    with pytest.raises(person.NotOnePerson) as refused:
        person.find(ALMA["phone"])

    assert all(one.reference in str(refused.value) for one in (alma, ben))
    assert (found(alma), person.find(alma.reference).others) == (names(alma), [ben])


def test_the_copy_holds_everything_and_nobody_else(tmp_path):
    receptionist = builders.user("Front desk", name="Rita Receptionist")
    held = request(email="alma@example.com", notes="My knee hurts.", days=["mon"])
    desk.claim(held, by=receptionist)
    desk.log_attempt(held, "voicemail", by=receptionist, remark="Try at noon")
    desk.correct(held, by=receptionist, full_name="Alma Reyes-Bell")
    OutboxMessage.objects.create(kind="front_desk_notice", object_id=held.pk)
    request(full_name="Ben Okafor", notes="My hip hurts.")
    file = tmp_path / "alma.json"

    call_command("export_person", held.reference, output=str(file), stderr=StringIO())

    text = file.read_text()
    (copy,) = json.loads(text)["requests"]
    values = {name: field["value"] for name, field in copy["fields"].items()}
    assert (values["full_name"], values["notes"]) == ("Alma Reyes-Bell", "My knee hurts.")
    assert copy["fields"]["days"] == {"label": "days", "value": ["mon"], "text": "Mon"}
    assert copy["fields"]["status"] == {"label": "state", "value": "claimed", "text": "In progress"}
    assert [(step["what"], step["by"], step["remark"]) for step in copy["history"]] == [
        ("Claimed", "Front desk", ""),
        ("Called", "Front desk", "Try at noon"),
        ("Contact details corrected", "Front desk", ""),
    ]
    assert copy["history"][2]["before"]["full_name"] == "Alma Reyes"
    assert [message["kind"] for message in copy["messages"]] == ["front_desk_notice"]
    assert copy["messages"][0]["what"] == "New request, for the front desk"
    assert [(line["what"], line["code"]) for line in copy["access"]] == [
        ("Request: Claimed", "request.claim"),
        ("Request: Called", "request.log_attempt"),
        ("Request: Contact details corrected", "request.correct"),
        ("Data of a patient exported", "person.exported"),
    ]
    assert [
        word for word in ("Rita", receptionist.email, "Ben", "hip", held.link_nonce) if word in text
    ] == []
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_every_field_of_a_request_is_in_the_copy_or_technical():
    held = request()
    out = StringIO()

    call_command("export_person", held.reference, stdout=out)

    copied = set(json.loads(out.getvalue())["requests"][0]["fields"])
    every = {field.name for field in AppointmentRequest._meta.concrete_fields}
    assert every - copied == {
        "id",
        "form_token",
        "answers_digest",
        "version",
        "link_nonce",
        "link_digest",
    }


def test_what_remains_of_an_erased_request_is_in_the_copy():
    held = closed()
    call_command("erase_person", held.reference, reason="asked", yes=True, stdout=StringIO())
    out = StringIO()

    call_command("export_person", held.reference, stdout=out)

    fields = json.loads(out.getvalue())["requests"][0]["fields"]
    assert (fields["full_name"]["value"], fields["reference"]["value"]) == ("", held.reference)


def test_a_file_that_is_there_is_not_overwritten(tmp_path):
    held = request()
    file = tmp_path / "alma.json"
    file.write_text("mine")

    with pytest.raises(CommandError):
        call_command("export_person", held.reference, output=str(file))

    assert (file.read_text(), AuditEvent.objects.count()) == ("mine", 0)


def test_one_line_of_the_trail_tells_of_a_copy_and_how_much_it_holds():
    first, last = request(), closed()

    call_command("export_person", first.reference, stdout=StringIO())

    lines = AuditEvent.objects.values_list("action", "subject", "count")
    assert list(lines) == [("person.exported", last.reference, 2)]


def erase(who, **options):
    out = StringIO()
    call_command("erase_person", str(who), reason="She asked for it.", stdout=out, **options)
    return out.getvalue()


def test_a_person_is_erased_with_all_that_is_theirs_and_nobody_else():
    held, again, other = closed(notes="My knee"), closed(notes="Knee again"), closed(full_name="Ben Okafor")

    said = erase(held, yes=True)

    rows = AppointmentRequest.objects.order_by("pk").values_list("full_name", "phone", "notes")
    assert list(rows) == [("", "", ""), ("", "", ""), ("Ben Okafor", other.phone, "")]
    assert f"{other.reference}  {other.location.name}" in said
    assert "Backups forget them within 35 days." in said
    assert set(AuditEvent.objects.values_list("action", "subject", "count", "reason")) == {
        ("request.erased", held.reference, None, "She asked for it."),
        ("request.erased", again.reference, None, "She asked for it."),
        ("person.erased", again.reference, 2, "She asked for it."),
    }


def test_what_is_open_is_erased_only_when_it_may_be_closed():
    held, done = request(), closed()

    with pytest.raises(CommandError) as refused:
        erase(held, yes=True)
    before = done.__class__.objects.exclude(erased_at=None).count()
    erase(held, yes=True, close=True)

    held.refresh_from_db()
    assert (held.reference in str(refused.value), before) == (True, 0)
    assert (held.status, held.outcome, held.full_name) == (Status.CLOSED, Outcome.DECLINED, "")
    assert list(held.events.order_by("pk").values_list("step", flat=True)) == ["withdraw", "erase"]


@pytest.mark.parametrize(("typed", "is_erased"), [("1", True), ("2", False), ("yes", False), ("", False)])
def test_the_number_of_requests_is_asked_for(monkeypatch, typed, is_erased):
    held = closed()
    monkeypatch.setattr("builtins.input", lambda: typed)

    try:
        erase(held)
    except CommandError as refused:
        assert str(refused) == "Nothing is erased."

    held.refresh_from_db()
    assert (held.erased_at is not None) == is_erased


def test_a_dry_run_lists_and_changes_nothing():
    held = closed()

    said = erase(held, dry_run=True)

    assert said.startswith(f"{held.reference}  {held.location.name}  ")
    assert (AppointmentRequest.objects.get().full_name, AuditEvent.objects.count()) == ("Alma Reyes", 0)


@pytest.mark.parametrize("reason", ["", "x" * 201])
def test_a_reason_is_asked_for(reason):
    held = closed()

    with pytest.raises(CommandError):
        call_command("erase_person", held.reference, reason=reason, yes=True, stdout=StringIO())

    assert AuditEvent.objects.count() == 0


def test_mail_that_still_waited_for_an_erased_patient_is_not_sent():
    held = request(email="alma@example.com")
    receptionist = builders.user("Front desk")
    booked = request(email="alma@example.com", appointment_at=None)
    step = desk.book(booked, by=receptionist, appointment_number="17")
    # The positive control: both would be sent otherwise.
    assert patient_emails.acknowledgement(held.pk).to == ["alma@example.com"]
    assert patient_emails.appointment_mail(step.pk).to == ["alma@example.com"]

    erase(held, yes=True, close=True)

    for make, pk in ((patient_emails.acknowledgement, held.pk), (patient_emails.appointment_mail, step.pk)):
        with pytest.raises(NothingToSend):
            make(pk)


def test_nothing_of_the_history_or_the_search_is_left():
    held = request(email="alma@example.com")
    desk.correct(held, by=builders.user("Front desk"), full_name="Alma Reyes-Bell")

    erase(held, yes=True, close=True)

    assert list(AppointmentRequest.objects.matching("alma")) == []
    assert set(RequestEvent.objects.values_list("remark", "before__full_name")) == {("", None)}
    assert AppointmentRequest.objects.get().erased_at <= timezone.now()

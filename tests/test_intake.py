"""The request that can't be lost: one transaction, one row a form, and a promise in open hours."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from appointments import intake
from appointments.intake import Arrival
from appointments.models import AppointmentRequest, RequestEvent
from appointments.models.choices import Channel, Outcome, Purpose, Screening, Source, Status
from clinic.models import OutboxMessage
from tests import builders

pytestmark = pytest.mark.django_db

# A Monday, 10 am in Chicago.
MONDAY = datetime(2026, 11, 23, 16, tzinfo=UTC)
TOKEN = "0" * 32


@pytest.fixture
def place():
    return builders.location(time_zone="America/Chicago")


def answers(place, **changes):
    return {
        "full_name": "Alma Reyes",
        "phone": "(555) 010-0101",
        "phone_e164": "+15550100101",
        "channel": Channel.PHONE,
        "purpose": Purpose.NEW,
        "location": place,
        **changes,
    }


def accept(place, *, token=TOKEN, arrival=None, now=MONDAY, **changes):
    return intake.accept(answers(place, **changes), token=token, arrival=arrival or Arrival(), now=now)


def test_a_request_and_its_notice_are_stored_together(place):
    request = accept(place)

    assert list(AppointmentRequest.objects.values_list("pk", flat=True)) == [request.pk]
    assert list(OutboxMessage.objects.values_list("kind", "object_id")) == [("front_desk_notice", request.pk)]
    assert list(RequestEvent.objects.values_list("request", "step")) == [(request.pk, "received")]


def test_a_request_taken_down_at_the_desk_needs_no_notice_to_the_desk(place):
    by = builders.user("Front desk")

    request = intake.accept(
        answers(place), token=TOKEN, arrival=Arrival(source=Source.DESK), now=MONDAY, by=by
    )

    assert OutboxMessage.objects.count() == 0
    assert list(request.events.values_list("step", "actor")) == [("received", by.pk)]


def test_a_reference_that_is_taken_is_not_given_out_again(place, monkeypatch):
    taken = builders.appointment_request().reference
    field = AppointmentRequest._meta.get_field("reference")
    monkeypatch.setattr(field, "_get_default", lambda: taken)

    assert accept(place).reference != taken


def test_if_the_notice_cannot_be_stored_neither_is_the_request(place):
    refuse_inserts_into("clinic_outboxmessage")

    with pytest.raises(IntegrityError):
        accept(place)

    assert AppointmentRequest.objects.count() == 0
    assert OutboxMessage.objects.count() == 0


def test_the_same_form_sent_twice_is_one_request(place):
    first = accept(place)

    second = accept(place, now=MONDAY + timedelta(hours=23))

    assert second == first
    assert AppointmentRequest.objects.count() == 1
    assert OutboxMessage.objects.count() == 1


def test_changed_answers_make_a_request_that_replaces_the_first_and_keeps_its_owner(place):
    owner = builders.user()
    first = accept(place)
    AppointmentRequest.objects.filter(pk=first.pk).update(status=Status.CLAIMED, owner=owner)

    second = accept(place, phone="(555) 010-0102")

    first.refresh_from_db()
    assert (second.replaces, second.owner, second.status) == (first, owner, Status.CLAIMED)
    assert (first.status, first.outcome) == (Status.CLOSED, Outcome.REPLACED)
    assert OutboxMessage.objects.count() == 2


def test_whoever_finds_warning_signs_after_all_has_sent_another_request(place):
    first = accept(place, arrival=Arrival(screening=Screening.NONE))

    second = accept(place, arrival=Arrival(screening=Screening.YES))

    assert (second.replaces, second.is_urgent) == (first, True)


def test_taking_a_correction_back_stores_the_first_answers_once_more(place):
    accept(place)
    accept(place, phone="(555) 010-0102")

    third = accept(place)
    again = accept(place)

    assert again == third
    assert [request.phone for request in AppointmentRequest.objects.open()] == ["(555) 010-0101"]
    assert AppointmentRequest.objects.count() == 3


def test_a_correction_is_something_to_do_while_we_wait_for_the_patient(place):
    owner = builders.user()
    first = accept(place)
    AppointmentRequest.objects.filter(pk=first.pk).update(status=Status.WAITING, owner=owner)

    second = accept(place, phone="(555) 010-0102")

    assert (second.owner, second.status) == (owner, Status.CLAIMED)
    assert list(AppointmentRequest.objects.to_do(MONDAY)) == [second]


def test_a_correction_to_another_location_waits_for_the_front_desk_there(place):
    first = accept(place)
    AppointmentRequest.objects.filter(pk=first.pk).update(status=Status.CLAIMED, owner=builders.user())

    second = accept(place, location=builders.location(time_zone="America/Chicago"))

    assert (second.owner, second.status, second.replaces) == (None, Status.NEW, first)


def test_a_correction_after_the_first_was_closed_starts_anew(place):
    first = accept(place)
    AppointmentRequest.objects.filter(pk=first.pk).update(
        status=Status.CLOSED, outcome=Outcome.BOOKED, closed_at=MONDAY, owner=builders.user()
    )

    second = accept(place, phone="(555) 010-0102")

    first.refresh_from_db()
    assert (second.status, second.owner, second.replaces) == (Status.NEW, None, first)
    assert first.outcome == Outcome.BOOKED


def test_two_forms_with_the_same_answers_are_two_requests(place):
    accept(place)
    accept(place, token="1" * 32)

    assert AppointmentRequest.objects.count() == 2


def test_the_database_itself_refuses_a_second_row_of_one_form(place):
    first = accept(place)

    with pytest.raises(IntegrityError), transaction.atomic():
        builders.appointment_request(
            location=place, form_token=first.form_token, answers_digest=first.answers_digest
        )


@pytest.mark.parametrize(
    ("screening", "due"),
    [
        (Screening.NONE, datetime(2026, 11, 23, 20, tzinfo=UTC)),
        (Screening.DIRECT, datetime(2026, 11, 23, 20, tzinfo=UTC)),
        (Screening.NOT_SURE, datetime(2026, 11, 23, 17, tzinfo=UTC)),
        (Screening.YES, datetime(2026, 11, 23, 17, tzinfo=UTC)),
    ],
)
def test_warning_signs_shorten_the_promise(place, screening, due):
    request = accept(place, arrival=Arrival(screening=screening))

    assert request.due_at == due


def test_a_promise_made_late_is_kept_the_next_open_day(place):
    # Open 8 to 18: at 5 pm on a Friday one hour is left, the other three are Monday's.
    friday = datetime(2026, 11, 20, 23, tzinfo=UTC)

    request = accept(place, now=friday)

    assert request.due_at == datetime(2026, 11, 23, 17, tzinfo=UTC)


def test_the_alarm_comes_after_three_quarters_of_the_promise(place):
    assert accept(place).alarm_at == datetime(2026, 11, 23, 19, tzinfo=UTC)


def test_a_suspect_request_joins_the_inbox_at_half_its_promise(place):
    request = accept(place, arrival=Arrival(suspicions=("honeypot",)))

    half = MONDAY + timedelta(hours=2)
    assert request.surfaces_at == half
    assert list(AppointmentRequest.objects.maybe_spam()) == [request]
    assert list(AppointmentRequest.objects.in_inbox(half - timedelta(seconds=1))) == []
    assert list(AppointmentRequest.objects.in_inbox(half)) == [request]


def test_the_order_of_answers_does_not_change_their_digest(place):
    given = answers(place)

    assert intake.digest_of(given) == intake.digest_of(dict(reversed(given.items())))
    assert intake.digest_of(given) != intake.digest_of({**given, "full_name": "Alma Reyes-W."})


def refuse_inserts_into(table):
    """Let the database fail at this table, inside the test's own transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE TRIGGER full_disk BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'full'); END"
            )
        else:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT full_disk CHECK (false)")


@pytest.mark.parametrize(("phone", "calls"), [("(555) 010-0101", (MONDAY, 2)), ("(555) 010-0102", (None, 0))])
def test_a_correction_keeps_the_calls_made_to_the_same_number(place, phone, calls):
    first = accept(place)
    AppointmentRequest.objects.filter(pk=first.pk).update(called_at=MONDAY, attempts=2)

    second = accept(place, phone=phone, notes="Mornings")

    assert (second.called_at, second.attempts) == calls


@pytest.mark.parametrize(
    ("reasons", "is_kept_apart"), [(("many_from_one_place",), False), (("honeypot",), True)]
)
def test_a_correction_is_not_kept_apart_for_its_place_alone(place, reasons, is_kept_apart):
    accept(place)

    second = accept(place, notes="Mornings", arrival=Arrival(suspicions=reasons))

    assert second.is_maybe_spam == is_kept_apart

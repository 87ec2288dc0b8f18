"""The front desk's verbs: one table of moves, one conditional update, one line of history and of audit."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from appointments import desk
from appointments.models import MOVES, AppointmentRequest, Attempt, RequestEvent
from appointments.models.choices import Outcome, Source, Status
from clinic.models import AuditEvent, OutboxMessage
from clinic.moves import Stale
from tests import builders

VERBS = {
    "claim": lambda request, by: desk.claim(request, by=by),
    "take_over": lambda request, by: desk.take_over(request, by=by),
    "release": lambda request, by: desk.release(request, by=by),
    "log_attempt": lambda request, by: desk.log_attempt(request, Attempt.NO_ANSWER, by=by),
    "wait": lambda request, by: desk.wait(request, by=by),
    "resume": lambda request, by: desk.resume(request, by=by),
    "book": lambda request, by: desk.book(request, by=by, appointment_number="A-1"),
    "close": lambda request, by: desk.close(request, Outcome.DECLINED, by=by),
    "reopen": lambda request, by: desk.reopen(request, by=by, remark="Called again"),
    "not_spam": lambda request, by: desk.not_spam(request, by=by),
}


def request_in(status, **fields):
    """A request that may be in this state, and suspect while it is open."""
    if status in (Status.CLAIMED, Status.WAITING):
        fields.setdefault("owner", builders.user("Front desk"))
    if status != Status.CLOSED:
        fields.setdefault("quarantined_at", timezone.now())
    return builders.appointment_request(status=status, **fields)


def state(request):
    return AppointmentRequest.objects.values().get(pk=request.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("step", MOVES)
def test_a_step_is_taken_from_the_states_of_the_table_and_from_no_other(step, status):
    request, by = request_in(status), builders.user("Front desk")
    before = state(request)
    expected = MOVES[step].target or status

    if MOVES[step].is_allowed(status):
        VERBS[step](request, by)

        assert state(request)["status"] == expected
        assert list(request.events.values_list("step", "actor")) == [(step, by.pk)]
        assert AuditEvent.objects.filter(
            action=f"request.{step}", subject=request.reference, actor=by
        ).count() == 1  # fmt: skip
    else:
        with pytest.raises(Stale):
            VERBS[step](request, by)

        assert state(request) == before
        assert (RequestEvent.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_every_move_has_its_verb():
    assert set(VERBS) == set(MOVES)


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_claim_at_once_one_wins():
    request = builders.appointment_request()
    people = [builders.user("Front desk") for _number in range(2)]

    def claim(person):
        try:
            desk.claim(request, by=person)
        except Stale:
            return None
        finally:
            connection.close()
        return person

    with ThreadPoolExecutor(2) as pool:
        winners = [person for person in pool.map(claim, people) if person]

    assert len(winners) == 1
    assert AppointmentRequest.objects.get().owner == winners[0]
    assert request.events.count() == 1


@pytest.mark.django_db
def test_taking_over_needs_the_colleague_who_was_seen():
    first, second, third = (builders.user("Front desk") for _number in range(3))
    request = request_in(Status.CLAIMED, owner=first)
    desk.take_over(AppointmentRequest.objects.get(), by=second)

    with pytest.raises(Stale):
        desk.take_over(request, by=third)

    assert AppointmentRequest.objects.get().owner == second


@pytest.mark.django_db
def test_giving_back_fails_when_a_colleague_has_just_taken_over():
    first, second = (builders.user("Front desk") for _number in range(2))
    request = request_in(Status.CLAIMED, owner=first)
    desk.take_over(AppointmentRequest.objects.get(), by=second)

    with pytest.raises(Stale):
        desk.release(request, by=first)

    assert AppointmentRequest.objects.get().owner == second


@pytest.mark.django_db
@pytest.mark.parametrize("outcome", ["", None])
def test_the_database_refuses_to_close_without_an_outcome(outcome):
    request = request_in(Status.NEW)

    with pytest.raises(IntegrityError), transaction.atomic():
        desk.close(request, outcome, by=builders.user("Front desk"))

    assert AppointmentRequest.objects.get().status == Status.NEW


@pytest.mark.django_db
def test_reopening_gives_the_request_back_to_everyone_and_keeps_the_reason():
    by = builders.user("Front desk")
    request = request_in(Status.CLAIMED, owner=by)
    desk.close(request, Outcome.UNREACHABLE, by=by)

    desk.reopen(request, by=by, remark="She called back")

    reopened = AppointmentRequest.objects.get()
    assert (reopened.status, reopened.outcome, reopened.closed_at, reopened.owner) == (
        Status.NEW,
        "",
        None,
        None,
    )
    assert [event.remark for event in reopened.events.all()] == ["She called back", ""]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "is_answered"),
    [
        (lambda request, by: desk.log_attempt(request, Attempt.REACHED, by=by), True),
        (lambda request, by: desk.log_attempt(request, Attempt.VOICEMAIL, by=by), False),
        (lambda request, by: desk.log_attempt(request, Attempt.NO_ANSWER, by=by), False),
        (lambda request, by: desk.book(request, by=by, appointment_number="1"), True),
        (lambda request, by: desk.close(request, Outcome.DECLINED, by=by), True),
        (lambda request, by: desk.close(request, Outcome.EMERGENCY, by=by), True),
        (lambda request, by: desk.close(request, Outcome.UNREACHABLE, by=by), False),
        (lambda request, by: desk.close(request, Outcome.SPAM, by=by), False),
    ],
)
def test_only_reaching_the_patient_answers_a_request(answer, is_answered):
    request = request_in(Status.CLAIMED)

    answer(request, builders.user("Front desk"))

    assert (state(request)["answered_at"] is not None) == is_answered


@pytest.mark.django_db
def test_not_spam_joins_the_others_at_once():
    request = request_in(Status.NEW, quarantine_reasons="honeypot")
    now = timezone.now()
    assert list(AppointmentRequest.objects.to_do(now)) == []

    desk.not_spam(request, by=builders.user("Front desk"))

    assert list(AppointmentRequest.objects.to_do(now)) == [request]
    assert state(request)["quarantine_reasons"] == ""


@pytest.mark.django_db
def test_an_overdue_request_is_escalated_once():
    now = timezone.now()
    late = builders.appointment_request(received_at=now - timedelta(hours=5))
    builders.appointment_request()
    builders.appointment_request(received_at=now - timedelta(hours=5), answered_at=now)
    builders.appointment_request(received_at=now - timedelta(hours=5), source=Source.DEMO)

    counts = [desk.escalate_overdue(now), desk.escalate_overdue(now)]

    assert counts == [1, 0]
    assert list(OutboxMessage.objects.values_list("kind", "object_id")) == [("escalation", late.pk)]

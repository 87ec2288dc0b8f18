"""The front desk's verbs: one table of moves, one conditional update, one line of history and of audit."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from appointments import desk, intake, owners, retention, watch
from appointments.models import MOVES, AppointmentRequest, Attempt, RequestEvent
from appointments.models.choices import Outcome, Status
from clinic.models import AuditEvent, OutboxMessage
from clinic.moves import Stale
from clinic.site.roles import ROLES
from staff.models import User
from tests import builders

VERBS = {
    "claim": lambda request, by: desk.claim(request, by=by),
    "take_over": lambda request, by: desk.take_over(request, by=by),
    "hand_over": lambda request, by: desk.hand_over(request, to=builders.user("Front desk"), by=by),
    "release": lambda request, by: desk.release(request, by=by),
    "log_attempt": lambda request, by: desk.log_attempt(request, Attempt.NO_ANSWER, by=by),
    "wait": lambda request, by: desk.wait(request, by=by),
    "resume": lambda request, by: desk.resume(request, by=by),
    "book": lambda request, by: desk.book(request, by=by, appointment_number="A-1"),
    "close": lambda request, by: desk.close(request, Outcome.DECLINED, by=by),
    "reopen": lambda request, by: desk.reopen(request, by=by, remark="Called again"),
    "not_spam": lambda request, by: desk.not_spam(request, by=by),
    "change_appointment": lambda request, by: desk.change_appointment(request, by=by, appointment_number="2"),
    "cancel_appointment": lambda request, by: desk.cancel_appointment(request, by=by),
    "correct": lambda request, by: desk.correct(request, by=by, full_name="Alma Reyes-Bell"),
    "relocate": lambda request, by: desk.relocate(request, builders.location(), by=by),
    "withdraw": lambda request, by: desk.withdraw(request),
    "erase": lambda request, by: retention.erase(request, by=by, reason="She asked for it"),
}
# Steps whose lines of history and audit are another's, or another's words.
BY_THE_PATIENT = {"withdraw"}
AUDITED_AS = {"erase": "request.erased"}


def request_in(status, **fields):
    """A request that may be in this state, and suspect while it is open."""
    if status in (Status.CLAIMED, Status.WAITING):
        place = fields.setdefault("location", builders.location())
        fields.setdefault("owner", builders.user("Front desk", locations=[place]))
    if status == Status.CLOSED:
        fields.setdefault("outcome", Outcome.BOOKED)
    else:
        fields.setdefault("quarantined_at", timezone.now())
    return builders.appointment_request(status=status, **fields)


def state(request):
    return AppointmentRequest.objects.values().get(pk=request.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("step", VERBS)
def test_a_step_is_taken_from_the_states_of_the_table_and_from_no_other(step, status):
    request, by = request_in(status), builders.user("Front desk")
    before = state(request)
    expected = MOVES[step].target or status

    if MOVES[step].is_allowed(status):
        VERBS[step](request, by)

        assert state(request)["status"] == expected
        actor = None if step in BY_THE_PATIENT else by.pk
        assert list(request.events.values_list("step", "actor")) == [(step, actor)]
        audited = AuditEvent.objects.filter(subject=request.reference).values_list("action", "actor")
        assert list(audited) == [(AUDITED_AS.get(step, f"request.{step}"), actor)]
    else:
        with pytest.raises(Stale):
            VERBS[step](request, by)

        assert state(request) == before
        assert (RequestEvent.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_every_move_has_its_verb():
    assert {*VERBS, "undo"} == set(MOVES)


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
@pytest.mark.parametrize("step", sorted({*VERBS} - desk.FINAL))
def test_whoever_took_the_last_step_can_take_it_back(step):
    by = builders.user("Front desk")
    status = next(status for status in Status if MOVES[step].is_allowed(status))
    request = request_in(status, email="alma@example.com")
    intake.renew_keys(request)
    before, keys = state(request), set(request.search_keys.values_list("key", flat=True))
    VERBS[step](request, by)

    desk.undo(request, by=by)

    assert state(request) == {**before, "version": 2}
    assert set(request.search_keys.values_list("key", flat=True)) == keys
    done, undone = request.events.order_by("pk")
    assert (done.step, undone.step, undone.actor) == (step, "undo", by)
    assert done.undone_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "spoil",
    [
        lambda request, by: desk.take_over(request, by=builders.user("Front desk")),
        lambda request, by: desk.log_attempt(request, Attempt.REACHED, by=builders.user("Front desk")),
        lambda request, by: desk.undo(request, by=by),
        lambda request, by: request.events.update(at=timezone.now() - desk.UNDO_WITHIN * 2),
        lambda request, by: AppointmentRequest.objects.update(version=F("version") + 1),
    ],
)
def test_only_the_last_step_can_be_taken_back_and_only_for_a_while(spoil):
    by = builders.user("Front desk")
    request = request_in(Status.NEW)
    desk.claim(request, by=by)
    spoil(request, by)
    request.refresh_from_db()
    before = state(request)

    with pytest.raises(Stale):
        desk.undo(request, by=by)

    assert state(request) == before


@pytest.mark.django_db
def test_nobody_takes_back_what_a_colleague_did():
    request = request_in(Status.NEW)
    desk.claim(request, by=builders.user("Front desk"))

    with pytest.raises(Stale):
        desk.undo(request, by=builders.user("Front desk"))

    assert state(request)["status"] == Status.CLAIMED


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["release", "take_over", "close", "correct", "relocate"])
@pytest.mark.parametrize(
    "spoil",
    [
        lambda owner: User.objects.filter(pk=owner.pk).update(is_active=False),
        lambda owner: owner.locations.clear(),
        lambda owner: owner.groups.clear(),
    ],
    ids=["has left", "of another location", "without a role"],
)
def test_nothing_is_taken_back_into_hands_that_can_not_open_it(step, spoil):
    request, by = request_in(Status.CLAIMED), builders.user("Manager")
    owner = request.owner
    VERBS[step](request, by)
    offered = desk.undoable_step(request, by=by, now=timezone.now())
    spoil(owner)

    with pytest.raises(Stale):
        desk.undo(request, by=by)

    assert offered.step == step
    assert desk.undoable_step(request, by=by, now=timezone.now()) is None


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["", *ROLES])
@pytest.mark.parametrize("is_here", [True, False])
def test_who_can_have_a_request_in_hand_are_those_who_see_it(role, is_here):
    here, elsewhere = builders.location(), builders.location()
    request = builders.appointment_request(location=here)
    person = builders.user(role, locations=[here if is_here else elsewhere])

    can_have = owners.able([here]).filter(pk=person.pk).exists()

    assert can_have == AppointmentRequest.objects.visible_to(person).filter(pk=request.pk).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "can"), [({}, True), ({"is_active": False}, False), ({"password": None}, False)]
)
def test_only_who_can_sign_in_can_have_a_request_in_hand(fields, can):
    person = builders.user("Manager", **fields)

    assert list(owners.able([builders.location()])) == [person] * can


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["claim", "log_attempt", "wait"])
def test_work_on_what_is_nobodys_makes_it_ones_own(step):
    request, by = request_in(Status.NEW), builders.user("Front desk")

    VERBS[step](request, by)

    assert state(request)["owner_id"] == by.pk


@pytest.mark.django_db
def test_a_call_for_a_colleague_leaves_the_request_with_the_colleague():
    owner = builders.user("Front desk")
    request = request_in(Status.CLAIMED, owner=owner)

    desk.log_attempt(request, Attempt.NO_ANSWER, by=builders.user("Front desk"))

    assert (state(request)["owner_id"], state(request)["attempts"]) == (owner.pk, 1)


@pytest.mark.django_db
def test_a_second_step_on_what_was_seen_before_the_first_fails():
    seen_by_two = request_in(Status.CLAIMED)
    desk.log_attempt(AppointmentRequest.objects.get(), Attempt.NO_ANSWER, by=builders.user("Front desk"))

    with pytest.raises(Stale):
        desk.wait(seen_by_two, by=builders.user("Front desk"))

    assert state(seen_by_two)["status"] == Status.CLAIMED


@pytest.mark.django_db
@pytest.mark.parametrize("attempt", sorted({*Attempt} - {Attempt.WRONG_NUMBER}))
def test_the_first_call_keeps_the_promise_whether_or_not_it_reached_anybody(attempt):
    request = request_in(Status.CLAIMED, due_at=timezone.now() - timedelta(hours=1))
    overdue = AppointmentRequest.objects.overdue(timezone.now())
    assert list(overdue) == [request]

    desk.log_attempt(request, attempt, by=builders.user("Front desk"))
    first = state(request)["called_at"]
    desk.log_attempt(request, attempt, by=builders.user("Front desk"))

    assert list(overdue.all()) == []
    assert state(request)["called_at"] == first


@pytest.mark.django_db
def test_a_call_to_a_wrong_number_keeps_no_promise():
    request = request_in(Status.CLAIMED, due_at=timezone.now() - timedelta(hours=1))

    desk.log_attempt(request, Attempt.WRONG_NUMBER, by=builders.user("Front desk"))

    assert list(AppointmentRequest.objects.overdue(timezone.now())) == [request]


@pytest.mark.django_db
@pytest.mark.parametrize(("outcome", "mails"), [(Outcome.BOOKED, 1), (Outcome.DECLINED, 0)])
def test_whoever_has_an_appointment_is_told_when_the_request_is_opened_again(outcome, mails):
    request = request_in(Status.CLOSED, outcome=outcome, email="a@b.example")

    desk.reopen(request, by=builders.user("Front desk"), remark="She called back")

    told = OutboxMessage.objects.filter(kind="appointment_mail")
    assert told.count() == mails


@pytest.mark.django_db
def test_what_is_put_off_leaves_the_list_until_its_time_has_come():
    now = timezone.now()
    requests = AppointmentRequest.objects
    request = builders.appointment_request()
    desk.log_attempt(
        request, Attempt.NO_ANSWER, by=builders.user("Front desk"), next_try_at=now + timedelta(hours=2)
    )

    lists = [[list(found) for found in (requests.to_do(at), requests.waiting(at))] for at in hours(now, 1, 3)]

    assert lists == [[[], [request]], [[request], []]]


def hours(now, *counts):
    return [now + timedelta(hours=count) for count in counts]


@pytest.mark.django_db
def test_waiting_without_a_date_stays_put_off():
    request = request_in(Status.CLAIMED, quarantined_at=None)

    desk.wait(request, by=builders.user("Front desk"))

    assert list(AppointmentRequest.objects.waiting(timezone.now() + timedelta(days=60))) == [request]


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["change_appointment", "cancel_appointment"])
def test_only_a_recorded_appointment_can_be_changed_or_cancelled(step):
    request = request_in(Status.CLOSED, outcome=Outcome.DECLINED)

    with pytest.raises(Stale):
        VERBS[step](request, builders.user("Front desk"))

    assert state(request)["outcome"] == Outcome.DECLINED


@pytest.mark.django_db
def test_another_location_gets_the_request_as_nobodys_and_with_the_same_promise():
    request, there = request_in(Status.CLAIMED), builders.location("Mill Road")

    event = desk.relocate(request, there, by=builders.user("Front desk"))

    assert (request.location, request.owner, request.status) == (there, None, Status.NEW)
    assert request.due_at == AppointmentRequest.objects.get().due_at
    assert list(OutboxMessage.objects.values_list("kind", "object_id")) == [("relocation_notice", event.pk)]


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["book", "change_appointment", "cancel_appointment"])
@pytest.mark.parametrize(
    ("contact", "is_told"),
    [
        ({"email": "a@b.example"}, True),
        ({"email": "a@b.example", "wants_no_email": True}, False),
        ({}, False),
    ],
)
def test_the_patient_is_told_of_an_appointment_if_there_is_an_address(step, contact, is_told):
    status = Status.NEW if step == "book" else Status.CLOSED
    request = request_in(status, **contact)

    VERBS[step](request, builders.user("Front desk"))

    told = OutboxMessage.objects.filter(kind="appointment_mail", object_id=request.events.get().pk)
    assert told.exists() == is_told


@pytest.mark.django_db
@pytest.mark.parametrize(("is_sent", "mails"), [(True, ["book", "undo"]), (False, ["book"])])
def test_a_patient_who_was_told_is_told_that_it_was_taken_back(is_sent, mails):
    request, by = request_in(Status.NEW, email="a@b.example"), builders.user("Front desk")
    desk.book(request, by=by, appointment_number="A-1")
    if is_sent:
        OutboxMessage.objects.update(sent_at=timezone.now())

    desk.undo(request, by=by)

    steps = dict(request.events.values_list("pk", "step"))
    assert [steps[mail.object_id] for mail in OutboxMessage.objects.order_by("pk")] == mails


@pytest.mark.django_db
@pytest.mark.parametrize(("was_reached", "is_answered"), [(False, False), (True, True)])
def test_a_request_that_was_closed_by_mistake_waits_for_a_call_again(was_reached, is_answered):
    request, by = request_in(Status.CLAIMED), builders.user("Front desk")
    if was_reached:
        desk.log_attempt(request, Attempt.REACHED, by=by)
    desk.close(request, Outcome.DECLINED, by=by)

    desk.reopen(request, by=by, remark="Wrong one")

    assert (state(request)["answered_at"] is not None) == is_answered


@pytest.mark.django_db
def test_the_desk_is_told_again_of_what_was_taken_back():
    now = timezone.now()
    request = request_in(Status.CLAIMED, received_at=now - timedelta(hours=5))
    watch.keep(now)
    desk.log_attempt(request, Attempt.NO_ANSWER, by=request.owner)
    # Called meanwhile, so there was nothing to send.
    OutboxMessage.objects.update(sent_at=now)

    desk.undo(request, by=request.owner)

    assert watch.keep(now) == {"alarm": 0, "escalation": 1}

"""Nobody waits unseen: alarm, escalation and the other mails to the desk, without a word of a patient."""

import re
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from appointments import desk, emails, intake, watch
from appointments.intake import Arrival
from appointments.models import Attempt, RequestEvent
from appointments.models.choices import Channel, Outcome, Purpose, Source, Status
from clinic import delivery
from clinic.mail_kinds import NothingToSend
from clinic.management.commands import worker
from clinic.models import Clinic, OutboxMessage
from tests import builders

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
# 10 am in Chicago.
MONDAY = datetime(2026, 11, 23, 16, tzinfo=UTC)


@pytest.fixture
def northside():
    return builders.location("Northside", front_desk_emails="northside@harbor.example")


def waiting_request(place, *, passed, **fields):
    """A request that was promised a call within four hours, of which this share has passed."""
    received = timezone.now() - 4 * HOUR * passed
    return builders.appointment_request(location=place, received_at=received, **fields)


def owed():
    return sorted(OutboxMessage.objects.values_list("kind", "object_id"))


def run_worker():
    for chore in (worker.watch_promises, worker.deliver):
        chore(timezone.now(), Event())


def subjects():
    return [message.subject for message in mail.outbox]


def move_back(request, time):
    """Let time pass for a request: it came, and falls due, that much earlier."""
    for name in ("received_at", "due_at", "alarm_at"):
        setattr(request, name, getattr(request, name) - time)
    request.save()


def deliver_everything():
    while message := delivery.claim(timezone.now()):
        delivery.deliver(message)


@pytest.mark.parametrize(
    ("passed", "kinds"), [(0.74, []), (0.76, ["alarm"]), (0.99, ["alarm"]), (1.01, ["escalation"])]
)
def test_what_is_owed_at_each_share_of_the_promised_time(northside, passed, kinds):
    waiting_request(northside, passed=passed)

    watch.keep(timezone.now())

    assert [kind for kind, _request in owed()] == kinds


def test_p9_alarm_and_escalation_come_once_each(northside):
    request = waiting_request(northside, passed=0.8)
    now = timezone.now()

    new = [watch.keep(now + after) for after in (0 * HOUR, HOUR / 2, HOUR, 24 * HOUR, 240 * HOUR)]

    assert [(told["alarm"], told["escalation"]) for told in new] == [(1, 0), (0, 0), (0, 1), (0, 0), (0, 0)]
    assert owed() == [("alarm", request.pk), ("escalation", request.pk)]
    assert list(request.events.values_list("step", flat=True)) == ["escalated", "alarmed"]


@pytest.mark.parametrize(
    "fields",
    [
        {"called_at": timezone.now()},
        {"answered_at": timezone.now()},
        {"status": Status.CLOSED},
        {"source": Source.DEMO},
    ],
    ids=["called", "answered", "closed", "demo"],
)
def test_nobody_is_told_of_what_needs_no_call(northside, fields):
    waiting_request(northside, passed=0.8, **fields)
    waiting_request(northside, passed=1.1, **fields)

    watch.keep(timezone.now())

    assert owed() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"quarantined_at": timezone.now()},
        {"source": Source.DESK},
        {"status": Status.WAITING},
        {"status": Status.CLAIMED},
        {"next_try_at": timezone.now() + 48 * HOUR},
    ],
    ids=["maybe spam", "taken by phone", "waiting", "claimed", "put off"],
)
def test_p9_somebody_is_told_whatever_else_happened_to_a_request_that_nobody_called(northside, fields):
    if fields.get("status"):
        fields = {**fields, "owner": builders.user("Front desk")}
    waiting_request(northside, passed=0.8, **fields)
    waiting_request(northside, passed=1.1, **fields)

    watch.keep(timezone.now())

    assert [kind for kind, _request in owed()] == ["alarm", "escalation"]


def test_taking_a_call_back_that_was_never_made_starts_the_watch_again(northside):
    by = builders.user("Front desk", locations=[northside])
    request = waiting_request(northside, passed=0.5)
    desk.log_attempt(request, Attempt.NO_ANSWER, by=by)
    called = watch.keep(request.due_at)
    desk.undo(request, by=by)

    undone = watch.keep(request.due_at)

    assert (called["escalation"], undone["escalation"]) == (0, 1)


@pytest.mark.parametrize("jump", [-24, -1, 1, 24])
def test_p13_a_clock_that_jumps_and_comes_back_leaves_nobody_untold(northside, jump):
    request = waiting_request(northside, passed=0.5)
    now = timezone.now()

    for hours in (jump, 0, 1, 2, 3):
        watch.keep(now + hours * HOUR)

    assert owed() == [("alarm", request.pk), ("escalation", request.pk)]
    assert sorted(request.events.values_list("step", flat=True)) == ["alarmed", "escalated"]


def test_the_worker_alarms_and_then_escalates_and_then_is_silent(northside):
    request = waiting_request(northside, passed=0.8)

    run_worker()
    alarmed = subjects()
    move_back(request, HOUR)
    run_worker()
    escalated = subjects()
    run_worker()

    assert alarmed == ["An appointment request waits"]
    assert escalated == subjects() == ["An appointment request waits", "Overdue appointment request"]


def test_a_worker_that_slept_over_both_escalates_alone(northside):
    waiting_request(northside, passed=3)

    run_worker()

    assert subjects() == ["Overdue appointment request"]


def test_an_alarm_that_leaves_late_leaves_the_word_to_the_escalation(northside):
    request = waiting_request(northside, passed=0.8)
    watch.keep(timezone.now())
    move_back(request, HOUR)
    watch.keep(timezone.now())

    deliver_everything()

    assert subjects() == ["Overdue appointment request"]


def test_a_call_before_the_mail_leaves_makes_it_needless(northside):
    by = builders.user("Front desk", locations=[northside])
    soon, late = waiting_request(northside, passed=0.8), waiting_request(northside, passed=1.1)
    watch.keep(timezone.now())
    desk.log_attempt(soon, Attempt.VOICEMAIL, by=by)
    desk.close(late, Outcome.SPAM, by=by)

    deliver_everything()

    assert subjects() == []
    assert OutboxMessage.objects.waiting().count() == 0


def test_the_escalation_goes_to_the_desk_and_to_each_manager_once():
    place = builders.location("Northside", front_desk_emails="desk@harbor.example\nRuth@harbor.example")
    ruth = builders.user("Manager", email="ruth@harbor.example")
    ruth.groups.add(builders.Group.objects.create(name="Owners"))
    ruth.groups.last().permissions.set(ruth.groups.first().permissions.all())
    builders.user("Manager", email="owner@harbor.example")
    builders.user("Manager", email="former@harbor.example", is_active=False)
    builders.user("Front desk", email="dana@harbor.example")
    request = waiting_request(place, passed=1.1)

    assert sorted(emails.escalation(request.pk).to) == [
        "desk@harbor.example",
        "owner@harbor.example",
        "ruth@harbor.example",
    ]


def test_managers_are_told_even_where_the_desk_has_no_address():
    place = builders.location("Northside", front_desk_emails="")
    request = waiting_request(place, passed=1.1)
    with pytest.raises(LookupError):
        emails.escalation(request.pk)

    builders.user("Manager", email="ruth@harbor.example")

    assert emails.escalation(request.pk).to == ["ruth@harbor.example"]
    with pytest.raises(LookupError):
        emails.front_desk_notice(request.pk)


def test_a_place_without_addresses_of_its_own_has_those_of_the_clinic():
    Clinic.objects.create(front_desk_emails="desk@harbor.example office@harbor.example")
    request = waiting_request(builders.location(front_desk_emails=""), passed=0.8)

    assert emails.alarm(request.pk).to == ["desk@harbor.example", "office@harbor.example"]


def test_a_request_that_is_moved_is_announced_at_its_new_place(northside):
    by = builders.user("Front desk", locations=[northside])
    mill_road = builders.location("Mill Road", front_desk_emails="mill@harbor.example")
    request = waiting_request(northside, passed=0.1)

    desk.relocate(request, mill_road, by=by, remark="Lives next door")
    deliver_everything()

    assert [(message.subject, message.to) for message in mail.outbox] == [
        ("Appointment request moved to your location", ["mill@harbor.example"])
    ]
    assert f"Request {request.reference} was moved to Mill Road." in mail.outbox[0].body


def test_only_the_last_place_of_a_request_that_wanders_is_told(northside):
    by = builders.user("Front desk", locations=[northside])
    places = [builders.location(name) for name in ("Mill Road", "Harbor Point")]
    request = waiting_request(northside, passed=0.1)
    for place in places:
        desk.relocate(request, place, by=by)

    deliver_everything()

    assert [message.to for message in mail.outbox] == [[places[1].front_desk_emails]]


@pytest.mark.parametrize(
    "then",
    [
        lambda request, by: desk.undo(request, by=by),
        lambda request, by: desk.close(request, Outcome.DECLINED, by=by),
    ],
    ids=["undone", "closed"],
)
def test_a_move_that_no_longer_matters_is_not_announced(northside, then):
    by = builders.user("Front desk", locations=[northside])
    request = waiting_request(northside, passed=0.1)
    event = desk.relocate(request, builders.location("Mill Road"), by=by)

    then(request, by)

    with pytest.raises(NothingToSend):
        emails.relocation_notice(event.pk)


def mails_about(**said):
    """Return each mail to the desk about a request that says this, without what tells requests apart."""
    place = builders.location(front_desk_emails="desk@harbor.example")
    soon, late = (waiting_request(place, passed=passed, **said) for passed in (0.8, 1.1))
    move = desk.relocate(soon, place, by=builders.user("Front desk"))
    made = [
        emails.front_desk_notice(soon.pk),
        emails.relocation_notice(move.pk),
        emails.alarm(soon.pk),
        emails.escalation(late.pk),
    ]
    text = "\n".join(message.message().as_string() for message in made)
    for apart in (
        place.name,
        *(said for one in (soon, late) for said in (one.reference, one.get_absolute_url())),
    ):
        text = text.replace(apart, "")
    return re.sub(r"Message-ID: .*", "", text)


@time_machine.travel(MONDAY, tick=False)
def test_t4_t5_mails_about_a_hostile_request_are_those_about_a_harmless_one():
    hostile = {
        "full_name": "Alma\r\nBcc: all@example.com <http://evil.example>",
        "patient_name": "Subject: canary",
        "phone": "555 canary",
        "email": "canary@example.com",
        "needs": "canary\u2028",
        "notes": "canary https://evil.example\x1b",
    }

    assert mails_about(**hostile) == mails_about()


def test_a_mail_is_plain_text_in_which_a_name_stays_as_it_is():
    request = waiting_request(builders.location("Tom & Ann's"), passed=0.1)

    assert f"Request {request.reference} for Tom & Ann's." in emails.front_desk_notice(request.pk).body


@time_machine.travel(MONDAY, tick=False)
def test_a_mail_says_since_when_by_when_and_how_many_wait():
    place = builders.location("Northside", time_zone="America/Chicago")
    request = waiting_request(place, passed=0.75, is_urgent=True)
    waiting_request(place, passed=0.1)
    builders.appointment_request()

    assert emails.alarm(request.pk).body.split("\n\n")[0].splitlines() == [
        f"Nobody has called about request {request.reference} for Northside yet. "
        "Little of the promised time is left.",
        "Urgent: call this patient first.",
        "Received: Monday 23 November, 7 am",
        "Call by: Monday 23 November, 11 am",
        "To do now: 2",
    ]
    assert f"http://localhost{request.get_absolute_url()}\n" in emails.alarm(request.pk).body


def test_a_request_taken_down_by_the_desk_alarms_like_any_other(northside):
    answers = {
        "full_name": "Alma Reyes",
        "phone": "773 555 0140",
        "channel": Channel.PHONE,
        "purpose": Purpose.NEW,
        "location": northside,
    }
    arrival = Arrival(source=Source.DESK)
    request = intake.accept(
        answers, token="1" * 32, arrival=arrival, now=timezone.now(), by=builders.user("Front desk")
    )
    told_at_once = owed()

    watch.keep(request.alarm_at)

    assert (told_at_once, owed()) == ([], [("alarm", request.pk)])


def test_what_is_past_its_time_is_counted_and_listed_alike(client, northside):
    by = builders.user("Front desk", locations=[northside])
    late = waiting_request(northside, passed=1.1)
    put_off = waiting_request(northside, passed=1.2, next_try_at=timezone.now() + HOUR)
    waiting_request(northside, passed=0.5)
    waiting_request(builders.location(), passed=1.1)
    client.force_login(by)

    waiting = {str(item.label): item for item in client.get(reverse("admin:index")).context["waiting"]}
    listed = client.get(waiting["Past the promised time"].url).context["requests"]

    assert waiting["Past the promised time"].count == 2
    assert set(listed) == {late, put_off}


def test_the_history_says_that_people_were_told(northside):
    request = waiting_request(northside, passed=1.1)

    watch.keep(timezone.now())

    assert [str(event.label) for event in RequestEvent.objects.filter(request=request)] == [
        "The promised time passed: the front desk and the managers were told"
    ]

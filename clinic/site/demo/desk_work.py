"""What the demo's front desk did with each request, by the verbs of a real one, on days gone by."""

from datetime import time, timedelta

from appointments import desk, promises
from appointments.models import AppointmentRequest, Attempt, RequestEvent
from appointments.models.choices import Channel, HeardFrom, Outcome
from clinic.models import Clinic, Location

# When the first call comes, as a part of the promised time: mostly before it is over.
FIRST_CALLS = (0.15, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.85, 1.5)
# Open minutes from one step to the next: a call and its outcome are one, the next call is another day's.
NEXT, LATER = timedelta(minutes=3), timedelta(minutes=400)
LATER_STEPS = {"log_attempt", "change_appointment", "cancel_appointment", "reopen", "withdraw"}
# No step is so fresh that it could still be undone.
LATEST = timedelta(minutes=20)


def person_at(location):
    """Return who sits at the front desk of a location."""
    return location.team.filter(groups__name="Front desk").first()


def work_on(request, number, *, dice, first, now):
    """Let the front desk do what the tale of this number tells; `first` is the earlier request of a pair."""
    if number not in TALES:
        return
    TALES[number](Tale(request, person_at(request.location), dice, first, now))
    _backdate(request, dice.choice(FIRST_CALLS), now)


class Tale:
    """A request and who works on it, with the steps that many tales share."""

    def __init__(self, request, by, dice, first, now):
        self.request, self.by, self.dice, self.first, self.now = request, by, dice, first, now

    def reach(self):
        wrote = self.request.channel == Channel.EMAIL and not self.request.phone
        desk.log_attempt(self.request, Attempt.WROTE if wrote else Attempt.REACHED, by=self.by)

    def miss(self, attempt=Attempt.NO_ANSWER, **more):
        desk.log_attempt(self.request, attempt, by=self.by, **more)

    def visit_in(self, days):
        """Return an hour within opening hours, some days ahead, and who is there."""
        location, earliest = self.request.location, self.now + timedelta(days=days)
        earliest = earliest.replace(minute=0, second=0, microsecond=0)
        hour = self.dice.randint(9, 15)
        at = location.schedule().next_open(earliest, (time(hour), time(hour + 1)))
        return {"appointment_at": at, "appointment_with": self.dice.choice([*location.therapists.listed()])}

    def book(self, **visit):
        self.reach()
        visit = visit or {"appointment_number": f"A-{self.request.pk:05d}"}
        heard_from = self.dice.choice([*HeardFrom.values, ""])
        desk.book(self.request, by=self.by, heard_from=heard_from, **visit)

    def close(self, outcome, **more):
        desk.close(self.request, outcome, by=self.by, **more)


def claimed(tale):
    desk.claim(tale.request, by=tale.by)


def tried(tale):
    tale.miss(Attempt.VOICEMAIL, next_try_at=promises.next_try(tale.request, tale.now))


def put_off(tale):
    tale.miss(Attempt.VOICEMAIL, remark="Asked to call back.")
    until = tale.request.location.schedule().next_open(tale.now + timedelta(days=2), (time(9), time(10)))
    desk.wait(tale.request, by=tale.by, until=until, remark="Back from a trip by then.")


def waiting(tale):
    tale.miss(Attempt.WRONG_NUMBER)
    desk.correct(tale.request, by=tale.by, phone="(555) 010-0142", phone_e164="+15550100142")
    tale.reach()
    desk.wait(tale.request, by=tale.by, remark="Will ask the doctor about a referral first.")


def relocated(tale):
    elsewhere = Location.objects.exclude(pk=tale.request.location_id).first()
    desk.relocate(tale.request, elsewhere, by=tale.by, remark="Lives nearer to the other place.")


def booked(tale):
    tale.book()


def booked_here(tale):
    tale.book(**tale.visit_in(tale.dice.randint(1, 12)))


def booked_at_the_third_try(tale):
    tale.miss()
    tale.miss(Attempt.VOICEMAIL)
    tale.book(**tale.visit_in(5))


def moved_to_another_day(tale):
    tale.book(**tale.visit_in(2))
    later = tale.visit_in(6)
    desk.change_appointment(tale.request, by=tale.by, remark="Asked for another day.", **later)


def called_off(tale):
    tale.book(**tale.visit_in(3))
    desk.cancel_appointment(tale.request, by=tale.by, remark="Feels better.")


def booked_after_all(tale):
    tale.reach()
    tale.close(Outcome.DECLINED, remark="Wants to wait.")
    desk.reopen(tale.request, by=tale.by, remark="Called us back.")
    tale.book(**tale.visit_in(8))


def declined(tale):
    tale.reach()
    tale.close(Outcome.DECLINED, heard_from=HeardFrom.SEARCH)


def unreachable(tale):
    for attempt in (Attempt.NO_ANSWER, Attempt.VOICEMAIL, Attempt.NO_ANSWER):
        tale.miss(attempt)
    tale.close(Outcome.UNREACHABLE)


def withdrawn(tale):
    tale.miss(Attempt.VOICEMAIL)
    desk.withdraw(tale.request)


def not_ours(tale):
    tale.reach()
    tale.close(Outcome.NOT_OUR_SERVICE, remark="Asked for a massage.")


def sent_on(tale):
    tale.reach()
    tale.close(Outcome.EMERGENCY)


def duplicate(tale):
    tale.close(Outcome.DUPLICATE, duplicate_of=tale.first)


def spam(tale):
    tale.close(Outcome.SPAM)


# From number twelve on they are closed; those that are left out are nobody's yet.
TALES = {2: claimed, 5: claimed, 7: tried, 8: put_off, 9: waiting, 11: relocated} | dict(
    enumerate(
        [booked, booked_here] * 5
        + [booked_at_the_third_try, moved_to_another_day, called_off, booked_after_all]
        + [declined, unreachable, withdrawn, not_ours] * 2
        + [unreachable, declined, sent_on, booked_here, spam, duplicate],
        start=12,
    )
)


def _backdate(request, first_call, now):
    """Let the steps have happened in open hours soon after the request came, not now."""
    schedule, latest = request.location.schedule(), now - LATEST
    delay = first_call * Clinic.objects.get().response_target(urgent=request.is_urgent)
    moments = {}
    for number, event in enumerate(request.events.exclude(step="received").order_by("pk")):
        delay += LATER if number and event.step in LATER_STEPS else NEXT
        event.at = min(schedule.add_open_time(request.received_at, delay), latest)
        RequestEvent.objects.filter(pk=event.pk).update(at=event.at)
        _note_moments(event, moments)
    stored = {name: at for name, at in moments.items() if getattr(request, name)}
    AppointmentRequest.objects.filter(pk=request.pk).update(**stored)


def _note_moments(event, moments):
    """Remember when the request was first called, first answered, and last closed."""
    if event.attempt:
        moments.setdefault("called_at", event.at)
    if event.attempt == Attempt.REACHED or event.step in ("book", "close"):
        moments.setdefault("answered_at", event.at)
    if event.step in ("book", "close", "withdraw"):
        moments["closed_at"] = event.at

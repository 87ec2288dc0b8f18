"""Forty invented requests over six weeks, in every state, so that lists, ages and charts look alive."""

from datetime import timedelta
from random import Random

from django.utils import timezone

from appointments import desk, form_token, intake
from appointments.intake import Arrival
from appointments.models import AppointmentRequest, Attempt, RequestEvent
from appointments.models.choices import (
    CallTime,
    Channel,
    Day,
    Outcome,
    PartOfDay,
    Payment,
    Purpose,
    Referral,
    Screening,
    Source,
)
from articles.models import Article, CareCard
from clinic.models import InsurancePlan, OutboxMessage
from clinic.phones import parse

NAMES = [
    name.strip()
    for name in """
    Alma Reyes-Whitfield, Jonas Bell, Priya Natarajan, Wendell Okonkwo, Mei-Lin Zhou,
    Agnes O’Leary, Tariq Aziz, Greta Holm, Luis Fernández Ortega, Hannah Weiss, Dmitri Volkov,
    Sarah Goldberg, Kwame Mensah, Ingrid Solberg, Ravi Menon, Beatriz da Conceição Almeida,
    Owen Price, Fatima El-Sayed, Margaret Thornquist-Abernathy, Yusuf Demir, Chloe Martin,
    Samuel Adeyemi, Nora Lindgren, Pedro Alves, Judith Kaplan, Henry Two Rivers, Aiko Tanaka,
    Marek Nowak, Elena Petrova, Walter Schmidt, Amara Nwosu, Liam Gallagher, Sofia Rossi,
    Abdi Warsame, Grace Kim, Robert Castellanos, Ursula Brandt, Thanh Nguyễn, Ida Rasmussen,
    Camille Dubois
    """.split(",")
]
NOTES = (
    "Knee pain on stairs since my last hike.",
    "My back locks up when I get out of the car.",
    "New hip on the third, the surgeon says to start soon.",
    "I can come on short notice.",
    "I use a wheelchair.",
    "Shoulder pain at night, worse for two months.",
    "",
    "",
    "",
)
# How long ago (hours) the open ones came, spread so that some are overdue and some are fresh.
OPEN_AGES = (1, 2, 3, 5, 6, 8, 20, 26, 30, 49, 72, 75)
OUTCOMES = (Outcome.BOOKED,) * 6 + (
    Outcome.DECLINED,
    Outcome.UNREACHABLE,
    Outcome.NOT_OUR_SERVICE,
    Outcome.EMERGENCY,
    Outcome.DUPLICATE,
    Outcome.SPAM,
)


def load_requests(places):
    """Store the forty requests through the same intake and the same steps as real ones."""
    if AppointmentRequest.objects.exists():
        return
    # A fixed seed: the demo is the same on every machine, only its days move along.
    dice = Random(2026)  # noqa: S311
    now = timezone.now()
    for number, name in enumerate(NAMES):
        is_open = number < len(OPEN_AGES)
        hours = OPEN_AGES[number] if is_open else dice.randint(80, 42 * 24)
        request = _receive(name, number, places, dice, now - timedelta(hours=hours))
        _work_on_open(request, number) if is_open else _work_off(request, dice)
    _tell_as_sent()


def _receive(name, number, places, dice, received_at):
    card = CareCard.objects.get(slug="general-emergency").live
    screening = {0: Screening.YES, 4: Screening.NOT_SURE}.get(number, Screening.NONE)
    arrival = Arrival(
        screening=screening,
        card_version=card,
        article=dice.choice([*Article.objects.published(), None]),
        source=Source.DEMO,
        suspicions=("honeypot",) if number == 10 else (),
    )
    token = form_token.read(form_token.issue()).key
    return intake.accept(_answers(name, number, places, dice), token=token, arrival=arrival, now=received_at)


def _answers(name, number, places, dice):
    place = places["northside" if dice.random() < 0.6 else "mill-road"]
    channel = Channel.EMAIL if number % 7 == 3 else Channel.PHONE
    phone = f"(555) 010-{dice.randint(100, 139):04d}"
    return {
        "full_name": name,
        "is_for_someone_else": number % 9 == 5,
        "patient_name": "Ella " + name.split()[-1] if number % 9 == 5 else "",
        "phone": phone,
        "phone_e164": parse(phone, "US").e164,
        "email": f"patient{number + 1}@example.com" if channel == Channel.EMAIL or number % 2 else "",
        "channel": channel,
        "may_leave_message": dice.random() < 0.7,
        "call_time": dice.choice(CallTime.values),
        "wants_no_email": False,
        "purpose": dice.choice([Purpose.NEW, Purpose.NEW, Purpose.RETURNING, Purpose.CHANGE]),
        "location": place,
        "therapist": dice.choice([None, None, *place.therapists.taking_new_patients()]),
        "referral": dice.choice(Referral.values),
        "days": sorted(dice.sample(Day.values, dice.randint(0, 3)), key=Day.values.index),
        "parts_of_day": dice.sample(PartOfDay.values, dice.randint(0, 2)),
        "needs": "Spanish interpreter" if number % 11 == 8 else "",
        "notes": dice.choice(NOTES),
    } | _payment(dice, place)


def _payment(dice, place):
    plan = dice.choice([None, *InsurancePlan.objects.filter(locations=place)])
    return {"payment": Payment.INSURANCE if plan else Payment.NOT_SURE, "insurance_plan": plan}


def _work_on_open(request, number):
    desk_person = request.location.team.filter(groups__name="Front desk").first()
    if number in (2, 5, 7, 8, 9):
        desk.claim(request, by=desk_person)
    if number in (7, 8, 9):
        desk.log_attempt(request, Attempt.VOICEMAIL, by=desk_person, remark="Asked to call back.")
    if number in (8, 9):
        desk.wait(request, by=desk_person)
    _backdate(request)


def _work_off(request, dice):
    desk_person = request.location.team.filter(groups__name="Front desk").first()
    outcome = dice.choice(OUTCOMES)
    desk.claim(request, by=desk_person)
    if outcome == Outcome.UNREACHABLE:
        for _attempt in range(3):
            desk.log_attempt(request, Attempt.NO_ANSWER, by=desk_person)
    elif outcome != Outcome.SPAM:
        desk.log_attempt(request, Attempt.REACHED, by=desk_person)
    if outcome == Outcome.BOOKED:
        desk.book(request, by=desk_person, appointment_number=f"A-{request.pk:05d}")
    else:
        desk.close(request, outcome, by=desk_person)
    _backdate(request)


def _backdate(request):
    """Let the steps have happened within hours of the request, not now."""
    for number, event in enumerate(RequestEvent.objects.filter(request=request).order_by("pk")):
        at = request.received_at + timedelta(minutes=35 * number)
        RequestEvent.objects.filter(pk=event.pk).update(at=at)
        if event.attempt == Attempt.REACHED:
            AppointmentRequest.objects.filter(pk=request.pk).update(answered_at=at)
        if request.closed_at:
            AppointmentRequest.objects.filter(pk=request.pk).update(closed_at=at)


def _tell_as_sent():
    """Mark the demo's notices as sent: nobody needs forty mails about invented people."""
    for message in OutboxMessage.objects.waiting():
        OutboxMessage.objects.filter(pk=message.pk).update(sent_at=message.created_at, attempts=1)

"""Forty invented requests over six weeks, in every state, so that lists, ages and charts look alive."""

from datetime import timedelta
from random import Random

from django.db.models import F
from django.utils import timezone

from appointments import form_token, intake
from appointments.intake import Arrival
from appointments.models import AppointmentRequest
from appointments.models.choices import (
    CallTime,
    Channel,
    Day,
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
from clinic.site.demo import desk_work

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
# The demo clinic never opens on Sundays.
WEEKDAYS = Day.values[:6]
# How long ago (hours) the open ones came, spread so that some are overdue and some are fresh.
OPEN_AGES = (1, 2, 3, 5, 6, 8, 20, 26, 30, 49, 72, 75)
SCREENINGS = {0: Screening.YES, 4: Screening.NOT_SURE, 31: Screening.NOT_SURE, 36: Screening.YES}
SUSPECTS = {10, 38}
# Taken down at the desk, by phone or at the counter.
TAKEN_DOWN = {5, 17, 24}
# Who asked again soon after: number of the second request to that of the first.
AGAIN = {6: 3, 39: 37}


def load_requests(places):
    """Store the forty requests through the same intake and the same steps as real ones."""
    if AppointmentRequest.objects.exists():
        return
    # A fixed seed: the demo is the same on every machine, only its days move along.
    dice = Random(2026)  # noqa: S311
    now = timezone.now()
    stored = []
    for number in range(len(NAMES)):
        first = stored[AGAIN[number]] if number in AGAIN else None
        request = _receive(number, places, dice, first, _arrived_at(number, dice, first, now))
        desk_work.work_on(request, number, dice=dice, first=first, now=now)
        stored.append(request)
    # Nobody needs mail about invented people.
    OutboxMessage.objects.waiting().update(sent_at=F("created_at"), attempts=1)


def _arrived_at(number, dice, first, now):
    if number < len(OPEN_AGES):
        return now - timedelta(hours=OPEN_AGES[number])
    if first:
        return first.received_at + timedelta(hours=3)
    return now - timedelta(minutes=dice.randint(90 * 60, 42 * 24 * 60))


def _receive(number, places, dice, first, received_at):
    answers = _answers(number, places, dice)
    if first:
        answers |= {name: getattr(first, name) for name in ("full_name", "phone", "phone_e164", "location")}
    taken_down_by = desk_work.person_at(answers["location"]) if number in TAKEN_DOWN else None
    arrival = Arrival(
        screening=SCREENINGS.get(number, Screening.NONE),
        card_version=CareCard.objects.get(slug="general-emergency").live,
        article=None if taken_down_by else dice.choice([*Article.objects.published(), None]),
        source=Source.DEMO,
        suspicions=("honeypot",) if number in SUSPECTS else (),
    )
    token = form_token.read(form_token.issue()).key
    return intake.accept(answers, token=token, arrival=arrival, now=received_at, by=taken_down_by)


def _answers(number, places, dice):
    name = NAMES[number]
    place = places["northside" if dice.random() < 0.6 else "mill-road"]
    channel = Channel.EMAIL if number % 7 == 3 else Channel.PHONE
    phone = f"(555) 010-{100 + number:04d}"
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
        "days": sorted(dice.sample(WEEKDAYS, dice.randint(0, 3)), key=WEEKDAYS.index),
        "parts_of_day": dice.sample(PartOfDay.values, dice.randint(0, 2)),
        "needs": "Spanish interpreter" if number % 11 == 8 else "",
        "notes": dice.choice(NOTES),
    } | _payment(dice, place)


def _payment(dice, place):
    plan = dice.choice([None, *InsurancePlan.objects.filter(locations=place)])
    return {"payment": Payment.INSURANCE if plan else Payment.NOT_SURE, "insurance_plan": plan}

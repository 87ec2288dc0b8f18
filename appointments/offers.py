"""What patients choose from: the days on which the clinic is open, and the insurance that it accepts."""

from django.utils.translation import gettext_lazy as _

from appointments.models.choices import Day, PartOfDay, Payment
from clinic.models import InsurancePlan, Location, OpeningHours

ANY_TIME = "any"
OTHER_PLAN = "other"


def days_and_times():
    """Return the choices of when to come; a week of seven days leaves out its middle times, to stay short."""
    hours = OpeningHours.objects.filter(location__in=Location.objects.taking_requests())
    weekdays = set(hours.values_list("weekday", flat=True))
    days = [choice for weekday, choice in enumerate(Day.choices) if weekday in weekdays]
    is_long = len(days) == len(Day)
    parts = [choice for choice in PartOfDay.choices if not (is_long and choice[0] == PartOfDay.DAYTIME)]
    return [(ANY_TIME, _("Any time")), *days, *parts]


def ways_to_pay():
    """Return the choices of payment: what a location accepts by name, then what is always possible."""
    plans = InsurancePlan.objects.filter(locations__in=Location.objects.taking_requests()).distinct()
    return [
        ("", _("Choose if you know")),
        *((str(plan.pk), plan.name) for plan in plans),
        (OTHER_PLAN, _("Another insurance")),
        (Payment.SELF_PAY, Payment.SELF_PAY.label),
        (Payment.NOT_SURE, Payment.NOT_SURE.label),
    ]


def payment(choice):
    """Return a choice of ways_to_pay() as fields of AppointmentRequest."""
    if choice in ("", Payment.SELF_PAY, Payment.NOT_SURE):
        return {"payment": choice, "insurance_plan": None}
    plan = None if choice == OTHER_PLAN else InsurancePlan.objects.get(pk=choice)
    return {"payment": Payment.INSURANCE, "insurance_plan": plan}

"""What patients and the front desk choose from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Screening(models.TextChoices):
    """The answer to "do you have any of these now?"; DIRECT: the form was opened without the question."""

    NONE = "none", _("None of the warning signs")
    YES = "yes", _("Has warning signs and already had emergency advice")
    NOT_SURE = "not_sure", _("Not sure about the warning signs")
    DIRECT = "direct", _("Not asked (opened the form directly)")


class Channel(models.TextChoices):
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")


class CallTime(models.TextChoices):
    ANY = "any", _("Any time")
    MORNING = "morning", _("Morning")
    MIDDAY = "midday", _("Midday")
    AFTERNOON = "afternoon", _("Afternoon")


class Purpose(models.TextChoices):
    NEW = "new", _("I am new to this clinic")
    RETURNING = "returning", _("I have been here before")
    CHANGE = "change", _("I want to change or cancel an appointment")


class Payment(models.TextChoices):
    INSURANCE = "insurance", _("Insurance")
    SELF_PAY = "self_pay", _("I pay myself")
    NOT_SURE = "not_sure", _("I am not sure")


class Referral(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    NOT_SURE = "not_sure", _("I am not sure")


class Day(models.TextChoices):
    MONDAY = "mon", _("Mon")
    TUESDAY = "tue", _("Tue")
    WEDNESDAY = "wed", _("Wed")
    THURSDAY = "thu", _("Thu")
    FRIDAY = "fri", _("Fri")
    SATURDAY = "sat", _("Sat")
    SUNDAY = "sun", _("Sun")


class PartOfDay(models.TextChoices):
    EARLY = "early", _("Early in the day")
    DAYTIME = "daytime", _("Middle of the day")
    LATE = "late", _("Late in the day")


class Source(models.TextChoices):
    WEB = "web", _("Website")
    DESK = "desk", _("Phone or counter")
    DEMO = "demo", _("Demo")
    PROBE = "probe", _("Self-test")


class Status(models.TextChoices):
    NEW = "new", _("To do")
    CLAIMED = "claimed", _("In progress")
    WAITING = "waiting", _("Waiting for patient")
    CLOSED = "closed", _("Closed")


class Outcome(models.TextChoices):
    BOOKED = "booked", _("Appointment booked")
    DECLINED = "declined", _("Patient no longer wants one")
    UNREACHABLE = "unreachable", _("Not reached after three tries")
    NOT_OUR_SERVICE = "not_our_service", _("Not our service")
    EMERGENCY = "emergency", _("Sent to emergency care")
    DUPLICATE = "duplicate", _("Duplicate of another request")
    REPLACED = "replaced", _("Replaced by a corrected request")
    SPAM = "spam", _("Spam")
    CANCELLED = "cancelled", _("Appointment cancelled")


class HeardFrom(models.TextChoices):
    """How the patient came to hear of the clinic, as the desk asks in passing."""

    DOCTOR = "doctor", _("Doctor")
    FRIEND = "friend", _("Friend or family")
    SEARCH = "search", _("Web search")
    RETURNING = "returning", _("Was here before")
    INSURANCE = "insurance", _("Insurance")
    OTHER = "other", _("Other")

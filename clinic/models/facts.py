"""The facts every page relies on: the clinic, its places, when they are open, what they accept."""

from datetime import timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, validate_email
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clinic import phones
from clinic.clock import Closed, Schedule

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


def validate_phone(value):
    """Refuse what a patient could not dial."""
    if not phones.can_be_dialled(value, settings.COUNTRY):
        raise ValidationError(_("Enter a phone number that people can dial, such as 555 010 0140."))


def validate_address_lines(value):
    """Refuse a list of e-mail addresses, one a line, of which one is wrong."""
    for address in value.split():
        validate_email(address)


def validate_time_zone(value):
    """Refuse a time zone that this machine does not know."""
    if value not in available_timezones():
        raise ValidationError(_("Enter a time zone such as America/Chicago."))


def default_time_zone():
    return settings.TIME_ZONE


class InsurancePlanQuerySet(models.QuerySet):
    def accepted(self):
        """Those that some location accepts."""
        return self.filter(locations__isnull=False).distinct()


class InsurancePlan(models.Model):
    name = models.CharField(_("name"), max_length=100, unique=True)

    objects = InsurancePlanQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("insurance plan")
        verbose_name_plural = _("insurance plans")

    def __str__(self):
        return self.name


class Clinic(models.Model):
    """The one row of facts about the clinic; the database refuses a second."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(_("name"), max_length=100, default=_("Physical therapy clinic"))
    legal_name = models.CharField(_("legal name"), max_length=150, blank=True)

    headline = models.CharField(_("headline of the home page"), max_length=80, blank=True)
    lead = models.TextField(_("text under the headline"), max_length=300, blank=True)
    hero = models.ForeignKey(
        "clinic.Picture",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture of the home page"),
    )

    phone = models.CharField(_("phone"), max_length=30, blank=True, validators=[validate_phone])
    email = models.EmailField(_("public e-mail address"), blank=True)
    front_desk_emails = models.TextField(
        _("front desk e-mail addresses"),
        blank=True,
        validators=[validate_address_lines],
        help_text=_("One a line. Told of requests at places that have no addresses of their own."),
    )

    urgent_target_minutes = models.PositiveSmallIntegerField(
        _("call urgent requests within (open minutes)"), default=60, validators=[MinValueValidator(15)]
    )
    routine_target_minutes = models.PositiveSmallIntegerField(
        _("call other requests within (open minutes)"), default=240, validators=[MinValueValidator(15)]
    )
    asks_insurance = models.BooleanField(_("ask patients how they will pay"), default=True)

    snapshot = models.JSONField(
        default=dict,
        editable=False,
        help_text="What every page shows, stored ready by clinic.facts.publish().",
    )

    class Meta:
        verbose_name = _("clinic")
        verbose_name_plural = _("clinic")
        constraints = [
            models.CheckConstraint(
                condition=Q(id=1),
                name="one_clinic",
                violation_error_message=_("There is one clinic; change the one that is there."),
            ),
            models.CheckConstraint(
                condition=Q(urgent_target_minutes__gt=0, routine_target_minutes__gt=0),
                name="targets_take_time",
                violation_error_message=_("Give the front desk some time to call."),
            ),
        ]

    def __str__(self):
        return str(self.name)

    def response_target(self, *, urgent):
        """Return the open time within which a request is to be answered."""
        return timedelta(minutes=self.urgent_target_minutes if urgent else self.routine_target_minutes)


class LocationQuerySet(models.QuerySet):
    def taking_requests(self):
        return self.filter(takes_online_requests=True)

    def with_hours(self):
        return self.prefetch_related("opening_hours", "closures")


class Location(models.Model):
    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("address on this site"), max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    street = models.CharField(_("street"), max_length=150)
    city = models.CharField(_("city"), max_length=80)
    region = models.CharField(_("state or region"), max_length=40, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20)
    directions = models.TextField(_("how to find us"), blank=True)
    parking = models.TextField(_("parking"), blank=True)
    access = models.TextField(_("step-free access"), blank=True)
    picture = models.ForeignKey(
        "clinic.Picture", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )

    phone = models.CharField(_("phone"), max_length=30, validators=[validate_phone])
    front_desk_emails = models.TextField(
        _("front desk e-mail addresses"),
        blank=True,
        validators=[validate_address_lines],
        help_text=_("One a line. Empty: the clinic's addresses are told."),
    )
    takes_online_requests = models.BooleanField(_("takes requests online"), default=True)
    time_zone = models.CharField(
        _("time zone"), max_length=50, default=default_time_zone, validators=[validate_time_zone]
    )
    insurance_plans = models.ManyToManyField(
        InsurancePlan, blank=True, related_name="locations", verbose_name=_("insurance accepted")
    )

    objects = LocationQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("location")
        verbose_name_plural = _("locations")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("location_detail", args=[self.slug])

    @property
    def address_line(self):
        place = " ".join(part for part in (self.region, self.postal_code) if part)
        return ", ".join(part for part in (self.street, self.city, place) if part)

    def schedule(self, clinic_closures=None):
        """Return this location's hours and closures as pure arithmetic.

        `clinic_closures`, those of every location, spare a query to whoever asks for many schedules.
        """
        if clinic_closures is None:
            clinic_closures = Closure.objects.everywhere()
        weekly = {}
        for hours in self.opening_hours.all():
            weekly.setdefault(hours.weekday, []).append((hours.opens_at, hours.closes_at))
        return Schedule(
            zone=ZoneInfo(self.time_zone),
            weekly={day: tuple(periods) for day, periods in weekly.items()},
            closures=tuple(closure.as_closed() for closure in [*self.closures.all(), *clinic_closures]),
        )


class OpeningHours(models.Model):
    location = models.ForeignKey(
        Location, models.CASCADE, related_name="opening_hours", verbose_name=_("location")
    )
    weekday = models.PositiveSmallIntegerField(_("day"), choices=WEEKDAYS)
    opens_at = models.TimeField(_("opens"))
    closes_at = models.TimeField(_("closes"))

    class Meta:
        ordering = ["weekday", "opens_at"]
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="opens_before_closing",
                violation_error_message=_("The closing time must be later than the opening time."),
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekday_exists"),
            models.UniqueConstraint(
                fields=["location", "weekday", "opens_at"],
                name="one_opening_at_a_time",
                violation_error_message=_("These hours are there already."),
            ),
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.opens_at:%H:%M}–{self.closes_at:%H:%M}"


class ClosureQuerySet(models.QuerySet):
    def everywhere(self):
        return self.filter(location=None)

    def editable_by(self, user):
        """The closures of a person's own places; whoever changes locations has those of all."""
        if user.has_perm("clinic.change_location"):
            return self
        return self.filter(location__in=user.locations.all())


class Closure(models.Model):
    """Days, or hours of each of these days, on which a location or the whole clinic is closed.

    Times are wall-clock times of the location, so one holiday closes places in two time zones.
    """

    location = models.ForeignKey(
        Location,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="closures",
        verbose_name=_("location"),
        help_text=_("Empty: every location."),
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    from_time = models.TimeField(_("from"), null=True, blank=True, help_text=_("Empty: from opening."))
    until_time = models.TimeField(_("until"), null=True, blank=True, help_text=_("Empty: until closing."))
    reason = models.CharField(_("reason, shown to patients"), max_length=100)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        ordering = ["first_day", "from_time"]
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="closure_ends_after_it_begins",
                violation_error_message=_("The last day can't be before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(from_time=None) | Q(until_time=None) | Q(until_time__gt=F("from_time")),
                name="closure_hours_in_order",
                violation_error_message=_("The closure must end later than it begins."),
            ),
        ]

    def __str__(self):
        return f"{self.first_day} – {self.last_day}: {self.reason}"

    def as_closed(self):
        return Closed(self.first_day, self.last_day, self.from_time, self.until_time, self.reason)

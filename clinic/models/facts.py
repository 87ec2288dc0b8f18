"""The facts every page relies on: the clinic, its places, what they accept."""

from datetime import timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clinic import phones
from clinic.clock import Schedule
from clinic.models.hours import Closure

validate_listed_email = EmailValidator(
    _("Enter an e-mail address such as name@example.com, not “%(value)s”.")
)


def validate_phone(value):
    """Refuse what a patient could not dial."""
    if not phones.can_be_dialled(value, settings.COUNTRY):
        raise ValidationError(_("Enter a phone number that people can dial, such as 555 010 0177."))


def validate_address_lines(value):
    """Refuse a list of e-mail addresses, one a line, naming each that is wrong."""
    errors = []
    for address in value.split():
        try:
            validate_listed_email(address)
        except ValidationError as error:
            errors.append(error)
    if errors:
        raise ValidationError(errors)


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

    class Drawing(models.TextChoices):
        """Names of templates under clinic/drawings/."""

        REACH = "reach", _("A person greets the sun")
        WALK = "walk", _("Two people take a walk")

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
        verbose_name=_("photo on the home page"),
    )
    drawing = models.CharField(
        _("drawing on the home page"),
        max_length=10,
        choices=Drawing,
        default=Drawing.REACH,
        blank=True,
        help_text=_("Shown while there is no photo, in your color."),
    )

    # Lightness and strength of every color are fixed, so that text stays readable at any hue.
    hue = models.PositiveSmallIntegerField(
        _("color"),
        default=190,
        validators=[MaxValueValidator(359)],
        help_text=_("Of buttons, links and headers. This page shows it while you drag."),
    )
    logo = models.ForeignKey(
        "clinic.Picture",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo"),
        help_text=_("A PNG with a see-through background looks best. Without one we draw a mark."),
    )
    logo_shows_name = models.BooleanField(
        _("the logo shows the name"), default=False, help_text=_("Then we don’t write it beside the logo.")
    )

    phone = models.CharField(_("phone"), max_length=30, blank=True, validators=[validate_phone])
    email = models.EmailField(_("public e-mail address"), blank=True)
    front_desk_emails = models.TextField(
        _("front desk e-mail addresses"),
        blank=True,
        validators=[validate_address_lines],
        help_text=_("One a line. Told of requests at places that have no addresses of their own."),
    )

    alarm_emails = models.TextField(
        _("alarm e-mail addresses"),
        blank=True,
        validators=[validate_address_lines],
        help_text=_("One a line. Told when the site needs a person, and of the daily self-test."),
    )

    # Under HIPAA whoever stores or carries what patients write must have signed an agreement.
    hosting_provider = models.CharField(_("who hosts this site"), max_length=100, blank=True)
    hosting_agreement_on = models.DateField(_("host’s agreement signed on"), null=True, blank=True)
    mail_provider = models.CharField(_("who carries our mail"), max_length=100, blank=True)
    mail_agreement_on = models.DateField(_("mail service’s agreement signed on"), null=True, blank=True)

    urgent_target_minutes = models.PositiveSmallIntegerField(
        _("call urgent requests within (open minutes)"), default=60, validators=[MinValueValidator(15)]
    )
    routine_target_minutes = models.PositiveSmallIntegerField(
        _("call other requests within (open minutes)"), default=240, validators=[MinValueValidator(15)]
    )
    asks_insurance = models.BooleanField(_("ask patients how they will pay"), default=True)

    editorial_policy = models.ForeignKey(
        "clinic.Page",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("page about how we write and check"),
    )
    profiles = models.TextField(
        _("profiles elsewhere"), blank=True, help_text=_("One web address a line. Told to search engines.")
    )

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
            models.CheckConstraint(
                condition=Q(hue__lt=360),
                name="hue_on_the_circle",
                violation_error_message=_("Choose a color from the circle, 0 to 359."),
            ),
        ]

    def __str__(self):
        return str(self.name)

    def response_target(self, *, urgent):
        """Return the open time within which a request is to be answered."""
        return timedelta(minutes=self.urgent_target_minutes if urgent else self.routine_target_minutes)


class LocationQuerySet(models.QuerySet):
    def taking_requests(self):
        """Those that take requests online, and are not paused at this moment."""
        return self.filter(takes_online_requests=True).exclude(paused_until__gt=Now())

    def editable_by(self, user):
        """A person's own places; whoever changes locations has all of them."""
        return self if user.has_perm("clinic.change_location") else self.filter(team=user)

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
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
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
    paused_until = models.DateTimeField(_("online requests paused until"), null=True, blank=True)
    pause_reason = models.CharField(_("reason, shown to patients"), max_length=160, blank=True)
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

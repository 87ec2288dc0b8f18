"""When a location is open, and when it is closed after all."""

from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from clinic.clock import Closed

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


class OpeningHours(models.Model):
    location = models.ForeignKey(
        "clinic.Location", models.CASCADE, related_name="opening_hours", verbose_name=_("location")
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
        "clinic.Location",
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
        days = sorted({self.first_day, self.last_day})
        return f"{self.reason}, {' – '.join(map(date_format, days))}"

    def as_closed(self):
        return Closed(self.first_day, self.last_day, self.from_time, self.until_time, self.reason)

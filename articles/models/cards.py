from django.conf import settings
from django.db import models
from django.db.models import Case, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic import emergency


class Level(models.TextChoices):
    EMERGENCY = "emergency", _("Emergency")
    URGENT = "urgent", _("Urgent")
    ROUTINE = "routine", _("Not urgent")


class CareCardQuerySet(models.QuerySet):
    def shown(self):
        """Those that have a live text, gravest first."""
        gravity = Case(*(When(level=level, then=Value(rank)) for rank, level in enumerate(Level)))
        return self.filter(live__isnull=False).select_related("live").order_by(gravity, "position", "slug")

    def of_text(self, text):
        """Those that a revision or working copy shows: required by its topics or inserted by its author."""
        required = CareCard.topics.through.objects.filter(topic__in=text.topics.all()).values("carecard")
        return self.filter(models.Q(pk__in=required) | models.Q(slug__in=text.inserted_cards))


class CareCard(models.Model):
    """One safety message of the library; articles and the request journey show this same record."""

    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=80)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    owner = models.ForeignKey(
        "staff.Therapist", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    live = models.ForeignKey(
        "articles.CareCardVersion", models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = CareCardQuerySet.as_manager()

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("care card")
        verbose_name_plural = _("care cards")
        permissions = [("approve_carecard", "Can approve care cards")]

    def __str__(self):
        return self.name

    @property
    def heading(self):
        """Return the action this level asks for, with the country's own numbers."""
        return emergency.for_country(settings.COUNTRY).heading(self.level)

    @property
    def level_label(self):
        return self.get_level_display()


class CareCardVersion(models.Model):
    """One wording of a card. The database refuses to change it."""

    card = models.ForeignKey(CareCard, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    introduction = models.CharField(_("line under the heading"), max_length=160, blank=True)
    bullets = models.TextField(_("signs"), help_text=_("One a line, at most six."))
    safety_net = models.CharField(_("closing sentence"), max_length=200, blank=True)
    signature = models.ForeignKey(
        "articles.Signature", models.PROTECT, null=True, editable=False, related_name="+"
    )
    is_shipped = models.BooleanField(_("default wording"), default=False)

    reason = models.CharField(_("why"), max_length=200, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        constraints = [
            models.UniqueConstraint(fields=["card", "number"], name="one_wording_a_number"),
        ]

    def __str__(self):
        return f"{self.card_id} ({self.number})"

    @property
    def bullet_list(self):
        return self.bullets.splitlines()

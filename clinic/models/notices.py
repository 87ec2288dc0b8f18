from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NoticeQuerySet(models.QuerySet):
    def unexpired(self, now):
        return self.filter(shown_until__gt=now)

    def editable_by(self, user):
        """The notices of a person's own places; whoever changes locations has all of them."""
        if user.has_perm("clinic.change_location"):
            return self
        return self.filter(location__in=user.locations.all())


class Notice(models.Model):
    """A sentence for everyone who comes by, at one location or all; it goes by itself."""

    location = models.ForeignKey(
        "clinic.Location",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("location"),
        help_text=_("Empty: every location."),
    )
    text = models.CharField(
        _("notice"), max_length=200, help_text=_("One or two short sentences, without names of patients.")
    )
    shown_from = models.DateTimeField(_("shown from"), default=timezone.now)
    shown_until = models.DateTimeField(_("shown until"))

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["shown_from"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.CheckConstraint(
                condition=Q(shown_until__gt=F("shown_from")),
                name="notice_ends_after_it_begins",
                violation_error_message=_("The notice must end later than it begins."),
            ),
        ]

    def __str__(self):
        return self.text

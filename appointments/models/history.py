from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.models.moves import MOVES
from appointments.models.request import AppointmentRequest


class Attempt(models.TextChoices):
    REACHED = "reached", _("Reached")
    VOICEMAIL = "voicemail", _("Left a message")
    NO_ANSWER = "no_answer", _("No answer")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    WROTE = "wrote", _("Wrote an e-mail")


class RequestEvent(models.Model):
    """One step in the life of a request; `before` holds what it changed, for undoing, until erasure."""

    request = models.ForeignKey(AppointmentRequest, models.CASCADE, related_name="events")
    step = models.CharField(max_length=20)
    attempt = models.CharField(max_length=20, choices=Attempt, blank=True)
    remark = models.TextField(max_length=500, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    before = models.JSONField(default=dict)
    version = models.PositiveIntegerField(null=True, help_text="That of the request after this step.")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("step")
        verbose_name_plural = _("steps")

    def __str__(self):
        return self.step

    @property
    def label(self):
        """Return what happened in words."""
        if self.step in PASSIVE:
            return PASSIVE[self.step]
        return MOVES[self.step].done


# Steps that no one at the desk takes.
PASSIVE = {
    "received": _("Received"),
    "replaced": _("Replaced by a corrected request"),
    "alarmed": _("Three quarters of the promised time have passed: the front desk was told"),
    "escalated": _("The promised time passed: the front desk and the managers were told"),
}

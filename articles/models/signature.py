from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.cards import CareCardVersion
from articles.models.text import Revision
from staff.models import Therapist


def due_day(path=""):
    """Return the expression for the day of the next check; `path` leads to the signature from elsewhere."""
    return Coalesce(f"{path}extended_until", f"{path}next_review_on")


class SignatureQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(ended_at=None)


class Signature(models.Model):
    """A named clinician's word that exactly this text is right.

    Name, letters and licence are kept as they were on the day; `digest` is the SHA-256 of the text.
    """

    revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="signatures")
    card_version = models.ForeignKey(CareCardVersion, models.PROTECT, null=True, related_name="signatures")
    digest = models.CharField(max_length=64)

    therapist = models.ForeignKey(Therapist, models.PROTECT, related_name="signatures")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_as = models.CharField(_("signed as"), max_length=150)
    licence = models.CharField(_("under the license"), max_length=200)
    signed_on = models.DateField(_("signed on"))
    next_review_on = models.DateField(_("next review"))
    # A manager may put the next check off; the signature still says when it was due.
    extended_until = models.DateField(_("check put off until"), null=True)

    carried_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="carried_to")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(_("renewed or withdrawn"), null=True)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.CheckConstraint(
                condition=Q(revision=None) ^ Q(card_version=None), name="signature_under_one_text"
            ),
            models.UniqueConstraint(
                fields=["revision"], condition=Q(ended_at=None), name="one_signature_in_force_a_revision"
            ),
            models.UniqueConstraint(
                fields=["card_version"], condition=Q(ended_at=None), name="one_signature_in_force_a_wording"
            ),
            models.CheckConstraint(
                condition=Q(next_review_on__gt=models.F("signed_on")), name="review_follows_signature"
            ),
        ]

    def __str__(self):
        return f"{self.signed_as}, {self.signed_on}"

    @property
    def due_on(self):
        """Return the day of the next check; keep in step with due_day."""
        return self.extended_until or self.next_review_on

    def is_overdue(self, today):
        return self.due_on < today

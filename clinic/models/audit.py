from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic import audit_actions


class AuditEventQuerySet(models.QuerySet):
    def about(self, subject):
        return self.filter(subject=subject)


class AuditEvent(models.Model):
    """Who did or saw what, and when; never what it said. The database refuses change and deletion."""

    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    action = models.CharField(_("what"), max_length=50)
    subject = models.CharField(_("about"), max_length=60, blank=True, db_index=True)
    count = models.PositiveIntegerField(_("rows"), null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    peer = models.CharField(_("from"), max_length=45, blank=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("audit event")
        verbose_name_plural = _("audit trail")

    def __str__(self):
        return f"{self.label} · {self.subject}" if self.subject else str(self.label)

    @property
    def label(self):
        """Return what was done, in words."""
        return audit_actions.label_of(self.action)


class AuditSeal(models.Model):
    """Count and hash of one finished day of the trail, chained to the day before."""

    day = models.DateField(unique=True)
    events = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-day"]
        verbose_name = _("audit seal")
        verbose_name_plural = _("audit seals")

    def __str__(self):
        return f"{self.day}: {self.events}"

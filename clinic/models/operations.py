"""What the site notes about running itself: its backups, its self-tests, how long it keeps what."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RetentionPeriod(models.Model):
    """How long something is kept where the clinic departs from the default (clinic.retention)."""

    kind = models.CharField(_("what"), max_length=30, unique=True)
    days = models.PositiveSmallIntegerField(_("days"))
    reason = models.CharField(
        _("reason"), max_length=200, blank=True, help_text=_("Why you keep it longer than the default.")
    )

    class Meta:
        ordering = ["kind"]
        verbose_name = _("retention period")
        verbose_name_plural = _("retention periods")

    def __str__(self):
        return self.kind


class Backup(models.Model):
    """One run of the backup. Moments tell how far it came; a code tells why it went no further."""

    name = models.CharField(_("file"), max_length=100)
    bytes = models.PositiveBigIntegerField(_("size in bytes"), null=True)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    verified_at = models.DateTimeField(_("opened and checked"), null=True)
    copied_at = models.DateTimeField(_("copied off this machine"), null=True)
    error = models.CharField(_("problem"), max_length=60, blank=True)

    class Meta:
        ordering = ["-started_at"]
        verbose_name = _("backup")
        verbose_name_plural = _("backups")

    def __str__(self):
        return self.name


class SelfTestQuerySet(models.QuerySet):
    def running(self):
        return self.filter(passed_at=None, broken_hop="")

    def ended(self):
        return self.exclude(passed_at=None, broken_hop="")

    def last_broken(self):
        """The last test that ended, if it broke."""
        later = self.model.objects.ended().filter(pk__gt=OuterRef("pk"))
        return self.filter(~Exists(later), broken_hop__gt="")

    def ended_before(self, moment):
        return self.ended().filter(started_at__lte=moment)


class SelfTest(models.Model):
    """A synthetic request on its way from the form to the inbox and into a mailbox."""

    class Hop(models.TextChoices):
        FORM = "form", _("the form")
        INBOX = "inbox", _("the inbox")
        MAIL = "mail", _("the mail")

    started_at = models.DateTimeField(_("started"), default=timezone.now)
    sent_at = models.DateTimeField(_("form sent"), null=True)
    listed_at = models.DateTimeField(_("found in the inbox"), null=True)
    passed_at = models.DateTimeField(_("mail delivered"), null=True)
    broken_hop = models.CharField(_("broken at"), max_length=10, choices=Hop, blank=True)
    error = models.CharField(_("problem"), max_length=60, blank=True)

    objects = SelfTestQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        verbose_name = _("self-test")
        verbose_name_plural = _("self-tests")
        constraints = [
            models.CheckConstraint(
                condition=Q(passed_at=None) | Q(broken_hop=""), name="self_test_passed_or_broken"
            ),
        ]

    def __str__(self):
        return f"{self.started_at:%Y-%m-%d}"

    @property
    def seconds(self):
        """Return how long after the start each hop was reached; None for those that were not."""
        reached = (self.sent_at, self.listed_at, self.passed_at)
        return [moment and (moment - self.started_at).total_seconds() for moment in reached]

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic import mail_kinds

# A worker that holds a message longer than this is taken for dead. It outlasts the slowest honest
# SMTP conversation: about ten steps of EMAIL_TIMEOUT (10 s) each.
LEASE = timedelta(minutes=2)
LATE = timedelta(minutes=15)
# How long a message waits after its first, second, … failed try; the last rung repeats.
LADDER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=60))
# A moment further ahead than any we set, and this much more, comes from a clock that jumped. Without
# the margin a lease taken an instant after this worker read its clock would look like one.
CLOCK_MARGIN = timedelta(minutes=1)


class OutboxQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(sent_at=None, failed_at=None)

    def unleased(self, now):
        """Leave out what a living worker holds; a lease from beyond the future is a clock that jumped."""
        jumped = Q(leased_until__gt=now + LEASE + CLOCK_MARGIN)
        return self.filter(Q(leased_until=None) | Q(leased_until__lt=now) | jumped)

    def due(self, now):
        """What is to be tried now; a try put off past its rung of the ladder is a clock that jumped."""
        is_due = Q(due_at__lte=now) | Q(due_at__gt=now + LADDER[-1] + CLOCK_MARGIN)
        # Nothing waits for its first try.
        for attempts, longest in enumerate([timedelta(0), *LADDER]):
            is_due |= Q(attempts=attempts, due_at__gt=now + longest + CLOCK_MARGIN)
        return self.filter(is_due)

    def failed(self):
        return self.filter(failed_at__isnull=False)

    def undelivered(self):
        """What waits or was given up: somebody still has to learn of it."""
        return self.filter(sent_at=None)

    def sent_before(self, moment):
        return self.filter(sent_at__lte=moment)

    def late(self, now):
        return self.waiting().filter(waiting_since__lt=now - LATE)


class OutboxMessage(models.Model):
    """A mail we owe: what it is about, never what it says.

    It is written in the transaction of the event it tells of, and rendered when it is sent.
    """

    kind = models.CharField(_("kind"), max_length=40)
    object_id = models.BigIntegerField(_("about"))

    created_at = models.DateTimeField(_("owed since"), default=timezone.now)
    waiting_since = models.DateTimeField(_("waiting since"), default=timezone.now)
    due_at = models.DateTimeField(_("next try"), default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    tried_at = models.DateTimeField(_("last try"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=80, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up"), null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("message")
        verbose_name_plural = _("outgoing mail")
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="one_message_an_event"),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(failed_at=None), name="sent_or_failed_not_both"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(sent_at=None, failed_at=None), name="outbox_waiting_by_due"
            ),
        ]

    def __str__(self):
        return f"{self.label} · {self.object_id}"

    @property
    def label(self):
        """Return what this mail is, in words."""
        return mail_kinds.label_of(self.kind)

    @property
    def is_waiting(self):
        return self.sent_at is None and self.failed_at is None


class MailRoute(models.Model):
    """Whether the mail server answers, shared by all workers; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    down_since = models.DateTimeField(null=True)
    next_probe_at = models.DateTimeField(null=True)
    suspect = models.ForeignKey(OutboxMessage, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_mail_route")]

    def __str__(self):
        return "mail route"


class WorkerBeat(models.Model):
    """When a worker was last seen alive; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_worker_beat")]

    def __str__(self):
        return f"worker seen at {self.at}"

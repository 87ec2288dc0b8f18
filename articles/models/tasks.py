"""What staff are reminded of: checks that fall due, and mistakes that readers report."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.text import Revision
from staff.models import Therapist


class Reminder(models.Model):
    """That a clinician is told of a check so many days before it is due; one row for each, once."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="reminders")
    therapist = models.ForeignKey(Therapist, models.CASCADE, related_name="+")
    due_on = models.DateField(_("due on"))
    days_before = models.PositiveSmallIntegerField(_("days before"))
    told_on = models.DateField(_("told on"))

    class Meta:
        ordering = ["due_on"]
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "therapist", "due_on", "days_before"], name="one_reminder_a_step"
            ),
        ]

    def __str__(self):
        return f"article {self.article_id}, {self.due_on}"


class MistakeReportQuerySet(models.QuerySet):
    def open(self):
        return self.filter(settled_at=None)

    def settled_before(self, moment):
        return self.filter(settled_at__lte=moment)


class MistakeReport(models.Model):
    """What a reader found wrong in a text; nothing is asked about the reader."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="mistake_reports")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+", verbose_name=_("text"))
    words = models.TextField(_("what is wrong"), max_length=1000)
    created_at = models.DateTimeField(_("reported"), default=timezone.now)

    settled_at = models.DateTimeField(_("settled"), null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answer = models.CharField(_("what was done"), max_length=300, blank=True)

    objects = MistakeReportQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        verbose_name = _("reported mistake")
        verbose_name_plural = _("reported mistakes")

    def __str__(self):
        return f"{self.article}, {date_format(timezone.localtime(self.created_at))}"

"""How often a wording of the emergency card was shown and how it was answered; nothing about who did."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models import CareCardVersion


class ScreeningCount(models.Model):
    """The count of one step with one wording on one day."""

    class Step(models.TextChoices):
        SHOWN = "shown", _("Shown")
        NONE = "none", _("None of these")
        YES = "yes", _("Yes")
        NOT_SURE = "not_sure", _("Not sure")
        CAME_BACK = "came_back", _("Went on after emergency advice")

    wording = models.ForeignKey(CareCardVersion, models.CASCADE, related_name="screening_counts")
    day = models.DateField()
    step = models.CharField(max_length=10, choices=Step)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("count of answers")
        verbose_name_plural = _("counts of answers")
        constraints = [
            models.UniqueConstraint(fields=["wording", "day", "step"], name="one_count_a_step_and_day")
        ]

    def __str__(self):
        return f"{self.step} on {self.day}: {self.count}"

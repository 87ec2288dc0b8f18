"""Addresses that no longer lead where they led, and links of ours that lead nowhere."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Redirect(models.Model):
    """What an old address of this site answers: the way to a new one, or that it is gone for good.

    Written by clinic.redirects, which never lets one redirect lead to another.
    """

    path = models.CharField(
        _("old address"), max_length=200, unique=True, help_text=_("Such as /2019/05/back-pain/ or /?p=12.")
    )
    target = models.CharField(
        _("leads to"), max_length=200, blank=True, help_text=_("Empty: the page is gone.")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["path"]
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        constraints = [
            models.CheckConstraint(
                condition=~Q(path=F("target")),
                name="redirect_leads_elsewhere",
                violation_error_message=_("An address can't lead to itself."),
            ),
            models.CheckConstraint(
                condition=Q(path__startswith="/") & (Q(target="") | Q(target__startswith="/")),
                name="redirect_stays_on_this_site",
                violation_error_message=_("Enter addresses of this site, beginning with /."),
            ),
        ]
        indexes = [models.Index(fields=["target"], name="redirects_by_target")]

    def __str__(self):
        return self.path


class BrokenLink(models.Model):
    """A link to our own site that leads nowhere: on which page it stands, and since when we know."""

    source = models.CharField(_("stands on"), max_length=200)
    href = models.CharField(_("leads to"), max_length=500)
    noticed_at = models.DateTimeField(_("noticed"), default=timezone.now)

    class Meta:
        ordering = ["source", "href"]
        verbose_name = _("broken link")
        verbose_name_plural = _("broken links")
        constraints = [models.UniqueConstraint(fields=["source", "href"], name="one_broken_link_once")]

    def __str__(self):
        return f"{self.source}: {self.href}"

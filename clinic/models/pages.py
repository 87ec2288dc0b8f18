from django.conf import settings
from django.db import models
from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PageQuerySet(models.QuerySet):
    def published(self):
        return self.filter(live__isnull=False)

    def in_main_menu(self):
        return self.filter(menu=Page.Menu.MAIN)

    def in_footer(self):
        """Those of the footer and every legal notice; the one that has to be prominent comes first."""
        prominence = Case(When(duty=Page.Duty.PRIVACY_PRACTICES, then=0), default=1)
        listed = Q(menu=Page.Menu.FOOTER) | ~Q(duty="")
        return self.filter(listed).order_by(prominence, *Page._meta.ordering)


class Page(models.Model):
    """A place such as /privacy/; its text is the live revision."""

    class Menu(models.TextChoices):
        MAIN = "main", _("Main menu")
        FOOTER = "footer", _("Footer")
        NONE = "none", _("In no menu")

    class Duty(models.TextChoices):
        """Texts that the law of some countries asks a clinic to show (clinic.legal)."""

        PRIVACY_PRACTICES = "privacy_practices", _("Notice of Privacy Practices")
        NONDISCRIMINATION = "nondiscrimination", _("Nondiscrimination notice")
        LANGUAGE_HELP = "language_help", _("Notice of language assistance")
        GOOD_FAITH_ESTIMATE = "good_faith_estimate", _("Good faith estimate notice")
        WEBSITE_PRIVACY = "website_privacy", _("Privacy of this website")
        ACCESSIBILITY = "accessibility", _("Accessibility statement")
        COMPLAINTS = "complaints", _("How to complain")

    slug = models.SlugField(_("address on this site"), max_length=60, unique=True)
    duty = models.CharField(
        _("legal notice"),
        max_length=20,
        choices=Duty,
        blank=True,
        help_text=_("Which notice this page is. Empty for most pages."),
    )
    menu = models.CharField(_("menu"), max_length=10, choices=Menu, default=Menu.FOOTER)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    live = models.ForeignKey(
        "clinic.PageRevision", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = [
            models.UniqueConstraint(
                fields=["duty"],
                condition=~Q(duty=""),
                name="one_page_a_duty",
                violation_error_message=_("Another page is this notice already."),
            ),
        ]

    def __str__(self):
        return self.live.title if self.live_id else self.slug

    def get_absolute_url(self):
        return reverse("page_detail", args=[self.slug])


class PageRevision(models.Model):
    """One complete text of a page. The database refuses to change it."""

    page = models.ForeignKey(Page, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=80)
    summary = models.TextField(_("lead"), max_length=300, blank=True)
    description = models.CharField(_("description for search engines"), max_length=160, blank=True)
    body = models.TextField(_("text"), blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="one_page_revision_a_number"),
        ]

    def __str__(self):
        return f"{self.title} ({self.number})"

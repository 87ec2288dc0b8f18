from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DocumentQuerySet(models.QuerySet):
    def listed(self):
        return self.filter(is_listed=True)

    def at(self, location):
        """Those for this location, and those for every one."""
        return self.listed().filter(models.Q(locations=None) | models.Q(locations=location)).distinct()


class Document(models.Model):
    """A PDF to take away, such as a form for new patients."""

    title = models.CharField(_("title"), max_length=100)
    slug = models.SlugField(_("address on this site"), max_length=60, unique=True)
    file = models.FileField(upload_to="documents/", editable=False)
    size = models.PositiveIntegerField(_("size in bytes"), editable=False)

    locations = models.ManyToManyField(
        "clinic.Location",
        blank=True,
        related_name="documents",
        verbose_name=_("locations"),
        help_text=_("None ticked: every location."),
    )
    pages = models.ManyToManyField(
        "clinic.Page", blank=True, related_name="documents", verbose_name=_("listed on the pages")
    )
    is_listed = models.BooleanField(_("shown to patients"), default=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "title"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("document", args=[self.slug])

    @property
    def kilobytes(self):
        return max(1, round(self.size / 1000))

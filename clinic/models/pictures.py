from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from clinic.picture_child import widths_of


class PictureQuerySet(models.QuerySet):
    def lacking_permission(self):
        """Those of people of whom nobody noted that they agreed."""
        return self.filter(shows_people=True, consent="")


class Picture(models.Model):
    """A picture as we stored it: decoded, cleaned of metadata and written anew by clinic.pictures."""

    file = models.ImageField(
        upload_to="pictures/", width_field="width", height_field="height", editable=False
    )
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)

    title = models.CharField(_("name in the library"), max_length=100)
    alt = models.CharField(
        _("alternative text"),
        max_length=200,
        blank=True,
        help_text=_("What the picture tells someone who can't see it. Empty: decoration."),
    )
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    credit = models.CharField(_("credit"), max_length=100, blank=True)

    # The point that stays in sight when the picture is cropped, in percent from the top left corner.
    focal_x = models.PositiveSmallIntegerField(
        _("focal point, from the left"), default=50, validators=[MaxValueValidator(100)]
    )
    focal_y = models.PositiveSmallIntegerField(
        _("focal point, from the top"), default=50, validators=[MaxValueValidator(100)]
    )
    shows_people = models.BooleanField(_("people can be recognized"), default=False)
    consent = models.CharField(
        _("where their written permission is kept"),
        max_length=200,
        blank=True,
        help_text=_("Such as “Paper file, drawer 3”. Needed before a text with this picture goes public."),
    )

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PictureQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self):
        return self.title

    @property
    def lacks_permission(self):
        """Tell whether it shows people of whom nobody noted that they agreed."""
        return self.shows_people and not self.consent

    @property
    def widths(self):
        """Return the widths of the stored WebP copies, in pixels, narrowest first."""
        return widths_of(self.width)

    def copy_name(self, width):
        """Return the storage name of the WebP copy of this width."""
        stem = PurePosixPath(self.file.name)
        return str(stem.with_name(f"{stem.stem}-{width}.webp"))

    @cached_property
    def url(self):
        """Return the address for browsers that know no srcset: the copy of 800 pixels, or the widest."""
        return default_storage.url(self.copy_name(min(800, self.widths[-1])))

    @cached_property
    def thumbnail_url(self):
        """Return the address of the smallest copy."""
        return default_storage.url(self.copy_name(self.widths[0]))

    @cached_property
    def srcset(self):
        return ", ".join(f"{default_storage.url(self.copy_name(width))} {width}w" for width in self.widths)

    def as_data(self):
        """Return what clinic/_picture.html shows, as plain data to be kept ready."""
        shown = ("url", "srcset", "width", "height", "alt", "focus")
        return {name: getattr(self, name) for name in shown}

    @property
    def focus(self):
        """Return the classes that keep the focal point in sight, in steps of ten; none for the middle."""
        steps = {axis: round(value / 10) * 10 for axis, value in (("x", self.focal_x), ("y", self.focal_y))}
        return " ".join(f"focus-{axis}-{step}" for axis, step in steps.items() if step != 50)

"""Form fields that normalise what people type; the rules for text are in clinic.text."""

from datetime import UTC, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic import text

UNREADABLE = _("Some characters could not be read. Type this again.")


class LineField(forms.CharField):
    """One line of text, whatever alphabet it is in."""

    normalise = staticmethod(text.one_line)

    def to_python(self, value):
        value = super().to_python(value)
        if "\x00" in value or text.has_unreadable(value):
            raise ValidationError(UNREADABLE, code="unreadable")
        return self.normalise(value)

    def widget_attrs(self, widget):
        """Leave out maxlength, with which browsers cut what is pasted without a word."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class LinesField(LineField):
    """Text that may have several lines."""

    widget = forms.Textarea
    normalise = staticmethod(text.lines)


class WallClockField(forms.DateTimeField):
    """A moment, typed and shown by the clock of a location: its form sets `zone`.

    Django's own goes by the clinic's clock, and refuses what a clock skips or repeats in spring and autumn.
    """

    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    zone = UTC

    def to_python(self, value):
        with timezone.override(UTC):
            moment = super().to_python(value)
        try:
            return moment and moment.replace(tzinfo=self.zone).astimezone(UTC)
        except OverflowError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def prepare_value(self, value):
        return value.astimezone(self.zone).replace(tzinfo=None) if isinstance(value, datetime) else value

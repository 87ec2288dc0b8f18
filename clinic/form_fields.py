"""Form fields that normalise what people type; the rules are in clinic.text."""

from django import forms
from django.core.exceptions import ValidationError
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

"""Closures as the lines of a CSV text: read with a form each, so that every wrong line is named."""

import csv
import io

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.form_fields import LineField
from clinic.models import Closure, Location

MOST_ROWS = 500
HEADINGS = {
    "first_day": gettext_lazy("first day"),
    "last_day": gettext_lazy("last day"),
    "from_time": gettext_lazy("from"),
    "until_time": gettext_lazy("until"),
    "location": gettext_lazy("location"),
    "reason": gettext_lazy("reason"),
}
# Whatever else the file lacks counts as empty in each of its lines.
NEEDED = ("first_day", "last_day", "reason")
US_DAYS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y")
# Elsewhere the day comes before the month, and a guess would close the clinic on the wrong one.
OTHER_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y")
WRITE_DAY = {
    "invalid": gettext_lazy("Write the day like 2026-12-24."),
    "required": gettext_lazy("Fill in the day."),
}
WRITE_TIME = {"invalid": gettext_lazy("Write the time like 13:30.")}


def read(content, user):
    """Return the closures that a text names, or raise ValidationError with every wrong line."""
    lines = csv.reader(io.StringIO(content, newline=""), delimiter=_delimiter(content))
    try:
        names = _names(next(lines, []))
        rows = [(lines.line_num, cells) for cells in lines if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise ValidationError(_("We found no lines with cells. Save the list as CSV.")) from error
    if not 0 < len(rows) <= MOST_ROWS:
        raise ValidationError(
            _("Give between 1 and %(most)s lines below the headings.") % {"most": MOST_ROWS}
        )
    closures, errors = [], []
    for number, cells in rows:
        form = ClosureRowForm(user, dict(zip(names, map(str.strip, cells), strict=False)))
        wrong = list(form.sentences())
        if any(cell.strip() for cell in cells[len(names) :]):
            wrong.append(_("There are more cells than headings. Put quotes around text with commas."))
        errors += [_("Line %(number)s: %(error)s") % {"number": number, "error": error} for error in wrong]
        closures.append(form.instance)
    if errors:
        raise ValidationError(errors)
    return closures


def _delimiter(content):
    """Return what splits the headings; a tab, if they were copied from a spreadsheet."""
    heading = content.partition("\n")[0]
    return max(";\t,", key=heading.count)


def _names(cells):
    """Return the field that each cell of the heading stands for."""
    known = {str(heading).casefold(): name for name, heading in HEADINGS.items()}
    names = [known.get(cell.strip().casefold()) for cell in cells]
    if not set(NEEDED) <= set(names) <= set(HEADINGS) or len(names) != len(set(names)):
        raise ValidationError(
            _("The first line must hold these headings: %(needed)s. It may hold these: %(others)s.")
            % headings()
        )
    return names


def headings():
    """Return in words which headings are needed, and which others there may be."""
    split = {"needed": NEEDED, "others": [name for name in HEADINGS if name not in NEEDED]}
    return {kind: ", ".join(str(HEADINGS[name]) for name in names) for kind, names in split.items()}


class ClosureRowForm(forms.ModelForm):
    """One line of the file. A last day that is left out is the first day."""

    class Meta:
        model = Closure
        fields = list(HEADINGS)
        field_classes = {"reason": LineField}
        error_messages = {
            "first_day": WRITE_DAY,
            "last_day": WRITE_DAY,
            "from_time": WRITE_TIME,
            "until_time": WRITE_TIME,
            "reason": {"required": gettext_lazy("Tell patients why.")},
        }

    def __init__(self, user, cells):
        super().__init__(cells)
        self.fields["last_day"].required = False
        days = US_DAYS if settings.COUNTRY == "US" else OTHER_DAYS
        self.fields["first_day"].input_formats = self.fields["last_day"].input_formats = days
        self.fields["location"] = forms.ModelChoiceField(
            Location.objects.editable_by(user),
            to_field_name="name",
            required=not user.has_perm("clinic.change_location"),
            error_messages={
                "required": gettext_lazy("Name one of your locations."),
                "invalid_choice": gettext_lazy("None of your locations has this name."),
            },
        )

    def clean(self):
        given = super().clean()
        return {**given, "last_day": given.get("last_day") or given.get("first_day")}

    def sentences(self):
        """Return what is wrong with this line, each with the heading of its cell."""
        for name, errors in self.errors.items():
            heading = f"{HEADINGS[name]}: " if name in HEADINGS else ""
            yield from (f"{heading}{error}" for error in errors)

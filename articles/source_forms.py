"""One source of a text as its editor fills it in."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.form_fields import LineField

SOURCE_KINDS = [
    ("", _("Choose one")),
    ("guideline", _("Guideline")),
    ("review", _("Review of studies")),
    ("trial", _("Single study")),
    ("reference", _("Reference work")),
]


class SourceForm(forms.Form):
    """One source; a row without a title is left out."""

    use_required_attribute = False

    title = LineField(label=_("Title"), max_length=300, required=False)
    publisher = LineField(label=_("Publisher or journal"), max_length=200, required=False)
    year = forms.IntegerField(
        label=_("Year"), min_value=1900, required=False, widget=forms.NumberInput({"class": "width-5"})
    )
    url = forms.URLField(label=_("Web address"), max_length=500, required=False, assume_scheme="https")
    accessed = forms.DateField(
        label=_("Looked up on"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=SOURCE_KINDS, required=False)

    def clean_year(self):
        year = self.cleaned_data["year"]
        if year and year > timezone.localdate().year + 1:
            raise ValidationError(_("Enter the year in which it came out."))
        return year

    def clean(self):
        rest = {name: value for name, value in self.cleaned_data.items() if name != "title"}
        if any(rest.values()) and not self.cleaned_data.get("title"):
            self.add_error("title", _("Enter the title of this source, or empty the whole row."))

    @property
    def source(self):
        """Return the row as it is stored, without what is empty."""
        facts = {name: self.cleaned_data.get(name) for name in self.fields}
        if facts["accessed"]:
            facts["accessed"] = facts["accessed"].isoformat()
        return {name: value for name, value in facts.items() if value}


SourceFormSet = forms.formset_factory(SourceForm, extra=1, max_num=40, absolute_max=60)

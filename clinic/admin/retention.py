from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clinic import retention
from clinic.admin.facts import FactsAdmin
from clinic.models import RetentionPeriod


class RetentionPeriodForm(forms.ModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            choices = [(name, kind.label) for name, kind in retention.adjustable().items()]
            self.fields["kind"] = forms.ChoiceField(label=_("What"), choices=choices)

    def clean(self):
        """Refuse what is out of range, and a longer period without a reason."""
        cleaned = super().clean()
        kind, days = retention.adjustable().get(cleaned.get("kind")), cleaned.get("days")
        if kind is None or days is None or kind.allows(days, cleaned.get("reason", "")):
            return cleaned
        if kind.allows(days, reason="any"):
            said = _("Say why you keep it longer than %(days)s days.") % {"days": kind.days}
            self.add_error("reason", ValidationError(said, code="no_reason"))
        else:
            said = _("Choose from %(least)s to %(most)s days.") % {"least": kind.least, "most": kind.most}
            self.add_error("days", ValidationError(said, code="out_of_range"))
        return cleaned


@admin.register(RetentionPeriod)
class RetentionPeriodAdmin(FactsAdmin):
    """Pages tell the period of requests before somebody sends one, so a change is published."""

    form = RetentionPeriodForm
    fields = ["kind", "days", "reason"]

    def changelist_view(self, request, extra_context=None):
        """List what is kept at its default as well."""
        return super().changelist_view(request, {"periods": retention.periods(), **(extra_context or {})})

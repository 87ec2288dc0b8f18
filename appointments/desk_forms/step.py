"""What the forms of all steps have in common."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appointments.models import MOVES
from appointments.models.choices import HeardFrom
from clinic.form_fields import LinesField


class StepForm(forms.Form):
    """One step of MOVES with one request: what it asks, and the verb that takes it.

    What is asked has the names of the verb's arguments. Days and times are those of the clock that is
    active; the page activates that of the request's location.
    """

    use_required_attribute = False
    step = ""
    verb = None
    done = ""
    note = ""
    is_final = False
    is_possible = True
    permission = "appointments.change_appointmentrequest"

    def __init__(self, appointment_request, by, data=None):
        super().__init__(data, auto_id=f"{self.step}_%s")
        self.appointment_request = appointment_request
        self.by = by

    @property
    def label(self):
        return MOVES[self.step].label

    @property
    def url(self):
        return reverse(
            "admin:appointments_appointmentrequest_step", args=[self.appointment_request.pk, self.step]
        )

    @property
    def asks(self):
        return bool(self.fields)

    @property
    def is_up_to_date(self):
        """Tell whether the page that was answered showed the request as it is now."""
        return self.data.get("seen") == str(self.appointment_request.version)

    @property
    def typed(self):
        """Return what was changed in the form as (label, text), for where the step is possible no more."""
        return [(field.label, _said(field)) for field in self if field.name in self.changed_data]

    def save(self):
        """Take the step, or raise Stale if somebody else was faster."""
        self.verb(self.appointment_request, by=self.by, **self.cleaned_data)


def _said(field):
    labels = {str(value): label for value, label in getattr(field.field, "choices", ())}
    return labels.get(field.value(), field.value())


def remark_field(**options):
    widget = forms.Textarea(attrs={"rows": 1})
    return LinesField(max_length=500, widget=widget, **{"label": _("Remark"), "required": False, **options})


def heard_from_field():
    return forms.ChoiceField(
        label=_("How did they hear of us?"),
        choices=HeardFrom,
        required=False,
        widget=chips(),
    )


def chips():
    return forms.RadioSelect(attrs={"class": "chips"})

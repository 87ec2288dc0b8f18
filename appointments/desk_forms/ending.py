"""Steps that end a request, begin it again, or forget it."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from appointments import desk, retention
from appointments.desk_forms.step import StepForm, heard_from_field, remark_field
from appointments.models import AppointmentRequest
from appointments.models.choices import Outcome
from appointments.references import normalise
from clinic.form_fields import LineField

# Booking and cancelling are steps of their own; a correction closes what it replaces by itself.
CLOSING = [
    (outcome.value, outcome.label)
    for outcome in Outcome
    if outcome not in (Outcome.BOOKED, Outcome.CANCELLED, Outcome.REPLACED)
]
FEWEST_CALLS = 3


class CloseForm(StepForm):
    step = "close"
    verb = staticmethod(desk.close)
    done = _("%(reference)s is closed.")
    note = _("You can undo this right after, or open it again later.")

    outcome = forms.ChoiceField(
        label=_("How did it end?"),
        choices=[("", _("Choose one")), *CLOSING],
        error_messages={"required": _("Choose how it ended.")},
    )
    duplicate_of = LineField(label=_("Duplicate of"), max_length=40, required=False)
    heard_from = heard_from_field()
    remark = remark_field()

    def __init__(self, appointment_request, by, data=None):
        super().__init__(appointment_request, by, data)
        self.initial["heard_from"] = appointment_request.heard_from

    def clean_outcome(self):
        outcome, calls = self.cleaned_data["outcome"], self.appointment_request.attempts
        if outcome == Outcome.UNREACHABLE and calls < FEWEST_CALLS:
            said = ngettext(
                "Only %(calls)s call is logged. Close it as not reached after three.",
                "Only %(calls)s calls are logged. Close it as not reached after three.",
                calls,
            )
            raise ValidationError(said % {"calls": calls})
        return outcome

    def clean_duplicate_of(self):
        """Return the other request if one is asked for: one that this person may see, and that stays."""
        if self.cleaned_data.get("outcome") != Outcome.DUPLICATE:
            return None
        others = AppointmentRequest.objects.visible_to(self.by).exclude(pk=self.appointment_request.pk)
        reference = normalise(self.cleaned_data["duplicate_of"])
        other = others.filter(reference=reference).first()
        if other is None:
            raise ValidationError(_("Enter the reference of the other request."))
        if not (other.is_open or other.has_appointment):
            raise ValidationError(_("That one is closed without an appointment. Keep this one open."))
        return other


class ReopenForm(StepForm):
    step = "reopen"
    verb = staticmethod(desk.reopen)
    done = _("%(reference)s is open again, for everyone.")

    remark = remark_field(
        label=_("Why open it again?"),
        required=True,
        error_messages={"required": _("Say why you open it again.")},
    )


class EraseForm(StepForm):
    step = "erase"
    verb = staticmethod(retention.erase)
    done = _("The details of %(reference)s are erased.")
    note = _("This can’t be undone. Names, contact details, notes and remarks go. Times and outcome stay.")
    is_final = True
    permission = "appointments.erase_requests"

    reason = LineField(
        label=_("Why erase it?"),
        help_text=_("Kept in the audit trail. Name nobody."),
        max_length=200,
        error_messages={"required": _("Say why you erase it.")},
    )

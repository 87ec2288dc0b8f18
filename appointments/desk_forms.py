"""What the front desk is asked at each step with a request; one form a step."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments import desk
from appointments.models import MOVES, Attempt
from appointments.models.choices import Outcome
from clinic.form_fields import LineField, LinesField
from clinic.moves import Stale
from staff.models import Therapist

# A booking closes a request by its own step, a correction by itself.
CLOSING = [
    (outcome.value, outcome.label) for outcome in Outcome if outcome not in (Outcome.BOOKED, Outcome.REPLACED)
]


def remark_field(**options):
    widget = forms.Textarea(attrs={"rows": 1})
    return LinesField(max_length=500, widget=widget, **{"label": _("Remark"), "required": False, **options})


class StepForm(forms.Form):
    """One step of MOVES with one request: what it asks, and the verb that takes it."""

    use_required_attribute = False
    step = ""
    done = ""

    def __init__(self, appointment_request, data=None):
        super().__init__(data, auto_id=f"{self.step}_%s")
        self.appointment_request = appointment_request

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
        return bool(self.visible_fields())


class ClaimForm(StepForm):
    step = "claim"
    done = _("%(reference)s is yours now.")

    def save(self, *, by):
        desk.claim(self.appointment_request, by=by)


class TakeOverForm(StepForm):
    step = "take_over"
    done = _("%(reference)s is yours now.")

    seen_owner = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, appointment_request, data=None):
        super().__init__(appointment_request, data)
        self.initial["seen_owner"] = appointment_request.owner_id

    def save(self, *, by):
        if self.cleaned_data["seen_owner"] != self.appointment_request.owner_id:
            raise Stale
        desk.take_over(self.appointment_request, by=by)


class ReleaseForm(StepForm):
    step = "release"
    done = _("%(reference)s is back in the list for everyone.")

    def save(self, *, by):
        desk.release(self.appointment_request, by=by)


class LogAttemptForm(StepForm):
    step = "log_attempt"
    done = _("The call about %(reference)s is noted.")

    attempt = forms.ChoiceField(
        label=_("How did the call go?"),
        choices=Attempt,
        widget=forms.RadioSelect(attrs={"class": "chips"}),
        error_messages={"required": _("Choose how the call went.")},
    )
    remark = remark_field()

    def save(self, *, by):
        desk.log_attempt(
            self.appointment_request,
            self.cleaned_data["attempt"],
            by=by,
            remark=self.cleaned_data["remark"],
        )


class WaitForm(StepForm):
    step = "wait"
    done = _("%(reference)s waits for the patient now.")

    remark = remark_field(label=_("What are we waiting for?"))

    def save(self, *, by):
        desk.wait(self.appointment_request, by=by, remark=self.cleaned_data["remark"])


class ResumeForm(StepForm):
    step = "resume"
    done = _("%(reference)s is back in your list.")

    def save(self, *, by):
        desk.resume(self.appointment_request, by=by)


class BookForm(StepForm):
    step = "book"
    done = _("The appointment for %(reference)s is recorded.")

    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    time = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    therapist = forms.ModelChoiceField(
        Therapist.objects.filter(left_on=None, is_outside=False),
        label=_("With"),
        required=False,
        empty_label=_("Not decided"),
    )
    number = LineField(label=_("Number in your scheduling system"), max_length=40, required=False)
    remark = remark_field()

    def __init__(self, appointment_request, data=None):
        super().__init__(appointment_request, data)
        self.initial["therapist"] = appointment_request.therapist_id
        # A day with its time or the number must be given, so none of them is called optional.
        for name in ("day", "time", "number"):
            self.fields[name].is_one_of_several = True

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day and day < timezone.localdate():
            raise ValidationError(_("Enter a day that is not over."))
        return day

    def clean(self):
        day, time = self.cleaned_data.get("day"), self.cleaned_data.get("time")
        if day and not time and "time" not in self.errors:
            self.add_error("time", _("Enter the time of the appointment."))
        if time and not day and "day" not in self.errors:
            self.add_error("day", _("Enter the day of the appointment."))
        if not (day or time or self.cleaned_data.get("number") or self.errors):
            self.add_error("day", _("Enter a day and time, or the number in your scheduling system."))

    @property
    def appointment_at(self):
        """Return the moment meant by day and time on the clock of the location."""
        day, time = self.cleaned_data["day"], self.cleaned_data["time"]
        zone = ZoneInfo(self.appointment_request.location.time_zone)
        return datetime.combine(day, time, tzinfo=zone) if day else None

    def save(self, *, by):
        desk.book(
            self.appointment_request,
            by=by,
            appointment_at=self.appointment_at,
            appointment_with=self.cleaned_data["therapist"],
            appointment_number=self.cleaned_data["number"],
            remark=self.cleaned_data["remark"],
        )


class CloseForm(StepForm):
    step = "close"
    done = _("%(reference)s is closed.")

    outcome = forms.ChoiceField(
        label=_("How did it end?"),
        choices=[("", _("Choose one")), *CLOSING],
        error_messages={"required": _("Choose how it ended.")},
    )
    remark = remark_field()

    def save(self, *, by):
        desk.close(
            self.appointment_request,
            self.cleaned_data["outcome"],
            by=by,
            remark=self.cleaned_data["remark"],
        )


class ReopenForm(StepForm):
    step = "reopen"
    done = _("%(reference)s is open again, for everyone.")

    remark = remark_field(
        label=_("Why open it again?"),
        required=True,
        error_messages={"required": _("Say why you open it again.")},
    )

    def save(self, *, by):
        desk.reopen(self.appointment_request, by=by, remark=self.cleaned_data["remark"])


class NotSpamForm(StepForm):
    step = "not_spam"
    done = _("%(reference)s is with the other requests now.")

    def save(self, *, by):
        desk.not_spam(self.appointment_request, by=by)


FORMS = {
    form.step: form
    for form in (
        ClaimForm,
        TakeOverForm,
        ReleaseForm,
        LogAttemptForm,
        WaitForm,
        ResumeForm,
        BookForm,
        CloseForm,
        ReopenForm,
        NotSpamForm,
    )
}

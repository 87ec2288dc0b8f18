"""Steps with the appointment: recorded here, or by its number in the other system."""

from datetime import datetime, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments import desk
from appointments.desk_forms.step import StepForm, heard_from_field, remark_field
from clinic.form_fields import LineField
from staff.models import Therapist

# Whatever is later is a slip of the finger.
FARTHEST = timedelta(days=2 * 365)


class AppointmentForm(StepForm):
    """A day with its time, or the number in the other system."""

    day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter the day of the appointment.")},
    )
    time = forms.TimeField(
        label=_("Time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Enter the time of the appointment.")},
    )
    appointment_with = forms.ModelChoiceField(
        Therapist.objects.filter(left_on=None, is_outside=False),
        label=_("With"),
        required=False,
        empty_label=_("Not decided"),
    )
    appointment_number = LineField(label=_("Number in your scheduling system"), max_length=40, required=False)
    # Hidden until there is reason to ask.
    although_closed = forms.BooleanField(
        label=_("Yes, record it although we are closed then"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, appointment_request, by, data=None):
        super().__init__(appointment_request, by, data)
        # A day with its time or the number must be given, so none of them is called optional.
        for name in ("day", "time", "appointment_number"):
            self.fields[name].is_one_of_several = True

    def clean_day(self):
        day = self.cleaned_data["day"]
        today = timezone.localdate()
        if day and day < today:
            raise ValidationError(_("Enter a day that is not over."))
        if day and day > today + FARTHEST:
            raise ValidationError(_("Enter a day within the next two years."))
        return day

    def clean(self):
        asked = {"day": self.cleaned_data.pop("day", None), "time": self.cleaned_data.pop("time", None)}
        day, time = asked.values()
        if day and not time and "time" not in self.errors:
            self.add_error("time", _("Enter the time of the appointment."))
        if time and not day and "day" not in self.errors:
            self.add_error("day", _("Enter the day of the appointment."))
        if not (day or time or self.cleaned_data.get("appointment_number") or self.errors):
            self.add_error("day", _("Enter a day and time, or the number in your scheduling system."))
        is_confirmed = self.cleaned_data.pop("although_closed", False)
        self.cleaned_data["appointment_at"] = self._moment(day, time, is_confirmed) if day and time else None

    def _moment(self, day, time, is_confirmed):
        moment = datetime.combine(day, time, tzinfo=timezone.get_current_timezone())
        location = self.appointment_request.location
        if moment <= timezone.now():
            self.add_error("time", _("Choose a time that is still to come."))
        elif not (is_confirmed or location.schedule().is_open(moment)):
            self.fields["although_closed"].widget = forms.CheckboxInput()
            said = _("%(location)s is closed then. Record it all the same?")
            self.add_error("although_closed", said % {"location": location.name})
        return moment


class BookForm(AppointmentForm):
    step = "book"
    verb = staticmethod(desk.book)
    done = _("The appointment for %(reference)s is recorded.")

    heard_from = heard_from_field()
    remark = remark_field()

    def __init__(self, appointment_request, by, data=None):
        super().__init__(appointment_request, by, data)
        self.initial["appointment_with"] = appointment_request.therapist_id
        self.initial["heard_from"] = appointment_request.heard_from


class ChangeAppointmentForm(AppointmentForm):
    step = "change_appointment"
    verb = staticmethod(desk.change_appointment)
    done = _("The appointment for %(reference)s is changed.")

    remark = remark_field()

    def __init__(self, appointment_request, by, data=None):
        super().__init__(appointment_request, by, data)
        self.initial["appointment_with"] = appointment_request.appointment_with_id
        self.initial["appointment_number"] = appointment_request.appointment_number
        if appointment_request.appointment_at:
            at = timezone.localtime(appointment_request.appointment_at)
            self.initial |= {"day": at.date(), "time": at.time()}


class CancelAppointmentForm(StepForm):
    step = "cancel_appointment"
    verb = staticmethod(desk.cancel_appointment)
    done = _("The appointment for %(reference)s is cancelled.")

    remark = remark_field()

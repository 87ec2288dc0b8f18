"""Steps that put right how a patient is reached, and who is to call."""

from django import forms
from django.conf import settings
from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _

from appointments import desk
from appointments.desk_forms.step import StepForm, remark_field
from appointments.forms import RequestForm
from appointments.models.choices import Channel
from clinic import phones
from clinic.models import Location

CONTACT = ("full_name", "patient_name", "phone", "email")


class CorrectForm(StepForm):
    step = "correct"
    verb = staticmethod(desk.correct)
    done = _("The contact details of %(reference)s are corrected.")
    note = _("The earlier details stay in the history.")

    # What patients may type here, the desk may type, and nothing else.
    full_name = RequestForm.base_fields["full_name"]
    patient_name = RequestForm.base_fields["patient_name"]
    phone = RequestForm.base_fields["phone"]
    email = RequestForm.base_fields["email"]
    clean_phone = RequestForm.clean_phone
    clean_email = RequestForm.clean_email

    def __init__(self, appointment_request, by, data=None):
        super().__init__(appointment_request, by, data)
        labels = (_("Name"), _("Patient’s name"), _("Phone"), _("E-mail"))
        for name, label in zip(CONTACT, labels, strict=True):
            field = self.fields[name]
            field.label, field.help_text = label, ""
            field.is_one_of_several = True
            # Else a browser offers the details of whoever works at the desk.
            field.widget.attrs["autocomplete"] = "off"
            self.initial[name] = getattr(appointment_request, name)
        self.fields["full_name"].error_messages["required"] = _("Enter the name.")
        if not appointment_request.is_for_someone_else:
            del self.fields["patient_name"]

    def clean(self):
        given, asked = self.cleaned_data, self.appointment_request
        if not (given.get("phone") or given.get("email") or self.errors):
            self.add_error("phone", _("Enter a phone number or an e-mail address"))
        changed = {name: value for name, value in given.items() if value != getattr(asked, name)}
        if "phone" in changed:
            parsed = phones.parse(changed["phone"], settings.COUNTRY)
            changed["phone_e164"] = parsed.e164 if parsed else ""
        if not given.get(asked.channel) and not self.errors:
            changed["channel"] = Channel.EMAIL if asked.channel == Channel.PHONE else Channel.PHONE
        if not (changed or self.errors):
            self.add_error("full_name", _("Nothing is different. Change what is wrong."))
        return changed


class RelocateForm(StepForm):
    step = "relocate"
    verb = staticmethod(desk.relocate)
    done = _("%(reference)s is moved. The desk there is told.")

    location = forms.ModelChoiceField(
        Location.objects.all(),
        label=_("Location"),
        empty_label=_("Choose one"),
        error_messages={"required": _("Choose a location.")},
    )
    remark = remark_field()

    def __init__(self, appointment_request, by, data=None):
        super().__init__(appointment_request, by, data)
        self.fields["location"].queryset = Location.objects.exclude(pk=appointment_request.location_id)
        self.others = list(self.fields["location"].queryset)

    @property
    def is_possible(self):
        return bool(self.others)

    @property
    def note(self):
        """Say what moves where, and who alone can send it back."""
        asked = self.appointment_request
        about = {"name": asked.full_name, "reference": asked.reference, "places": _either(self.others)}
        told = _("Move %(reference)s, %(name)s, to %(places)s. Their desk is told. The promised time stays.")
        is_everywhere = self.by.has_perm("appointments.view_every_location")
        seen = self.others if is_everywhere else self.by.locations.all()
        unseen = [place for place in self.others if place not in seen]
        back = _("Only %(places)s can send it back.") % {"places": _either(unseen)} if unseen else ""
        return f"{told % about} {back}".strip()


def _either(places):
    return get_text_list([place.name for place in places], _("or"))

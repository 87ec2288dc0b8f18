"""The patient's form: few questions, and errors in words that say what to do."""

import logging

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout
from django import forms
from django.conf import settings
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from appointments import form_token, offers
from appointments.form_fields import CountedTextarea, LocationField
from appointments.models.choices import CallTime, Channel, Day, PartOfDay, Purpose, Referral
from clinic import phones
from clinic.form_fields import LineField, LinesField
from clinic.models import Clinic, Location
from staff.models import Therapist

log = logging.getLogger(__name__)

LONGEST_NOTE = 500
ME, SOMEONE_ELSE = "me", "else"

check_email = EmailValidator(_("Enter an e-mail address such as name@example.com"))

WHO = _("Who is it for?")
REACH = _("How can we reach you?")
WHAT = _("What do you need, and when?")
WHICH_APPOINTMENT = _("Which day and time, and do you want to move or cancel it? Up to 500 characters.")


def _says(message):
    """One message for a choice that is missing and one that was never offered."""
    return {"required": message, "invalid_choice": message}


class RequestForm(forms.Form):
    use_required_attribute = False

    who = forms.ChoiceField(
        label=_("This is for"),
        choices=[(ME, _("Me")), (SOMEONE_ELSE, _("Someone else"))],
        initial=ME,
        widget=forms.RadioSelect,
        error_messages=_says(_("Choose who this is for")),
    )
    full_name = LineField(
        label=_("Your full name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={
            "required": _("Enter your full name"),
            "max_length": _("Your full name must be 100 characters or fewer"),
        },
    )
    patient_name = LineField(
        label=_("Name of the person who needs care"),
        help_text=_("Only if this is for someone else."),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"max_length": _("The person’s name must be 100 characters or fewer")},
    )

    phone = LineField(
        label=_("Phone number"),
        help_text=_("A phone number or an e-mail address is enough."),
        max_length=30,
        required=False,
        widget=forms.TelInput(attrs={"autocomplete": "tel", "class": "width-20"}),
        error_messages={
            "max_length": _("Enter a phone number of 30 characters or fewer, such as 555 010 0177")
        },
    )
    email = LineField(
        label=_("E-mail address"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"max_length": _("The e-mail address must be 254 characters or fewer")},
    )
    channel = forms.ChoiceField(
        label=_("Best way to reach you"),
        help_text=_("E-mail is not fully private. Choose phone if you prefer."),
        choices=Channel,
        initial=Channel.PHONE,
        widget=forms.RadioSelect(attrs={"class": "chips"}),
        error_messages=_says(_("Choose the best way to reach you")),
    )
    may_leave_message = forms.BooleanField(
        label=_("You may leave a message if I don’t answer"), required=False
    )
    wants_no_email = forms.BooleanField(label=_("Don’t send me automatic e-mails"), required=False)
    call_time = forms.ChoiceField(
        label=_("Best time to call"),
        choices=CallTime,
        initial=CallTime.ANY,
        widget=forms.RadioSelect(attrs={"class": "chips"}),
        error_messages=_says(_("Choose the best time to call")),
    )

    purpose = forms.ChoiceField(
        label=_("New or returning"),
        help_text=_("To change or cancel an appointment, call us first. It is quicker."),
        choices=Purpose,
        initial=Purpose.NEW,
        widget=forms.RadioSelect,
        error_messages=_says(_("Choose new, returning or change")),
    )
    location = LocationField(
        label=_("Location"),
        queryset=Location.objects.taking_requests(),
        empty_label=None,
        to_field_name="slug",
        widget=forms.RadioSelect,
        error_messages=_says(_("Choose a location")),
    )
    therapist = forms.ModelChoiceField(
        label=_("Therapist"),
        queryset=Therapist.objects.taking_new_patients(),
        required=False,
        empty_label=_("No preference"),
        to_field_name="slug",
        error_messages=_says(_("Choose one of these therapists, or no preference")),
    )
    plan = forms.ChoiceField(
        label=_("How will you pay?"),
        help_text=_("The name is enough. Never send card or member numbers."),
        required=False,
        error_messages=_says(_("Choose one of these ways to pay")),
    )
    referral = forms.ChoiceField(
        label=_("Has a doctor referred you?"),
        choices=[("", _("Choose if you know")), *Referral.choices],
        required=False,
        widget=forms.Select(attrs={"class": "width-20"}),
        error_messages=_says(_("Choose yes, no or not sure")),
    )
    suits = forms.MultipleChoiceField(
        label=_("When would suit you?"),
        initial=[offers.ANY_TIME],
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}),
        error_messages=_says(_("Choose from these days and times")),
    )
    needs = LineField(
        label=_("Interpreter or access needs"),
        help_text=_("Such as Spanish, sign language or step-free access."),
        max_length=100,
        required=False,
        error_messages={"max_length": _("Your needs must be 100 characters or fewer")},
    )
    notes = LinesField(
        label=_("Anything we should know?"),
        help_text=_("Up to 500 characters. No medical details or card numbers."),
        max_length=LONGEST_NOTE,
        required=False,
        widget=CountedTextarea(most=LONGEST_NOTE),
        error_messages={"max_length": _("Your note must be 500 characters or fewer")},
    )
    # Out of sight: only programs that fill in everything find it (appointments.suspicion).
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        clinic = Clinic.objects.first() or Clinic()
        if clinic.asks_insurance:
            self.fields["plan"].choices = offers.ways_to_pay()
        else:
            del self.fields["plan"]
        self.fields["suits"].choices = offers.days_and_times()
        # One of the two must be given, and the name for someone else: so none is called optional.
        for name in ("phone", "email", "patient_name"):
            self.fields[name].is_one_of_several = True
        self.not_asked = self._not_asked()
        if self.is_for_change:
            self.fields["notes"].help_text = WHICH_APPOINTMENT
        self.only_location = self._only_location()
        if self.only_location:
            del self.fields["location"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = self._layout()

    @property
    def is_for_change(self):
        """Say whether an appointment that exists is to be changed or cancelled."""
        return self["purpose"].value() == Purpose.CHANGE

    def _not_asked(self):
        """Return what a change has no need of, unless it was answered before."""
        optional = [name for name in ("plan", "referral") if self.is_for_change and name in self.fields]
        return [name for name in optional if not self[name].value()]

    def _only_location(self):
        """Return the clinic's one location, unless the patient had chosen another before.

        Where others are only paused, the patient must see which one is left.
        """
        locations = list(self.fields["location"].queryset)
        is_only = len(locations) == 1 and Location.objects.count() == 1
        return locations[0] if is_only and self.data.get("location", "") in ("", locations[0].slug) else None

    def _layout(self):
        groups = {
            WHO: ["who", "full_name", "patient_name"],
            REACH: ["phone", "email", "channel", "may_leave_message", "wants_no_email", "call_time"],
            WHAT: ["purpose", "location", "therapist", "plan", "referral", "suits", "needs", "notes"],
        }
        asked = self.fields.keys() - set(self.not_asked)
        sections = (
            Fieldset(legend, *(name for name in names if name in asked)) for legend, names in groups.items()
        )
        return Layout(*sections, Field("website", wrapper_class="visually-hidden"))

    def clean_phone(self):
        phone = self.cleaned_data["phone"]
        if phone and not phones.can_be_dialled(phone, settings.COUNTRY):
            raise forms.ValidationError(_("Enter a phone number we can dial, such as 555 010 0177"))
        return phone

    def clean_email(self):
        email = self.cleaned_data["email"]
        # Django accepts a quoted local part, which few mail servers do.
        if '"' in email:
            raise forms.ValidationError(check_email.message)
        if email:
            check_email(email)
        return email

    def clean_suits(self):
        """Take "any time" for what is ticked from the start: a day or time beside it says more."""
        chosen = [choice for choice in self.cleaned_data["suits"] if choice != offers.ANY_TIME]
        return chosen or self.cleaned_data["suits"]

    def clean(self):
        answers = super().clean()
        if answers.get("who") == SOMEONE_ELSE and not answers.get("patient_name"):
            self._add("patient_name", _("Enter the name of the person who needs care"))
        self._check_contact(answers)
        if self.token is None:
            self.add_error(None, _("Check your answers and send again"))
        self._log_tampering()
        return answers

    def _check_contact(self, answers):
        phone, email, channel = answers.get("phone"), answers.get("email"), answers.get("channel")
        if {"phone", "email"} & set(self.errors):
            return
        if not phone and not email:
            self._add("phone", _("Enter a phone number or an e-mail address"))
        elif channel == Channel.PHONE and not phone:
            self._add("phone", _("Enter a phone number, or choose e-mail"))
        elif channel == Channel.EMAIL and not email:
            self._add("email", _("Enter an e-mail address, or choose phone"))

    def _add(self, field, message):
        if field not in self.errors:
            self.add_error(field, message)

    def _log_tampering(self):
        if fields := [name for name in self.errors if self.has_error(name, "invalid_choice")]:
            log.warning("journey.choice_not_offered fields=%s", ",".join(fields))

    @property
    def token(self):
        """Return the FormToken that came with the answers, or None if it is missing or altered."""
        return form_token.read(self.data.get("token"))

    @property
    def answers(self):
        """Return the cleaned answers as fields of AppointmentRequest."""
        given = self.cleaned_data
        parsed = phones.parse(given["phone"], settings.COUNTRY) if given["phone"] else None
        someone_else = given["who"] == SOMEONE_ELSE
        plain = ("full_name", "phone", "email", "channel", "may_leave_message", "wants_no_email", "call_time")
        plain += ("purpose", "therapist", "referral", "needs", "notes")
        return {
            **{name: given[name] for name in plain},
            **offers.payment(given.get("plan", "")),
            "is_for_someone_else": someone_else,
            "patient_name": given["patient_name"] if someone_else else "",
            "phone_e164": parsed.e164 if parsed else "",
            "location": self.only_location or given["location"],
            "days": [day for day in Day.values if day in given["suits"]],
            "parts_of_day": [part for part in PartOfDay.values if part in given["suits"]],
        }

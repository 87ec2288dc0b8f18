"""A request taken by phone or at the counter: one short page, and then the same clock and the same list."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments import desk, form_token, intake, origins, promises
from appointments.forms import RequestForm
from appointments.intake import Arrival
from appointments.models.choices import CallTime, Channel, Purpose, Screening, Source
from clinic import audit, emergency, phones
from clinic.form_fields import LineField, LinesField
from clinic.models import Location
from clinic.moves import Stale
from staff.models import Therapist

# In the words of whoever asks, where the patient's form has those of whoever answers.
SIGNS = [
    (Screening.NONE, gettext_lazy("None of these")),
    (Screening.YES, gettext_lazy("Yes")),
    (Screening.NOT_SURE, gettext_lazy("Not sure")),
]
PURPOSES = [
    (Purpose.NEW, gettext_lazy("New here")),
    (Purpose.RETURNING, gettext_lazy("Was here before")),
    (Purpose.CHANGE, gettext_lazy("Change or cancel an appointment")),
]
PLAIN = (
    "full_name",
    "patient_name",
    "phone",
    "email",
    "location",
    "purpose",
    "call_time",
    "may_leave_message",
    "therapist",
    "notes",
)


def chips(field, missing, **options):
    """Return a choice that one tap or one key answers."""
    widget = forms.RadioSelect(attrs={"class": "chips"})
    says = {"required": missing, "invalid_choice": missing}
    return field(widget=widget, error_messages=says, **options)


class EnterForm(forms.Form):
    """What must be asked comes first; the rest may stay as it is."""

    use_required_attribute = False

    full_name = LineField(
        label=gettext_lazy("Name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autofocus": True}),
        error_messages={"required": gettext_lazy("Enter the caller’s name.")},
    )
    phone = LineField(
        label=gettext_lazy("Phone number"),
        max_length=30,
        required=False,
        widget=forms.TelInput(attrs={"autocomplete": "off"}),
    )
    email = LineField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    location = chips(
        forms.ModelChoiceField,
        gettext_lazy("Choose a location."),
        queryset=Location.objects.none(),
        label=gettext_lazy("Location"),
        empty_label=None,
    )
    screening = chips(
        forms.ChoiceField,
        gettext_lazy("Ask about the warning signs, and choose the answer."),
        choices=SIGNS,
        label=gettext_lazy("Warning signs?"),
    )
    purpose = chips(
        forms.ChoiceField,
        gettext_lazy("Choose new, returning or change."),
        choices=PURPOSES,
        label=gettext_lazy("New or returning"),
        initial=Purpose.NEW,
    )
    call_time = chips(
        forms.ChoiceField,
        gettext_lazy("Choose the best time to call."),
        choices=CallTime,
        label=gettext_lazy("Best time to call"),
        initial=CallTime.ANY,
    )
    may_leave_message = forms.BooleanField(label=gettext_lazy("We may leave a message"), required=False)
    patient_name = LineField(label=gettext_lazy("Patient, if someone else"), max_length=100, required=False)
    therapist = forms.ModelChoiceField(
        Therapist.objects.listed(),
        label=gettext_lazy("Therapist"),
        required=False,
        empty_label=gettext_lazy("No preference"),
        error_messages={"invalid_choice": gettext_lazy("Choose one of these therapists, or no preference.")},
    )
    notes = LinesField(
        label=gettext_lazy("Notes"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    clean_phone = RequestForm.clean_phone
    clean_email = RequestForm.clean_email

    def __init__(self, places, data=None):
        super().__init__(data)
        self.fields["location"].queryset = places
        if len(places) == 1:
            self.initial["location"] = places[0]
        # One of the two must be given, so neither is called optional.
        self.fields["phone"].is_one_of_several = self.fields["email"].is_one_of_several = True
        line = emergency.for_country(settings.COUNTRY)
        self.fields["screening"].help_text = _("If yes, say first: %(action)s.") % {"action": line.action}

    @property
    def token(self):
        """Return the FormToken that came with the answers, or None if it is missing or altered."""
        return form_token.read(self.data.get("token"))

    def clean(self):
        given = super().clean()
        if not (given.get("phone") or given.get("email") or {"phone", "email"} & set(self.errors)):
            self.add_error("phone", _("Enter a phone number or an e-mail address."))
        if self.token is None:
            self.add_error(None, _("Look through the answers and save again."))
        return given

    @property
    def answers(self):
        """Return the cleaned answers as fields of AppointmentRequest."""
        given = self.cleaned_data
        parsed = phones.parse(given["phone"], settings.COUNTRY) if given["phone"] else None
        return {
            **{name: given[name] for name in PLAIN},
            "is_for_someone_else": bool(given["patient_name"]),
            "phone_e164": parsed.e164 if parsed else "",
            "channel": Channel.PHONE if given["phone"] else Channel.EMAIL,
        }

    def save(self, *, wording, by, now):
        """Store the request of a patient who was asked about this wording of the card, and return it."""
        screening = self.cleaned_data["screening"]
        arrival = Arrival(screening=screening, card_version=wording, source=Source.DESK)
        return intake.accept(self.answers, token=self.token.key, arrival=arrival, now=now, by=by)


def enter(request):
    """Show the page; store complete answers and lead to the request."""
    if not request.user.has_perm("appointments.change_appointmentrequest"):
        audit.record("request.denied", subject="enter", request=request)
        raise PermissionDenied
    form = EnterForm(Location.objects.editable_by(request.user), request.POST or None)
    origin = origins.read(request.POST)
    if form.is_bound and form.is_valid():
        return redirect(_save(request, form, origin.card))
    context = {
        **admin.site.each_context(request),
        "title": _("New request by phone or at the counter"),
        "form": form,
        "wording": origin.card,
        "hidden": {
            "token": form.data["token"] if form.token else form_token.issue(),
            **origin.beside,
        }.items(),
    }
    return render(request, "admin/appointments/enter.html", context)


def _save(request, form, wording):
    now = timezone.now()
    entered = form.save(wording=wording, by=request.user, now=now)
    audit.record("request.entered", subject=entered.reference, request=request)
    words = {"reference": entered.reference, "by": promises.in_words(entered)}
    messages.success(request, _("Saved as %(reference)s. Tell the caller: we call by %(by)s.") % words)
    if "mine" in request.POST and entered.owner_id != request.user.pk:
        _claim(request, entered)
    return entered


def _claim(request, entered):
    try:
        desk.claim(entered, by=request.user)
    except Stale as stale:
        messages.error(request, stale.message)

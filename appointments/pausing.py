"""The front desk's page to stop taking requests online at one of its places, and to go on."""

from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import audit, pauses
from clinic.clock import spoken_with_day
from clinic.form_fields import LineField, WallClockField
from clinic.models import Location

PAGE = "admin:appointments_appointmentrequest_pause"


class PauseForm(forms.Form):
    """Where, until when and why; the reason is read by patients."""

    use_required_attribute = False

    location = forms.ModelChoiceField(
        Location.objects.none(),
        label=gettext_lazy("Location"),
        empty_label=gettext_lazy("Choose one"),
        error_messages={"required": gettext_lazy("Choose a location.")},
    )
    until = WallClockField(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy("By the clock of that location."),
        error_messages={
            "required": gettext_lazy("Choose day and time."),
            "invalid": gettext_lazy("Choose day and time."),
        },
    )
    reason = LineField(
        label=gettext_lazy("Reason, shown to patients"),
        max_length=160,
        help_text=gettext_lazy("Such as “Our phones are down.” They are told to call."),
        error_messages={"required": gettext_lazy("Tell patients why.")},
    )

    def __init__(self, places, data=None):
        super().__init__(data)
        self.fields["location"].queryset = places

    def clean_location(self):
        location = self.cleaned_data["location"]
        # Cleaned after it, and read by the clock on its wall.
        self.fields["until"].zone = ZoneInfo(location.time_zone)
        return location

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until <= timezone.now():
            raise forms.ValidationError(_("Choose a time that is still to come."))
        return until


def pause(request):
    """Show which places are paused; pause the one that is posted, or open it again."""
    if not request.user.has_perm("appointments.change_appointmentrequest"):
        audit.record("request.denied", subject="pause", request=request)
        raise PermissionDenied
    places = Location.objects.editable_by(request.user).filter(takes_online_requests=True)
    if request.method == "POST" and "reopen" in request.POST:
        return _reopen(request, places)
    form = PauseForm(places, request.POST or None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        pauses.pause(data["location"], until=data["until"], reason=data["reason"], by=request.user)
        messages.success(request, _("%(place)s takes no requests online.") % {"place": data["location"]})
        return redirect(PAGE)
    context = {
        **admin.site.each_context(request),
        "title": _("Pause online requests"),
        "form": form,
        "paused": [(place, _until(place)) for place in places.filter(paused_until__gt=timezone.now())],
    }
    return render(request, "admin/appointments/pause.html", context)


def _until(place):
    """Say the end of a pause by the clock of its location, as it was typed."""
    return spoken_with_day(place.paused_until, ZoneInfo(place.time_zone), settings.COUNTRY)


def _reopen(request, places):
    chosen = request.POST["reopen"]
    for place in places:
        if str(place.pk) == chosen:
            pauses.reopen(place, by=request.user)
            messages.success(request, _("%(place)s takes requests online again.") % {"place": place})
    return redirect(PAGE)

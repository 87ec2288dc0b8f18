"""Find a caller: by name, phone, e-mail address or reference."""

from django import forms
from django.contrib import admin, messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.inbox import INBOX, refuse_others
from appointments.models import AppointmentRequest
from appointments.references import normalise
from appointments.request_steps import SeeOther
from clinic import audit
from clinic.form_fields import LineField

# Whoever has a caller on the phone asks for more letters instead of reading on.
AT_MOST = 20


class SearchForm(forms.Form):
    query = LineField(max_length=100)


def search(request):
    """Show what was found; a POST, so that no patient's name stands in an address."""
    refuse_others(request, "search")
    form = SearchForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        if request.method == "POST":
            messages.error(request, _("Type a name, phone number, e-mail address or reference."))
        return redirect(INBOX)
    typed = form.cleaned_data["query"]
    matching = AppointmentRequest.objects.visible_to(request.user).matching(typed)
    found = list(matching.latest_first().for_lists()[: AT_MOST + 1])
    audit.record("request.searched", count=len(found), request=request)
    if [one.reference for one in found] == [normalise(typed)]:
        return SeeOther(found[0].get_absolute_url())
    context = {
        **admin.site.each_context(request),
        "title": _("Search results"),
        "now": timezone.now(),
        "typed": typed,
        "due_heading": _("Call by or outcome"),
        "requests": found[:AT_MOST],
        "has_more": len(found) > AT_MOST,
    }
    return render(request, "admin/appointments/search.html", context)

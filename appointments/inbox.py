"""The list that the front desk works from: tabs, pages of fifty, and the search."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.models import AppointmentRequest
from appointments.models.rows import NUMBERS
from clinic import audit
from clinic.form_fields import LineField

INBOX = "admin:appointments_appointmentrequest_changelist"
TABS = {
    "to_do": gettext_lazy("To do"),
    "waiting": gettext_lazy("Waiting for patient"),
    "mine": gettext_lazy("Mine"),
    "closed": gettext_lazy("Closed"),
    "maybe_spam": gettext_lazy("Maybe spam"),
}
PAGE_SIZE = 50


class InboxFilter(forms.Form):
    """What the address of the list may ask for; anything else counts as not asked."""

    tab = forms.ChoiceField(choices=TABS.items(), required=False)
    # A larger number is no id, and SQLite refuses to compare with it.
    location = forms.IntegerField(required=False, max_value=BigIntegerField.MAX_BIGINT)
    after = forms.IntegerField(required=False)

    def __init__(self, data):
        super().__init__(data)
        self.full_clean()
        self.chosen_tab = self.cleaned_data.get("tab") or "to_do"
        self.chosen_location = self.cleaned_data.get("location")

    def rows(self, visible, user, now):
        """Return the requests of the chosen tab and place, from the chosen one on."""
        rows = {
            "to_do": visible.to_do(now).in_order(),
            "waiting": visible.waiting(now).in_order(),
            "mine": visible.owned_by(user).in_order(),
            "closed": visible.closed().latest_first(),
            "maybe_spam": visible.maybe_spam().in_order(),
        }[self.chosen_tab]
        if self.chosen_location:
            rows = rows.filter(location=self.chosen_location)
        if after := self.cleaned_data.get("after"):
            last = visible.filter(pk=after).first()
            if last and self.chosen_tab == "closed" and last.closed_at:
                return rows.closed_before(last)
            if last and self.chosen_tab != "closed":
                return rows.after(last)
        return rows


class SearchForm(forms.Form):
    query = LineField(
        label=gettext_lazy("Find by name, phone, e-mail or reference"),
        max_length=100,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "placeholder": gettext_lazy("Find by name, phone or reference"),
            }
        ),
    )


def inbox(request):
    """Show one tab of the requests that this person may see."""
    _refuse_others(request, "inbox")
    now = timezone.now()
    asked = InboxFilter(request.GET)
    visible = AppointmentRequest.objects.visible_to(request.user)
    rows = asked.rows(visible, request.user, now).select_related("location", "owner")
    page = list(rows[: PAGE_SIZE + 1])
    places = list(visible.counted(request.user, now))
    counts = totals(place for place in places if asked.chosen_location in (None, place["location"]))
    audit.record("request.listed", subject=asked.chosen_tab, count=len(page[:PAGE_SIZE]), request=request)
    context = {
        "title": _("Requests"),
        "tabs": [(name, label, counts.get(name)) for name, label in TABS.items()],
        "asked": asked,
        "places": places,
        "requests": page[:PAGE_SIZE],
        "has_more": len(page) > PAGE_SIZE,
    }
    return _list(request, "inbox.html", context, now)


def totals(places):
    """Add the numbers of these places up."""
    places = list(places)
    return {name: sum(place[name] for place in places) for name in NUMBERS}


def search(request):
    """Show what was found; a POST, so that no patient's name stands in an address."""
    _refuse_others(request, "search")
    form = SearchForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        if request.method == "POST":
            messages.error(request, _("Type a name, phone number, e-mail address or reference."))
        return redirect(INBOX)
    visible = AppointmentRequest.objects.visible_to(request.user)
    rows = visible.matching(form.cleaned_data["query"]).latest_first().select_related("location", "owner")
    found = list(rows[: PAGE_SIZE + 1])
    audit.record("request.searched", count=len(found), request=request)
    context = {
        "title": _("Search results"),
        "requests": found[:PAGE_SIZE],
        "has_more": len(found) > PAGE_SIZE,
        "search_form": form,
    }
    return _list(request, "search.html", context, timezone.now())


def _list(request, template, context, now):
    context = {"search_form": SearchForm(), "now": now, **admin.site.each_context(request), **context}
    return render(request, f"admin/appointments/{template}", context)


def _refuse_others(request, subject):
    if not request.user.has_perm("appointments.view_appointmentrequest"):
        audit.record("request.denied", subject=subject, request=request)
        raise PermissionDenied

"""Requests as a file: whose, which columns and why is asked first, and kept in the audit trail."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import CharField
from django.db.models.functions import Coalesce
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.models import AppointmentRequest
from appointments.models.choices import Status
from appointments.reports import figures
from appointments.reports.columns import ALWAYS, COLUMNS
from appointments.reports.page import DEFAULT_WEEKS, WEEKS, places_of
from appointments.reports.weeks import Period
from clinic import audit, csv_files
from clinic.form_fields import LineField
from clinic.models import Location

ROWS_AT_A_TIME = 1000
# Columns that identify nobody.
HARMLESS = ["course", "origin"]


class RequestExportForm(forms.Form):
    """Which requests, which of their columns, and why; what identifies patients only if ticked."""

    use_required_attribute = False

    weeks = forms.TypedChoiceField(
        label=gettext_lazy("Received in the last"),
        choices=[*WEEKS.items(), (0, gettext_lazy("All there are"))],
        coerce=int,
        initial=DEFAULT_WEEKS,
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"), choices=[("", gettext_lazy("Any")), *Status.choices], required=False
    )
    location = forms.ModelChoiceField(
        Location.objects.none(),
        label=gettext_lazy("Location"),
        empty_label=gettext_lazy("All"),
        required=False,
    )
    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Columns, beside reference, location and time"),
        choices=[(name, label) for name, (label, _columns) in COLUMNS.items()],
        initial=HARMLESS,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}),
    )
    reason = LineField(
        label=gettext_lazy("Reason, kept in the audit trail"),
        max_length=200,
        help_text=gettext_lazy("Name no patient."),
        error_messages={"required": gettext_lazy("Say what you need it for.")},
    )

    def __init__(self, user, data=None):
        super().__init__(data)
        self.visible = AppointmentRequest.objects.visible_to(user)
        places = [place.pk for place in places_of(user)]
        self.fields["location"].queryset = Location.objects.filter(pk__in=places)

    @property
    def columns_asked(self):
        chosen = self.cleaned_data["columns"]
        return ALWAYS | {
            head: read for name in COLUMNS if name in chosen for head, read in COLUMNS[name][1].items()
        }

    @property
    def about(self):
        """Name columns and filters for the audit trail, never what was filtered by."""
        filters = [name for name in ("weeks", "state", "location") if self.cleaned_data[name]]
        chosen = [name for name in COLUMNS if name in self.cleaned_data["columns"]]
        return f"{' '.join(chosen)}; {' '.join(filters)}"

    def rows(self, now):
        asked = self.cleaned_data
        rows = self.visible
        if asked["weeks"]:
            rows = figures.within(rows, Period.until(now, asked["weeks"], timezone.get_default_timezone()))
        if asked["state"]:
            rows = rows.filter(status=asked["state"])
        if asked["location"]:
            rows = rows.filter(location=asked["location"])
        return rows


def export(request):
    """Ask what is to be exported and why; a POST downloads it."""
    if not request.user.has_perm("appointments.export_requests"):
        audit.record("request.denied", subject="export", request=request)
        raise PermissionDenied
    form = RequestExportForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _download(request, form, timezone.now())
    context = {**admin.site.each_context(request), "title": _("Export requests"), "form": form}
    return render(request, "admin/appointments/export.html", context)


def _download(request, form, now):
    """Write the audit trail first: the rows leave one by one, and nobody can call them back."""
    rows = form.rows(now)
    reason = form.cleaned_data["reason"]
    audit.record("request.exported", subject=form.about, count=rows.count(), reason=reason, request=request)
    return csv_files.response(f"requests-{timezone.localdate(now)}", _written(rows, form.columns_asked))


def _written(rows, columns):
    yield columns
    rows = rows.select_related("location", "therapist", "insurance_plan").order_by("received_at", "pk")
    title = Coalesce("article__live__title", "article__slug", output_field=CharField())
    for row in rows.annotate(article_title=title).iterator(ROWS_AT_A_TIME):
        yield [read(row) for read in columns.values()]

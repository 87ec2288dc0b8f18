"""The page of reports, and its tables as downloads."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.models import AppointmentRequest
from appointments.reports import charts
from appointments.reports.report import EXPORTS, Report
from appointments.reports.weeks import Period
from clinic import audit, csv_files
from clinic.form_fields import LineField
from clinic.models import Location

WEEKS = {4: gettext_lazy("4 weeks"), 12: gettext_lazy("12 weeks"), 52: gettext_lazy("52 weeks")}
DEFAULT_WEEKS = 12


class ReportFilter(forms.Form):
    """What the address of the page may ask for; anything else counts as not asked."""

    weeks = forms.TypedChoiceField(
        choices=WEEKS.items(), coerce=int, empty_value=DEFAULT_WEEKS, required=False
    )
    # A larger number is no id, and SQLite refuses to compare with it.
    location = forms.IntegerField(required=False, max_value=BigIntegerField.MAX_BIGINT)

    def __init__(self, data, places):
        super().__init__(data)
        self.full_clean()
        self.chosen_weeks = self.cleaned_data.get("weeks") or DEFAULT_WEEKS
        asked = self.cleaned_data.get("location")
        self.chosen_location = next((place for place in places if place.pk == asked), None)


class TableExportForm(forms.Form):
    """Which table is to be downloaded, and why."""

    use_required_attribute = False

    table = forms.ChoiceField(label=gettext_lazy("Table"), choices=EXPORTS.items())
    reason = LineField(
        label=gettext_lazy("Reason, kept in the audit trail"),
        max_length=200,
        help_text=gettext_lazy("Such as “Monthly meeting of the owners”. Name no patient."),
        error_messages={"required": gettext_lazy("Say what you need it for.")},
    )


def places_of(user):
    """Return the locations whose requests somebody may see."""
    every = user.has_perm("appointments.view_every_location")
    return list(Location.objects.all() if every else user.locations.all())


def reports(request):
    """Show the reports of a period; a POST downloads one of their tables."""
    if not request.user.has_perm("appointments.view_reports"):
        audit.record("request.denied", subject="reports", request=request)
        raise PermissionDenied
    now, places = timezone.now(), places_of(request.user)
    asked = ReportFilter(request.GET, places)
    period = Period.until(now, asked.chosen_weeks, timezone.get_default_timezone())
    rows = AppointmentRequest.objects.visible_to(request.user)
    report = Report(rows, period, places, now, chosen=asked.chosen_location)
    form = TableExportForm(request.POST if request.method == "POST" else None)
    if form.is_bound and not request.user.has_perm("appointments.export_requests"):
        audit.record("request.denied", subject="report", request=request)
        raise PermissionDenied
    if form.is_valid():
        return _download(request, report, **form.cleaned_data)
    return _show(request, report, asked, places, form)


def _download(request, report, table, reason):
    rows = list(report.export(table))
    audit.record("report.exported", subject=table, count=len(rows[1:]), reason=reason, request=request)
    return csv_files.response(f"{table}-{report.period.last_day}", rows)


def _show(request, report, asked, places, form):
    context = {
        **admin.site.each_context(request),
        "title": _("Reports"),
        "asked": asked,
        "choices": WEEKS,
        "places": places,
        "report": report,
        "looks": charts.PROMISES,
        "form": form,
    }
    return render(request, "admin/appointments/reports.html", context)

"""The holidays of a year from a spreadsheet: all of its rows become closures, or none."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic import audit, csv_files, facts
from clinic.admin import closure_rows
from clinic.models import Closure

MOST_BYTES = 100 * 1024
SAMPLE = (
    ("2026-12-24", "2026-12-25", "", "", "", gettext_lazy("Holidays")),
    ("2026-12-31", "", "13:00", "", "", gettext_lazy("New Year’s Eve")),
)


class ClosureImportForm(forms.Form):
    """A file, or its text pasted; `closures` holds what is new in it."""

    use_required_attribute = False

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        required=False,
        help_text=gettext_lazy("Save your spreadsheet as CSV, with commas or semicolons."),
        error_messages={"empty": gettext_lazy("This file is empty.")},
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste the lines here"),
        required=False,
        strip=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea({"rows": 8}),
    )

    def __init__(self, user, *data):
        super().__init__(*data)
        self.user = user
        self.closures = []

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file is None:
            return ""
        if file.size > MOST_BYTES:
            raise ValidationError(_("The file must be 100 KB or smaller."))
        try:
            return file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValidationError(_("Save the file as “CSV UTF-8” and choose it again.")) from error

    def clean(self):
        if self.errors:
            return
        self.content = self.cleaned_data["file"] or self.cleaned_data["text"]
        try:
            self.closures = self._without_known(closure_rows.read(self.content, self.user))
        except ValidationError as error:
            self.add_error(None, error)

    def _without_known(self, closures):
        stored = {_said(closure) for closure in Closure.objects.all()}
        return list(
            {_said(closure): closure for closure in closures if _said(closure) not in stored}.values()
        )

    @transaction.atomic
    def save(self, request):
        """Store the closures, publish them, and return how many there are."""
        Closure.objects.bulk_create(self.closures)
        audit.record("setting.imported", subject="closures", count=len(self.closures), request=request)
        facts.publish()
        return len(self.closures)


def import_closures(request):
    """Show what a file would close; store it once that is confirmed."""
    if not request.user.has_perm("clinic.add_closure"):
        audit.record("setting.denied", subject="closures", request=request)
        raise PermissionDenied
    if "sample" in request.GET:
        return csv_files.response("closures", [closure_rows.HEADINGS.values(), *SAMPLE])
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ClosureImportForm(request.user, *data)
    is_read = form.is_bound and form.is_valid()
    if is_read and "apply" in request.POST:
        count = form.save(request)
        said = ngettext("%(count)s closure is added.", "%(count)s closures are added.", count)
        messages.success(request, said % {"count": count})
        return redirect("admin:clinic_closure_changelist")
    context = {
        **admin.site.each_context(request),
        "title": _("Import closures"),
        "form": form,
        "is_read": is_read,
        "headings": closure_rows.headings(),
        "may_close_all": request.user.has_perm("clinic.change_location"),
    }
    return render(request, "admin/clinic/closure/import.html", context)


def _said(closure):
    return tuple(getattr(closure, Closure._meta.get_field(name).attname) for name in closure_rows.HEADINGS)

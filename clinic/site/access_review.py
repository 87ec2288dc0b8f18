"""The managers' weekly look at who looked: HIPAA asks for examining the trail, not only for keeping it."""

from datetime import date

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.validators import MinValueValidator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import audit, csv_files
from clinic.form_fields import LineField
from clinic.site import access

PAGE = "admin:access_review"
# Long before the first site; earlier days have no week to count back from.
FIRST_DAY = date(2020, 1, 1)


class WeekForm(forms.Form):
    """The week that is asked for; anything else means the last one that is over."""

    week = forms.DateField(validators=[MinValueValidator(FIRST_DAY)])
    format = forms.ChoiceField(choices=[("csv", "csv")], required=False)


class ReviewForm(forms.Form):
    note = LineField(
        label=gettext_lazy("What you found"),
        help_text=gettext_lazy("No names of patients: this line is kept for years."),
        max_length=200,
        required=False,
    )


def access_review(request):
    """Show one week's access by person; note that it was reviewed when that is posted."""
    if not request.user.has_perm("clinic.view_auditevent"):
        audit.record("access.denied", request=request)
        raise PermissionDenied
    now = timezone.now()
    asked = WeekForm(request.GET)
    week = _week(asked, now)
    form = ReviewForm(request.POST or None)
    if form.is_bound and form.is_valid() and week.is_over(now):
        week.review(note=form.cleaned_data["note"], request=request)
        messages.success(request, _("The access review of this week is noted."))
        return redirect(f"{reverse(PAGE)}?week={week.monday}")
    if asked.is_valid() and asked.cleaned_data["format"]:
        return _download(request, week)
    rows = access.rows(week)
    context = {
        **admin.site.each_context(request),
        "title": _("Access review"),
        "week": week,
        "this_week": access.Week.of(timezone.localdate(now)),
        "is_over": week.is_over(now),
        "headings": access.HEADINGS.values(),
        "rows": rows,
        "remarkable": [row for row in rows if row.findings],
        "exports": list(week.exports),
        "reviews": week.reviews,
        "form": form,
    }
    return render(request, "admin/access_review.html", context)


def _week(asked, now):
    this = access.Week.of(timezone.localdate(now))
    if not asked.is_valid():
        return this.before
    return min(access.Week.of(asked.cleaned_data["week"]), this, key=lambda week: week.monday)


def _download(request, week):
    rows = access.rows(week)
    audit.record("access.exported", subject=week, count=len(rows), request=request)
    heading = [_("Person"), *access.HEADINGS.values(), _("Worth a look first")]
    lines = ([row.person, *row.cells, "; ".join(map(str, row.findings))] for row in rows)
    return csv_files.response(f"access-{week.monday}", [heading, *lines])

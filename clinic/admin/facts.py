from itertools import pairwise

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ManyToManyField
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _
from js_asset import Script

from clinic import facts, legal
from clinic.admin import moments
from clinic.admin.closure_import import import_closures
from clinic.admin.trail import AuditedMixin
from clinic.models import Clinic, Closure, InsurancePlan, Location, OpeningHours, Page
from clinic.models.hours import WEEKDAYS

EVERY_PLACE = _("Every location")


class FactsAdmin(AuditedMixin, admin.ModelAdmin):
    """Facts that every page shows: each change is published at once."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        facts.publish()

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        facts.publish()

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset)
        facts.publish()


class HueSlider(forms.NumberInput):
    """The circle of colors on a line; hue.js shows the choice on the page while it moves."""

    input_type = "range"

    class Media:
        js = [Script("clinic/hue.js", type="module")]

    def __init__(self):
        super().__init__(attrs={"class": "hue-slider", "min": 0, "max": 359, "step": 1})

    def use_required_attribute(self, initial):
        """A slider always has a value, and HTML knows no required one."""
        return False


@admin.register(Clinic)
class ClinicAdmin(FactsAdmin):
    fieldsets = [
        (None, {"fields": ["name", "legal_name", "phone", "email"]}),
        (_("Home page"), {"fields": ["headline", "lead", "hero", "drawing"]}),
        (_("Look"), {"fields": ["hue", "logo", "logo_shows_name"]}),
        (_("Search engines"), {"fields": ["editorial_policy", "profiles"]}),
        (
            _("Appointment requests"),
            {
                "fields": [
                    "front_desk_emails",
                    "urgent_target_minutes",
                    "routine_target_minutes",
                    "asks_insurance",
                ]
            },
        ),
        (
            _("Running the site"),
            {
                "fields": [
                    "alarm_emails",
                    "hosting_provider",
                    "hosting_agreement_on",
                    "mail_provider",
                    "mail_agreement_on",
                ],
                "description": legal.agreement(settings.COUNTRY),
            },
        ),
    ]
    formfield_overrides = moments.BOXES

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "hue":
            kwargs["widget"] = HueSlider
        if db_field.name == "editorial_policy":
            kwargs["queryset"] = Page.objects.select_related("live")
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:clinic_clinic_change", args=[1]))

    def get_object(self, request, object_id, from_field=None):
        """Offer the form of the one row whatever number was asked for, and before there is a row."""
        return super().get_object(request, 1) or Clinic()


class OpeningHoursFormSet(forms.BaseInlineFormSet):
    def add_fields(self, form, index):
        """Name every box; the table shows its labels over the columns only."""
        super().add_fields(form, index)
        for field in form.visible_fields():
            field.field.widget.attrs["aria-label"] = field.label

    def clean(self):
        """Refuse hours of one day that overlap."""
        super().clean()
        rows = [form.cleaned_data for form in self.forms if self._is_kept(form)]
        rows = sorted((row["weekday"], row["opens_at"], row["closes_at"]) for row in rows)
        for (day, _opens, closes), (next_day, opens, _closes) in pairwise(rows):
            if day == next_day and opens < closes:
                raise ValidationError(_("Two rows of one day overlap. Change or remove one of them."))

    def _is_kept(self, form):
        is_complete = {"weekday", "opens_at", "closes_at"} <= form.cleaned_data.keys()
        return is_complete and not form.cleaned_data.get("DELETE")


class OpeningHoursInline(admin.TabularInline):
    model = OpeningHours
    formset = OpeningHoursFormSet
    formfield_overrides = moments.BOXES

    def get_extra(self, request, obj=None, **kwargs):
        """Offer a row for each day of the week where there are no hours yet."""
        return 1 if obj and obj.opening_hours.exists() else len(WEEKDAYS)

    def has_view_permission(self, request, obj=None):
        """Hours belong to their location; whoever may change that may change them."""
        return request.user.has_perm("clinic.view_location")

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm("clinic.change_location")

    has_add_permission = has_delete_permission = has_change_permission


@admin.register(Location)
class LocationAdmin(FactsAdmin):
    list_display = ["name", "phone", "address_line", "takes_online_requests"]
    search_fields = ["name", "city"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [OpeningHoursInline]
    fieldsets = [
        (None, {"fields": ["name", "slug", "position"]}),
        (_("Requests"), {"fields": ["phone", "front_desk_emails", "takes_online_requests"]}),
        (
            _("Address"),
            {"fields": ["street", "city", "region", "postal_code", "latitude", "longitude", "time_zone"]},
        ),
        (_("Visiting"), {"fields": ["directions", "parking", "access", "picture", "insurance_plans"]}),
    ]
    formfield_overrides = {ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Leave out the "+" of insurance plans: the boxes here would not show what it adds."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "insurance_plans":
            field.widget.can_add_related = False
        return field


class PlaceFilter(admin.RelatedFieldListFilter):
    """What is of no location is of every one, and says so."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.empty_value_display = EVERY_PLACE


class OwnPlacesMixin:
    """Rows that belong to a location, or to every one; people change those of their own places."""

    list_filter = [("location", PlaceFilter)]
    list_select_related = ["location"]

    @admin.display(description=_("location"), ordering="location", empty_value=EVERY_PLACE)
    def place(self, row):
        return row.location

    def get_queryset(self, request):
        return super().get_queryset(request).editable_by(request.user)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Let the front desk speak for its own places only, never for the whole clinic."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name != "location":
            return field
        field.help_text = ""
        if request.user.has_perm("clinic.change_location"):
            field.empty_label = EVERY_PLACE
        else:
            field.queryset = request.user.locations.all()
            field.required = True
        return field


@admin.register(Closure)
class ClosureAdmin(OwnPlacesMixin, FactsAdmin):
    list_display = ["reason", "place", "first_day", "last_day", "hours"]
    date_hierarchy = "first_day"
    formfield_overrides = moments.BOXES
    fields = ["location", "reason", ("first_day", "last_day"), ("from_time", "until_time")]

    @admin.display(description=_("hours"))
    def hours(self, closure):
        begin, end = (moment and time_format(moment) for moment in (closure.from_time, closure.until_time))
        if begin and end:
            return f"{begin} – {end}"
        if begin:
            return _("From %(time)s") % {"time": begin}
        return _("Until %(time)s") % {"time": end} if end else _("All day")

    def get_urls(self):
        page = self.admin_site.admin_view(import_closures)
        return [path("import/", page, name="clinic_closure_import"), *super().get_urls()]


@admin.register(InsurancePlan)
class InsurancePlanAdmin(AuditedMixin, admin.ModelAdmin):
    search_fields = ["name"]

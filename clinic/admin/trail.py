from operator import itemgetter

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from clinic import audit, audit_actions
from clinic.models import AuditEvent


class AuditedMixin:
    """Note who added, changed or deleted a setting: the name of the thing, never what was in it."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self.note(request, form.instance, "changed" if change else "added")

    def delete_model(self, request, obj):
        self.note(request, obj, "deleted")
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for obj in queryset:
            self.note(request, obj, "deleted")
        super().delete_queryset(request, queryset)

    def note(self, request, obj, what):
        """Write one line of the audit trail about this record."""
        audit.record(f"setting.{what}", subject=f"{self.opts.verbose_name} {obj}", request=request)


class ReadOnlyMixin:
    """Show records that nobody writes by hand, superusers included."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class CodeFilter(admin.SimpleListFilter):
    """Codes that occur in a column, each offered as what `label_of` calls it; the address keeps the code."""

    def lookups(self, request, model_admin):
        rows = model_admin.get_queryset(request).order_by()
        codes = rows.values_list(self.parameter_name, flat=True).distinct()
        return sorted(((code, str(self.label_of(code))) for code in codes), key=itemgetter(1))

    def queryset(self, request, queryset):
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() else queryset


class ActionFilter(CodeFilter):
    title = _("what")
    parameter_name = "action"
    label_of = staticmethod(audit_actions.label_of)


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyMixin, admin.ModelAdmin):
    list_display = ["at", "actor", "what", "subject", "count", "reason", "peer"]
    list_display_links = ["at"]
    list_filter = [ActionFilter, "actor"]
    list_select_related = ["actor"]
    search_fields = ["subject", "action"]
    date_hierarchy = "at"
    show_full_result_count = False
    fields = ["at", "actor", "what", "code", "subject", "count", "reason", "peer"]
    readonly_fields = ["what", "code"]

    @admin.display(description=_("what"), ordering="action")
    def what(self, event):
        return event.label

    @admin.display(description=_("code"))
    def code(self, event):
        return event.action

from django.contrib import admin

from clinic import audit
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


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyMixin, admin.ModelAdmin):
    list_display = ["at", "actor", "action", "subject", "count", "reason", "peer"]
    list_display_links = ["at"]
    list_filter = ["action", "actor"]
    list_select_related = ["actor"]
    search_fields = ["subject"]
    date_hierarchy = "at"
    show_full_result_count = False

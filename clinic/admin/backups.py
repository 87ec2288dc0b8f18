from django.contrib import admin
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from clinic.admin.trail import ReadOnlyMixin
from clinic.models import Backup


@admin.register(Backup)
class BackupAdmin(ReadOnlyMixin, admin.ModelAdmin):
    list_display = ["started_at", "result", "size", "name"]
    date_hierarchy = "started_at"
    show_full_result_count = False
    fields = ["name", "size", "started_at", "verified_at", "copied_at", "error"]
    readonly_fields = ["size"]

    @admin.display(description=_("result"))
    def result(self, backup):
        return render_to_string("admin/clinic/backup/_result.html", {"backup": backup})

    @admin.display(description=_("size"), ordering="bytes")
    def size(self, backup):
        return filesizeformat(backup.bytes) if backup.bytes else None

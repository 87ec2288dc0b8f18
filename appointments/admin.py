from django.contrib import admin
from django.urls import path

from appointments import entering, inbox, news, pausing, request_page, request_steps, searching
from appointments.models import AppointmentRequest
from appointments.reports import export, page


@admin.register(AppointmentRequest)
class AppointmentRequestAdmin(admin.ModelAdmin):
    """Requests have pages of their own; those that Django would offer do not exist."""

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        wrap = self.admin_site.admin_view
        name = "appointments_appointmentrequest"
        return [
            path("", wrap(inbox.inbox), name=f"{name}_changelist"),
            path("search/", wrap(searching.search), name=f"{name}_search"),
            path("news/", wrap(news.news), name=f"{name}_news"),
            path("enter/", wrap(entering.enter), name=f"{name}_enter"),
            path("pause/", wrap(pausing.pause), name=f"{name}_pause"),
            path("reports/", wrap(page.reports), name=f"{name}_reports"),
            path("export/", wrap(export.export), name=f"{name}_export"),
            path("<int:pk>/", wrap(request_page.request_page), name=f"{name}_change"),
            path("<int:pk>/copied/", wrap(request_page.copied), name=f"{name}_copied"),
            path("<int:pk>/<slug:step>/", wrap(request_steps.request_step), name=f"{name}_step"),
        ]

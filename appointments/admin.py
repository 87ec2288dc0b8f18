from django.contrib import admin
from django.urls import path

from appointments import inbox, pausing, request_page
from appointments.models import AppointmentRequest


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
            path("search/", wrap(inbox.search), name=f"{name}_search"),
            path("pause/", wrap(pausing.pause), name=f"{name}_pause"),
            path("<int:pk>/", wrap(request_page.request_page), name=f"{name}_change"),
            path("<int:pk>/<slug:step>/", wrap(request_page.request_step), name=f"{name}_step"),
        ]

"""The list that the front desk works from: tabs, filters and pages of thirty."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.inbox_filter import TABS, InboxFilter
from appointments.models import AppointmentRequest
from clinic import audit

INBOX = "admin:appointments_appointmentrequest_changelist"
PAGE_SIZE = 30


def inbox(request):
    """Show one tab of the requests that this person may see."""
    refuse_others(request, "inbox")
    now = timezone.now()
    asked = InboxFilter(request.user, request.GET)
    # Before the rows are: what comes in between is told once too often rather than never.
    newest = AppointmentRequest.objects.newest_pk()
    visible = asked.narrow(AppointmentRequest.objects.visible_to(request.user))
    rows = list(asked.rows(visible, request.user, now).for_lists()[: PAGE_SIZE + 1])
    counts = visible.numbers(request.user, now)
    audit.record("request.listed", subject=asked.chosen_tab, count=len(rows[:PAGE_SIZE]), request=request)
    context = {
        **admin.site.each_context(request),
        "title": _("Requests"),
        "now": now,
        "asked": asked,
        "tabs": [(name, tab.label, counts.get(name)) for name, tab in TABS.items()],
        "late": counts["overdue"],
        "due_heading": _("Outcome") if asked.chosen_tab == "closed" else _("Call by"),
        "requests": rows[:PAGE_SIZE],
        "has_more": len(rows) > PAGE_SIZE,
        "newest": newest,
    }
    return render(request, "admin/appointments/inbox.html", context)


def refuse_others(request, subject):
    """Let only those in who may see requests, and note whoever else tried."""
    if not request.user.has_perm("appointments.view_appointmentrequest"):
        audit.record("request.denied", subject=subject, request=request)
        raise PermissionDenied

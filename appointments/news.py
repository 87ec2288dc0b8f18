"""What came in while somebody looks at the list: asked for by the page every few seconds."""

from django import forms
from django.db.models import BigIntegerField
from django.http import JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET

from appointments.inbox import refuse_others
from appointments.inbox_filter import InboxFilter
from appointments.models import AppointmentRequest
from clinic import audit

# The next answer tells of the rest.
AT_MOST = 20


class SinceForm(forms.Form):
    # A larger number is no id, and SQLite refuses to compare with it.
    since = forms.IntegerField(min_value=0, max_value=BigIntegerField.MAX_BIGINT)


@require_GET
def news(request):
    """Tell how many requests each tab has now, and show those newer than the last one that was told."""
    refuse_others(request, "news")
    now = timezone.now()
    visible = InboxFilter(request.user, request.GET).narrow(
        AppointmentRequest.objects.visible_to(request.user)
    )
    form = SinceForm(request.GET)
    # A locked screen learns how many there are, and of none who it is.
    may_show = form.is_valid() and not request.is_locked
    rows = list(_new(visible, form.cleaned_data["since"], now)) if may_show else []
    if rows:
        audit.record("request.listed", subject="news", count=len(rows), request=request)
    context = {"requests": rows, "now": now}
    return JsonResponse(
        {
            "counts": visible.numbers(request.user, now),
            "new": len(rows),
            "urgent": sum(row.is_urgent for row in rows),
            "since": max((row.pk for row in rows), default=None),
            "rows": render_to_string("admin/appointments/_news.html", context, request) if rows else "",
        }
    )


# The page asks by itself: somebody who has left the desk is not active.
news.is_activity = False


def _new(visible, since, now):
    return visible.in_inbox(now).newer_than(since).for_lists()[:AT_MOST]

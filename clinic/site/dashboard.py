"""The first page of the staff pages: what waits for the person who has just signed in, and the way there."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.models import AppointmentRequest
from appointments.reports import figures
from appointments.reports.weeks import Period
from articles import queue
from articles.models import Article
from clinic import audit
from clinic.site import first_steps, waiting

SHOWN = 5


def context(request, now):
    """Return the numbers of this person's roles, and the first rows of what waits."""
    user = request.user
    may_sign = user.has_perm("articles.sign_off") and hasattr(user, "therapist")
    rows, total = queue.of(user.therapist) if may_sign else ([], None)
    numbers = waiting.of(user, now, total)
    return {
        "now": now,
        "waiting": numbers,
        "is_quiet": not any(item.count for item in numbers),
        # The first, most pressing number of each page; read backwards, since the last one stays.
        "counts": {item.url.partition("?")[0]: item.count for item in reversed(numbers)},
        "requests": _next_requests(request, now),
        "due_heading": _("Call by"),
        "may_sign": may_sign,
        "queue": rows,
        "queue_rest": (total or 0) - len(rows),
        "queue_url": waiting.articles_listed("mine"),
        "texts": _texts(user),
        "week": _this_week(user, now),
        "first_steps": first_steps.of(user),
    }


def _next_requests(request, now):
    """Return the requests to call next; such a look is noted like one at the inbox."""
    if not request.user.has_perm("appointments.view_appointmentrequest"):
        return None
    visible = AppointmentRequest.objects.visible_to(request.user)
    rows = list(visible.to_do(now).in_order().for_lists()[:SHOWN])
    audit.record("request.listed", subject="next", count=len(rows), request=request)
    return rows


def _texts(user):
    """Return what this person wrote that readers do not see yet; what came back from the clinician first."""
    if not user.has_perm("articles.change_article"):
        return None
    unfinished = Q(status__in=[Article.Status.DRAFT, Article.Status.SIGNED]) | Q(publish_at__isnull=False)
    mine = Article.objects.filter(unfinished, latest__created_by=user).annotate(is_back=waiting.SENT_BACK)
    return list(mine.select_related("latest").order_by("-is_back", "-latest__created_at")[:SHOWN])


def _this_week(user, now):
    """Return the figures of the week so far, for whoever may see the reports."""
    if not user.has_perm("appointments.view_reports"):
        return None
    period = Period.until(now, 1, timezone.get_default_timezone())
    return figures.total(figures.by_week(AppointmentRequest.objects.visible_to(user), period, now).values())

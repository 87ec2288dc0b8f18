"""Tell monitors whether the process is up, and whether the whole works."""

from datetime import timedelta

from django.db import DatabaseError
from django.db.models import CharField, Value
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clinic import delivery
from clinic.models import WorkerBeat

WORKER_SILENT_AFTER = timedelta(minutes=5)


@require_safe
@never_cache
def livez(request):
    """Answer while the process is up; a restart helps when this fails."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request):
    """Answer 503 with reasons when the database, the worker or the mail needs a person."""
    return readiness(trouble(timezone.now()))


def readiness(reasons):
    """Return the answer that tells monitors these reasons, or that all is well."""
    return JsonResponse(
        {"status": "failing" if reasons else "ok", "reasons": reasons}, status=503 if reasons else 200
    )


def trouble(now):
    """Return why the site needs a person, as short codes; empty when all is well.

    One query, since every staff page asks.
    """
    # A beat from far in the future is a clock that was set back, not a sign of life.
    recent = (now - WORKER_SILENT_AFTER, now + WORKER_SILENT_AFTER)
    signs = {"worker-alive": WorkerBeat.objects.filter(at__range=recent), **delivery.trouble(now)}
    codes = [rows.order_by().values_list(Value(code, CharField()), flat=True) for code, rows in signs.items()]
    try:
        found = set(codes[0].union(*codes[1:]))
    except DatabaseError:
        return ["database"]
    silent = [] if "worker-alive" in found else ["worker-silent"]
    return silent + [code for code in signs if code in found - {"worker-alive"}]

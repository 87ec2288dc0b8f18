"""Tell monitors whether the process is up, and whether the whole works."""

from datetime import timedelta

from django.db import DatabaseError
from django.db.models import CharField, Value
from django.db.models.functions import Concat
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clinic import clock_check, delivery
from clinic.backup import history
from clinic.models import SelfTest, WorkerBeat
from clinic.site.watching import forwarded, signs

WORKER_SILENT_AFTER = timedelta(minutes=5)
SELF_TEST_BREAKS = [f"self-test-{hop}" for hop in SelfTest.Hop.values]


@require_safe
@never_cache
def livez(request):
    """Answer while the process is up; a restart helps when this fails."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request):
    """Answer 503 with reasons when the site needs a person; warnings alone leave it at 200."""
    return readiness(trouble(timezone.now()), warnings=warnings())


def readiness(reasons, **more):
    """Return the answer that tells monitors these reasons, or that all is well."""
    answer = {"status": "failing" if reasons else "ok", "reasons": reasons, **more}
    return JsonResponse(answer, status=503 if reasons else 200)


def warnings():
    """Return what is set up wrongly although all works, as short codes."""
    return ["forwarded-headers-untrusted"] if forwarded.are_untrusted() else []


def trouble(now):
    """Return why the site needs a person, as short codes; empty when all is well.

    One query, since every staff page asks.
    """
    disk = ["disk-nearly-full"] if signs.is_disk_nearly_full() else []
    try:
        return [*_stored(now), *disk]
    except DatabaseError:
        return ["database", *disk]


def _stored(now):
    # A beat from far in the future is a clock that was set back, not a sign of life.
    recent = (now - WORKER_SILENT_AFTER, now + WORKER_SILENT_AFTER)
    alive = WorkerBeat.objects.filter(at__range=recent)
    bad = {
        **delivery.trouble(now),
        "backup-overdue": history.overdue(now),
        "backup-not-copied": history.not_copied(now),
        "clock-doubtful": clock_check.doubts(now),
    }
    rows = [
        *(_coded(code, rows) for code, rows in bad.items()),
        _coded(Concat(Value("self-test-"), "broken_hop"), SelfTest.objects.last_broken()),
        signs.applied_migrations(),
    ]
    found = set(_coded("worker-alive", alive).union(*rows))
    pending = ["migrations-pending"] if signs.pending_migrations(found) else []
    silent = [] if "worker-alive" in found else ["worker-silent"]
    return [*pending, *silent, *(code for code in (*bad, *SELF_TEST_BREAKS) if code in found)]


def _coded(code, rows):
    """Return a code, or what works it out, for each of these rows."""
    written = Value(code, CharField()) if isinstance(code, str) else code
    return rows.order_by().values_list(written, flat=True)

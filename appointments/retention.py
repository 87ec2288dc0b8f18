"""Erase what is needed no longer: who asked, and what they wrote, ninety days after a request was closed."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from appointments.models import MOVES, AppointmentRequest, RequestEvent, SearchKey
from clinic import audit
from clinic.moves import Stale, move

# Patients are told this period before they send; keep the check page and the privacy page in step.
KEPT_FOR = timedelta(days=90)

# Reference, location, times, state and outcome stay, for counting.
NOTHING = {
    **dict.fromkeys(("full_name", "patient_name", "phone", "phone_e164", "email", "needs", "notes"), ""),
    **dict.fromkeys(("payment", "referral", "appointment_number"), ""),
    **dict.fromkeys(("therapist", "insurance_plan", "appointment_with", "appointment_at", "link_digest")),
    "days": [],
    "parts_of_day": [],
}


def erase_old(now):
    """Erase the details of every request closed long enough ago, and return how many."""
    due = AppointmentRequest.objects.closed().filter(closed_at__lte=now - KEPT_FOR, erased_at=None)
    return sum(_erased(request, now) for request in due)


def erase(request, *, by, reason):
    """Erase the details of a closed request now, for the reason given; raise Stale if it is open."""
    _erase(request, timezone.now(), by=by, reason=reason)
    request.refresh_from_db()


def _erased(request, now):
    try:
        _erase(request, now)
    except Stale:
        return 0
    return 1


@transaction.atomic
def _erase(request, now, *, by=None, reason=""):
    rows = AppointmentRequest.objects.filter(pk=request.pk, erased_at=None)
    # The digest goes too: whoever knows a patient could guess the answers it was made of.
    forgotten = {**NOTHING, "answers_digest": f"erased {request.pk}", "erased_at": now}
    move(rows, MOVES["erase"], **forgotten, version=F("version") + 1)
    SearchKey.objects.filter(request=request).delete()
    request.events.update(remark="", before={})
    RequestEvent.objects.create(request=request, step="erase", actor=by, at=now)
    audit.record("request.erased", actor=by, subject=request.reference, reason=reason)

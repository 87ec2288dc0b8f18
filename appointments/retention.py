"""Erase what is needed no longer: who asked, and what they wrote, ninety days after a request was closed."""

from datetime import timedelta

from django.db import transaction

from appointments.models import AppointmentRequest
from clinic import audit

# Patients are told this period before they send; keep the check page and the privacy page in step.
KEPT_FOR = timedelta(days=90)

# Reference, location, times, state and outcome stay, for counting.
NOTHING = {
    **dict.fromkeys(("full_name", "patient_name", "phone", "phone_e164", "email", "needs", "notes"), ""),
    **dict.fromkeys(("payment", "referral", "appointment_number"), ""),
    **dict.fromkeys(("therapist", "insurance_plan", "appointment_with", "appointment_at")),
    "days": [],
    "parts_of_day": [],
}


def erase_old(now):
    """Erase the details of every request closed long enough ago, and return how many."""
    due = AppointmentRequest.objects.closed().filter(closed_at__lte=now - KEPT_FOR, erased_at=None)
    return sum(_erase(request, now) for request in due)


@transaction.atomic
def _erase(request, now):
    rows = AppointmentRequest.objects.closed().filter(pk=request.pk, erased_at=None)
    # The digest goes too: whoever knows a patient could guess the answers it was made of.
    erased = rows.update(**NOTHING, answers_digest=f"erased {request.pk}", erased_at=now)
    if erased:
        request.events.update(remark="")
        audit.record("request.erased", subject=request.reference)
    return erased

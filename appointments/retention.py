"""Erase who asked and what they wrote, some time after a request was closed, or for a reason given."""

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.models import MOVES, AppointmentRequest, RequestEvent, SearchKey
from appointments.models.choices import Outcome
from appointments.models.mails import mails_about
from clinic import audit, erasing
from clinic.moves import Stale, move
from clinic.retention import Kind, register, spare

# Patients are told this period before they send: clinic.site.context.
REQUESTS = "requests"

# Reference, location, times, state and outcome stay, for counting.
NOTHING = {
    **dict.fromkeys(("full_name", "patient_name", "phone", "phone_e164", "email", "needs", "notes"), ""),
    **dict.fromkeys(("payment", "referral", "appointment_number"), ""),
    **dict.fromkeys(("therapist", "insurance_plan", "appointment_with", "appointment_at", "link_digest")),
    "days": [],
    "parts_of_day": [],
}


def closed_before(moment):
    """Return the requests to be erased that were closed up to this moment, but for spam."""
    return AppointmentRequest.objects.erasable().exclude(outcome=Outcome.SPAM).filter(closed_at__lte=moment)


def spam_closed_before(moment):
    """Return the requests to be erased that were closed as spam up to this moment."""
    return AppointmentRequest.objects.erasable().filter(outcome=Outcome.SPAM, closed_at__lte=moment)


def erase_all(rows, now):
    """Erase the details of these requests, and return of how many."""
    return sum(_erased(request, now) for request in rows)


def erase(request, *, by, reason):
    """Erase the details of a closed request now, for the reason given; raise Stale if it is open."""
    erase_details(request, timezone.now(), by=by, reason=reason)
    request.refresh_from_db()
    # Should the file be busy, the row is erased all the same, and the worker tries again.
    transaction.on_commit(erasing.leave_the_file, robust=True)


def still_read():
    """Describe the sent mails that tell us who has been told: of a request that waits, of an appointment."""
    waiting = AppointmentRequest.objects.open().order_by().values("pk")
    steps = RequestEvent.objects.filter(request__erased_at=None).order_by().values("pk")
    return Q(kind__in=("alarm", "escalation"), object_id__in=waiting) | Q(
        kind="appointment_mail", object_id__in=steps
    )


def _erased(request, now):
    try:
        erase_details(request, now)
    except Stale:
        return 0
    return 1


@transaction.atomic
def erase_details(request, now, *, by=None, reason=""):
    """Overwrite what tells of the patient and owe a fresh file; raise Stale if the request is open."""
    rows = AppointmentRequest.objects.filter(pk=request.pk, erased_at=None)
    # The digest goes too: whoever knows a patient could guess the answers it was made of.
    forgotten = {**NOTHING, "answers_digest": f"erased {request.pk}", "erased_at": now}
    move(rows, MOVES["erase"], **forgotten, version=F("version") + 1)
    SearchKey.objects.filter(request=request).delete()
    mails_about(request).exclude(sent_at=None).delete()
    request.events.update(remark="", before={})
    RequestEvent.objects.create(request=request, step="erase", actor=by, at=now)
    erasing.owe_fresh_file()
    audit.record("request.erased", actor=by, subject=request.reference, reason=reason)


register(
    Kind(
        REQUESTS,
        _("Requests, after they were closed"),
        days=90,
        least=7,
        most=365,
        over=closed_before,
        forget=erase_all,
    )
)
register(
    Kind(
        "spam",
        _("Requests, after they were closed as spam"),
        days=30,
        least=7,
        most=90,
        over=spam_closed_before,
        forget=erase_all,
    )
)
spare("sent_mail", still_read)

"""Nobody waits unseen: the desk is told at three quarters of the promised time, and again when it is over."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from appointments.models import AppointmentRequest, RequestEvent
from clinic import outbox
from clinic.models import OutboxMessage


def keep(now):
    """Owe the mails about requests that nobody has called; return how many of each kind are new."""
    requests = AppointmentRequest.objects.real()
    return {
        "alarm": _tell("alarm", "alarmed", requests.alarming(now).exclude(due_at__lte=now), now),
        "escalation": _tell("escalation", "escalated", requests.overdue(now), now),
    }


def _tell(kind, step, requests, now):
    """Tell of each of these requests once."""
    told = OutboxMessage.objects.filter(kind=kind, object_id=OuterRef("pk"))
    untold = requests.exclude(Exists(told)).values_list("pk", flat=True)
    return sum(_tell_of(pk, kind, step, now) for pk in untold)


@transaction.atomic
def _tell_of(pk, kind, step, now):
    is_new = outbox.owe(kind, pk)
    if is_new:
        RequestEvent.objects.create(request_id=pk, step=step, at=now)
    return is_new

"""Nobody waits unseen: the desk is told at three quarters of the promised time, and again when it is over."""

from django.db import transaction

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
    told = OutboxMessage.objects.filter(kind=kind).values("object_id")
    return sum(_tell_of(request, kind, step, now) for request in requests.exclude(pk__in=told))


@transaction.atomic
def _tell_of(request, kind, step, now):
    is_new = outbox.owe(kind, request.pk)
    if is_new:
        RequestEvent.objects.create(request=request, step=step, at=now)
    return is_new

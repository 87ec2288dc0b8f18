"""Which mails are about a request: the outbox knows a kind and a number, of a request or of its step."""

from django.db.models import Q

from clinic.models import OutboxMessage

ABOUT_REQUEST = ("front_desk_notice", "acknowledgement", "alarm", "escalation")
ABOUT_STEP = ("relocation_notice", "appointment_mail")


def mails_about(request):
    """Return the messages about this request, sent or not."""
    steps = request.events.order_by().values("pk")
    return OutboxMessage.objects.filter(
        Q(kind__in=ABOUT_REQUEST, object_id=request.pk) | Q(kind__in=ABOUT_STEP, object_id__in=steps)
    )

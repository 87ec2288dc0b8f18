"""What we owe by mail. clinic.delivery sends it; clinic.mail_kinds says how it reads."""

from django.utils import timezone

from clinic.models import OutboxMessage


def owe(kind, object_id):
    """Put a message on the list, in the caller's transaction, and return whether it is new there.

    The same event is told once, however often it is put on the list.
    """
    _message, is_new = OutboxMessage.objects.get_or_create(kind=kind, object_id=object_id)
    return is_new


def send_again(message):
    """Give a message that failed for good a new start; return whether it was one."""
    now = timezone.now()
    return bool(
        OutboxMessage.objects.failed()
        .filter(pk=message.pk)
        .update(failed_at=None, waiting_since=now, due_at=now, attempts=0, leased_until=None)
    )

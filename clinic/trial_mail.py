"""A mail that says nothing but that mail arrives; it travels as every other one does.

It is about the line of the audit trail that says who wanted it, where it goes, and by which server.
"""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from clinic import audit, outbox
from clinic.models import AuditEvent, Clinic, OutboxMessage
from clinic.retention import spare

KIND = "test_mail"
ACTION = "mail.tested"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def owe(address, *, request=None):
    """Put a test mail to this address on the list, in the caller's transaction; return its message."""
    event = audit.record(ACTION, subject=server(), reason=address, request=request)
    outbox.owe(KIND, event.pk)
    return OutboxMessage.objects.get(kind=KIND, object_id=event.pk)


def letter(event_id):
    """Return the test mail that this line of the trail tells of."""
    event = AuditEvent.objects.get(pk=event_id)
    context = {"clinic": Clinic.objects.first() or Clinic(), "site_url": settings.SITE_URL}
    text = render_to_string("clinic/emails/test_mail.txt", context)
    return EmailMessage(_("Test mail of your website"), text, to=[event.reason])


def server():
    """Return the name of the mail server; empty where mail ends up in files."""
    return settings.EMAIL_HOST if settings.EMAIL_BACKEND == SMTP else ""


def delivered():
    """Return the test mails that the mail server of today has taken."""
    events = AuditEvent.objects.filter(action=ACTION, subject=server()).exclude(subject="")
    sent = OutboxMessage.objects.filter(kind=KIND, sent_at__isnull=False)
    return sent.filter(object_id__in=events.values("pk"))


# The first steps ask for as long as the site lives whether mail has ever arrived.
spare("sent_mail", lambda: Q(kind=KIND))

"""All that is held about one person, as plain data: what each thing is called, what it holds, how it reads.

Of people who work here it tells the role alone, and nothing that opens a request.
"""

from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from appointments.models.mails import mails_about
from clinic import audit
from clinic.models import AuditEvent

# They tell nothing of the person, or belong to the private link.
TECHNICAL = {"id", "form_token", "answers_digest", "version", "link_nonce", "link_digest"}
LISTS = {"days": "day_labels", "parts_of_day": "part_labels", "quarantine_reasons": "suspicion_labels"}


def of(person):
    """Return a copy of all that is held about a person; the audit trail notes that there is one."""
    audit.record("person.exported", subject=person.requests[-1], count=len(person.requests))
    return {"made_at": timezone.now(), "requests": [_request(request) for request in person.requests]}


def _request(request):
    fields = [field for field in request._meta.concrete_fields if field.name not in TECHNICAL]
    events = request.events.select_related("actor").order_by("pk")
    lines = AuditEvent.objects.about(request).select_related("actor").order_by("pk")
    return {
        "reference": request.reference,
        "fields": {field.name: _field(request, field) for field in fields},
        "history": [_event(event) for event in events],
        "messages": [_message(message) for message in mails_about(request).order_by("pk")],
        "access": [_access(line) for line in lines],
    }


def _field(request, field):
    if field.name == "owner":
        value = text = _role(request.owner)
    else:
        value, text = field.value_from_object(request), _text(request, field)
    return {"label": str(field.verbose_name), "value": value, "text": text}


def _text(request, field):
    """Say what a field holds as people would read it."""
    value = getattr(request, field.name)
    if field.name in LISTS:
        return ", ".join(map(str, getattr(request, LISTS[field.name])))
    if field.choices:
        return str(getattr(request, f"get_{field.name}_display")())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is not None and field.get_internal_type() == "DateTimeField":
        return date_format(timezone.localtime(value, ZoneInfo(request.location.time_zone)), "j F Y, P")
    return "" if value is None else str(value)


def _event(event):
    before = {name: value for name, value in event.before.items() if name != "owner"}
    return {
        "at": event.at,
        "what": str(event.label),
        "by": _role(event.actor),
        "call": str(event.get_attempt_display()),
        "remark": event.remark,
        "before": before,
    }


def _message(message):
    times = ("created_at", "sent_at", "failed_at")
    return {
        "what": str(message.label),
        "kind": message.kind,
        **{name: getattr(message, name) for name in times},
    }


def _access(line):
    return {"at": line.at, "what": str(line.label), "code": line.action, "by": _role(line.actor)}


def _role(account):
    """Return what somebody is here, such as "Front desk", or nothing for the patient and the site itself."""
    if account is None:
        return ""
    return ", ".join(account.groups.values_list("name", flat=True)) or _("Staff")

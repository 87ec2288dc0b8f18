"""Write the audit trail, seal its finished days, and verify the seals."""

import hashlib
import ipaddress
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from clinic.models import AuditEvent, AuditSeal


def record(action, *, actor=None, subject="", count=None, reason="", request=None):
    """Add one line to the trail: ids, counts and reasons, never what a patient wrote."""
    if request is not None and actor is None:
        actor = request.user if request.user.is_authenticated else None
    return AuditEvent.objects.create(
        action=action,
        actor=actor,
        subject=str(subject),
        count=count,
        reason=reason,
        peer=_network(request.META.get("REMOTE_ADDR", "")) if request is not None else "",
    )


def _network(address):
    """Truncate an address to its network (/24 or /48): enough to tell in-house from elsewhere."""
    try:
        bits = 24 if ipaddress.ip_address(address).version == 4 else 48
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False).network_address)


@transaction.atomic
def seal_finished_days(today):
    """Seal every finished day that has no seal yet, and return how many were sealed.

    A seal hashes the day's rows and the seal before it, so a row changed behind the database's
    back, or a removed day, shows in verify().
    """
    last = AuditSeal.objects.first()
    first = AuditEvent.objects.order_by("at").values_list("at", flat=True).first()
    if first is None:
        return 0
    day = last.day + timedelta(days=1) if last else timezone.localdate(first)
    sealed = 0
    while day < today:
        events, digest = _digest(day, last.digest if last else "")
        last = AuditSeal.objects.create(day=day, events=events, digest=digest)
        day += timedelta(days=1)
        sealed += 1
    return sealed


def verify():
    """Return the days whose rows no longer match their seal."""
    broken, previous = [], ""
    for seal in AuditSeal.objects.order_by("day"):
        if (seal.events, seal.digest) != _digest(seal.day, previous):
            broken.append(seal.day)
        previous = seal.digest
    return broken


def _digest(day, previous):
    start = timezone.make_aware(datetime.combine(day, time.min))
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    rows = AuditEvent.objects.filter(at__gte=start, at__lt=end).order_by("pk")
    digest = hashlib.sha256(previous.encode())
    count = 0
    for row in rows.values_list(
        "pk", "at", "actor", "action", "subject", "count", "reason", "peer"
    ).iterator():
        digest.update(repr((row[0], row[1].isoformat(), *row[2:])).encode())
        count += 1
    return count, digest.hexdigest()

"""Write the audit trail, seal its finished days, and verify the seals."""

import hashlib
import ipaddress
import logging
from datetime import UTC, datetime, time, timedelta

from django.db import transaction

from clinic import clock_check, peers
from clinic.models import AuditEvent, AuditSeal

log = logging.getLogger(__name__)

LONGEST_SUBJECT = AuditEvent._meta.get_field("subject").max_length
LONGEST_REASON = AuditEvent._meta.get_field("reason").max_length
# A clock that jumped ahead is not doubted below JUMP, and lines come to a day that it calls over. And a line
# written just before midnight may be committed after it.
SETTLES_WITHIN = clock_check.JUMP + timedelta(hours=1)


def record(action, *, actor=None, subject="", count=None, reason="", request=None):
    """Add one line to the trail: ids, counts and reasons, never what a patient wrote.

    The log tells of it too: what is sent on to another machine no intruder can take back.
    """
    if request is not None and actor is None:
        actor = request.user if request.user.is_authenticated else None
    event = AuditEvent.objects.create(
        action=action,
        actor=actor,
        # Cut, because PostgreSQL refuses what is longer, and with it the step that is noted.
        subject=str(subject)[:LONGEST_SUBJECT],
        count=count,
        reason=reason,
        peer=_network(peers.address_of(request)) if request is not None else "",
    )
    log.info("audit.recorded event=%s action=%s person=%s", event.pk, action, event.actor_id)
    return event


def _network(address):
    """Truncate an address to its network (/24 or /48): enough to tell in-house from elsewhere."""
    try:
        bits = 24 if ipaddress.ip_address(address).version == 4 else 48
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False).network_address)


@transaction.atomic
def seal_finished_days(now):
    """Seal every finished day that has no seal yet, and return how many were sealed.

    A seal hashes the day's rows and the seal before it, so a row changed behind the database's
    back, or a removed day, shows in verify(). Days are those of UTC: the clinic's own would break
    every seal when its time zone is set anew.
    """
    unfinished = (now - SETTLES_WITHIN).astimezone(UTC).date()
    last = AuditSeal.objects.first()
    first = AuditEvent.objects.order_by("at").values_list("at", flat=True).first()
    if first is None:
        return 0
    day = last.day + timedelta(days=1) if last else first.astimezone(UTC).date()
    sealed = 0
    while day < unfinished:
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
    start = datetime.combine(day, time.min, tzinfo=UTC)
    rows = AuditEvent.objects.filter(at__gte=start, at__lt=start + timedelta(days=1)).order_by("pk")
    digest = hashlib.sha256(previous.encode())
    count = 0
    for row in rows.values_list(
        "pk", "at", "actor", "action", "subject", "count", "reason", "peer"
    ).iterator():
        digest.update(repr((row[0], row[1].isoformat(), *row[2:])).encode())
        count += 1
    return count, digest.hexdigest()

"""A short mail that says we have the request; nobody may use it to fill a stranger's mailbox."""

import re
from datetime import timedelta

from appointments.models.choices import Source
from clinic import limiter, outbox
from clinic.models import OutboxMessage

KIND = "acknowledgement"
DAY, HOUR = timedelta(hours=24), timedelta(hours=1)
MOST_TO_AN_ADDRESS_A_DAY = 1
MOST_FOR_A_SENDER_AN_HOUR = 5
MOST_A_DAY = 200
PLUS_TAG = re.compile(r"\+[^@]*@")


def owe(request, *, peer, now):
    """Owe the patient an acknowledgement, unless it is declined, suspect, or one of too many.

    `peer` is the network address that the request came from, empty if nobody sent it.
    """
    if not request.may_be_mailed or request.quarantined_at or request.source == Source.DEMO:
        return
    # One mailbox has any number of addresses with a +tag.
    address = PLUS_TAG.sub("@", request.email.casefold())
    if limiter.hits(KIND, address, within=DAY, now=now) >= MOST_TO_AN_ADDRESS_A_DAY:
        return
    if peer and limiter.hits(KIND, peer, within=HOUR, now=now) >= MOST_FOR_A_SENDER_AN_HOUR:
        return
    if OutboxMessage.objects.filter(kind=KIND, created_at__gt=now - DAY).count() >= MOST_A_DAY:
        return
    limiter.note(KIND, address, now)
    if peer:
        limiter.note(KIND, peer, now)
    outbox.owe(KIND, request.pk)

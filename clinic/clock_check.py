"""Whether to believe the clock: one that has jumped ahead makes everything look old enough to be deleted.

What the site has done tells the time as well: the lines of its audit trail, and, where nobody signs in, the
self-tests of its worker and the seals, which a clock in doubt does not set. Where there are none of the days
before, the site was off, or its clock has jumped. After a day by the new time there are some; until then a
person may set the clock. Once it is set back, what was done by the wrong time counts no longer.
"""

from datetime import timedelta

from django.db.models import Exists, Subquery
from django.db.models.functions import Coalesce

from clinic.models import AuditEvent, AuditSeal, SelfTest, WorkerBeat

# What a smaller jump deletes would go within these days anyway.
JUMP = timedelta(days=3)
BELIEVED_AFTER = timedelta(days=1)


def doubts(now):
    """Return a row while the clock is not to be believed, since it may be days ahead; none otherwise."""
    return WorkerBeat.objects.filter(
        Exists(AuditEvent.objects.filter(at__lt=now - JUMP)),
        ~_is_told_by(AuditEvent, "at", now),
        ~_is_told_by(SelfTest, "started_at", now),
        ~_is_told_by(AuditSeal, "sealed_at", now),
    )


def is_doubtful(now):
    """Return whether the clock may be days ahead: the wrong time to delete for its age, or to seal."""
    return doubts(now).exists()


def _is_told_by(model, moment, now):
    """Return the condition that there is a row of the days before, and no older one was written after it."""
    older = model.objects.filter(**{f"{moment}__lt": now - JUMP})
    # From the end of the primary key it is found after the rows of a few days.
    last_older = Coalesce(Subquery(older.order_by("-pk").values("pk")[:1]), 0)
    lately = {f"{moment}__range": (now - JUMP, now - BELIEVED_AFTER)}
    return Exists(model.objects.filter(pk__gt=last_older, **lately))

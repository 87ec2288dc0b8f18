"""Whether to believe the clock: one that has jumped ahead makes everything look old enough to be deleted.

What the site has done tells the time as well: the lines of its audit trail, and the seals that the worker
sets on it every day. Where there are none of the days before, the site was off, or its clock has jumped.
After a day by the new time there are some; until then a person may set the clock.
"""

from datetime import timedelta

from django.db.models import Exists

from clinic.models import AuditEvent, AuditSeal, WorkerBeat

# What a smaller jump deletes would go within these days anyway.
JUMP = timedelta(days=3)
BELIEVED_AFTER = timedelta(days=1)


def doubts(now):
    """Return a row while the clock is not to be believed, since it may be days ahead; none otherwise."""
    lately = (now - JUMP, now - BELIEVED_AFTER)
    return WorkerBeat.objects.filter(
        Exists(AuditEvent.objects.filter(at__lt=now - JUMP)),
        ~Exists(AuditEvent.objects.filter(at__range=lately)),
        ~Exists(AuditSeal.objects.filter(sealed_at__range=lately)),
    )


def is_doubtful(now):
    """Return whether the clock may be days ahead: the wrong time to delete for its age, or to seal."""
    return doubts(now).exists()

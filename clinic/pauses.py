"""Stop taking requests online at one place for a while: patients are told why, and until when."""

from django.db import transaction

from clinic import audit, facts
from clinic.models import Location


def pause(location, *, until, reason, by):
    """Take no requests online for this place until then; it opens again by itself."""
    _set(location, "location.paused", by=by, paused_until=until, pause_reason=reason)


def reopen(location, *, by):
    """Take requests online again now."""
    _set(location, "location.reopened", by=by, paused_until=None, pause_reason="")


def _set(location, action, *, by, **changes):
    with transaction.atomic():
        Location.objects.filter(pk=location.pk).update(**changes)
        audit.record(action, actor=by, subject=f"location {location.slug}")
    facts.publish()

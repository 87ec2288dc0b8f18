"""How often a wording of the emergency card is shown, and how it is answered."""

import logging

from django.db import DatabaseError
from django.db.models import F
from django.utils import timezone

from appointments.models import ScreeningCount

log = logging.getLogger(__name__)


def count(wording, step, now):
    """Count one step with a wording (or none); patients never notice if it fails."""
    if wording is None:
        return
    try:
        ScreeningCount.objects.update_or_create(
            wording=wording,
            day=timezone.localdate(now),
            step=step,
            defaults={"count": F("count") + 1},
            create_defaults={"count": 1},
        )
    except DatabaseError as error:
        # Whoever has warning signs needs the next page, on a full disk too.
        log.warning("screening.not_counted error=%s", type(error).__name__)

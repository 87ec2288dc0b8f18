"""How often a wording of the emergency card is shown, and how it is answered."""

import logging
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from appointments.models import ScreeningCount

log = logging.getLogger(__name__)

MOST_MILLISECONDS = 250


def count(wording, step, now):
    """Count one step with a wording (or none); patients never notice if it fails."""
    if wording is None:
        return
    try:
        with _impatience():
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


@contextmanager
def _impatience():
    """Wait for other writers only for a moment, not for as long as a request is worth."""
    if connection.vendor == "sqlite":
        usual = connection.settings_dict["OPTIONS"]["timeout"] * 1000
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {MOST_MILLISECONDS}")
            try:
                yield
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {usual}")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {MOST_MILLISECONDS}")
            yield

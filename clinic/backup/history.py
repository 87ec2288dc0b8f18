"""When backups succeeded: what the dashboard shows, and what raises the alarm."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, Max

from clinic.models import Backup

# A daily backup that failed once, and had half a day to succeed after all.
OVERDUE_AFTER = timedelta(hours=36)


def last_verified():
    """Return when a backup was last opened and found whole; None before the first."""
    return Backup.objects.aggregate(last=Max("verified_at"))["last"]


def last_copied():
    """Return when a backup last left this machine; None before the first."""
    return Backup.objects.aggregate(last=Max("copied_at"))["last"]


def overdue(now):
    """Return what shows that a site that makes backups has had no whole one for a day and a half."""
    return _without("verified_at", now)


def not_copied(now):
    """Return what shows that for a day and a half no backup has left this machine, as they are meant to."""
    return _without("copied_at", now) if settings.BACKUP_COPY_TO else Backup.objects.none()


def is_overdue(now):
    """Return whether a site that makes backups has had no whole one for a day and a half."""
    return overdue(now).exists()


def _without(moment, now):
    # What lies far ahead was noted by a clock that was set back since.
    lately = Backup.objects.filter(**{f"{moment}__range": (now - OVERDUE_AFTER, now + OVERDUE_AFTER)})
    return Backup.objects.filter(~Exists(lately), started_at__lt=now - OVERDUE_AFTER)

"""When backups succeeded: what the dashboard shows, and what raises the alarm."""

from datetime import timedelta

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
    limit = now - OVERDUE_AFTER
    whole = Backup.objects.filter(verified_at__gte=limit)
    return Backup.objects.filter(~Exists(whole), started_at__lt=limit)


def is_overdue(now):
    """Return whether a site that makes backups has had no whole one for a day and a half."""
    return overdue(now).exists()

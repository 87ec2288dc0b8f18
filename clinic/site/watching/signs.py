"""What this machine and its database tell of themselves, as cheaply as every staff page asks."""

import shutil
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import F, Value
from django.db.models.functions import Concat

# A twentieth of the disk, but never so little that a day could fill it, nor more than years of requests.
LEAST_FREE_SHARE = 0.05
LEAST_FREE_BYTES, MOST_FREE_BYTES = 200_000_000, 2_000_000_000


@cache
def latest_migrations():
    """Return the (app, name) of the last migration of each app, as this release has them."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def applied_migrations():
    """Return "app.name" of those migrations of the database that are called like the latest of an app."""
    applied = MigrationRecorder.Migration.objects.filter(
        name__in={name for _app, name in latest_migrations()}
    )
    return applied.values_list(Concat(F("app"), Value("."), F("name")), flat=True)


def pending_migrations(applied):
    """Return "app.name" of the latest migrations that are not among these."""
    return sorted({f"{app}.{name}" for app, name in latest_migrations()}.difference(applied))


def disks():
    """Return the space where this machine keeps something, by what it is."""
    folders = {"media": Path(settings.MEDIA_ROOT)}
    if connection.vendor == "sqlite":
        folders["database"] = Path(connection.settings_dict["NAME"]).parent
    return {what: shutil.disk_usage(_existing(folder)) for what, folder in folders.items()}


def is_disk_nearly_full():
    """Tell whether so little is free that soon nothing can be stored."""
    return any(usage.free < _needed(usage.total) for usage in disks().values())


def _needed(total):
    return max(LEAST_FREE_BYTES, min(LEAST_FREE_SHARE * total, MOST_FREE_BYTES))


def _existing(folder):
    """Return the folder, or the nearest one above it that exists."""
    return next(path for path in (folder, *folder.parents) if path.exists())

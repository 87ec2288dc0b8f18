"""Bring a backup back: looked through to its end first, then put in place as a whole or not at all."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from clinic.backup import archive, databases, media
from clinic.backup.problems import BackupProblem
from clinic.models import WorkerBeat

# The worker's heart beats every fifteen seconds.
RUNNING_WITHIN = timedelta(seconds=20)


def examine(path):
    """Read a whole backup and return its manifest; raises BackupProblem if this site can't take it."""
    _refuse_without_key()
    with path.open("rb") as file:
        manifest = archive.read(file, lambda name, content: None)
    if manifest["engine"] != connection.vendor:
        raise BackupProblem(
            "other-engine",
            f"This backup is of a {manifest['engine']} database. Set DATABASE_URL to one of that kind.",
        )
    if unknown := _applied(manifest) - _known():
        app, name = min(unknown)
        raise BackupProblem(
            "newer-release", f"A newer release made this backup: {app} {name} is unknown here. Upgrade first."
        )
    return manifest


def migrations_to_run(manifest):
    """Return the migrations that the site's code has and the backup has not, as "app name"."""
    return [f"{app} {name}" for app, name in sorted(_known() - _applied(manifest))]


def refuse_unless_free(rows_that_count, *, replace):
    """Raise BackupProblem while the site runs, or if it holds data and nobody said to replace it.

    `rows_that_count` are the models of which a single row is data.
    """
    if _is_running():
        raise BackupProblem("running", "The site is running. Stop web server and worker, wait 20 seconds.")
    if not replace and (_has_rows(rows_that_count) or media.files()):
        raise BackupProblem(
            "not-empty", "There is data here already. Add --replace to put it aside and take the backup."
        )


def restore(path):
    """Put the database and the media files in their places, what was there beside them.

    Returns by which word those are called now. Whatever goes wrong before the end leaves all as it was.
    """
    aside = f"before-{timezone.now():%Y%m%d-%H%M%S}"
    with databases.kind().Arrival(aside) as database, media.arriving() as folder:

        def take(name, content):
            if name == archive.DATABASE:
                database.take(content)
            else:
                media.write(folder / Path(name).relative_to(archive.MEDIA), content)

        with path.open("rb") as file:
            archive.read(file, take)
        with media.in_place(folder, aside):
            database.commit()
    return aside


def _refuse_without_key():
    # Asked for its keys, a site without any would make one, which opens nothing.
    if not settings.ENCRYPTION_KEYS and not settings.ENCRYPTION_KEY_FILE.exists():
        raise BackupProblem(
            "no-key",
            f"Put the key of the backup into {settings.ENCRYPTION_KEY_FILE}, or set ENCRYPTION_KEYS to it.",
        )


def _applied(manifest):
    return {tuple(migration) for migration in manifest["migrations"]}


def _known():
    return set(MigrationLoader(None).disk_migrations)


def _is_running():
    now = timezone.now()
    # A beat from far in the future is a clock that was set back.
    recent = (now - RUNNING_WITHIN, now + RUNNING_WITHIN)
    return _finds(WorkerBeat.objects.filter(at__range=recent), when_unreadable=False)


def _has_rows(models):
    return any(_finds(model._base_manager.all(), when_unreadable=True) for model in models)


def _finds(rows, *, when_unreadable):
    """Return whether there are such rows, in a database that may lack the table, or be damaged."""
    if not databases.kind().exists():
        return False
    try:
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
        return rows.model._meta.db_table in tables and rows.exists()
    except OperationalError as error:
        raise BackupProblem("unreachable", "The database does not answer. Look at DATABASE_URL.") from error
    except DatabaseError:
        return when_unreadable

"""Bring a backup back: looked through to its end first, then put in place as a whole or not at all."""

import os
import shutil
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from clinic.backup import archive, databases, places
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
    if not replace and (_has_rows(rows_that_count) or _has_media()):
        raise BackupProblem(
            "not-empty", "There is data here already. Add --replace to put it aside and take the backup."
        )


def restore(path):
    """Put the database and the media files in their places, what was there beside them.

    Returns by which word those are called now. Whatever goes wrong before the end leaves all as it was.
    """
    aside = f"before-{timezone.now():%Y%m%d-%H%M%S}"
    with databases.kind().Arrival(aside) as database, _media_arriving() as media:

        def take(name, content):
            if name == archive.DATABASE:
                database.take(content)
            else:
                _write(media / Path(name).relative_to(archive.MEDIA), content)

        with path.open("rb") as file:
            archive.read(file, take)
        database.commit()
        _put_in_place(media, aside)
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
    return _finds(WorkerBeat.objects.filter(at__gte=timezone.now() - RUNNING_WITHIN), when_unreadable=False)


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


def _has_media():
    return any(path.is_file() for path in settings.MEDIA_ROOT.rglob("*"))


@contextmanager
def _media_arriving():
    """Yield a folder beside the media files, which is gone at the end unless it was put in their place."""
    folder = places.beside(settings.MEDIA_ROOT, "restoring")
    shutil.rmtree(folder, ignore_errors=True)
    _make_folder(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(path, content):
    _make_folder(path.parent)
    with places.private_file(path, mode=settings.FILE_UPLOAD_PERMISSIONS) as file:
        shutil.copyfileobj(content, file)


def _make_folder(folder):
    if not folder.exists():
        _make_folder(folder.parent)
        folder.mkdir()
        os.chmod(folder, settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)


def _put_in_place(media, aside):
    if settings.MEDIA_ROOT.exists():
        settings.MEDIA_ROOT.rename(places.beside(settings.MEDIA_ROOT, aside))
    media.rename(settings.MEDIA_ROOT)
    places.settle(settings.MEDIA_ROOT.parent)

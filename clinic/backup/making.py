"""Make a backup while the site is in use, open it again, and only then give it its name."""

import errno
import logging
import math
import os
import time
from contextlib import suppress
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from clinic import clock_check, version
from clinic.backup import archive, databases, media, places, thinning
from clinic.backup.problems import BackupProblem
from clinic.models import Backup

log = logging.getLogger(__name__)

# An upload that comes from another disk bears the time at which it was received there.
MARGIN_SECONDS = 60


def make(target, *, newest_reference):
    """Write a backup to a file, or into a folder, and return its Backup and its path.

    `newest_reference` is asked at the moment of the copy. Raises BackupProblem or OSError.
    """
    now = timezone.localtime()
    path = target / thinning.name_at(now) if target.is_dir() else target
    backup = Backup.objects.create(name=path.name[:100], started_at=now)
    try:
        _make(path, backup, newest_reference)
    except (BackupProblem, DatabaseError, OSError) as problem:
        note_problem(backup, problem)
        raise
    if target.is_dir():
        thin(target, now)
    return backup, path


def thin(folder, now):
    """Remove the old backups of a folder, and what is noted about them, if the clock is to be believed."""
    if clock_check.is_doubtful(now):
        log.warning("backup.not_thinned reason=clock-doubtful")
        return
    for name in thinning.superfluous(os.listdir(folder), now):
        (folder / name).unlink(missing_ok=True)
    Backup.objects.filter(started_at__lt=now - thinning.LONGEST).delete()


def note_problem(backup, problem):
    """Note by a code what went wrong with a backup, if the database still takes notes."""
    backup.error = _code(problem)
    log.error("backup.failed backup=%s error=%s", backup.pk, backup.error)
    with suppress(DatabaseError):
        backup.save(update_fields=["error"])


def _make(path, backup, newest_reference):
    _refuse_place(path)
    draft = path.with_name(path.name + thinning.UNFINISHED)
    # What a crash has left.
    draft.unlink(missing_ok=True)
    try:
        with places.private_file(draft) as file:
            _write(file, newest_reference)
        _open(draft)
        draft.rename(path)
        places.settle(path.parent)
    finally:
        draft.unlink(missing_ok=True)
    backup.bytes, backup.verified_at = path.stat().st_size, timezone.now()
    backup.save(update_fields=["bytes", "verified_at"])


def _write(file, newest_reference):
    # Twice through the files: one that a row of the copy names may be gone after it, or have come, or been
    # written to its end, while the first were read. Once written, only those in share/ are ever replaced.
    writer = archive.Writer(file)
    just_before = time.time() - MARGIN_SECONDS
    _add_media(writer)
    with databases.kind().frozen() as copy:
        manifest = _manifest(newest_reference)
        writer.add(archive.DATABASE, copy)
    _add_media(writer, changed_since=just_before)
    writer.finish(manifest)


def _add_media(writer, changed_since=math.inf):
    """Add the media files that the archive does not hold yet, and again those that have changed since."""
    for path in media.files():
        name = f"{archive.MEDIA}/{path.relative_to(settings.MEDIA_ROOT)}"
        # What is removed at this moment is needed no longer.
        with suppress(FileNotFoundError), path.open("rb") as file:
            if not writer.holds(name) or os.stat(file.fileno()).st_mtime >= changed_since:
                writer.add(name, file)


def _manifest(newest_reference):
    return {
        "made_at": timezone.now().isoformat(),
        "version": version.number(),
        "engine": connection.vendor,
        "migrations": sorted(MigrationRecorder(connection).applied_migrations()),
        "rows": {model._meta.label: model._base_manager.count() for model in apps.get_models()},
        "newest_reference": newest_reference(),
    }


def _open(path):
    """Read the backup as a restore would, its database included."""

    def take(name, content):
        if name == archive.DATABASE:
            databases.kind().check(content)

    with path.open("rb") as file:
        archive.read(file, take)


def _refuse_place(path):
    if not path.parent.is_dir():
        raise BackupProblem("no-folder", f"There is no folder {path.parent}. Make it, or mount its disk.")
    public = [Path(folder).resolve() for folder in (settings.MEDIA_ROOT, settings.STATIC_ROOT)]
    if any(folder in path.resolve().parents for folder in public):
        raise BackupProblem("public-folder", "Visitors can read that folder. Choose another one.")


def _code(problem):
    if isinstance(problem, BackupProblem):
        return problem.code
    return errno.errorcode.get(getattr(problem, "errno", None), type(problem).__name__)

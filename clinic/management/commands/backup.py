import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from appointments.models import AppointmentRequest
from clinic import audit
from clinic.backup import copying, making
from clinic.backup.problems import BackupProblem


class Command(BaseCommand):
    help = "Write database and media to one encrypted file, open it again, and copy it to BACKUP_COPY_TO."

    def add_arguments(self, parser):
        parser.add_argument(
            "file", type=Path, nargs="?", help="the file, or a folder where old backups are thinned out"
        )

    def handle(self, file, **options):
        began = time.monotonic()
        try:
            backup, path = making.make(file or own_folder(), newest_reference=newest_reference)
        except BackupProblem as problem:
            raise CommandError(problem) from problem
        except OSError as problem:
            raise CommandError(
                f"{problem.strerror}: {problem.filename or file or settings.BACKUP_FOLDER}"
            ) from problem
        except DatabaseError as problem:
            raise CommandError("The database does not answer, so there is no backup.") from problem
        audit.record("backup.made", subject=backup.name)
        size = filesizeformat(backup.bytes).replace("\xa0", " ")
        self.stdout.write(
            f"{path}: {size} in {time.monotonic() - began:.1f} s, opened and checked. "
            f"Keep {where_the_key_is()} elsewhere: without it nobody opens this file."
        )
        if settings.BACKUP_COPY_TO:
            self.copy(backup, path)

    def copy(self, backup, path):
        """Carry the backup off this machine, and note how that went."""
        try:
            copying.copy(path, settings.BACKUP_COPY_TO)
        except BackupProblem as problem:
            making.note_problem(backup, problem)
            raise CommandError(problem) from problem
        backup.copied_at = timezone.now()
        backup.save(update_fields=["copied_at"])
        self.stdout.write("Copied to BACKUP_COPY_TO.")


def own_folder():
    """Return the folder of backups that nobody named a place for."""
    settings.BACKUP_FOLDER.mkdir(mode=0o700, exist_ok=True)
    return settings.BACKUP_FOLDER


def newest_reference():
    """Return the reference of the last request that came in."""
    return AppointmentRequest.objects.order_by("-pk").values_list("reference", flat=True).first()


def where_the_key_is():
    """Return how the operator knows the key."""
    return "ENCRYPTION_KEYS" if settings.ENCRYPTION_KEYS else settings.ENCRYPTION_KEY_FILE

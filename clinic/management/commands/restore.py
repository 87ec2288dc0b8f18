from datetime import datetime
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from appointments.models import AppointmentRequest
from clinic import audit, facts
from clinic.backup import archive, restoring
from clinic.backup.problems import BackupProblem
from clinic.models import Backup
from clinic.site import indexing

# Where there is one of these, there is something to lose.
DATA = [AppointmentRequest, get_user_model()]


class Command(BaseCommand):
    help = "Bring database and media back from a backup. Refuses a damaged one, and a site that has data."
    # There may be no database yet.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="tell what would happen; change nothing")
        parser.add_argument("--replace", action="store_true", help="put aside the data that is here")

    def handle(self, file, dry_run, replace, **options):
        try:
            manifest = restoring.examine(file)
            self.describe(manifest)
            restoring.refuse_unless_free(DATA, replace=replace)
            if dry_run:
                self.stdout.write("Nothing was changed.")
                return
            aside = restoring.restore(file)
        except BackupProblem as problem:
            raise CommandError(problem) from problem
        except OSError as problem:
            raise CommandError(f"{problem.strerror}: {problem.filename or file}") from problem
        finish(file.name)
        self.stdout.write(
            f"Restored. What was here before is kept, if anything was, with {aside} in its name."
        )

    def describe(self, manifest):
        """Say what the backup holds, and what it takes to bring it up to this release."""
        made_at = timezone.localtime(datetime.fromisoformat(manifest["made_at"]))
        files = sum(name.startswith(f"{archive.MEDIA}/") for name in manifest["members"])
        rows = manifest["rows"]
        counts = [f"{rows[model._meta.label]} {model._meta.verbose_name_plural}" for model in DATA]
        to_run = restoring.migrations_to_run(manifest)
        self.stdout.write(f"Made {made_at:%Y-%m-%d %H:%M} by release {manifest['version']}.")
        self.stdout.write(f"Newest request: {manifest['newest_reference'] or 'none'}.")
        self.stdout.write(f"{', '.join(counts)}, {sum(rows.values())} rows in all, {files} media files.")
        self.stdout.write("Migrations to run: " + (", ".join(to_run) or "none"))


def finish(name):
    """Bring a restored site up to this release, and make it one that starts afresh."""
    call_command("migrate", verbosity=0, interactive=False)
    # Sessions that were ended since the backup would be open again.
    Session.objects.all().delete()
    # The copy was made before it could be noted that the backup is whole.
    Backup.objects.filter(name=name, verified_at=None).update(verified_at=timezone.now())
    facts.publish()
    indexing.refresh_all()
    audit.record("backup.restored", subject=name)

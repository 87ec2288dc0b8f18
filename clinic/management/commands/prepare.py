"""One process instead of four: starting Python and Django costs more than the work of a second start."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from clinic import durability
from clinic.site.demo import people

VAR = settings.BASE_DIR / "var"
STATIC_STAMP = VAR / "static-sources"


class Command(BaseCommand):
    help = "Migrate, collect static files and load the demo clinic, as far as needed. `make run` calls it."

    def handle(self, **options):
        durability.refuse_less()
        call_command("migrate", verbosity=0, interactive=False)
        if not settings.DEBUG:
            collect_changed_static_files()
        # Both, because either alone may be left over from an interrupted or a deleted run.
        logins = people.logins_file()
        if not logins.exists() or not get_user_model().objects.exists():
            self.stdout.write("Loading the demo clinic …")
            self.stdout.flush()
            self.load_demo()
        if logins.exists():
            self.stdout.write("\nDemo logins (role, username, password):\n" + logins.read_text())

    def load_demo(self):
        """Load the demo clinic; a site that has real requests by now starts all the same."""
        try:
            call_command("demo", stdout=self.stdout)
        except CommandError as refusal:
            self.stdout.write(str(refusal))


def collect_changed_static_files():
    """Run collectstatic unless the sources are those of the last complete run."""
    fingerprint = fingerprint_of_static_sources()
    if (
        STATIC_STAMP.exists()
        and STATIC_STAMP.read_text() == fingerprint
        and Path(settings.STATIC_ROOT).exists()
    ):
        return
    STATIC_STAMP.unlink(missing_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    STATIC_STAMP.write_text(fingerprint)


def fingerprint_of_static_sources():
    """Return a digest over name, size and time of every static file."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(ignore_patterns=None):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()

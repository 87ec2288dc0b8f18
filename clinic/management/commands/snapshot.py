"""Keep the database as it is before an upgrade, and bring it back; `make upgrade` and `rollback` call it.

Not a backup: in clear, on the same disk, and only for the release that made it.
"""

import shutil
import sqlite3
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from clinic.backup import databases
from clinic.backup.problems import BackupProblem

# The copy, and as much again for tables that migrations write anew.
COPIES = 2
MARGIN = 100 * 1024 * 1024
DRAFT = ".part"


class Command(BaseCommand):
    help = "room FOLDER: is there room for a copy? save FILE, restore FILE: copy the database, bring it back."
    # The database may be half-way between two releases.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("verb", choices=["room", "save", "restore"])
        parser.add_argument("place", type=Path)

    def handle(self, verb, place, **options):
        try:
            getattr(self, verb)(place)
        except (BackupProblem, OSError, sqlite3.Error) as problem:
            raise CommandError(f"{place}: {problem}") from problem

    def room(self, folder):
        """Refuse a disk that is too full for a copy in this folder."""
        folder.mkdir(exist_ok=True)
        # What a crash has left.
        forget_drafts(folder)
        missing = COPIES * databases.kind().size() + MARGIN - shutil.disk_usage(folder).free
        if missing > 0:
            size = filesizeformat(missing).replace("\xa0", " ")
            raise CommandError(f"The disk of {folder} is too full: make room for {size} more.")

    def save(self, file):
        """Copy the database, whole or not at all."""
        draft = file.with_name(file.name + DRAFT)
        try:
            databases.kind().save_plain(draft)
            draft.replace(file)
        finally:
            forget_drafts(file.parent)

    def restore(self, file):
        """Bring the copy back."""
        databases.kind().restore_plain(file)


def forget_drafts(folder):
    """Remove copies that did not become whole, and what SQLite had beside them."""
    for draft in folder.glob(f"*{DRAFT}*"):
        draft.unlink()

"""Undo the migrations that an earlier version does not know, and nothing else; `make rollback` calls it."""

import sys

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    help = "Undo every migration that is not in the list on standard input, one app.name a line."

    def handle(self, **options):
        kept = {tuple(line.strip().split(".", 1)) for line in sys.stdin if line.strip()}
        if not kept:
            raise CommandError("Give the migrations to keep on standard input, one app.name a line.")
        executor = MigrationExecutor(connection)
        targets = targets_of(executor.loader, kept)
        for migration, _is_backwards in executor.migration_plan(targets):
            if not all(operation.reversible for operation in migration.operations):
                raise CommandError(f"The migration {migration} can’t be undone.")
        executor.migrate(targets)


def targets_of(loader, kept):
    """Return for each app with newer migrations the last one to keep, or None to undo the app's all."""
    newer = set(loader.applied_migrations) - kept
    last = {}
    for app, name in sorted(kept):
        last[app] = name
    return [(app, last.get(app)) for app in sorted({app for app, _name in newer})]

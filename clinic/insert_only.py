"""Let the database refuse change and deletion of rows that are evidence, on SQLite and PostgreSQL.

SQLite drops triggers when a later migration rebuilds the table; that migration must add them again.
A test tries every protected table after all migrations have run.
"""

from django.db import migrations

SQLITE = """
CREATE TRIGGER {name} BEFORE {event} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is insert-only'); END
"""
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
POSTGRESQL = "CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"


def protect(table, *, columns=()):
    """Return the migration operation that refuses DELETE, and UPDATE of `columns` (default: of any)."""
    add, remove = _changes(table, columns)
    return migrations.RunPython(add, remove)


def unprotect(table, *, columns=()):
    """Return the operation that takes the protection away while a migration rebuilds the table."""
    add, remove = _changes(table, columns)
    return migrations.RunPython(remove, add)


def _changes(table, columns):
    update = f"UPDATE OF {', '.join(columns)}" if columns else "UPDATE"
    triggers = [(f"{table}_no_update", update), (f"{table}_no_delete", "DELETE")]

    def add(apps, schema_editor):
        template = SQLITE
        if schema_editor.connection.vendor == "postgresql":
            template = POSTGRESQL
            schema_editor.execute(POSTGRESQL_FUNCTION, params=None)
        for name, event in triggers:
            schema_editor.execute(template.format(name=name, event=event, table=table), params=None)

    def remove(apps, schema_editor):
        suffix = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        for name, _event in triggers:
            schema_editor.execute(f"DROP TRIGGER {name}{suffix}", params=None)

    return add, remove

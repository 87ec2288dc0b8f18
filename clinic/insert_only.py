"""Let the database refuse change and deletion of rows that are evidence, on SQLite and PostgreSQL.

SQLite drops triggers when a later migration rebuilds the table; that migration must add them again.
A test tries every protected table after all migrations have run.
"""

from contextlib import contextmanager

from django.db import connection, migrations

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


@contextmanager
def lifted(*tables):
    """Let rows of these tables be changed and deleted; for a transaction, which also keeps it from others.

    Whatever is raised within takes the transaction back, and with it the gap in the protection.
    """
    with connection.cursor() as cursor:
        # PostgreSQL changes no table about which a deferred check is still to come.
        connection.check_constraints()
        restore = [_lift(cursor, table) for table in tables]
        yield
        connection.check_constraints()
        for statement in [statement for statements in restore for statement in statements]:
            cursor.execute(statement)


def _lift(cursor, table):
    """Take the triggers of a table out of force, and return the statements that put them back."""
    if connection.vendor == "postgresql":
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        return [f"ALTER TABLE {table} ENABLE TRIGGER USER"]
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
    triggers = cursor.fetchall()
    for name, _sql in triggers:
        cursor.execute(f"DROP TRIGGER {name}")
    return [sql for _name, sql in triggers]


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

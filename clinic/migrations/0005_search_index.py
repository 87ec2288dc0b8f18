from django.db import migrations, models

# The stems, for the database alone (clinic.search). FTS5 takes every sign that is not ASCII for a letter.
SQLITE = (
    "CREATE VIRTUAL TABLE clinic_searchterms USING fts5(title, lead, often, text, tokenize='ascii', prefix='3 5')",
)
SQLITE_BACK = ("DROP TABLE clinic_searchterms",)
# GIN without its list of late entries, which would slow down every search. The function, because the
# planner takes reading a long tsvector for free and would rather read all of them than the index.
# The rank is read from the short column, which stands in the row itself.
POSTGRESQL = (
    "ALTER TABLE clinic_searchentry ADD COLUMN about tsvector, ADD COLUMN terms tsvector",
    "CREATE INDEX clinic_searchentry_terms ON clinic_searchentry USING gin (terms) WITH (fastupdate = off)",
    "CREATE FUNCTION clinic_searchentry_with(query tsquery) RETURNS SETOF bigint LANGUAGE sql STABLE"
    " SET enable_seqscan = off AS 'SELECT id FROM clinic_searchentry WHERE terms @@ query'",
)
POSTGRESQL_BACK = (
    "DROP FUNCTION clinic_searchentry_with",
    "ALTER TABLE clinic_searchentry DROP COLUMN about, DROP COLUMN terms",
)


def add_terms(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL if is_postgresql else SQLITE:
        schema_editor.execute(statement, params=None)


def remove_terms(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL_BACK if is_postgresql else SQLITE_BACK:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("clinic", "0004_notices_documents_and_old_addresses")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.PositiveSmallIntegerField(choices=[(1, "Article"), (2, "Therapist"), (3, "Page")]),
                ),
                ("object_id", models.PositiveBigIntegerField()),
                ("url", models.CharField(max_length=200)),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField(blank=True)),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "object_id"), name="one_search_entry_an_object")
                ],
            },
        ),
        migrations.RunPython(add_terms, remove_terms),
    ]

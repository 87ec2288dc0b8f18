import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0006_archived_articles_know_where_readers_go"),
    ]

    operations = [
        migrations.CreateModel(
            name="VisitCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("visits", models.PositiveIntegerField(default=0)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visit_counts",
                        to="articles.article",
                    ),
                ),
            ],
            options={
                "verbose_name": "count of visits",
                "verbose_name_plural": "counts of visits",
                "constraints": [
                    models.UniqueConstraint(fields=("article", "day"), name="one_visit_count_a_day")
                ],
            },
        ),
    ]

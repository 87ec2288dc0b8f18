import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import appointments.private_links


class Migration(migrations.Migration):
    dependencies = [
        ("appointments", "0003_details_can_be_erased"),
        ("articles", "0007_visits_by_day"),
        ("clinic", "0006_counted_accesses"),
        ("staff", "0002_outside_reviewers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ScreeningCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("shown", "Shown"),
                            ("none", "None of these"),
                            ("yes", "Yes"),
                            ("not_sure", "Not sure"),
                            ("came_back", "Went on after emergency advice"),
                        ],
                        max_length=10,
                    ),
                ),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "count of answers",
                "verbose_name_plural": "counts of answers",
            },
        ),
        migrations.CreateModel(
            name="SearchKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=260)),
            ],
            options={
                "verbose_name": "search key",
                "verbose_name_plural": "search keys",
            },
        ),
        migrations.AlterModelOptions(
            name="appointmentrequest",
            options={
                "ordering": ["-is_urgent", "due_at"],
                "permissions": [
                    ("view_every_location", "Can see the requests of every location"),
                    ("view_reports", "Can see reports about requests"),
                    ("export_requests", "Can export requests and reports"),
                    ("erase_requests", "Can erase the details of a request"),
                ],
                "verbose_name": "appointment request",
                "verbose_name_plural": "appointment requests",
            },
        ),
        migrations.RemoveIndex(
            model_name="appointmentrequest",
            name="requests_closed_newest",
        ),
        migrations.AlterField(
            model_name="appointmentrequest",
            name="location",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests",
                to="clinic.location",
                verbose_name="location",
            ),
        ),
        migrations.AlterField(
            model_name="appointmentrequest",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AlterField(
            model_name="appointmentrequest",
            name="therapist",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="requests",
                to="staff.therapist",
                verbose_name="therapist asked for",
            ),
        ),
        migrations.AddField(
            model_name="appointmentrequest",
            name="called_at",
            field=models.DateTimeField(null=True, verbose_name="first called"),
        ),
        migrations.AddField(
            model_name="appointmentrequest",
            name="duplicate_of",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="duplicates",
                to="appointments.appointmentrequest",
                verbose_name="duplicate of",
            ),
        ),
        migrations.AddField(
            model_name="appointmentrequest",
            name="heard_from",
            field=models.CharField(
                blank=True,
                choices=[
                    ("doctor", "Doctor"),
                    ("friend", "Friend or family"),
                    ("search", "Web search"),
                    ("returning", "Was here before"),
                    ("insurance", "Insurance"),
                    ("other", "Other"),
                ],
                max_length=10,
                verbose_name="heard of us from",
            ),
        ),
        migrations.AddField(
            model_name="appointmentrequest",
            name="link_digest",
            field=models.CharField(editable=False, max_length=64, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="appointmentrequest",
            name="link_nonce",
            field=models.CharField(
                default=appointments.private_links.new_nonce, editable=False, max_length=32
            ),
        ),
        migrations.AddField(
            model_name="appointmentrequest",
            name="next_try_at",
            field=models.DateTimeField(null=True, verbose_name="next try"),
        ),
        migrations.AddField(
            model_name="appointmentrequest",
            name="version",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="requestevent",
            name="before",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="requestevent",
            name="undone_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="requestevent",
            name="version",
            field=models.PositiveIntegerField(help_text="That of the request after this step.", null=True),
        ),
        migrations.AlterField(
            model_name="appointmentrequest",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("booked", "Appointment booked"),
                    ("declined", "Patient no longer wants one"),
                    ("unreachable", "Not reached after three tries"),
                    ("not_our_service", "Not our service"),
                    ("emergency", "Sent to emergency care"),
                    ("duplicate", "Duplicate of another request"),
                    ("replaced", "Replaced by a corrected request"),
                    ("spam", "Spam"),
                    ("cancelled", "Appointment cancelled"),
                ],
                max_length=20,
                verbose_name="outcome",
            ),
        ),
        migrations.AlterField(
            model_name="requestevent",
            name="attempt",
            field=models.CharField(
                blank=True,
                choices=[
                    ("reached", "Reached"),
                    ("voicemail", "Left a message"),
                    ("no_answer", "No answer"),
                    ("wrong_number", "Wrong number"),
                    ("wrote", "Wrote an e-mail"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="appointmentrequest",
            index=models.Index(
                condition=models.Q(("status", "closed")),
                fields=["-closed_at", "-id"],
                name="requests_closed_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="appointmentrequest",
            index=models.Index(fields=["received_at"], name="requests_by_arrival"),
        ),
        migrations.AddField(
            model_name="screeningcount",
            name="wording",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="screening_counts",
                to="articles.carecardversion",
            ),
        ),
        migrations.AddField(
            model_name="searchkey",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="search_keys",
                to="appointments.appointmentrequest",
            ),
        ),
        migrations.AddConstraint(
            model_name="screeningcount",
            constraint=models.UniqueConstraint(
                fields=("wording", "day", "step"), name="one_count_a_step_and_day"
            ),
        ),
        migrations.AddIndex(
            model_name="searchkey",
            index=models.Index(
                fields=["key", "request"],
                name="search_keys_by_beginning",
                opclasses=["varchar_pattern_ops", "int8_ops"],
            ),
        ),
        migrations.AddConstraint(
            model_name="searchkey",
            constraint=models.UniqueConstraint(fields=("request", "key"), name="one_search_key_once"),
        ),
    ]

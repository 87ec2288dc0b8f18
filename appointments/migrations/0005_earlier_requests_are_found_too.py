from django.db import migrations
from django.db.models import Min

from appointments import search_keys


def make_keys(apps, schema_editor):
    SearchKey = apps.get_model("appointments", "SearchKey")
    requests = apps.get_model("appointments", "AppointmentRequest").objects.filter(erased_at=None)
    for request in requests.iterator(chunk_size=500):
        SearchKey.objects.bulk_create(SearchKey(request=request, key=key) for key in search_keys.of(request))


def note_first_calls(apps, schema_editor):
    AppointmentRequest = apps.get_model("appointments", "AppointmentRequest")
    calls = apps.get_model("appointments", "RequestEvent").objects.filter(step="log_attempt")
    for row in calls.order_by().values("request").annotate(first=Min("at")):
        AppointmentRequest.objects.filter(pk=row["request"]).update(called_at=row["first"])


class Migration(migrations.Migration):
    dependencies = [("appointments", "0004_steps_private_links_and_search_keys")]

    operations = [
        migrations.RunPython(make_keys, migrations.RunPython.noop),
        migrations.RunPython(note_first_calls, migrations.RunPython.noop),
    ]

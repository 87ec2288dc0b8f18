from django.db import migrations

from clinic.insert_only import protect


class Migration(migrations.Migration):
    dependencies = [("clinic", "0002_links_to_people_and_pictures")]

    operations = [
        protect("clinic_auditevent"),
        protect("clinic_auditseal"),
        protect("clinic_pagerevision"),
    ]

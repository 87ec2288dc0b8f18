from django.db import migrations

from clinic.insert_only import protect


class Migration(migrations.Migration):
    dependencies = [("clinic", "0002_initial")]

    operations = [protect("clinic_auditevent"), protect("clinic_auditseal")]

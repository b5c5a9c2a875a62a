from django.db import migrations

from caudal.kernel.appendonly import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_messages"), ("kernel", "0003_folios_and_guards")]
    operations = [AppendOnly("messaging_messagetry")]

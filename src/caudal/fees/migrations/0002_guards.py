from django.db import migrations

from caudal.kernel.appendonly import AppendOnly

APPEND_ONLY = ("counterservice", "counterserviceend", "nodebtcertificate", "certificateprint")


class Migration(migrations.Migration):
    dependencies = [("fees", "0001_counter_services"), ("kernel", "0003_folios_and_guards")]
    operations = [AppendOnly(f"fees_{name}") for name in APPEND_ONLY]

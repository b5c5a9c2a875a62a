from django.db import migrations

from caudal.kernel.appendonly import AppendOnly
from caudal.kernel.partitions import Partitioned


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial"), ("kernel", "0003_folios_and_guards")]
    operations = [
        Partitioned(
            "billing_bill",
            key=["period", "account_id", "revision"],
            append_only=True,
            indexes="ALTER TABLE {table} ADD FOREIGN KEY (account_id) REFERENCES registry_account (id);",
        ),
        AppendOnly("billing_runstep"),
        AppendOnly("billing_billcancellation"),
    ]

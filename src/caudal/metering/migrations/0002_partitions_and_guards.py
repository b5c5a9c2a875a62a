from django.db import migrations

from caudal.kernel.appendonly import AppendOnly
from caudal.kernel.partitions import Partitioned


class Migration(migrations.Migration):
    dependencies = [("metering", "0001_initial"), ("kernel", "0003_folios_and_guards")]
    operations = [
        Partitioned(
            "metering_consumption",
            key=["period", "service_point_id"],
            append_only=False,
            indexes="ALTER TABLE {table} ADD FOREIGN KEY (service_point_id) REFERENCES registry_servicepoint (id);",
        ),
        AppendOnly("metering_reading"),
    ]

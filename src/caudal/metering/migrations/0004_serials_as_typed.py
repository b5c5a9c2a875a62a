"""A serial is found as people type it: any case, with or without its hyphens and spaces, from its first signs."""

from django.db import migrations

SERIALS = """
CREATE INDEX metering_meter_squeezed ON metering_meter (registry_squeezed(serial) text_pattern_ops);
"""


class Migration(migrations.Migration):
    dependencies = [("metering", "0003_closures_and_revisions"), ("registry", "0003_search_index")]
    operations = [migrations.RunSQL(SERIALS, "DROP INDEX metering_meter_squeezed")]

"""The line by which a month paid ahead keeps the price that it was paid at."""

from django.db import migrations


def write_concept(apps, schema_editor):
    apps.get_model("ledger", "Concept").objects.get_or_create(
        id=13,
        defaults={
            "code": "held_price",
            "name": "Precio respetado del pago anticipado",
            "kind": "reduction",
            "receivable_account": "1124-03",
            "revenue_account": "4143-08",
            "revenue_classifier": "43",
        },
    )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0007_write_credits_of_files")]
    operations = [migrations.RunPython(write_concept, migrations.RunPython.noop)]

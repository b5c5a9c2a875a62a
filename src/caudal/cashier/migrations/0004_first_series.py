from datetime import date

from django.db import migrations


def open_window_series(apps, schema_editor):
    apps.get_model("cashier", "ReceiptSeries").objects.create(
        code="A", name="Ventanilla", opened_on=date(2000, 1, 1)
    )


class Migration(migrations.Migration):
    dependencies = [("cashier", "0003_receipt_series")]
    operations = [migrations.RunPython(open_window_series, migrations.RunPython.noop)]

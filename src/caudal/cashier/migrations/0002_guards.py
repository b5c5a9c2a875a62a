from django.db import migrations

from caudal.kernel.appendonly import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("cashier", "0001_initial"), ("kernel", "0003_folios_and_guards")]
    operations = [AppendOnly("cashier_payment")]

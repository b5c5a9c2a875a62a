from django.db import migrations

from caudal.kernel.appendonly import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_legacypayment"), ("kernel", "0003_folios_and_guards")]
    operations = [AppendOnly("intake_legacypayment")]

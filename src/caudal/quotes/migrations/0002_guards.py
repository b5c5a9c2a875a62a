from django.db import migrations

from caudal.kernel.appendonly import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("quotes", "0001_initial"), ("kernel", "0003_folios_and_guards")]
    operations = [AppendOnly("quotes_paymentquote")]

from django.db import migrations

from caudal.kernel.appendonly import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("fieldwork", "0001_initial"), ("kernel", "0003_folios_and_guards")]

    operations = [
        AppendOnly("fieldwork_roundassignment"),
        AppendOnly("fieldwork_fieldevent"),
        AppendOnly("fieldwork_eventoutcome"),
        AppendOnly("fieldwork_photo"),
        AppendOnly("fieldwork_orderresult"),
    ]

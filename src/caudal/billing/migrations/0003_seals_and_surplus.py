from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_partitions_and_guards")]
    operations = [
        migrations.AddField("heldbill", "surplus", models.JSONField(default=list)),
        migrations.AddField("runchunk", "n_accounts", models.IntegerField(default=0), preserve_default=False),
        migrations.AddField("runchunk", "seal", models.CharField(max_length=64, default=""), preserve_default=False),
        migrations.AddField("runchunk", "totals", models.JSONField(default=dict), preserve_default=False),
    ]

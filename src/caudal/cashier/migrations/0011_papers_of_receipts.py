import django.db.models.deletion
from django.db import migrations, models

import caudal.kernel.fields
from caudal.kernel.appendonly import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("cashier", "0010_till_papers")]

    operations = [
        migrations.AddField(
            model_name="printjob",
            name="copy",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="reimpresión"),
        ),
        migrations.AlterField(
            model_name="printjob", name="body", field=models.BinaryField(default=b"")
        ),
        migrations.AddIndex(
            model_name="printjob",
            index=models.Index(
                condition=models.Q(("state", "unknown")), fields=["till", "id"], name="cashier_print_unknown"
            ),
        ),
        migrations.CreateModel(
            name="PaymentStanding",
            fields=[
                (
                    "payment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="cashier.payment",
                    ),
                ),
                ("in_favor_cents", caudal.kernel.fields.CentsField(verbose_name="quedó a favor de este pago")),
                ("balance_cents", caudal.kernel.fields.CentsField(verbose_name="saldo después del pago")),
            ],
        ),
        AppendOnly("cashier_paymentstanding"),
        migrations.CreateModel(
            name="VerificationCount",
            fields=[
                (
                    "id",
                    models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("address", models.CharField(max_length=32, verbose_name="dirección")),
                ("minute", models.BigIntegerField()),
                ("n", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("address", "minute"), name="cashier_verification_once")
                ],
            },
        ),
    ]

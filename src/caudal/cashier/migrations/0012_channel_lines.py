import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import caudal.kernel.fields
from caudal.kernel.appendonly import AppendOnly

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    """A line waits, is applied, withdrawn, given back: more than one decision, so the table is made anew (no
    installation has a row in it)."""

    dependencies = [("cashier", "0011_papers_of_receipts"), ("registry", "0001_initial")]

    operations = [
        migrations.AddField("settlementfile", "n_known", models.PositiveIntegerField("renglones ya conocidos", default=0)),
        migrations.AddField(
            "settlementfile", "known_cents", caudal.kernel.fields.CentsField("importe ya conocido", default=0)
        ),
        migrations.AddField(
            "settlementfile", "n_ignored", models.PositiveIntegerField("renglones que no son pagos", default=0)
        ),
        migrations.AddField(
            "settlementline", "authorization", models.CharField("autorización", blank=True, max_length=60)
        ),
        migrations.AddField("settlementline", "detail", models.CharField("detalle", blank=True, max_length=200)),
        migrations.AddIndex(
            "settlementline",
            models.Index(condition=Q(receipt__isnull=True), fields=["channel", "id"], name="cashier_line_not_applied"),
        ),
        migrations.DeleteModel("Identification"),
        migrations.CreateModel(
            "Identification",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField("decisión")),
                (
                    "outcome",
                    models.CharField(
                        "qué pasó",
                        choices=[
                            ("applied", "aplicado a una cuenta"),
                            ("withdrawn", "retirado de la cuenta"),
                            ("returned", "devuelto a quien pagó"),
                            ("reversed", "devuelto por el banco"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by", models.CharField("quién", max_length=150)),
                ("reason", models.CharField("motivo", max_length=200)),
                ("account", models.ForeignKey(null=True, on_delete=PROTECT, to="registry.account")),
                (
                    "counterpart",
                    models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to="cashier.settlementline"),
                ),
                (
                    "line",
                    models.ForeignKey(on_delete=PROTECT, related_name="identifications", to="cashier.settlementline"),
                ),
                (
                    "receipt",
                    models.OneToOneField(
                        null=True, on_delete=PROTECT, related_name="identification", to="cashier.receipt"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "identification", models.UniqueConstraint(fields=("line", "number"), name="cashier_identification_once")
        ),
        migrations.AddConstraint(
            "identification",
            models.CheckConstraint(
                condition=Q(
                    outcome__in=["applied", "withdrawn"], account__isnull=False, receipt__isnull=False,
                    counterpart__isnull=True,
                )
                | Q(outcome="returned", account__isnull=True, receipt__isnull=True, counterpart__isnull=True)
                | Q(outcome="reversed", account__isnull=True, receipt__isnull=True, counterpart__isnull=False),
                name="cashier_identification_complete",
            ),
        ),
        migrations.AddConstraint(
            "identification", models.CheckConstraint(condition=~Q(reason=""), name="cashier_identification_reasoned")
        ),
        AppendOnly("cashier_identification"),
    ]

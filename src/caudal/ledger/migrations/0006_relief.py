"""What relief needs: the installments of an arrangement, the surcharges of deferring, credits that forgive."""

from django.db import migrations, models

ACCOUNTS = (
    ("1124-10", "Convenios de pago por cobrar"),
    ("1124-11", "Adeudos que pasan a convenio"),
)
CONCEPTS = (
    (24, "deferral_surcharge", "Recargos por prórroga", "surcharge", "1124-05", "4169", "45"),
    (41, "installment", "Parcialidad de convenio", "principal", "1124-10", "1124-11", ""),
)

DOCUMENT_KINDS = [
    (1, "recibo"),
    (2, "recargo cobrado"),
    (3, "servicio"),
    (4, "saldo inicial"),
    (5, "regularización de estimadas"),
    (6, "parcialidad de convenio"),
]


def write_chart(apps, schema_editor):
    accounts, concepts = apps.get_model("ledger", "LedgerAccount"), apps.get_model("ledger", "Concept")
    for code, name in ACCOUNTS:
        accounts.objects.get_or_create(code=code, defaults={"name": name})
    for number, code, name, kind, receivable, revenue, classifier in CONCEPTS:
        concepts.objects.get_or_create(
            id=number,
            defaults={
                "code": code,
                "name": name,
                "kind": kind,
                "receivable_account": receivable,
                "revenue_account": revenue,
                "revenue_classifier": classifier,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_write_credits")]
    operations = [
        migrations.AlterField(
            model_name="credit",
            name="kind",
            field=models.CharField(
                choices=[
                    ("payment", "pago"),
                    ("bill_cancellation", "cancelación de recibo"),
                    ("adjustment", "ajuste"),
                    ("regularization", "regularización de estimadas"),
                    ("opening_credit", "saldo a favor inicial"),
                    ("waiver", "condonación"),
                    ("agreement", "adeudo pasado a convenio"),
                ],
                max_length=20,
            ),
        ),
        *(
            migrations.AlterField(
                model_name=model,
                name="document_kind",
                field=models.SmallIntegerField(choices=DOCUMENT_KINDS),
            )
            for model in ("allocation", "charge")
        ),
        migrations.RunPython(write_chart, migrations.RunPython.noop),
    ]

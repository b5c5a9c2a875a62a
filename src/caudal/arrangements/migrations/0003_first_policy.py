"""What a utility admits while it decides nothing else: a fifth down, twelve months, two missed and it is broken."""

from datetime import date

from django.db import migrations

FIRST = {
    "code": "convenios-2018",
    "effective_from": date(2018, 1, 1),
    "article": "Reglamento municipal de agua potable, convenios de pago en parcialidades",
    "least_down_ppm": 200_000,
    "down_payment_days": 3,
    "most_installments": 12,
    "least_installment_cents": 50_00,
    "most_days_to_first": 45,
    "most_debt_cents": 20_000_00,
    "another_after_default": False,
    "missed_to_default": 2,
    "current_bill_missed": 2,
    "surcharges": "stopped",
    "deferral_ppm": 0,
    "surcharges_resume": "from_due_date",
    "penalty_ppm": 0,
    "penalty_fixed_cents": 0,
    "ability_share_ppm": 300_000,
    "dependent_cents": 1_200_00,
    "set_by": "sistema",
}


def write_policy(apps, schema_editor):
    apps.get_model("arrangements", "ArrangementPolicy").objects.get_or_create(
        effective_from=FIRST["effective_from"], defaults=FIRST
    )


class Migration(migrations.Migration):
    dependencies = [("arrangements", "0002_guards")]
    operations = [migrations.RunPython(write_policy, migrations.RunPython.noop)]

"""What rules while a utility decides nothing else: cuts in 2019, and for homes only less flow since the General Law
of Waters. Schools and hospitals never."""

from datetime import date

from django.db import migrations

COMMON = {
    "benefit_measures": {
        "disabled": "never",
        "senior": "restriction",
        "pensioner": "restriction",
        "widowed": "restriction",
    },
    "least_overdue_days": 60,
    "least_debt_cents": 100_00,
    "least_periods": 2,
    "payment_grace_days": 3,
    "transit_business_days": 2,
    "approval_days": 15,
    "arrangement_reconnects": "signed",
    "fee_at": "reconnection",
    "fine_cents": 1_000_00,
    "set_by": "sistema",
}
BUSINESSES = {"commercial": "cut", "hotel": "cut", "industrial": "cut", "vacant_lot": "cut", "public": "never"}
HOMES = ("residential", "mixed_rural", "mixed_commercial")
POLICIES = (
    COMMON
    | {
        "code": "cortes-2018",
        "effective_from": date(2018, 1, 1),
        "article": "Reglamento municipal de agua potable, suspensión del servicio por falta de pago",
        "measures": BUSINESSES | dict.fromkeys(HOMES, "cut"),
        # as they kept up with their payments
        "reconnection_on": "share",
        "reconnection_share_ppm": 500_000,
        "reconnection_hours": 72,
    },
    COMMON
    | {
        "code": "reduccion-2025",
        "effective_from": date(2025, 12, 12),
        "article": "Ley General de Aguas, art. 9: no se suspende del todo el agua de las viviendas por falta de pago",
        "measures": BUSINESSES | dict.fromkeys(HOMES, "restriction"),
        "reconnection_on": "share",
        "reconnection_share_ppm": 500_000,
        "reconnection_hours": 48,
    },
)


def write_policies(apps, schema_editor):
    model = apps.get_model("disconnections", "DisconnectionPolicy")
    for each in POLICIES:
        model.objects.get_or_create(effective_from=each["effective_from"], defaults=each)


class Migration(migrations.Migration):
    dependencies = [("disconnections", "0002_guards")]
    operations = [migrations.RunPython(write_policies, migrations.RunPython.noop)]

"""What citizens of a Mexican utility report, how urgent it is and in how many hours they are answered."""

from django.db import migrations

# code, name, group, priority, hours, field order, asks: a = account, p = place, c = claims an amount, w = open to all
TYPES = [
    ("street_leak", "Fuga en la calle", "leak", 2, 24, "leak", "pw"),
    ("connection_leak", "Fuga en la toma", "leak", 2, 24, "leak", "pw"),
    ("indoor_leak", "Fuga dentro del predio", "leak", 4, 72, "inspection", "p"),
    ("no_water", "Falta de agua", "supply", 2, 24, "supply", "pw"),
    ("low_pressure", "Baja presión", "supply", 3, 48, "supply", "pw"),
    ("cloudy_water", "Agua turbia", "supply", 2, 24, "supply", "pw"),
    ("blocked_drain", "Drenaje tapado", "drain", 1, 12, "drain", "pw"),
    ("meter_check", "Revisión de medidor", "meter", 3, 72, "meter_check", "a"),
    ("inverted_meter", "Medidor invertido", "meter", 3, 72, "meter_check", "a"),
    ("stolen_meter", "Reposición de medidor por robo", "meter", 3, 72, "meter_change", "a"),
    ("reported_reading", "Lectura reportada por el usuario", "meter", 4, 48, "", "a"),
    ("reading_conflict", "Conflicto de lectura", "meter", 2, 48, "inspection", ""),
    ("high_consumption", "Alto consumo o aclaración de recibo", "billing", 3, 120, "meter_check", "ac"),
    ("missing_payment", "Pago no reflejado", "billing", 2, 48, "", "ac"),
    ("holder_change", "Cambio de titular", "account", 4, 120, "", "a"),
    ("reconnection", "Reconexión", "account", 2, 24, "inspection", "a"),
    ("arrangement", "Convenio de pago", "account", 4, 72, "", "a"),
    ("illegal_connection", "Toma clandestina", "irregular", 3, 72, "fraud_check", "pw"),
    ("illegal_reconnection", "Reconexión ilegal", "irregular", 2, 48, "fraud_check", ""),
]


def write_types(apps, schema_editor):
    CaseType = apps.get_model("cases", "CaseType")
    for sequence, (code, name, group, priority, hours, order_kind, asks) in enumerate(TYPES, start=1):
        CaseType.objects.get_or_create(
            code=code,
            defaults={
                "name": name, "group": group, "priority": priority, "service_hours": hours, "order_kind": order_kind,
                "asks_account": "a" in asks, "asks_place": "p" in asks, "is_billing_claim": "c" in asks,
                "is_public": "w" in asks, "sequence": sequence,
            },
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_guards")]
    operations = [migrations.RunPython(write_types, migrations.RunPython.noop)]

"""What the municipal revenue laws of Jalisco ask for, as rows: another state, or another council, adds its own."""

from datetime import date

from django.db import migrations

ARTICLE = "Ley de Ingresos, capítulo de agua: tarifas especiales"
TEMPLATE = {
    "pensioner": ["credencial de pensionado del IMSS", "credencial de pensionado del ISSSTE",
                  "credencial de Pensiones del Estado", "resolución de pensión o jubilación"],
    "disabled": ["credencial de discapacidad del DIF", "certificado médico oficial de discapacidad"],
    "widowed": ["actas de matrimonio y de defunción", "resolución de pensión por viudez"],
    "senior": ["credencial del INAPAM", "INE con fecha de nacimiento", "acta de nacimiento"],
}  # fmt: skip
MONTHS_VALID = 12
SINCE = date(2000, 1, 1)


def seed(apps, schema_editor):
    policies = apps.get_model("benefits", "BenefitPolicy")
    policies.objects.bulk_create(
        policies(
            category=category, effective_from=SINCE, article=ARTICLE, evidence_kinds=kinds,
            months_valid=MONTHS_VALID, one_property=True, must_be_up_to_date=True, must_live_there=True,
            decided_by="plantilla de Jalisco",
        )
        for category, kinds in TEMPLATE.items()
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("benefits", "0001_beneficiaries")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]

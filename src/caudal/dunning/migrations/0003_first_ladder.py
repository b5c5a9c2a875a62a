"""The ladder a utility climbs while it decides nothing else: invite, notify, demand twice, send to enforcement."""

from datetime import date

from django.db import migrations

LADDER = {
    "code": "cobranza-2018",
    "effective_from": date(2018, 1, 1),
    "article": "Reglamento municipal de agua potable, cobro de adeudos vencidos",
    "paid_within_days": 5,
    "undelivered_days": 30,
    "assumed_recovery_ppm": [500_000, 400_000, 300_000, 200_000, 120_000, 60_000],
    "set_by": "sistema",
}
BY_LAW = (
    "Ley de Hacienda Municipal y Código Fiscal de la Federación, arts. 134, 137 y 145: notificación personal "
    "y procedimiento administrativo de ejecución"
)
STAGES = (
    {
        "position": 1, "code": "courtesy_letter", "wait_days": 0, "term_days": 10,
        "legal_basis": "Reglamento municipal de agua potable, obligación de pago de los usuarios",
        "text": "Sabemos que a veces un recibo se queda sin pagar. Le invitamos a ponerse al corriente; si no puede "
                "pagar todo de una vez, podemos acordar pagos en partes.",
        "warning": "Si ya pagó, no haga caso de esta carta. Si necesita tiempo, acérquese: todavía no hay gastos.",
        "needs_previous": False, "needs_personal_service": False, "spares_protected": False,
        "least_debt_cents": 100_00, "least_age_days": 1, "cost_kind": "none",
    },
    {
        "position": 2, "code": "debt_slip", "wait_days": 0, "term_days": 10,
        "legal_basis": "Reglamento municipal de agua potable, obligación de pago y aviso de adeudo",
        "text": "Su cuenta tiene el adeudo vencido que se detalla abajo. Le pedimos pagarlo, o pasar a firmar un "
                "convenio, dentro del plazo indicado.",
        "warning": "Los recargos siguen corriendo por cada mes o fracción que pase sin pagar.",
        "needs_previous": False, "needs_personal_service": False, "spares_protected": False,
        "least_debt_cents": 200_00, "least_age_days": 31, "cost_kind": "none",
    },
    {
        "position": 3, "code": "demand", "wait_days": 1, "term_days": 15,
        "legal_basis": BY_LAW,
        "text": "Se le requiere el pago del crédito fiscal que se determina abajo, periodo por periodo. Deberá pagarlo, "
                "o acreditar que ya lo pagó, dentro del plazo indicado.",
        "warning": "De no pagar en el plazo, se dictará mandamiento de ejecución y podrán embargarse bienes "
                   "suficientes para cubrir el adeudo, con los gastos que señala la ley a su cargo.",
        "needs_previous": False, "needs_personal_service": True, "spares_protected": False,
        "least_debt_cents": 500_00, "least_age_days": 61, "cost_kind": "share", "cost_ppm": 20_000,
        "cost_floor_cents": 100_00, "cost_ceiling_cents": 5_000_00,
    },
    {
        "position": 4, "code": "second_demand", "wait_days": 5, "term_days": 15,
        "legal_basis": BY_LAW,
        "text": "Por segunda vez se le requiere el pago del crédito fiscal que se determina abajo, periodo por periodo, "
                "porque venció el plazo del primer requerimiento sin que lo pagara.",
        "warning": "De no pagar en el plazo, el expediente se turna a la Tesorería Municipal para su ejecución: "
                   "embargo, avalúo y remate.",
        "needs_previous": True, "needs_personal_service": True, "spares_protected": True,
        "least_debt_cents": 500_00, "least_age_days": 91, "cost_kind": "share", "cost_ppm": 20_000,
        "cost_floor_cents": 100_00, "cost_ceiling_cents": 5_000_00,
    },
    {
        "position": 5, "code": "enforcement_file", "wait_days": 5, "term_days": 6,
        "legal_basis": BY_LAW,
        "text": "Su expediente se turna a la Tesorería Municipal, porque vencieron los plazos de los dos "
                "requerimientos sin que se pagara el crédito fiscal que se detalla abajo.",
        "warning": "Todavía puede pagar o garantizar el adeudo antes de la diligencia de embargo.",
        "needs_previous": True, "needs_personal_service": True, "spares_protected": True,
        "least_debt_cents": 1_000_00, "least_age_days": 181, "cost_kind": "none",
    },
)  # fmt: skip


def write_ladder(apps, schema_editor):
    ladder, is_new = apps.get_model("dunning", "DunningLadder").objects.get_or_create(
        effective_from=LADDER["effective_from"], defaults=LADDER
    )
    if is_new:
        stage = apps.get_model("dunning", "DunningStage")
        stage.objects.bulk_create(stage(ladder=ladder, **each) for each in STAGES)


class Migration(migrations.Migration):
    dependencies = [("dunning", "0002_guards")]
    operations = [migrations.RunPython(write_ladder, migrations.RunPython.noop)]

"""The cast on paper: one sheet each, January 2019, with amounts that can be checked by hand."""

from dataclasses import replace
from datetime import date
from typing import Any

from caudal.documents.layouts import (
    BillLineText,
    BillSheet,
    ConsumptionKind,
    HistoryBar,
    Issuer,
    MeterText,
    ReadingsText,
    ReceivedPayment,
    TierText,
)

SIBAPAS = Issuer(
    name="SIBAPAS La Barca",
    long_name="Sistema Barquense de Agua Potable, Alcantarillado y Saneamiento",
    rfc="SBA000101AA1",
    address="Juárez 33, Centro",
    phone="393 935 0000",
    whatsapp="393 100 0000",
)
TIERS = (
    TierText(from_m3=0, to_m3=10, fixed_cents=70_00),
    TierText(from_m3=11, to_m3=20, unit_price_ten_thousandths=7_1000),
    TierText(from_m3=21, to_m3=30, unit_price_ten_thousandths=7_6000),
    TierText(from_m3=31, to_m3=None, unit_price_ten_thousandths=8_2050),
)
# January 2018 to January 2019; November was estimated.
M3 = (18, 20, 17, 22, 26, 24, 19, 18, 21, 20, 22, 17, 19)
PERIODS = (*range(201801, 201813), 201901)


def lupita(**changes: Any) -> BillSheet:
    """Doña Lupita the pensioner, 010293: 19 m³, half of the first ten forgiven, three months behind.

    Water 70.00 + 9 × 7.10 = 133.90; treatment 20 % = 26.78; infrastructure 3 % = 4.02; benefit −43.05: 121.65.
    Plus 512.62 owed and 10.51 of surcharges: 644.78.
    """
    facts: dict[str, Any] = {
        "issuer": SIBAPAS,
        "account_number": "010293",
        "holder_name": "María Guadalupe Núñez Zaragoza",
        "service_address": "Hidalgo 214, Centro, La Barca",
        "route": "01-004",
        "walk_sequence": 120,
        "usage": "Habitacional genérica",
        "folio": "2019-01-010293",
        "period": 201901,
        "issued_on": date(2019, 1, 28),
        "due_on": date(2019, 2, 15),
        "days": 31,
        "lines": (
            BillLineText(
                concept="Agua",
                amount_cents=133_90,
                working="primeros 10 m³ $70.00 + 9 m³ × $7.10 = $63.90",
                article="art. 61 fr. II",
            ),
            BillLineText(concept="Saneamiento", amount_cents=26_78, working="20 % del agua"),
            BillLineText(concept="Infraestructura", amount_cents=4_02, working="3 % del agua"),
            BillLineText(
                concept="Descuento 50 % adulto mayor", amount_cents=-43_05, working="primeros 10 m³"
            ),
            BillLineText(concept="IVA", amount_cents=0, working="agua de uso doméstico, tasa 0 %"),
        ),
        "charges_cents": 121_65,
        "previous_balance_cents": 512_62,
        "previous_balance_periods": "octubre, noviembre y diciembre de 2018",
        "surcharges_cents": 10_51,
        "surcharges_working": "1 % mensual simple: oct 3 m, nov 2 m, dic 1 m",
        "total_cents": 644_78,
        "verification": "https://sibapas.example/r/2019-01-010293/7KQ2M9XA",
        "meter": MeterText(number="AZ5307037", diameter="½″"),
        "readings": ReadingsText(
            previous=7383, previous_on=date(2018, 12, 22), current=7402, current_on=date(2019, 1, 23)
        ),
        "consumption_m3": 19,
        "daily_liters": 613,
        "history": tuple(
            HistoryBar(period=period, consumption_m3=m3, is_estimated=period == 201811)
            for period, m3 in zip(PERIODS, M3, strict=True)
        ),
        "comparison": "Gastaste 1 m³ más que en enero de 2018 (6 % más).",
        "payments": (ReceivedPayment(on=date(2018, 12, 12), amount_cents=200_00, place="ventanilla"),),
        "pay_less": "si liquidas en enero, te perdonamos 75 % de recargos ($7.88).",
        "pay_in_parts": "Convenio desde $190 hoy. Ven a la oficina o escribe al WhatsApp.",
        "tariff_name": "Tarifa habitacional genérica 2019",
        "tariff_article": "Ley de Ingresos, art. 61",
        "tiers": TIERS,
        "claim_text": "Tienes 15 días hábiles para aclaraciones.",
    }
    return BillSheet(**{**facts, **changes})


def rancho(**changes: Any) -> BillSheet:
    """Rancho El Carmen, 020031: flat service, no meter, nothing owed from before. 125.00 + 20 % + 3 % = 153.75."""
    flat = replace(
        lupita(),
        account_number="020031",
        holder_name="Rancho El Carmen",
        service_address="Camino real s/n, El Carmen",
        route="02-001",
        walk_sequence=31,
        usage="Mixto rural",
        folio="2019-01-020031",
        lines=(
            BillLineText(concept="Agua, cuota fija", amount_cents=125_00, article="art. 60"),
            BillLineText(concept="Saneamiento", amount_cents=25_00, working="20 % del agua"),
            BillLineText(concept="Infraestructura", amount_cents=3_75, working="3 % del agua"),
        ),
        charges_cents=153_75,
        previous_balance_cents=0,
        previous_balance_periods="",
        surcharges_cents=0,
        surcharges_working="",
        total_cents=153_75,
        verification="https://sibapas.example/r/2019-01-020031/M4TT8ZQP",
        meter=None,
        readings=None,
        consumption_m3=None,
        consumption_kind=ConsumptionKind.FLAT,
        daily_liters=None,
        history=(),
        comparison="",
        payments=(),
        tiers=(),
        tariff_name="",
        tariff_article="",
    )
    return replace(flat, **changes)


def in_credit() -> BillSheet:
    """Hotel Ribera paid ahead: 121.65 of charges against 171.65 in its favor leave −50.00."""
    return lupita(
        account_number="010620",
        holder_name="Hotel Ribera",
        previous_balance_cents=0,
        previous_balance_periods="",
        surcharges_cents=0,
        surcharges_working="",
        credit_balance_cents=171_65,
        total_cents=-50_00,
    )


CROWDED_CONCEPTS = (
    "Agua",
    "Alcantarillado",
    "Saneamiento",
    "Infraestructura",
    "Descuento por pronto pago",
    "Cuota de mantenimiento de la red",
    "IVA",
    "Regularización de noviembre",
    "Regularización de diciembre",
    "Reposición de medidor 3 de 12",
    "Reconexión",
    "Notificación de adeudo",
    "Multa por desperdicio",
    "Bonificación por agua turbia",
)


def crowded(lines: int = 14) -> BillSheet:
    """La Ponderosa, 010818: the longest name in the registry, fourteen lines, every note there is."""
    eight_tiers = " + ".join(
        f"{m3} m³ × ${price}.00 = ${m3 * price:,}.00"
        for m3, price in zip(range(10, 90, 10), range(15, 23), strict=True)
    )
    texts = tuple(
        BillLineText(
            concept=CROWDED_CONCEPTS[place % len(CROWDED_CONCEPTS)],
            amount_cents=1_000_00,
            working="20 % del agua del periodo" if place else eight_tiers,
            article="art. 61 fr. II",
        )
        for place in range(lines)
    )
    return lupita(
        account_number="010818",
        holder_name=(
            "Sociedad Cooperativa de Producción Rural Agropecuaria y de Servicios Ejidales La Ribera del Lago "
            "de Chapala y Sus Anexos, S. C. de R. L. de C. V."
        ),
        service_address=(
            "Boulevard Licenciado Benito Juárez García Oriente 1428 interior 3-B, entre Independencia y Revolución, "
            "Fraccionamiento La Ribera, La Barca, Jalisco"
        ),
        usage="Industrial",
        business_activity="empaque y exportación de berries",
        lines=texts,
        charges_cents=lines * 1_000_00,
        total_cents=lines * 1_000_00 + 512_62 + 10_51,
        consumption_kind=ConsumptionKind.ESTIMATED,
        consumption_reason="no se pudo leer: perro bravo en el patio",
        message="Este domingo 3 de febrero no habrá agua de 8 a 14 horas por cambio de válvula en Hidalgo.",
        supply_hours="lunes, miércoles y viernes de 5 a 11 h",
    )

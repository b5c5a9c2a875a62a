"""A bill sheet as the words and figures that its page shows, ready for `typst/bill.typ`."""

from typing import Any

from caudal.documents import figures, payment_codes
from caudal.documents.layouts import (
    HISTORY_BARS,
    BillLineText,
    BillSheet,
    ConsumptionKind,
    HistoryBar,
    TierText,
)

DENSITIES = 6
CHART_UNITS = 1000
REGULAR, HEAVY = 400, 600
# At each density, in points: a row of one line, and each line of working below it; then how many characters of
# working fit on a line. A first guess, close enough that the typesetter seldom has to set a page again.
_LINE_POINTS = ((19.6, 10.8), (15.9, 10.3), (13.1, 9.8), (10.9, 9.2), (9.2, 8.7))
_WORKING_CHARACTERS = (80, 84, 88, 94, 100)
_ROOM_POINTS = 310


def page(*, sheet: BillSheet, issuer: int) -> dict[str, Any]:
    """The page's data; `issuer` is its place in the job's list of issuers.

    :raises CannotEncodePayment: if the account or the total does not fit in the bars of the stub
    """
    rows = _rows(sheet)
    reference = payment_codes.payment_reference(
        account_number=sheet.account_number, amount_cents=sheet.total_cents, due_on=sheet.due_on
    )
    return {
        "issuer": issuer,
        "density": _density(rows),
        "rows": rows,
        **_head(sheet),
        **_water(sheet),
        **_notes(sheet),
        **_stub(sheet, reference),
    }


def _head(sheet: BillSheet) -> dict[str, Any]:
    owes = sheet.total_cents > 0
    activity = f" ({sheet.business_activity})" if sheet.business_activity else ""
    days = f"{sheet.days} días" if sheet.days != 1 else "1 día"
    return {
        "total": figures.pesos(sheet.total_cents),
        "total_label": "Total a pagar" if sheet.total_cents >= 0 else "Saldo a tu favor",
        "is_credit": sheet.total_cents < 0,
        "due": f"hasta el {figures.short_date(sheet.due_on)}" if owes else "No tienes que pagar",
        "account": figures.account_in_groups(sheet.account_number),
        "holder": sheet.holder_name,
        "address": sheet.service_address,
        "service": f"{sheet.usage}{activity} · ruta {sheet.route}-{sheet.walk_sequence:04d}",
        "period": figures.period_name(last=sheet.period, months=sheet.months),
        "days": days,
    }


def _rows(sheet: BillSheet) -> list[tuple[str, str, str, str]]:
    """The money, from the first concept to the total: kind of row, concept, working, amount."""
    rows = [_line(line) for line in sheet.lines]
    month = figures.MONTHS[sheet.period % 100 - 1]
    label = "Cargos del periodo" if sheet.months > 1 else f"Cargos de {month}"
    rows.append(("sum", label, "", figures.pesos(sheet.charges_cents)))
    if sheet.previous_balance_cents:
        rows.append(_row("Saldo anterior", sheet.previous_balance_cents, sheet.previous_balance_periods))
    if sheet.surcharges_cents:
        rows.append(_row("Recargos", sheet.surcharges_cents, sheet.surcharges_working))
    rows += [_line(debt) for debt in sheet.other_debt]
    if sheet.credit_balance_cents:
        rows.append(_row("Saldo a favor", -sheet.credit_balance_cents, "de pagos anteriores"))
    rows.append(("total", "Total", "", figures.pesos(sheet.total_cents)))
    return rows


def _line(line: BillLineText) -> tuple[str, str, str, str]:
    return _row(line.concept, line.amount_cents, _joined(line.working, line.article))


def _row(concept: str, amount_cents: int, working: str) -> tuple[str, str, str, str]:
    kind = "less" if amount_cents < 0 else "more"
    return (kind, figures.tied(concept), figures.tied(working), figures.pesos(amount_cents))


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _density(rows: list[tuple[str, str, str, str]]) -> int:
    """The roomiest density at which the rows should fit; the typesetter has the last word."""
    for density, (line, further) in enumerate(_LINE_POINTS):
        characters = _WORKING_CHARACTERS[density]
        tall = sum(line + further * -(-len(working) // characters) for _, _, working, _ in rows)
        if tall <= _ROOM_POINTS:
            return density
    return len(_LINE_POINTS) - 1


def _water(sheet: BillSheet) -> dict[str, Any]:
    bars = sheet.history[-HISTORY_BARS:]
    key = "Línea punteada: consumo estimado." if any(bar.is_estimated for bar in bars) else ""
    return {
        "facts": _facts(sheet),
        "bars": _bars(bars),
        "months": [figures.MONTHS[bar.period % 100 - 1][0].upper() for bar in bars],
        "chart_alt": _chart_alt(bars),
        "chart_key": key,
        "comparison": figures.tied(sheet.comparison),
        "tariff": _joined(sheet.tariff_name, sheet.tariff_article),
        "tiers": [(_bounds(tier), _price(tier)) for tier in sheet.tiers],
    }


def _facts(sheet: BillSheet) -> list[tuple[str, str, int]]:
    facts = []
    meter = _joined(sheet.meter.number, sheet.meter.diameter) if sheet.meter else "sin medidor"
    facts.append(("Medidor", meter, REGULAR))
    if readings := sheet.readings:
        before = f"Lectura anterior, {figures.day_and_month(readings.previous_on)}"
        facts.append((before, f"{readings.previous:,}", REGULAR))
        now = f"Lectura actual, {figures.day_and_month(readings.current_on)}"
        facts.append((now, "sin lectura" if readings.current is None else f"{readings.current:,}", REGULAR))
    kind = sheet.consumption_kind
    if sheet.consumption_m3 is not None:
        facts.append((f"Consumo, {kind.value}", f"{sheet.consumption_m3:,} m³", HEAVY))
    elif kind is ConsumptionKind.FLAT:
        facts.append(("Consumo", "cuota fija", HEAVY))
    if sheet.consumption_reason:
        facts.append(("Motivo", sheet.consumption_reason, REGULAR))
    if sheet.daily_liters is not None:
        facts.append(("Por día", f"{sheet.daily_liters:,} litros", REGULAR))
    return facts


def _bars(bars: tuple[HistoryBar, ...]) -> list[tuple[int, str, str]]:
    """Height in thousandths of the tallest, m³, and the tone of each bar."""
    tallest = max((bar.consumption_m3 or 0 for bar in bars), default=0) or 1
    drawn = []
    for place, bar in enumerate(bars):
        m3 = bar.consumption_m3
        tone = "before"
        if bar.is_estimated:
            tone = "estimated"
        elif place == len(bars) - 1:
            tone = "now"
        elif bar.period + 100 == bars[-1].period:
            tone = "year-ago"
        height = (m3 or 0) * CHART_UNITS // tallest
        drawn.append((height, "–" if m3 is None else f"{m3:,}", tone))
    return drawn


def _chart_alt(bars: tuple[HistoryBar, ...]) -> str:
    """The chart for someone who listens to the page."""
    said = [
        f"{figures.period_name(last=bar.period)} "
        f"{'sin lectura' if bar.consumption_m3 is None else f'{bar.consumption_m3} m³'}"
        f"{' estimado' if bar.is_estimated else ''}"
        for bar in bars
    ]
    return f"Consumo por periodo: {', '.join(said)}."


def _bounds(tier: TierText) -> str:
    return f"{tier.from_m3} m³ o más" if tier.to_m3 is None else f"{tier.from_m3} a {tier.to_m3} m³"


def _price(tier: TierText) -> str:
    if tier.fixed_cents is not None:
        return f"{figures.pesos(tier.fixed_cents)} fijos"
    return f"{figures.unit_price(tier.unit_price_ten_thousandths or 0)}/m³"


def _notes(sheet: BillSheet) -> dict[str, Any]:
    boxes = [("Paga menos:", sheet.pay_less), ("¿No te alcanza?", sheet.pay_in_parts)]
    received = "; ".join(
        f"{figures.short_date(payment.on)} {figures.pesos(payment.amount_cents)}"
        f"{f' en {payment.place}' if payment.place else ''}"
        for payment in sheet.payments
    )
    supply = f"Horario de servicio: {sheet.supply_hours}." if sheet.supply_hours else ""
    return {
        "boxes": [(lead, figures.tied(body)) for lead, body in boxes if body],
        "payments": f"Pagos recibidos, ya descontados: {received}." if received else "",
        "message": figures.tied(" ".join(part for part in (sheet.message, supply) if part)),
        "legend": " ".join(part for part in (sheet.legend, sheet.claim_text) if part),
    }


def _stub(sheet: BillSheet, reference: str) -> dict[str, Any]:
    return {
        "folio": sheet.folio,
        "due_short": figures.short_date(sheet.due_on) if sheet.total_cents > 0 else "nada que pagar",
        "stub_note": "Con el QR revisas que este recibo es auténtico.",
        "reference": payment_codes.in_groups(reference),
        "bars_svg": payment_codes.code_128_svg(reference),
        "qr_svg": payment_codes.qr_svg(sheet.verification),
        "verification": sheet.verification,
    }

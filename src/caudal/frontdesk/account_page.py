"""The account page: one account seen from every room, ready for its template."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from caudal.billing import queries as billing
from caudal.billing.models import Bill
from caudal.cashier import queries as cashier
from caudal.kernel.wording import in_reading_case, month_name, pesos, short_date
from caudal.ledger import queries as ledger
from caudal.metering import queries as metering
from caudal.metering.pages import consumption_bars
from caudal.registry import queries as registry
from caudal.registry.models import Account, ServicePoint
from caudal.rules.periods import Period
from caudal.tariffs import queries as tariffs

MONTHS_SHOWN = 13
EVENTS_SHOWN = 14


@dataclass(frozen=True, slots=True)
class Pill:
    kind: str
    icon: str
    words: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure of a card: its label, its value and the small line below."""

    value: str
    note: str = ""
    label: str = ""
    size: str = ""


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """One period of the statement (centavos); `owed_cents` includes the surcharge to the day."""

    period: int
    folio: str
    where: str
    consumption: int | None
    charged_cents: int
    paid_cents: int
    surcharge_cents: int
    owed_cents: int
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Event:
    on: date
    words: str
    href: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str


def context(*, account: Account, on: date) -> dict[str, Any]:
    """Everything the template asks for."""
    card = registry.account_card(account=account, on=on)
    statement = ledger.statement(
        account_id=account.pk, on=on, terms=tariffs.terms(book=tariffs.book_in_force(on=on))
    )
    bills = list(billing.bills_of(account_id=account.pk)[:MONTHS_SHOWN])
    point = ServicePoint.objects.get(pk=card.service_point_id) if card.service_point_id else None
    history = _history(point, on)
    rows = _period_rows(account, statement, bills)
    return {
        "card": _Card(card),
        "pills": _pills(card, statement),
        "owed": _Owed(statement),
        "debt_note": _debt_note(statement),
        "usage": _usage(history, card.is_metered),
        "last_payment": _last_payment(account),
        "meter": _meter(point, history, on),
        "chart": consumption_bars(history=history, last=Period(history[-1].period)) if history else "",
        "chart_note": "m³; punteada: estimada" if history else "",
        "has_history": bool(history),
        "bars_shown": MONTHS_SHOWN,
        "periods": rows,
        "periods_note": f"{len(rows)} {'periodo' if len(rows) == 1 else 'periodos'}",
        "latest_bill": _LatestBill(bills[0], account) if bills else None,
        "timeline": _timeline(account, bills, point),
        "facts": _facts(card),
    }


class _Card:
    """The card of the registry, with the regime in words."""

    def __init__(self, card: registry.AccountCard) -> None:
        self.number, self.holder = card.number, in_reading_case(card.holder)
        self.tariff_class_name = card.tariff_class_name
        self.is_metered = card.is_metered
        self.regime = "medido" if card.is_metered else "cuota fija"


class _Owed:
    def __init__(self, statement: ledger.AccountStatement) -> None:
        self.total_cents = statement.total_cents
        self.credit_cents = statement.credit_balance_cents


class _LatestBill:
    def __init__(self, bill: Bill, account: Account) -> None:
        self.period = bill.period
        self.folio = _folio(bill, account)


def _folio(bill: Bill, account: Account) -> str:
    return billing.bill_folio(period=bill.period, account_number=account.number, revision=bill.revision)


def _history(point: ServicePoint | None, on: date) -> list[metering.PeriodConsumption]:
    if point is None:
        return []
    return metering.recent_consumption(
        service_point_id=point.pk, until=int(Period.of(on)), months=MONTHS_SHOWN
    )


def _pills(card: registry.AccountCard, statement: ledger.AccountStatement) -> list[Pill]:
    late = [period for period in statement.periods if period.total_cents and period.due_on < statement.on]
    if card.closed_on:
        pills = [Pill("watch", "ban", f"Baja desde {short_date(card.closed_on)}")]
    elif late:
        months = f"{len(late)} {'mes' if len(late) == 1 else 'meses'}"
        pills = [Pill("bad", "alert-triangle", f"Vencido {months}")]
    elif statement.total_cents and statement.next_due_on:
        pills = [Pill("watch", "clock", f"Vence el {short_date(statement.next_due_on)}")]
    else:
        pills = [Pill("good", "circle-check", "Al corriente")]
    if card.interrupted_on:
        pills.append(
            Pill("bad", "hand-stop", f"{card.interruption_name} desde {short_date(card.interrupted_on)}")
        )
    if statement.credit_balance_cents:
        pills.append(Pill("good", "scale", f"Saldo a favor {pesos(statement.credit_balance_cents)}"))
    pills += [Pill("good", "heart-handshake", f"Beneficio: {name}") for name in card.benefit_names]
    return pills


def _debt_note(statement: ledger.AccountStatement) -> str:
    if not statement.total_cents:
        return "No debe nada."
    n = sum(1 for period in statement.periods if period.total_cents)
    words = f"{n} {'periodo' if n == 1 else 'periodos'}"
    extra = statement.surcharge_cents + statement.accessory_cents
    return f"{words}, {pesos(extra)} de recargos" if extra else words


def _usage(history: list[metering.PeriodConsumption], is_metered: bool) -> Shown:
    if not history:
        return Shown("—", "Servicio de cuota fija." if not is_metered else "Aún no hay lecturas.", "Consumo")
    last = history[-1]
    label = f"Consumo de {month_name(last.period)}"
    note = f"{last.consumption_m3 * 1000 // last.days:,} litros al día" if last.days else last.basis_text
    year_ago = next((each for each in history if each.period == Period(last.period).shift(-12)), None)
    if year_ago:
        change = last.consumption_m3 - year_ago.consumption_m3
        words = (
            f"{abs(change)} {'más' if change > 0 else 'menos'} que hace un año"
            if change
            else "igual que hace un año"
        )
        note += f" · {words}"
    return Shown(f"{last.consumption_m3:,} m³", note, label)


def _last_payment(account: Account) -> Shown:
    # neither a cancellation nor a payment that one took back
    standing = cashier.payments(account_id=account.pk).filter(
        receipt__reverses__isnull=True, receipt__cancellation__isnull=True
    )
    payment = standing.first()
    if payment is None:
        return _last_legacy_payment(account)
    return Shown(
        (pesos(payment.amount_cents)),
        f"{short_date(payment.receipt.business_on)}, {payment.receipt.tender_words}, folio {payment.receipt.folio}",
    )


def _last_legacy_payment(account: Account) -> Shown:
    """What the old system last received, before the first payment of this one."""
    past = account.legacy_payments.filter(is_canceled=False).order_by("-paid_on").first()
    if past is None:
        return Shown("—", "No hay pagos registrados.")
    return Shown(
        pesos(past.amount_cents), f"{short_date(past.paid_on)}, sistema anterior, folio {past.folio}"
    )


def _meter(point: ServicePoint | None, history: list[metering.PeriodConsumption], on: date) -> Shown:
    hung = metering.current_meter(service_point=point, on=on) if point else None
    if hung is None:
        return Shown("Sin medidor", "Se cobra cuota fija.", size="medium")
    if history and history[-1].current_reading >= 0:
        last = history[-1]
        note = f"lectura {last.current_reading:,} · {short_date(last.current_on)}"
    else:
        note = f"instalado el {short_date(hung.installed_on)}"
    return Shown(hung.serial, note, size="medium")


def _period_rows(account: Account, statement: ledger.AccountStatement, bills: list[Bill]) -> list[PeriodRow]:
    charged: dict[int, int] = defaultdict(int)
    still_open: dict[int, int] = defaultdict(int)
    for movement in ledger.movements(account_id=account.pk):
        if movement.credit_id is None:
            charged[int(movement.period)] += movement.amount_cents
            still_open[int(movement.period)] += movement.open_cents
    owed = {int(period.period): period for period in statement.periods}
    printed: dict[int, Bill] = {}
    for bill in bills:
        printed.setdefault(int(bill.period), bill)
    rows: list[PeriodRow] = []
    for period in sorted(charged, reverse=True):
        debt, latest = owed.get(period), printed.get(period)
        if not latest and not still_open[period] and len(rows) >= MONTHS_SHOWN:
            continue
        rows.append(
            PeriodRow(
                period=period,
                folio=_folio(latest, account) if latest else "",
                where=_where(latest, debt, statement.on),
                consumption=latest.consumption_m3 if latest and latest.is_metered else None,
                charged_cents=charged[period],
                paid_cents=charged[period] - still_open[period],
                surcharge_cents=debt.surcharge_cents if debt else 0,
                owed_cents=debt.total_cents if debt else 0,
                is_overdue=bool(debt and debt.total_cents and debt.due_on < statement.on),
            )
        )
    return rows


def _where(bill: Bill | None, debt: ledger.PeriodDebt | None, on: date) -> str:
    words = []
    if bill and bill.basis > 1:
        words.append("estimada")
    if bill and bill.revision > 1:
        words.append(f"revisión {bill.revision}")
    if debt and debt.total_cents:
        words.append(f"{'venció' if debt.due_on < on else 'vence'} {short_date(debt.due_on)}")
    return " · ".join(words)


def _timeline(account: Account, bills: list[Bill], point: ServicePoint | None) -> list[Event]:
    events = [
        Event(bill.issued_on, f"Recibo de {month_name(bill.period)}, {pesos(bill.total_cents)}",
              f"/recibos/{_folio(bill, account)}.pdf", "ver")
        for bill in bills
    ]  # fmt: skip
    events += [
        Event(
            payment.receipt.business_on,
            f"{'Pago' if payment.amount_cents > 0 else 'Pago cancelado'} {pesos(payment.amount_cents)}, "
            f"folio {payment.receipt.folio}",
        )
        for payment in cashier.payments(account_id=account.pk)[:EVENTS_SHOWN]
    ]
    events += [
        Event(past.paid_on, f"Pago {pesos(past.amount_cents)} en el sistema anterior, folio {past.folio}")
        for past in account.legacy_payments.filter(is_canceled=False).order_by("-paid_on")[:EVENTS_SHOWN]
    ]
    if point:
        events += [
            Event(
                reading.read_on,
                f"Lectura {reading.value:,}" if reading.value is not None else "No se pudo leer el medidor",
            )
            for reading in metering.readings(service_point=point, limit=EVENTS_SHOWN)
        ]
    events += [Event(each.on, f"{each.what}: {each.detail}") for each in registry.history(account=account)]
    return sorted(events, key=lambda event: event.on, reverse=True)[:EVENTS_SHOWN]


def _facts(card: registry.AccountCard) -> list[Fact]:
    facts = [
        Fact("Domicilio", in_reading_case(card.place)),
        Fact("Ruta", f"{card.route}-{card.walk_sequence:04d}, ciclo {card.cycle}" if card.route else ""),
        Fact("Tarifa", f"{card.tariff_class} · {card.tariff_class_name}"),
        Fact("Diámetro", f"{card.diameter_mm} mm" if card.diameter_mm else ""),
        Fact("Drenaje", "sí" if card.has_sewerage else "no"),
        Fact("Superficie", f"{card.lot_area_m2:,} m²" if card.lot_area_m2 else ""),
        Fact("Teléfono", card.phone),
        Fact("RFC", card.rfc),
        Fact("Cuenta desde", (short_date(card.opened_on))),
    ]
    return [fact for fact in facts if fact.value]

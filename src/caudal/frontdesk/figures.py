"""The four figures of the account page: what it owes, what it used, what it paid last, its meter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from caudal.cashier import queries as cashier
from caudal.intake.models import LegacyPayment
from caudal.kernel.wording import month_name, pesos, short_date
from caudal.ledger import queries as ledger
from caudal.metering import queries as metering
from caudal.registry.models import ServicePoint
from caudal.rules.periods import Period


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure of a card: its label, its value and the small line below."""

    value: str
    note: str = ""
    label: str = ""
    size: str = ""


def debt_note(*, statement: ledger.AccountStatement) -> str:
    """`2 periodos, $1.08 de recargos`."""
    if not statement.total_cents:
        return "No debe nada."
    n = sum(1 for period in statement.periods if period.total_cents)
    words = f"{n} {'periodo' if n == 1 else 'periodos'}"
    extra = statement.surcharge_cents + statement.accessory_cents
    return f"{words}, {pesos(extra)} de recargos" if extra else words


def usage(*, history: Sequence[metering.PeriodConsumption], is_metered: bool) -> Shown:
    """The last consumption, a day of it in litres, and the same month of last year."""
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


def last_payment(*, account_id: int, legacy: Sequence[LegacyPayment]) -> Shown:
    """The last payment that stands; before the first of this system, the last that the old one received."""
    payment = cashier.last_standing_payment(account_id=account_id)
    if payment is not None:
        receipt = payment.receipt
        note = f"{short_date(receipt.business_on)}, {receipt.tender_words}, folio {receipt.folio}"
        return Shown(pesos(payment.amount_cents), note)
    past = next((each for each in legacy if not each.is_canceled), None)
    if past is None:
        return Shown("—", "No hay pagos registrados.")
    return Shown(
        pesos(past.amount_cents), f"{short_date(past.paid_on)}, sistema anterior, folio {past.folio}"
    )


def meter(*, point: ServicePoint | None, history: Sequence[metering.PeriodConsumption], on: date) -> Shown:
    """The meter that hangs today, and what it said last."""
    hung = metering.current_meter(service_point=point, on=on) if point else None
    if hung is None:
        return Shown("Sin medidor", "Se cobra cuota fija.", size="medium")
    if history and history[-1].current_reading >= 0:
        last = history[-1]
        note = f"lectura {last.current_reading:,} · {short_date(last.current_on)}"
    else:
        note = f"instalado el {short_date(hung.installed_on)}"
    return Shown(hung.serial, note, size="medium")

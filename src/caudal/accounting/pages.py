"""What the pages of accounting show: a month as a calendar, an entry in words."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from caudal.access import queries as people
from caudal.accounting.closing import MonthState
from caudal.accounting.reconciling import Day
from caudal.ledger import queries as ledger

# how the state of a day is told: pill, icon, word
DAY_WORDS: Final = {
    "good": ("good", "circle-check", "cuadra"),
    "watch": ("watch", "clock", "espera"),
    "bad": ("bad", "alert-triangle", "no cuadra"),
    "": ("", "circle-dot", "sin movimiento"),
}
WEEKDAYS: Final = ("lun", "mar", "mié", "jue", "vie", "sáb", "dom")
KINDS: Final = (
    ("billing.", "Facturación"),
    ("charges", "Cargos a mano"),
    ("surcharges", "Recargos cobrados"),
    ("credit.payment", "Pagos"),
    ("reversal.payment", "Pagos cancelados"),
    ("credit.waiver", "Condonaciones"),
    ("credit.agreement", "Adeudos pasados a convenio"),
    ("credit.bill_cancellation", "Recibos cancelados"),
    ("credit.adjustment", "Ajustes"),
    ("credit.regularization", "Regularizaciones"),
    ("credit_application", "Saldo a favor aplicado"),
    ("release", "Pagos liberados"),
    ("reversal.", "Otras cancelaciones"),
    ("transfer", "Traspasos"),
    ("cash_difference", "Diferencias de caja"),
    ("opening.", "Saldos iniciales"),
)


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day in the strip of its month."""

    on: date
    weekday: str
    state: str
    icon: str
    words: str
    cents: int
    is_future: bool


def month_page(*, found: MonthState, today: date) -> dict[str, Any]:
    """Everything the page of a month shows."""
    close, review = found.close, found.review
    usernames = {each for each in ((close.closed_by, close.reviewed_by) if close else ()) if each}
    usernames |= {review.by} if review else set()
    names = people.names_of(usernames=usernames)
    return {
        "found": found,
        "month": found.month,
        "before": found.month.previous(),
        "after": found.month.next() if found.month.next().first_day <= today else None,
        "days": [_cell(each, today) for each in found.days],
        "receipts_cents": sum(each.receipts_cents for each in found.days),
        "n_receipts": sum(each.n_receipts for each in found.days),
        "waiting": [(each.on, waits) for each in found.days for waits in each.waiting],
        "closed_by": names.get(close.closed_by, close.closed_by) if close else "",
        "reviewed_by": names.get(review.by, review.by) if review else "",
        "close_reviewed_by": names.get(close.reviewed_by, close.reviewed_by) if close else "",
        "wanted": ledger.first_open_month(),
        "closed_through": ledger.closed_through(),
        "is_over": today > found.month.last_day,
    }


def kind_words(kind: str, /) -> str:
    """What an entry is, in words."""
    return next((words for start, words in KINDS if kind.startswith(start)), kind)


def _cell(each: Day, today: date) -> DayCell:
    _, icon, words = DAY_WORDS[each.state]
    return DayCell(
        each.on, WEEKDAYS[each.on.weekday()], each.state, icon, words, each.receipts_cents, each.on > today
    )

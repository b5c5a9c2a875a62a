"""Each period of an account on one line: what was billed, paid, and is owed with the surcharge to the day."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from caudal.billing import queries as billing
from caudal.billing.models import Bill
from caudal.kernel.wording import short_date
from caudal.ledger import queries as ledger


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


def period_rows(
    *,
    account_number: str,
    statement: ledger.AccountStatement,
    movements: Sequence[ledger.Movement],
    bills: Sequence[Bill],
    most: int,
) -> list[PeriodRow]:
    """The periods with a bill or a debt, the newest first; of the others, until there are `most`."""
    charged: dict[int, int] = defaultdict(int)
    still_open: dict[int, int] = defaultdict(int)
    for movement in movements:
        if movement.credit_id is None:
            charged[int(movement.period)] += movement.amount_cents
            still_open[int(movement.period)] += movement.open_cents
    owed: dict[int, list[ledger.PeriodDebt]] = defaultdict(list)
    for each in statement.periods:
        if each.total_cents:
            owed[int(each.period)].append(each)
    printed: dict[int, Bill] = {}
    for bill in bills:
        printed.setdefault(int(bill.period), bill)
    rows: list[PeriodRow] = []
    for period in sorted(charged, reverse=True):
        debts, latest = owed[period], printed.get(period)
        if not latest and not still_open[period] and len(rows) >= most:
            continue
        rows.append(
            PeriodRow(
                period=period,
                folio=bill_folio(bill=latest, account_number=account_number) if latest else "",
                where=_where(latest, debts, statement.on),
                consumption=latest.consumption_m3 if latest and latest.is_metered else None,
                charged_cents=charged[period],
                paid_cents=charged[period] - still_open[period],
                surcharge_cents=sum(debt.surcharge_cents for debt in debts),
                owed_cents=sum(debt.total_cents for debt in debts),
                is_overdue=any(debt.due_on < statement.on for debt in debts),
            )
        )
    return rows


def bill_folio(*, bill: Bill, account_number: str) -> str:
    """`201901-010293`."""
    return billing.bill_folio(period=bill.period, account_number=account_number, revision=bill.revision)


def _where(bill: Bill | None, debts: Sequence[ledger.PeriodDebt], on: date) -> str:
    words = []
    if bill and bill.basis > 1:
        words.append("estimada")
    if bill and bill.revision > 1:
        words.append(f"revisión {bill.revision}")
    if debts:
        due_on = min(debt.due_on for debt in debts)
        words.append(f"{'venció' if due_on < on else 'vence'} {short_date(due_on)}")
    return " · ".join(words)

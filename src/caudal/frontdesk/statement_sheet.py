"""The account statement on paper: every movement, what is owed by period, and what it would cost to pay today."""

from datetime import date
from typing import Final

from caudal.billing import queries as billing
from caudal.documents import typesetting
from caudal.documents.layouts import AccountMovement, AccountSheet, OpenPeriod
from caudal.kernel.wording import in_reading_case, month_name
from caudal.ledger import queries as ledger
from caudal.registry import queries as registry
from caudal.registry.models import Account
from caudal.rules.periods import Period
from caudal.tariffs import queries as tariffs

MONTHS: Final = 12
CHARGES: Final = {
    "bill": "Recibo", "surcharge": "Recargos", "fee": "Servicio", "opening_balance": "Saldo del sistema anterior",
    "regularization": "Regularización de estimadas",
}  # fmt: skip


def as_pdf(*, account: Account, on: date) -> bytes:
    """The statement of the last twelve months, and of whatever older is still owed."""
    return typesetting.account_pdf(sheet=sheet(account=account, on=on))


def sheet(*, account: Account, on: date) -> AccountSheet:
    """The statement as facts; movements before the window are its opening balance (centavos)."""
    card = registry.account_card(account=account, on=on)
    owed = ledger.statement(
        account_id=account.pk, on=on, terms=tariffs.terms(book=tariffs.book_in_force(on=on))
    )
    from_on = Period.of(on).shift(-MONTHS).first_day
    every = ledger.movements(account_id=account.pk)
    opening = sum(movement.amount_cents for movement in every if movement.on < from_on)
    rows, balance = [], opening
    for movement in every:
        if movement.on < from_on:
            continue
        balance += movement.amount_cents
        rows.append(_row(movement, balance))
    return AccountSheet(
        issuer=billing.issuer(),
        account_number=card.number,
        holder_name=in_reading_case(card.holder),
        service_address=in_reading_case(card.place),
        usage=card.tariff_class_name,
        issued_on=on,
        from_on=from_on,
        to_on=on,
        opening_balance_cents=opening,
        movements=tuple(rows),
        closing_balance_cents=balance,
        open_periods=tuple(
            OpenPeriod(
                name=month_name(period.period) if period.period else "otros cargos",
                due_on=period.due_on,
                principal_cents=period.open_principal_cents + period.open_accessory_cents,
                surcharges_cents=period.surcharge_cents,
            )
            for period in owed.periods
            if period.total_cents
        ),
        route_text=f"{card.route}-{card.walk_sequence:04d}" if card.route else "",
        surcharges_cents=owed.surcharge_cents,
    )


def _row(movement: ledger.Movement, balance_cents: int) -> AccountMovement:
    """A charge is dated the day it is due, a credit the day it was received."""
    is_charge = movement.credit_id is None
    concept = CHARGES.get(movement.kind, movement.label) if is_charge else movement.label.capitalize()
    return AccountMovement(
        on=movement.on,
        concept=f"{concept} de {month_name(movement.period)}" if movement.period else concept,
        detail="" if is_charge else movement.document,
        charge_cents=max(movement.amount_cents, 0),
        credit_cents=max(-movement.amount_cents, 0),
        balance_cents=balance_cents,
    )

"""The account statement on paper: what the page says, oldest first."""

from datetime import date, datetime

from django.utils.timezone import localdate

from caudal.billing import queries as billing
from caudal.campaigns.queries import Offer
from caudal.documents import typesetting
from caudal.documents.layouts import AccountMovement, AccountSheet, OpenPeriod
from caudal.frontdesk import statement
from caudal.kernel.wording import in_reading_case, pesos, short_date
from caudal.registry import queries as registry
from caudal.registry.models import Account


def as_pdf(
    *, account: Account, as_of: date, at: datetime, months: int | None = statement.USUAL_MONTHS
) -> bytes:
    """The statement as of a day, with the movements of some months or of all; `at` is when it is printed."""
    return typesetting.account_pdf(sheet=sheet(account=account, as_of=as_of, at=at, months=months))


def sheet(
    *, account: Account, as_of: date, at: datetime, months: int | None = statement.USUAL_MONTHS
) -> AccountSheet:
    """The statement as facts; movements before the window are its opening balance (centavos)."""
    today = localdate(at)
    card = registry.account_card(account=account, on=as_of)
    found = statement.read(account=account, as_of=as_of, today=today, months=months)
    return AccountSheet(
        issuer=billing.issuer(),
        account_number=card.number,
        holder_name=in_reading_case(card.holder),
        service_address=in_reading_case(card.place),
        usage=card.tariff_class_name,
        issued_on=as_of,
        from_on=found.from_on,
        to_on=as_of,
        opening_balance_cents=found.opening_cents,
        movements=tuple(
            AccountMovement(
                on=row.on, concept=row.concept, detail=row.detail, charge_cents=row.charge_cents,
                credit_cents=row.credit_cents, balance_cents=row.balance_cents,
            )
            for row in found.rows
        ),
        closing_balance_cents=found.closing_cents,
        open_periods=tuple(
            OpenPeriod(
                name=each.name,
                due_on=each.due_on,
                principal_cents=each.principal_cents + each.accessory_cents,
                surcharges_cents=each.surcharge_cents,
            )
            for each in found.periods
        ),
        route_text=f"{card.route}-{card.walk_sequence:04d}" if card.route else "",
        surcharges_cents=found.owed.surcharge_cents if found.owed else 0,
        note=_note(found, today, statement.relief(account=account, at=at) if found.owed else None),
    )  # fmt: skip


def _note(found: statement.Statement, today: date, relief: Offer | None) -> str:
    """What the figures of the page do not say by themselves."""
    if found.owed is None:
        return (
            f"Saldo al {short_date(found.to_on)}: no incluye movimientos posteriores ni los recargos que ese día "
            f"aún no se habían cobrado. Impreso el {short_date(today)}."
        )
    said = []
    if found.owed.credit_balance_cents:
        said.append(f"Tienes {pesos(found.owed.credit_balance_cents)} a favor, ya descontados del saldo.")
    if relief:
        said.append(
            f"{relief.name}: si hoy pagas todo, se condonan {pesos(relief.cents)} y pagas {pesos(relief.payable_cents)}."
        )
    if found.owed.next_due_on:
        said.append(f"Próximo vencimiento: {short_date(found.owed.next_due_on)}.")
    return " ".join(said)

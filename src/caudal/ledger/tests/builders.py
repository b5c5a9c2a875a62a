"""A street of the town, for stories that need debts and no water: accounts, terms, days, charges."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from caudal.ledger import commands as ledger
from caudal.ledger import queries
from caudal.ledger.models import DocumentKind
from caudal.registry.models import Account
from caudal.rules import surcharges
from caudal.rules.allocation import AllocationOrder
from caudal.rules.surcharges import SurchargeRates

CHARGED_ON = date(2019, 1, 5)
VERONICA = "veronica"


@dataclass(frozen=True)
class Terms:
    """1 % per month or fraction, up to 100 %; oldest first and, inside, accessories before principal."""

    surcharge_rates: SurchargeRates
    allocation_order: AllocationOrder


def terms(*, monthly_ppm: int = 10_000, oldest_first: bool = True) -> Terms:
    ranks = {
        "enforcement_cost": 0,
        "surcharge": 1,
        "inflation_update": 1,
        "fine": 2,
        "principal": 3,
        "reduction": 3,
        "fee": 3,
    }
    return Terms(
        surcharge_rates=surcharges.surcharge_rates(
            monthly_ppm=dict.fromkeys(range(2015, 2031), monthly_ppm), cap_ppm=1_000_000
        ),
        allocation_order=queries.allocation_order(ranks=ranks, oldest_first=oldest_first),
    )


def moment(on: date, hour: int = 10) -> datetime:
    return datetime(on.year, on.month, on.day, hour, tzinfo=ZoneInfo("America/Mexico_City"))


def account(number: str) -> Account:
    return Account.objects.create(number=number, opened_on=date(2018, 1, 2))


def bill(
    account: Account,
    *lines: ledger.ChargeLine,
    period: int = 201901,
    due_on: date = date(2019, 1, 20),
    kind: int = DocumentKind.BILL,
    sequence: int | None = None,
) -> ledger.PostedDocument:
    """Charge a month as a re-bill would: by hand, with its journal entry."""
    return ledger.post_charges(
        account=account,
        lines=lines,
        document_kind=kind,
        period=period,
        sequence=sequence,
        due_on=due_on,
        on=CHARGED_ON,
        at=moment(CHARGED_ON),
        by="laura",
    )


def pay(
    account: Account,
    amount_cents: int,
    *,
    on: date,
    receipt: str = "A-000001",
    terms: Terms | None = None,
) -> ledger.PostedCredit:
    """A payment as the window posts it, without the window."""
    return ledger.post_credit(
        account=account,
        kind="payment",
        amount_cents=amount_cents,
        on=on,
        at=moment(on),
        by=VERONICA,
        document=receipt,
        terms=terms or globals()["terms"](),
        funds={"1111": amount_cents},
    )

"""What a story about campaigns says again and again: a rule in force, a debt, a payment at once."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from tests.town.cast import ZONE, moment

from caudal.campaigns import commands as campaigns
from caudal.campaigns.models import Campaign, Waiver
from caudal.ledger import catalog, queries
from caudal.ledger import commands as ledger
from caudal.ledger.models import Charge, Credit, DocumentKind
from caudal.registry.models import Account
from caudal.tariffs import queries as tariffs

APRIL = datetime(2019, 4, 1, tzinfo=ZONE)
MAY = datetime(2019, 5, 1, tzinfo=ZONE)
TODAY = date(2019, 4, 10)

RULE: Mapping[str, Any] = {
    "code": "ABRIL-2019",
    "name": "Abril sin recargos",
    "starts_at": APRIL,
    "ends_at": MAY,
    "on_single_payment": True,
    "on_arrangement": True,
    "reduces": ["surcharge"],
    "ppm": 750_000,
    "council_agreement": "CA-12/2019",
    "drafted_at": APRIL,
    "drafted_by": "laura",
}


def draft(**changes: Any) -> Campaign:
    """April's campaign of 2019: three quarters of the surcharges off, for paying at once or by arrangement."""
    return Campaign.objects.create(**{**RULE, **changes})


def in_force(**changes: Any) -> Campaign:
    """The same, published by the manager on the day it starts."""
    return draft(**{"published_at": changes.get("starts_at", APRIL), "published_by": "salas"} | changes)


def owe(
    account: Account,
    *lines: ledger.ChargeLine,
    water: int = 0,
    period: int = 201812,
    due_on: date = date(2019, 1, 13),
    kind: int = DocumentKind.BILL,
) -> None:
    """A bill as if a run had issued it: due on 13 January, on 10 April three months or fraction late."""
    ledger.post_charges(
        account=account, lines=[*lines, *([ledger.ChargeLine(catalog.WATER, water)] if water else [])],
        document_kind=kind, due_on=due_on, on=date(2018, 12, 29), at=moment(date(2018, 12, 29)), by="laura",
        period=period,
    )  # fmt: skip


def owed(account: Account, *, on: date = TODAY) -> int:
    """What an account owes, with surcharges to the day (centavos)."""
    found = queries.position(account_ids=[account.pk], on=on, terms=tariffs.terms_on(on=on))
    return int(found.items.open_cents.sum())


def pay_at_once(
    account: Account, cents: int, *, on: date = TODAY, at: datetime | None = None, document: str = "A-000001"
) -> list[Waiver]:
    """Lock, forgive, post: the order in which a receipt does it."""
    at, terms = at or moment(on, 11), tariffs.terms_on(on=on)
    ledger.lock_accounts(account_ids=[account.pk])
    given = campaigns.waive_single_payment(
        account_cents={account.pk: cents}, on=on, at=at, by="veronica", document=document, terms=terms
    )
    ledger.post_payments(
        money_cents={account.pk: cents}, funds={catalog.CASH: cents}, on=on, at=at, by="veronica", terms=terms,
        documents=lambda: ([document], document), are_locked=True,
    )  # fmt: skip
    return given.get(account.pk, [])


def written() -> tuple[int, ...]:
    """How much there is of what forgiving leaves: to see that a refusal left nothing."""
    return Waiver.objects.count(), Credit.objects.count(), Charge.objects.count()

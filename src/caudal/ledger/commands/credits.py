"""Posting a credit: money, or a decision, that extinguishes debt; what remains stays in favor."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import numpy as np
from django.db import transaction

from caudal.kernel.refusals import Refusal
from caudal.ledger import catalog, planning, policy
from caudal.ledger.commands import balances, journal, settlement
from caudal.ledger.commands.settlement import Share
from caudal.ledger.commands.writing import CreditWords, write_credits
from caudal.ledger.models import Credit
from caudal.ledger.policy import DebtTerms
from caudal.ledger.queries import positions
from caudal.ledger.queries.positions import Position
from caudal.registry.models import Account
from caudal.rules import money
from caudal.rules.bounds import MAX_CENTS


class CannotPostCredit(Refusal): ...


class Funds(StrEnum):
    """Where money that arrives is: the drawer, the bank, or the deposits that nobody had recognized."""

    CASH = catalog.CASH
    BANKS = catalog.BANKS
    UNIDENTIFIED = catalog.UNIDENTIFIED_DEPOSITS


@dataclass(frozen=True, slots=True)
class Target:
    """An open item chosen by hand, and how much of the credit goes to it (centavos)."""

    period: int
    document_kind: int
    sequence: int
    concept_id: int
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """Targets chosen on a position that was read with the account locked, and of which they still hold."""

    position: Position
    targets: Sequence[Target]


@dataclass(frozen=True, slots=True)
class Source:
    """Revenue that a credit takes back: concept, net amount, its VAT (centavos)."""

    concept_id: int
    amount_cents: int
    vat_cents: int = 0


@dataclass(frozen=True, slots=True)
class PostedCredit:
    """A credit, what it extinguished, the surcharges that became charges, and what stays in favor."""

    credit: Credit
    shares: tuple[Share, ...]
    surcharge_cents: int
    unallocated_cents: int


@transaction.atomic
def post_credit(
    *,
    account: Account,
    kind: str,
    amount_cents: int,
    on: date,
    at: datetime,
    by: str,
    document: str | Callable[[], str],
    terms: DebtTerms | None = None,
    targets: Sequence[Target] | Chosen | None = None,
    funds: Mapping[str, int] | None = None,
    sources: Sequence[Source] = (),
    reason: str = "",
) -> PostedCredit:
    """Credit an account: in the order of `terms`, or to the `targets` chosen by hand.

    What it debits: `funds` (money: how much in cash, in banks; centavos by account), or `sources` (revenue that is taken back), or else
    the revenue and VAT of the items it extinguishes, and then nothing may remain.

    :param document: names the credit for ever; a callable is asked last, so that a folio locks its series
        for as short as possible
    :raises CannotPostCredit: if the amount is not positive or absurd, a target is not open for so much, or
        an adjustment exceeds the debt
    """
    _require_sound(amount_cents, funds, sources, terms, targets)
    balances.lock_accounts(account_ids=[account.id])
    if isinstance(targets, Chosen):
        position, targets = targets.position, targets.targets
    else:
        position = positions.read(account_ids=[account.id], on=on, terms=terms)
    if targets is not None:
        given = _given_by_hand(position, targets, amount_cents)
    else:
        assert terms is not None
        given = policy.settle(
            items=position.items, money_cents={account.id: amount_cents}, order=terms.allocation_order
        )
    if not (funds or sources) and int(given.sum()) != amount_cents:
        raise CannotPostCredit(
            "El ajuste es mayor que lo que la cuenta debe.",
            "Ajuste cuando más hasta el adeudo; una devolución se registra aparte.",
            field="amount",
        )
    name = document() if callable(document) else document
    written = write_credits(
        plan=planning.of(position=position, money_cents={account.id: amount_cents}, given=given),
        words=CreditWords(
            [name], kind, entry=name, description=reason or str(Credit.Kind(kind).label), reason=reason
        ),
        debits=_debits(position, given, funds, sources),
        stamp=journal.Stamp(on, at, by),
    )
    credit = Credit(
        id=written.credit_ids[0], account=account, kind=kind, amount_cents=amount_cents, on=on, recorded_at=at,
        recorded_by=by, document=name, reason=reason,
    )  # fmt: skip
    shares = settlement.shares(
        items=position.items, given=given, credits={account.id: [(credit.id, amount_cents)]}
    )
    return PostedCredit(credit, tuple(shares), written.surcharge_cents[0], written.unallocated_cents[0])


def _require_sound(
    amount_cents: int,
    funds: Mapping[str, int] | None,
    sources: Sequence[Source],
    terms: DebtTerms | None,
    targets: Sequence[Target] | Chosen | None,
) -> None:
    if not 0 < amount_cents <= MAX_CENTS:
        raise CannotPostCredit(
            "El importe debe ser mayor que cero y razonable.", "Revise la cantidad.", field="amount"
        )
    if (terms is None) == (targets is None):
        raise ValueError("a credit goes in the order of the terms, or to targets: say one of the two")
    if funds and sum(funds.values()) != amount_cents:
        raise ValueError("the funds of a credit must add up to its amount")
    if sources and sum(source.amount_cents + source.vat_cents for source in sources) != amount_cents:
        raise ValueError("the sources of a credit must add up to its amount")


def _given_by_hand(position: Position, targets: Sequence[Target], amount_cents: int) -> policy.Int64:
    """Targets as a column; none beyond what is open, all of one sign with it."""
    items = position.items
    given = np.zeros(len(items), dtype=np.int64)
    for target in targets:
        rows = np.flatnonzero(
            (items.period == target.period)
            & (items.document_kind == target.document_kind)
            & (items.sequence == target.sequence)
            & (items.concept_id == target.concept_id)
        )
        written = [row for row in rows if row < position.n_written]
        left = int(items.open_cents[written[0]] - given[written[0]]) if written else 0
        if not written or not (0 < target.amount_cents <= left or left <= target.amount_cents < 0):
            raise CannotPostCredit(
                f"El cargo elegido del periodo {target.period} no debe tanto.",
                "Vuelva a cargar el estado de cuenta y elija de nuevo.",
                field="targets",
            )
        given[written[0]] += target.amount_cents
    if int(given.sum()) > amount_cents:
        raise CannotPostCredit(
            "Lo aplicado es mayor que el importe.", "Revise las cantidades.", field="targets"
        )
    return given


def _debits(
    position: Position,
    given: policy.Int64,
    funds: Mapping[str, int] | None,
    sources: Sequence[Source],
) -> list[journal.Line]:
    if funds:
        return [journal.Line(account, cents) for account, cents in funds.items()]
    return revenue_lines(
        position=position, sources=sources or extinguished_sources(position=position, given=given)
    )


def revenue_lines(*, position: Position, sources: Sequence[Source]) -> list[journal.Line]:
    """Debit the revenue and the VAT that are taken back."""
    lines = []
    for source in sources:
        revenue = position.concepts.revenue(source.concept_id)
        lines += [
            journal.Line(revenue, source.amount_cents, source.concept_id),
            journal.Line(catalog.VAT_PAYABLE, source.vat_cents, source.concept_id),
        ]
    return lines


def extinguished_sources(*, position: Position, given: policy.Int64) -> list[Source]:
    """Revenue and VAT inside what is extinguished: each item's VAT in proportion, rounded once.

    An item extinguished whole gives back exactly its VAT.
    """
    items = position.items
    sources = []
    for row in np.flatnonzero(given).tolist():
        cents, gross, vat = int(given[row]), int(items.charged_cents[row]), int(items.charged_vat_cents[row])
        # an item in favor of the customer is negative, and so is the VAT in it
        part = money.divide_half_away(cents * abs(vat), abs(gross)) if gross else 0
        sources.append(Source(int(items.concept_id[row]), cents - part, part))
    return sources

"""Canceling a document: its charges stay, a credit extinguishes them whole, what was paid comes back."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from caudal.kernel.refusals import Refusal
from caudal.ledger import catalog, chart
from caudal.ledger.chart import Chart
from caudal.ledger.commands import balances, credits, journal, reversal, settlement
from caudal.ledger.commands.journal import Stamp
from caudal.ledger.commands.settlement import Share
from caudal.ledger.models import Allocation, Credit
from caudal.ledger.queries import positions
from caudal.ledger.queries.positions import Position
from caudal.registry.models import Account


class CannotCancelCharges(Refusal): ...


@dataclass(frozen=True, slots=True)
class Cancellation:
    """The credit that extinguished the document, and what earlier payments got back as money in favor."""

    credit: Credit
    canceled_cents: int
    released_cents: int


class DocumentKey(NamedTuple):
    """What names a document of an account."""

    period: int
    document_kind: int
    sequence: int


@transaction.atomic
def cancel_document_charges(
    *,
    account: Account,
    period: int,
    document_kind: int,
    sequence: int,
    on: date,
    at: datetime,
    by: str,
    reason: str,
) -> Cancellation:
    """Cancel all charges of one document; payments it had received become money in favor of the account.

    Surcharges that were charged on it are documents of their own and are canceled by name.

    :raises CannotCancelCharges: without a reason, if the document has no charges, is canceled already, or
        does not sum to more than zero
    """
    document = DocumentKey(int(period), int(document_kind), sequence)
    [canceled] = cancel_documents(account=account, documents=[document], on=on, at=at, by=by, reason=reason)
    return canceled


@transaction.atomic
def cancel_documents(
    *, account: Account, documents: Sequence[DocumentKey], on: date, at: datetime, by: str, reason: str
) -> list[Cancellation]:
    """Cancel several documents of an account, each with a credit of its own, or none.

    :raises CannotCancelCharges: as `cancel_document_charges`
    """
    if not reason.strip():
        raise CannotCancelCharges("Falta el motivo.", "Escriba por qué se cancela.", field="reason")
    balances.lock_accounts(account_ids=[account.id])
    stamp = Stamp(on, at, by)
    holders = _holders(account, documents)
    released = [_release(account, each, holders.get(each, []), stamp) for each in documents]
    # read once for all: canceling a document leaves the others as they are
    position = positions.read(account_ids=[account.id], on=on, terms=None)
    return [
        _canceled(account, each, position, cents, stamp, reason)
        for each, cents in zip(documents, released, strict=True)
    ]


def _canceled(
    account: Account, document: DocumentKey, position: Position, released: int, stamp: Stamp, reason: str
) -> Cancellation:
    targets = _open_targets(document, position)
    total = sum(target.amount_cents for target in targets)
    if total <= 0:
        raise CannotCancelCharges(
            "El documento no tiene cargos por cancelar.",
            "Revise en el estado de cuenta si ya está cancelado.",
        )
    posted = credits.post_credit(
        account=account, kind=Credit.Kind.BILL_CANCELLATION, amount_cents=total, on=stamp.on, at=stamp.at,
        by=stamp.by, document=_name(account, document), targets=credits.Chosen(position, targets), reason=reason,
    )  # fmt: skip
    return Cancellation(posted.credit, total, released)


def _holders(account: Account, documents: Sequence[DocumentKey]) -> Mapping[DocumentKey, list[int]]:
    """The credits that have paid something of each document, in order."""
    found: dict[DocumentKey, list[int]] = defaultdict(list)
    rows = (
        Allocation.objects.filter(
            account_id=account.id,
            period__in={each.period for each in documents},
            document_kind__in={each.document_kind for each in documents},
            sequence__in={each.sequence for each in documents},
        )
        .exclude(credit__kind=Credit.Kind.BILL_CANCELLATION)
        .values_list("period", "document_kind", "sequence", "credit_id")
        .distinct()
        .order_by("credit_id")
    )
    for period, kind, sequence, credit in rows:
        found[DocumentKey(int(period), kind, sequence)].append(credit)
    return found


def _release(account: Account, document: DocumentKey, holders: Sequence[int], stamp: Stamp) -> int:
    """Take back what credits had paid of the document, as money in favor (centavos)."""
    shares: list[Share] = []
    for credit_id in holders:
        shares += reversal.taken_back(credit_id=credit_id, account_id=account.id, **document._asdict())
    if not shares:
        return 0
    concepts = chart.read()
    _require_money(shares)
    reversal.open_again(shares=shares, on=stamp.on, concepts=concepts)
    released = -sum(share.amount_cents for share in shares)
    balances.add_credit(cents_by_account={account.id: released})
    _write_release(account, document, shares, concepts, stamp)
    return released


def _require_money(shares: Sequence[Share]) -> None:
    """Adjustments took back revenue, not money: they cannot become money in favor."""
    kinds = {Credit.Kind.PAYMENT, Credit.Kind.OPENING_CREDIT, Credit.Kind.REGULARIZATION}
    others = Credit.objects.filter(id__in={share.credit_id for share in shares}).exclude(kind__in=kinds)
    if other := others.first():
        raise CannotCancelCharges(
            f"El documento tiene aplicado un ajuste ({other.document}).",
            "Cancele primero el ajuste y después el documento.",
        )


def _write_release(
    account: Account,
    document: DocumentKey,
    shares: Sequence[Share],
    concepts: Chart,
    stamp: Stamp,
) -> None:
    released = -sum(share.amount_cents for share in shares)
    journal.write(
        kind="release",
        document=_name(account, document),
        description=f"Pagos de un documento cancelado, a favor de la cuenta {account.number}",
        lines=[
            *settlement.receivable_lines(shares=shares, concepts=concepts),
            journal.Line(catalog.CREDIT_BALANCES, -released),
        ],
        stamp=stamp,
    )


def _open_targets(document: DocumentKey, position: Position) -> list[credits.Target]:
    items = position.items
    return [
        credits.Target(
            *document, concept_id=int(items.concept_id[row]), amount_cents=int(items.open_cents[row])
        )
        for row in range(len(items))
        if items.open_cents[row]
        and (items.period[row], items.document_kind[row], items.sequence[row]) == document
    ]


def _name(account: Account, document: DocumentKey) -> str:
    return f"{account.number}/{document.period}/{document.document_kind}/{document.sequence}"

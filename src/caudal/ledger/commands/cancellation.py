"""Canceling a document: its charges stay, a credit extinguishes them whole, what was paid comes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from caudal.kernel.refusals import Refusal
from caudal.ledger import catalog, chart
from caudal.ledger.chart import Chart
from caudal.ledger.commands import balances, credits, journal, reversal, settlement
from caudal.ledger.commands.journal import Stamp
from caudal.ledger.commands.settlement import Share
from caudal.ledger.models import Allocation, Credit
from caudal.ledger.queries import positions
from caudal.registry.models import Account


class CannotCancelCharges(Refusal): ...


@dataclass(frozen=True, slots=True)
class Cancellation:
    """The credit that extinguished the document, and what earlier payments got back as money in favor."""

    credit: Credit
    canceled_cents: int
    released_cents: int


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
    if not reason.strip():
        raise CannotCancelCharges("Falta el motivo.", "Escriba por qué se cancela.", field="reason")
    balances.lock_accounts(account_ids=[account.id])
    document = {"period": int(period), "document_kind": int(document_kind), "sequence": sequence}
    released = _release(account, document, Stamp(on, at, by))
    targets = _open_targets(account, document, on)
    total = sum(target.amount_cents for target in targets)
    if total <= 0:
        raise CannotCancelCharges(
            "El documento no tiene cargos por cancelar.",
            "Revise en el estado de cuenta si ya está cancelado.",
        )
    posted = credits.post_credit(
        account=account,
        kind=Credit.Kind.BILL_CANCELLATION,
        amount_cents=total,
        on=on,
        at=at,
        by=by,
        document=_name(account, document),
        targets=targets,
        reason=reason,
    )
    return Cancellation(posted.credit, total, released)


def _release(account: Account, document: dict[str, int], stamp: Stamp) -> int:
    """Take back what credits had paid of the document, as money in favor (centavos)."""
    holders = (
        Allocation.objects.filter(account_id=account.id, **document)
        .exclude(credit__kind=Credit.Kind.BILL_CANCELLATION)
        .values_list("credit_id", flat=True)
        .distinct()
        .order_by("credit_id")
    )
    shares: list[Share] = []
    for credit_id in list(holders):
        shares += reversal.taken_back(credit_id=credit_id, **document)
    if not shares:
        return 0
    concepts = chart.read()
    _require_money(shares)
    reversal.open_again(shares=shares, concepts=concepts)
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
    document: dict[str, int],
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


def _open_targets(account: Account, document: dict[str, int], on: date) -> list[credits.Target]:
    items = positions.read(account_ids=[account.id], on=on, terms=None).items
    return [
        credits.Target(
            **document, concept_id=int(items.concept_id[row]), amount_cents=int(items.open_cents[row])
        )
        for row in range(len(items))
        if items.open_cents[row]
        and (items.period[row], items.document_kind[row], items.sequence[row]) == tuple(document.values())
    ]


def _name(account: Account, document: dict[str, int]) -> str:
    return f"{account.number}/{document['period']}/{document['document_kind']}/{document['sequence']}"

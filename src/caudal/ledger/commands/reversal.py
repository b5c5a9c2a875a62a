"""Taking a credit back: the money did not arrive, or went to the wrong account. Both rows stay."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum

from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.ledger import catalog, chart
from caudal.ledger.chart import Chart
from caudal.ledger.commands import balances, journal, settlement
from caudal.ledger.commands.settlement import Share
from caudal.ledger.models import Allocation, Credit, JournalLine


class CannotReverseCredit(Refusal): ...


@dataclass(frozen=True, slots=True)
class Reversal:
    """The reversing credit and the (negative) shares that opened the debts again."""

    credit: Credit
    shares: tuple[Share, ...]


@transaction.atomic
def reverse_credit(
    *,
    credit: Credit,
    on: date,
    at: datetime,
    by: str,
    document: str | Callable[[], str],
    reason: str,
) -> Reversal:
    """Write a reversing credit, open again what this one extinguished, and reverse its journal entry.

    Surcharges that became charges when it was posted stay: their months had passed.

    :raises CannotReverseCredit: without a reason, if it is itself a reversal, or was reversed before
    """
    if not reason.strip():
        raise CannotReverseCredit("Falta el motivo.", "Escriba por qué se cancela.", field="reason")
    balances.lock_accounts(account_ids=[credit.account_id])
    if credit.reverses_id or Credit.objects.filter(reverses=credit).exists():
        raise CannotReverseCredit(
            f"{credit.document} ya está cancelado.", "Consulte los movimientos de la cuenta."
        )
    concepts = chart.read()
    shares = taken_back(credit_id=credit.id)
    allocated = -sum(share.amount_cents for share in shares)
    reversing = Credit.objects.create(
        account_id=credit.account_id,
        kind=credit.kind,
        amount_cents=-credit.amount_cents,
        on=on,
        recorded_at=at,
        recorded_by=by,
        document=document() if callable(document) else document,
        reason=reason,
        reverses=credit,
    )
    open_again(shares=shares, concepts=concepts)
    balances.add_credit(cents_by_account={credit.account_id: allocated - credit.amount_cents})
    journal.write(
        kind=f"reversal.{credit.kind}",
        document=reversing.document,
        description=f"Cancelación de {credit.document}: {reason}",
        lines=[
            *_origin_reversed(credit),
            *settlement.receivable_lines(shares=shares, concepts=concepts),
            journal.Line(catalog.CREDIT_BALANCES, credit.amount_cents - allocated),
        ],
        stamp=journal.Stamp(on, at, by),
    )
    audit.record(
        act="ledger.reverse_credit",
        by=by,
        at=at,
        object_kind="credit",
        object_id=credit.id,
        before={"document": credit.document, "amount_cents": credit.amount_cents},
        after={"document": reversing.document},
        reason=reason,
    )
    return Reversal(reversing, tuple(shares))


def taken_back(*, credit_id: int, **only: int) -> list[Share]:
    """What a credit extinguishes at this moment, with the sign changed."""
    key = ("account_id", "period", "document_kind", "sequence", "concept_id")
    sums = (
        Allocation.objects.filter(credit_id=credit_id, **only)
        .values_list(*key)
        .annotate(cents=Sum("amount_cents"))
        .exclude(cents=0)
        .order_by(*key)
    )
    return [Share(credit_id, row[0], int(row[1]), row[2], row[3], row[4], -row[5]) for row in sums]


def open_again(*, shares: list[Share], concepts: Chart) -> None:
    """Write negative shares and raise what is open by them."""
    moves = balances.Moves(concepts)
    settlement.allocate(shares=shares, moves=moves)
    moves.write()


def _origin_reversed(credit: Credit) -> list[journal.Line]:
    """The other side of the credit's own entry (cash, banks, revenue…), with the sign changed."""
    if credit.kind == Credit.Kind.OPENING_CREDIT:
        return [journal.Line(catalog.PRIOR_RESULTS, -credit.amount_cents)]
    receivables = {catalog.DUES_RECEIVABLE, catalog.SUNDRY_RECEIVABLE, catalog.OTHER_RECEIVABLE}
    receivables |= {concept.receivable_account for concept in chart.read().concepts.values()}
    lines = (
        JournalLine.objects.filter(entry__kind=f"credit.{credit.kind}", entry__document=credit.document)
        .exclude(ledger_account_id__in=[*receivables, catalog.CREDIT_BALANCES])
        .values_list("ledger_account_id", "amount_cents", "concept_id")
    )
    return [journal.Line(account, -cents, concept) for account, cents, concept in lines]

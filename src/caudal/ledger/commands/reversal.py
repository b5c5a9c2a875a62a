"""Taking a credit back: the money did not arrive, or went to the wrong account. Both rows stay."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum

from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.ledger import catalog, chart
from caudal.ledger.chart import Chart
from caudal.ledger.commands import balances, journal, settlement
from caudal.ledger.commands.journal import Stamp
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
    balances.lock_accounts(account_ids=[credit.account_id])
    _require_reversible([credit], reason)
    taken = _take_back([credit], [document() if callable(document) else document], reason, Stamp(on, at, by))
    journal.write(
        kind=f"reversal.{credit.kind}",
        document=taken[0].credit.document,
        description=f"Cancelación de {credit.document}: {reason}",
        lines=[*_origin_reversed(credit), *_undone(taken)],
        stamp=Stamp(on, at, by),
    )
    return taken[0]


@transaction.atomic
def reverse_payments(
    *,
    credits: Sequence[Credit],
    funds: Mapping[str, int],
    on: date,
    at: datetime,
    by: str,
    documents: Callable[[], tuple[Sequence[str], str]],
    reason: str,
) -> list[Reversal]:
    """Take back the payments of one receipt: like `reverse_credit` for each, with one journal entry for all.

    :param credits: accounts ascending
    :param funds: where the money leaves from: account of the chart → centavos, adding up to the credits
    :param documents: asked last: the document of each reversing credit, and the one that names the entry
    :raises CannotReverseCredit: without a reason, or if one is itself a reversal or was reversed before
    """
    if sum(funds.values()) != sum(credit.amount_cents for credit in credits):
        raise ValueError("the funds that leave must add up to the payments that are taken back")
    balances.lock_accounts(account_ids=[credit.account_id for credit in credits])
    _require_reversible(credits, reason)
    names, entry = documents()
    taken = _take_back(credits, names, reason, Stamp(on, at, by))
    journal.write(
        kind=f"reversal.{Credit.Kind.PAYMENT.value}",
        document=entry,
        description=f"Cancelación de {credits[0].document}: {reason}",
        lines=[*(journal.Line(account, -cents) for account, cents in funds.items()), *_undone(taken)],
        stamp=Stamp(on, at, by),
    )
    return taken


def _require_reversible(credits: Sequence[Credit], reason: str) -> None:
    if not reason.strip():
        raise CannotReverseCredit("Falta el motivo.", "Escriba por qué se cancela.", field="reason")
    for credit in credits:
        if credit.reverses_id or Credit.objects.filter(reverses=credit).exists():
            raise CannotReverseCredit(
                f"{credit.document} ya está cancelado.", "Consulte los movimientos de la cuenta."
            )


def _take_back(
    credits: Sequence[Credit], documents: Sequence[str], reason: str, stamp: Stamp
) -> list[Reversal]:
    """Write the reversing credits of locked accounts and open again what each extinguished."""
    concepts = chart.read()
    taken = []
    for credit, document in zip(credits, documents, strict=True):
        shares = taken_back(credit_id=credit.id)
        allocated = -sum(share.amount_cents for share in shares)
        reversing = Credit.objects.create(
            account_id=credit.account_id,
            kind=credit.kind,
            amount_cents=-credit.amount_cents,
            on=stamp.on,
            recorded_at=stamp.at,
            recorded_by=stamp.by,
            document=document,
            reason=reason,
            reverses=credit,
        )
        open_again(shares=shares, on=stamp.on, concepts=concepts)
        balances.add_credit(cents_by_account={credit.account_id: allocated - credit.amount_cents})
        audit.record(
            act="ledger.reverse_credit",
            by=stamp.by,
            at=stamp.at,
            object_kind="credit",
            object_id=credit.id,
            before={"document": credit.document, "amount_cents": credit.amount_cents},
            after={"document": document},
            reason=reason,
        )
        taken.append(Reversal(reversing, tuple(shares)))
    return taken


def _undone(taken: Sequence[Reversal]) -> list[journal.Line]:
    """Receivables that are owed again, and money that is no longer in favor."""
    shares = [share for each in taken for share in each.shares]
    allocated = -sum(share.amount_cents for share in shares)
    cents = -sum(each.credit.amount_cents for each in taken)
    return [
        *settlement.receivable_lines(shares=shares, concepts=chart.read()),
        journal.Line(catalog.CREDIT_BALANCES, cents - allocated),
    ]


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


def open_again(*, shares: list[Share], on: date, concepts: Chart) -> None:
    """Write negative shares of a day and raise what is open by them."""
    moves = balances.Moves(concepts)
    settlement.allocate(shares=shares, on=on, moves=moves)
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

"""A debt that becomes installments, and installments that become the debt they were again.

Signing extinguishes everything open with a credit that is no money and charges the installments; revenue does not
move. Taking it back replays what was paid, each payment on its day, on the charges that were there before.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.db import transaction

from caudal.kernel.fields import NO_PERIOD
from caudal.kernel.refusals import Refusal
from caudal.ledger import catalog, chart, policy
from caudal.ledger.commands import application, balances, cancellation, charges, credits, reversal
from caudal.ledger.commands.cancellation import DocumentKey
from caudal.ledger.commands.charges import ChargeLine
from caudal.ledger.commands.journal import Stamp
from caudal.ledger.models import Allocation, Charge, Credit, DocumentKind, Working
from caudal.ledger.policy import DebtTerms
from caudal.ledger.queries import positions
from caudal.ledger.queries.positions import Position
from caudal.registry.models import Account


class CannotReplaceDebt(Refusal): ...


@dataclass(frozen=True, slots=True)
class Part:
    """One installment to charge (centavos): what it pays of the debt, and what deferring it costs."""

    due_on: date
    principal_cents: int
    deferral_cents: int = 0


@dataclass(frozen=True, slots=True)
class ReplacedDebt:
    """The credit that extinguished the debt, and the sequence of each installment's document, in order."""

    credit: Credit
    surcharge_cents: int
    sequences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RestoredDebt:
    """What came back (centavos): the debt opened again, the money replayed on it, what of it stays in favor."""

    reopened_cents: int
    replayed_cents: int
    in_favor_cents: int


@transaction.atomic
def replace_by_installments(
    *,
    account: Account,
    parts: Sequence[Part],
    on: date,
    at: datetime,
    by: str,
    document: str,
    terms: DebtTerms,
) -> ReplacedDebt:
    """Extinguish all that an account owes, with surcharges to the day, and charge it in parts.

    :param document: the folio of the arrangement
    :raises CannotReplaceDebt: if nothing is owed, or the parts do not add up to what is owed to the centavo
    """
    balances.lock_accounts(account_ids=[account.id])
    owed = int(positions.read(account_ids=[account.id], on=on, terms=terms).items.open_cents.sum())
    if owed <= 0:
        raise CannotReplaceDebt(
            "La cuenta no debe nada que se pueda poner en parcialidades.", "Revise su estado de cuenta."
        )
    if sum(part.principal_cents for part in parts) != owed:
        raise CannotReplaceDebt(
            "Las parcialidades no suman lo que la cuenta debe.", "Vuelva a calcular la tabla del convenio."
        )
    posted = credits.post_credit(
        account=account, kind=Credit.Kind.AGREEMENT, amount_cents=owed, on=on, at=at, by=by, document=document,
        terms=terms, funds={catalog.ARRANGEMENTS_SIGNED: owed}, reason=f"Convenio {document}",
    )  # fmt: skip
    sequences = tuple(
        charges.post_charges(
            account=account, lines=_lines(part), document_kind=DocumentKind.INSTALLMENT, due_on=part.due_on, on=on,
            at=at, by=by, reason=f"Convenio {document}",
        ).sequence
        for part in parts
    )  # fmt: skip
    return ReplacedDebt(posted.credit, posted.surcharge_cents, sequences)


def _lines(part: Part) -> list[ChargeLine]:
    lines = [ChargeLine(catalog.INSTALLMENT, part.principal_cents)] if part.principal_cents else []
    if part.deferral_cents:
        lines.append(ChargeLine(catalog.DEFERRAL_SURCHARGE, part.deferral_cents))
    return lines


@transaction.atomic
def restore_debt(
    *,
    account: Account,
    credit: Credit,
    sequences: Sequence[int],
    waivers: Sequence[Credit] = (),
    on: date,
    at: datetime,
    by: str,
    terms: DebtTerms,
    reason: str,
    surcharged_until: date | None = None,
) -> RestoredDebt:
    """Take back an arrangement: what is owed is what would have been owed without it.

    Installments are canceled, the charges they replaced are open again without the surcharges that signing had
    charged, and every payment an installment had received is applied to them as of the day it was made, with the
    surcharges of that day.

    :param credit: the one that `replace_by_installments` wrote
    :param waivers: what was forgiven on the condition that it would be kept: taken back too
    :param surcharged_until: payments made after this day are replayed as of it; None: each on its own day
    :raises CannotReplaceDebt: if that credit was taken back before
    """
    balances.lock_accounts(account_ids=[account.id])
    if Credit.objects.filter(reverses=credit).exists():
        raise CannotReplaceDebt("Ese convenio ya se deshizo.", "Consulte los movimientos de la cuenta.")
    paid = _paid(account, sequences)
    cancellation.cancel_documents(
        account=account, documents=[DocumentKey(NO_PERIOD, DocumentKind.INSTALLMENT, each) for each in sequences],
        on=on, at=at, by=by, reason=reason,
    )  # fmt: skip
    for each in (credit, *waivers):
        reversal.reverse_credit(
            credit=each, on=on, at=at, by=by, document=f"{each.document}/deshecho", reason=reason
        )
    _cancel_surcharges(account, (credit, *waivers), Stamp(on, at, by), reason)
    replayed = sum(
        _replay(
            account,
            (credit, *waivers),
            min(max(paid_on, credit.on), surcharged_until or date.max),
            mine,
            Stamp(on, at, by),
            terms,
        )
        for paid_on, mine in sorted(paid.items())
    )
    money = sum(cents for mine in paid.values() for _, cents in mine)
    return RestoredDebt(credit.amount_cents, replayed, money - replayed)


def _paid(account: Account, sequences: Sequence[int]) -> dict[date, list[tuple[int, int]]]:
    """What each credit has paid of some installments (credit and centavos), by the day it was made."""
    rows = Allocation.objects.filter(
        account_id=account.pk,
        period=NO_PERIOD,
        document_kind=DocumentKind.INSTALLMENT,
        sequence__in=sequences,
    ).values_list("credit__on", "credit_id", "amount_cents")
    sums: dict[tuple[date, int], int] = defaultdict(int)
    for on, credit, cents in rows:
        sums[on, credit] += cents
    paid: dict[date, list[tuple[int, int]]] = defaultdict(list)
    for (on, credit), cents in sorted(sums.items()):
        if cents > 0:
            paid[on].append((credit, cents))
    return paid


def _cancel_surcharges(account: Account, credits: Sequence[Credit], stamp: Stamp, reason: str) -> None:
    """Cancel the surcharges that became charges on signing, and count their months as not charged.

    Otherwise the debt would be rounded at signing too, and differ by a centavo from the same debt without it.
    """
    held = Allocation.objects.filter(account_id=account.pk, document_kind=DocumentKind.SURCHARGE)
    documents = set(held.filter(credit__in=credits).values_list("period", "sequence"))
    charged_before = set(
        held.filter(credit_id__lt=min(each.pk for each in credits)).values_list("period", "sequence")
    )
    charged = Charge.objects.filter(
        account_id=account.pk, document_kind=DocumentKind.SURCHARGE, due_on=credits[0].on,
        period__in={period for period, _ in documents},
    )  # fmt: skip
    on_signing = sorted(
        (int(each.period), each.sequence, each.working_id)
        for each in charged
        if (each.period, each.sequence) in documents - charged_before
    )
    cancellation.cancel_documents(
        account=account,
        documents=[DocumentKey(period, DocumentKind.SURCHARGE, sequence) for period, sequence, _ in on_signing],
        on=stamp.on, at=stamp.at, by=stamp.by, reason=reason,
    )  # fmt: skip
    workings = Working.objects.in_bulk({working for *_, working in on_signing})
    moves = balances.Moves(chart.read())
    for period, _, working in on_signing:
        moves.surcharged(account_id=account.pk, period=period, months=-int(workings[working].body["months"]))
    moves.write()


def _replay(
    account: Account,
    credits: Sequence[Credit],
    paid_on: date,
    money: Sequence[tuple[int, int]],
    stamp: Stamp,
    terms: DebtTerms,
) -> int:
    """Apply payments of one day to the charges the arrangement had replaced; returns how much (centavos)."""
    position = positions.read(account_ids=[account.id], on=paid_on, terms=terms)
    rows = np.flatnonzero(_was_replaced(position, credits))
    given = np.zeros(len(position.items), dtype=np.int64)
    given[rows] = policy.settle(
        items=position.items.take(rows),
        money_cents={account.id: sum(cents for _, cents in money)},
        order=terms.allocation_order,
    )
    applied = application.spend(
        position=position, given=given, credits={account.id: list(money)}, document=f"{credits[0].document}/deshecho",
        stamp=stamp,
    )  # fmt: skip
    return applied.amount_cents


def _was_replaced(position: Position, credits: Sequence[Credit]) -> policy.Int64:
    """Which items belong to periods and documents that the arrangement had extinguished: their surcharges too."""
    rows = (
        Allocation.objects.filter(credit__in=credits)
        .values_list("period", "document_kind", "sequence")
        .distinct()
    )
    documents = {(int(period), kind, sequence) for period, kind, sequence in rows}
    periods = {period for period, *_ in documents if period}
    items = position.items
    return np.array(
        [
            key in documents or (key[0] in periods and key[1] == DocumentKind.SURCHARGE)
            for key in zip(
                items.period.tolist(), items.document_kind.tolist(), items.sequence.tolist(), strict=True
            )
        ],
        dtype=np.int64,
    )

"""How agreements stand on a day: what the ledger says each installment was paid, or what their end wrote down."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection

from caudal.arrangements import policy
from caudal.arrangements.models import ArrangementEnd, Installment, PaymentArrangement
from caudal.arrangements.policy import InstallmentState, State

# a canceled installment was not paid; a payment taken back adds up to nothing
PAID: Final = """
    SELECT installment.arrangement_id, installment.number, credit."on", sum(allocation.amount_cents)::bigint
    FROM arrangements_installment AS installment
    JOIN arrangements_paymentarrangement AS arrangement ON arrangement.id = installment.arrangement_id
    JOIN ledger_allocation AS allocation
         ON allocation.account_id = arrangement.account_id AND allocation.period = 0
            AND allocation.document_kind = 6 AND allocation.sequence = installment.sequence
    JOIN ledger_credit AS credit ON credit.id = allocation.credit_id AND credit.kind <> 'bill_cancellation'
    WHERE installment.arrangement_id = ANY(%s::bigint[])
    GROUP BY installment.arrangement_id, installment.number, allocation.credit_id, credit."on"
    HAVING sum(allocation.amount_cents) <> 0
    ORDER BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class InstallmentRow:
    """One payment of an agreement and how far it is (centavos); number 0 is the down payment."""

    number: int
    due_on: date
    principal_cents: int
    deferral_cents: int
    paid_cents: int
    # the day it was paid whole
    paid_on: date | None
    state: InstallmentState

    @property
    def total_cents(self) -> int:
        return self.principal_cents + self.deferral_cents

    @property
    def open_cents(self) -> int:
        """What is left to pay of it; nothing once it is without effect."""
        return 0 if self.state == InstallmentState.UNDONE else self.total_cents - self.paid_cents


@dataclass(frozen=True, slots=True)
class Standing:
    """An agreement on a day, with each of its payments."""

    arrangement: PaymentArrangement
    on: date
    state: State
    rows: tuple[InstallmentRow, ...]
    end: ArrangementEnd | None = None

    @property
    def paid_cents(self) -> int:
        return sum(row.paid_cents for row in self.rows)

    @property
    def open_cents(self) -> int:
        return sum(row.open_cents for row in self.rows)

    @property
    def late_cents(self) -> int:
        """What is past due."""
        return sum(row.open_cents for row in self.rows if row.state == InstallmentState.LATE)

    @property
    def n_late(self) -> int:
        """How many payments are past due, the down payment among them."""
        return sum(row.state == InstallmentState.LATE for row in self.rows)

    @property
    def n_paid(self) -> int:
        """How many monthly payments are paid whole."""
        return sum(row.number > 0 and row.paid_cents >= row.total_cents for row in self.rows)

    @property
    def next_row(self) -> InstallmentRow | None:
        """The payment that comes first of those not paid whole."""
        return next((row for row in self.rows if row.open_cents), None)

    @property
    def next_due_on(self) -> date | None:
        return self.next_row.due_on if self.next_row else None


def standing(*, arrangement: PaymentArrangement, on: date) -> Standing:
    """How one agreement stands on a day."""
    return standings(arrangements=[arrangement], on=on)[arrangement.pk]


def standings(*, arrangements: Sequence[PaymentArrangement], on: date) -> dict[int, Standing]:
    """How some agreements stand on a day, by id, in as many questions as one takes."""
    ids = [each.pk for each in arrangements]
    ends = {each.pk: each for each in ArrangementEnd.objects.filter(pk__in=ids)}
    paid = _paid([each for each in ids if each not in ends])
    for end in ends.values():
        for row in end.standing:
            if row["paid_cents"]:
                # one paid in part has no day on which it was paid
                day = date.fromisoformat(row["paid_on"]) if row["paid_on"] else end.on
                paid[end.pk, row["number"]] = [(day, row["paid_cents"])]
    parts: dict[int, list[Installment]] = defaultdict(list)
    for each in Installment.objects.filter(arrangement_id__in=ids).order_by("arrangement_id", "number"):
        parts[each.arrangement_id].append(each)
    return {
        each.pk: _standing(each, parts[each.pk], paid, ends.get(each.pk), on)
        for each in arrangements
    }  # fmt: skip


def _paid(arrangement_ids: list[int]) -> dict[tuple[int, int], list[tuple[date, int]]]:
    """What each payment has received, day by day; by agreement and number."""
    paid: dict[tuple[int, int], list[tuple[date, int]]] = defaultdict(list)
    if not arrangement_ids:
        return paid
    with connection.cursor() as cursor:
        cursor.execute(PAID, [arrangement_ids])
        for arrangement, number, on, cents in cursor.fetchall():
            paid[arrangement, number].append((on, cents))
    return paid


def _standing(
    arrangement: PaymentArrangement,
    parts: Sequence[Installment],
    paid: dict[tuple[int, int], list[tuple[date, int]]],
    end: ArrangementEnd | None,
    on: date,
) -> Standing:
    is_undone = end is not None and end.kind != ArrangementEnd.Kind.FINISHED
    rows = tuple(_row(each, paid.get((arrangement.pk, each.number), []), on, is_undone) for each in parts)
    state = policy.state(end=end.kind if end else None, installments=[row.state for row in rows])
    return Standing(arrangement, on, state, rows, end)


def _row(part: Installment, paid: list[tuple[date, int]], on: date, is_undone: bool) -> InstallmentRow:
    cents = sum(each for _, each in paid)
    paid_on = max(day for day, _ in paid) if paid and cents >= part.total_cents else None
    return InstallmentRow(
        part.number, part.due_on, part.principal_cents, part.deferral_cents, cents, paid_on,
        policy.installment_state(
            total_cents=part.total_cents, paid_cents=cents, paid_on=paid_on, due_on=part.due_on, on=on,
            is_undone=is_undone,
        ),
    )  # fmt: skip

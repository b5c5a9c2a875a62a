"""Installments: a debt divided in monthly payments that add up to the centavo."""

import operator
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Final

from caudal.rules import bounds, money, periods
from caudal.rules.bounds import OutOfBounds

MAX_COUNT: Final = 1200


@dataclass(frozen=True, slots=True)
class Installment:
    """One scheduled payment; number 0 is the down payment (centavos).

    ``amount_cents`` pays the debt; ``deferral_cents`` is what waiting for it costs, told apart.
    """

    number: int
    due_on: date
    amount_cents: int
    deferral_cents: int = 0

    @property
    def total_cents(self) -> int:
        return self.amount_cents + self.deferral_cents


def installments(
    *,
    total_cents: int,
    down_payment_cents: int,
    count: int,
    signed_on: date,
    first_due_on: date,
    deferral_ppm: int = 0,
) -> tuple[Installment, ...]:
    """Divide a debt in a down payment, due on signing, and ``count`` monthly installments.

    All installments are equal but the first, which takes the centavos that do not divide. A day
    that a month lacks becomes its last day. The amounts add up to the debt. With ``deferral_ppm``,
    each also bears that share of what was still to be paid of the debt, one month each, rounded once.

    :raises OutOfBounds: if the debt, or what the down payment leaves, does not reach a centavo
        per installment; if the first installment is not after signing
    """
    bounds.require_scalar(total_cents, 1, bounds.MAX_CENTS, name="total_cents")
    bounds.require_scalar(down_payment_cents, 0, total_cents, name="down_payment_cents")
    bounds.require_scalar(count, 1, MAX_COUNT, name="count")
    if first_due_on <= signed_on:
        raise OutOfBounds("debe vencer después de la firma", column="first_due_on", value=first_due_on)
    deferred = total_cents - down_payment_cents
    if deferred < count:
        raise OutOfBounds("no alcanza un centavo por parcialidad", column="total_cents", value=deferred)
    amounts = money.split_evenly(deferred, parts=count)
    dates = periods.monthly_dates(first_on=first_due_on, count=count)
    paid_first = [Installment(0, signed_on, down_payment_cents)] if down_payment_cents else []
    owed_before = accumulate(amounts[:-1], operator.sub, initial=deferred)
    later = [
        Installment(number, due_on, amount, money.share_of(owed, ppm=deferral_ppm))
        for number, (due_on, amount, owed) in enumerate(
            zip(dates, amounts, owed_before, strict=True), start=1
        )
    ]
    return (*paid_first, *later)


def down_payment(*, total_cents: int, ppm: int) -> int:
    """Give the down payment that a share of the debt asks for (centavos).

    :raises OutOfBounds: if the share passes the whole
    """
    bounds.require_scalar(ppm, 0, bounds.MAX_PPM, name="down_payment_ppm")
    return money.share_of(total_cents, ppm=ppm)


def highest_payment(*, deferred_cents: int, count: int, deferral_ppm: int = 0) -> int:
    """Give the highest of ``count`` monthly payments of a debt: the first (centavos)."""
    first = money.split_evenly(deferred_cents, parts=count)[0]
    return first + money.share_of(deferred_cents, ppm=deferral_ppm)


def fewest_installments(
    *,
    deferred_cents: int,
    affordable_cents: int,
    most_count: int,
    least_installment_cents: int = 1,
    deferral_ppm: int = 0,
) -> int | None:
    """Give the smallest number of installments of which none passes what can be paid in a month.

    None if no number up to ``most_count`` does, each of at least ``least_installment_cents``.
    """
    bounds.require_scalar(most_count, 1, MAX_COUNT, name="most_count")
    most = min(most_count, deferred_cents // least_installment_cents)
    return next(
        (
            count
            for count in range(1, most + 1)
            if highest_payment(deferred_cents=deferred_cents, count=count, deferral_ppm=deferral_ppm)
            <= affordable_cents
        ),
        None,
    )


def most_deferrable(*, affordable_cents: int, count: int, deferral_ppm: int = 0) -> int:
    """Give the largest debt, in equal payments, that fits in ``count`` of what can be paid in a month (centavos)."""
    low, high = 0, affordable_cents
    while low < high:
        each = (low + high + 1) // 2
        if (
            highest_payment(deferred_cents=each * count, count=count, deferral_ppm=deferral_ppm)
            <= affordable_cents
        ):
            low = each
        else:
            high = each - 1
    return low * count

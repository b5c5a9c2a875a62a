"""Installments: a debt divided in monthly payments that add up to the centavo."""

from dataclasses import dataclass
from datetime import date

from caudal.rules import bounds, money, periods
from caudal.rules.bounds import OutOfBounds


@dataclass(frozen=True, slots=True)
class Installment:
    """One scheduled payment; number 0 is the down payment (centavos)."""

    number: int
    due_on: date
    amount_cents: int


def installments(
    *,
    total_cents: int,
    down_payment_cents: int,
    count: int,
    signed_on: date,
    first_due_on: date,
) -> tuple[Installment, ...]:
    """Divide a debt in a down payment, due on signing, and ``count`` monthly installments.

    All installments are equal but the first, which takes the centavos that do not divide. A day
    that a month lacks becomes its last day. The amounts add up to the debt.

    :raises OutOfBounds: if the debt, or what the down payment leaves, does not reach a centavo
        per installment; if the first installment is not after signing
    """
    bounds.require_scalar(total_cents, 1, bounds.MAX_CENTS, name="total_cents")
    bounds.require_scalar(down_payment_cents, 0, total_cents, name="down_payment_cents")
    bounds.require_scalar(count, 1, 1200, name="count")
    if first_due_on <= signed_on:
        raise OutOfBounds("debe vencer después de la firma", column="first_due_on", value=first_due_on)
    deferred = total_cents - down_payment_cents
    if deferred < count:
        raise OutOfBounds("no alcanza un centavo por parcialidad", column="total_cents", value=deferred)
    amounts = money.split_evenly(deferred, parts=count)
    dates = periods.monthly_dates(first_on=first_due_on, count=count)
    paid_first = [Installment(0, signed_on, down_payment_cents)] if down_payment_cents else []
    later = [
        Installment(number, due_on, amount)
        for number, (due_on, amount) in enumerate(zip(dates, amounts, strict=True), start=1)
    ]
    return (*paid_first, *later)


def down_payment(*, total_cents: int, ppm: int) -> int:
    """Give the down payment that a share of the debt asks for (centavos).

    :raises OutOfBounds: if the share passes the whole
    """
    bounds.require_scalar(ppm, 0, bounds.MAX_PPM, name="down_payment_ppm")
    return money.share_of(total_cents, ppm=ppm)

"""How far agreements live: of those that reached each payment, how many made it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from caudal.arrangements.models import PaymentArrangement
from caudal.arrangements.policy import InstallmentState, State
from caudal.arrangements.queries.standings import InstallmentRow, Standing, standings
from caudal.rules import money


@dataclass(frozen=True, slots=True)
class SurvivalRow:
    """Of the agreements that reached a payment, what became of it; number 0 is the down payment.

    `reached` = paid on time + paid late + late + broken there. `kept_ppm` is the share, of all the agreements with
    such a payment that came to it or broke before, that did not break up to it (parts per million).
    """

    number: int
    reached: int
    paid_on_time: int
    paid_late: int
    late: int
    defaulted: int
    kept_ppm: int


def survival(*, on: date, since: date | None = None, until: date | None = None) -> list[SurvivalRow]:
    """The survival curve of the agreements signed in a span of days, both included; of all, if none is said."""
    signed = PaymentArrangement.objects.order_by("pk")
    if since:
        signed = signed.filter(signed_on__gte=since)
    if until:
        signed = signed.filter(signed_on__lte=until)
    found = [
        each for each in standings(arrangements=list(signed), on=on).values() if each.state != State.CANCELED
    ]
    last = max((row.number for each in found for row in each.rows), default=-1)
    return [_at(number, found) for number in range(last + 1)]


def _at(number: int, found: Sequence[Standing]) -> SurvivalRow:
    told = [fate for each in found if (fate := _fate(each, number))]
    count = {name: told.count(name) for name in ("on_time", "late_paid", "late", "defaulted", "before")}
    reached = len(told) - count["before"]
    kept = kept_ppm(decided=len(told), broken=count["defaulted"] + count["before"])
    return SurvivalRow(
        number, reached, count["on_time"], count["late_paid"], count["late"], count["defaulted"], kept
    )


def kept_ppm(*, decided: int, broken: int) -> int:
    """Of the agreements that came to a payment or broke before, the share not broken (parts per million)."""
    return money.divide_half_away((decided - broken) * money.PPM, decided) if decided else 0


def _fate(standing: Standing, number: int) -> str:
    """What became of one payment of an agreement; empty if it has none such, or it is still to come."""
    row = next((each for each in standing.rows if each.number == number), None)
    if row is None:
        return ""
    if row.state == InstallmentState.PAID:
        return "on_time"
    if row.state == InstallmentState.PAID_LATE:
        return "late_paid"
    if standing.state == State.DEFAULTED:
        return "defaulted" if _broke_at(standing.rows) == number else "before"
    return "late" if row.state == InstallmentState.LATE else ""


def _broke_at(rows: Sequence[InstallmentRow]) -> int:
    """The first payment that was not made whole."""
    return next((row.number for row in rows if row.paid_cents < row.total_cents), -1)

"""Pure decisions about dunning: business days, ages, folios, who is spared a notice and why, when the next may come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

import holidays
import numpy as np

from caudal.kernel.wording import number_of_folio
from caudal.rules.bounds import Int64

NOTICE_SERIES: Final = "notificacion"
BATCH_SERIES: Final = "lote"
_NOTICE: Final = "NOT-"
_BATCH: Final = "LOT-"
_SATURDAY: Final = 5
PPM: Final = 1_000_000
# from how many notices on what happened says more than what was assumed
ENOUGH_HISTORY: Final = 20
# first and last day of age of each bucket; the last has no end
BUCKETS: Final = ((0, 30), (31, 60), (61, 90), (91, 180), (181, 365), (366, None))
BUCKET_NAMES: Final = tuple(
    f"{first} a {last} días" if last else "más de 365 días" for first, last in BUCKETS
)
RECOVERY_DAYS: Final = (30, 90)


class Spared(StrEnum):
    """Why an account inside a segment gets no notice, in the order in which it is asked."""

    AGREEMENT = "con convenio al corriente"
    CLAIM = "con aclaración abierta"
    PAID = "pagó hace poco"
    PROTECTED = "lugar protegido"
    IN_FAVOR = "con saldo a favor que lo cubre"
    UNDER_WAY = "ya tiene una notificación en curso"
    NO_PREVIOUS = "le falta la etapa anterior"
    TOO_LITTLE = "debe menos de lo que pide la etapa"
    TOO_RECENT = "su adeudo es más reciente de lo que pide la etapa"
    NO_PLACE = "sin toma a dónde llevarla"


class State(StrEnum):
    """How far a notice is. Paid is what the ledger says; the others, its own rows."""

    CANCELED = "cancelada"
    SETTLED = "saldada"
    SERVED = "notificada"
    APPOINTED = "con citatorio"
    PENDING = "por entregar"


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """Which days count: Monday to Friday without the holidays of law and the days the utility closes."""

    closed: frozenset[date] = frozenset()

    def is_business_day(self, on: date) -> bool:
        return on.weekday() < _SATURDAY and on not in self.closed and on not in _of_law(on.year)

    def next_after(self, on: date) -> date:
        """The first business day after a day."""
        return self.add(on, 1)

    def add(self, on: date, days: int) -> date:
        """The day on which so many business days have passed; the day itself does not count."""
        while days > 0:
            on += timedelta(days=1)
            days -= self.is_business_day(on)
        return on

    def between(self, first: date, last: date) -> int:
        """How many business days there are from a day (excluded) to another (included)."""
        return sum(
            self.is_business_day(first + timedelta(days=each)) for each in range(1, (last - first).days + 1)
        )


@lru_cache(maxsize=64)
def _of_law(year: int) -> frozenset[date]:
    """The days of obligatory rest of a year (Federal Labor Law, art. 74)."""
    return frozenset(holidays.country_holidays("MX", years=year))


@dataclass(frozen=True, slots=True)
class Dates:
    """When a notice takes effect, until when it may be obeyed, and from when the next stage may come."""

    effects_on: date
    term_ends_on: date


def dates(*, served_on: date, term_days: int, calendar: BusinessCalendar) -> Dates:
    """A notice takes effect the business day after it was served; its term counts from the next one."""
    effects_on = calendar.next_after(served_on)
    return Dates(effects_on, calendar.add(effects_on, term_days))


def next_stage_on(*, term_ends_on: date, wait_days: int, calendar: BusinessCalendar) -> date:
    """The first day of the next stage: after the term, and after whatever the stage waits."""
    return calendar.add(term_ends_on, max(wait_days, 1))


def bucket_of(*, age_days: Int64) -> Int64:
    """The place in `BUCKETS` of each age; what is not due yet is in the first."""
    starts = np.array([first for first, _ in BUCKETS[1:]], dtype=np.int64)
    return np.searchsorted(starts, age_days, side="right").astype(np.int64)


def is_effective(*, outcome: str, needs_personal: bool, had_appointment: bool) -> bool:
    """Whether an outcome serves a notice.

    Handed over, or refused before the server, it does. Posted on the door it does; but what has to be served in
    person, only if an appointment was left before.
    """
    return outcome in ("delivered", "refused") or (
        outcome == "posted" and (had_appointment or not needs_personal)
    )


def state(*, is_canceled: bool, is_settled: bool, is_served: bool, is_appointed: bool) -> State:
    """How far a notice is: what ended it first."""
    if is_canceled:
        return State.CANCELED
    if is_settled:
        return State.SETTLED
    if is_served:
        return State.SERVED
    return State.APPOINTED if is_appointed else State.PENDING


def recovery_rates(
    *, notified: Sequence[tuple[int, int, int]], assumed_ppm: Sequence[int]
) -> tuple[int, ...]:
    """Of each peso notified, the parts per million that came back within 90 days, by bucket.

    With fewer than `ENOUGH_HISTORY` notices in a bucket, what the ladder assumes of it.

    :param notified: how many notices, centavos they asked for, centavos recovered; one of each by bucket
    """
    return tuple(
        min(recovered * PPM // asked, PPM) if count >= ENOUGH_HISTORY and asked > 0 else assumed
        for (count, asked, recovered), assumed in zip(notified, assumed_ppm, strict=True)
    )


def expected_recovery(*, debt_cents: Int64, bucket: Int64, rates_ppm: Sequence[int]) -> Int64:
    """What a visit may be expected to bring: the debt × the rate of its bucket, whole pesos not needed (centavos)."""
    return debt_cents * np.array(rates_ppm, dtype=np.int64)[bucket] // PPM


def in_parts(*, count: int, parts: int) -> list[int]:
    """So many stops among so many people: as even as can be, the first ones with one more."""
    return [count // parts + (place < count % parts) for place in range(parts)]


def notice_folio(number: int) -> str:
    """`NOT-000012`."""
    return f"{_NOTICE}{number:06d}"


def batch_folio(number: int) -> str:
    """`LOT-000012`."""
    return f"{_BATCH}{number:06d}"


def notice_number(text: str) -> int | None:
    """The number in `NOT-000012`, `not 12` or `12`; None when it is no folio of a notice."""
    return number_of_folio(text, prefix=_NOTICE)


def batch_number(text: str) -> int | None:
    """The number in `LOT-000012`, `lot 12` or `12`; None when it is no folio of a batch."""
    return number_of_folio(text, prefix=_BATCH)

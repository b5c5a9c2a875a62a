"""Judgments over readings: is it believable, how much water does it mean, and if it is not known, how much
to estimate. Pure functions over int64 columns; one service point is a column of one.
"""

from dataclasses import dataclass, field
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from caudal.metering import exceptions
from caudal.metering.exceptions import FollowUp, Treatment
from caudal.rules import money

Int64 = NDArray[np.int64]
Mask = NDArray[np.bool_]

WINDOW_MONTHS = 12  # a mean looks so far back
UNKNOWN = -1  # a reading not seen, a mean without history
REAL, ESTIMATED, AVERAGED, NO_SERVICE = 1, 2, 3, 4  # Consumption.Basis


class Doubt(IntFlag):
    """Why a person should look before it is billed. Several may stand together."""

    HIGH = 1
    LOW = 2
    ZERO = 4
    NEGATIVE = 8
    ROLLOVER = 16
    REVERSED = 32
    ABOVE_DIAMETER = 64
    TOO_MANY_ESTIMATES = 128
    NO_HISTORY = 256
    CUT_WITH_USE = 512
    SUSPECTED_FRAUD = 1024
    WRONG_METER = 2048
    NO_METER = 4096
    CENSUS = 8192


DOUBT_TEXTS: dict[Doubt, str] = {
    Doubt.HIGH: "más del doble de su promedio",
    Doubt.LOW: "menos de la mitad de su promedio",
    Doubt.ZERO: "sin consumo y antes sí tenía",
    Doubt.NEGATIVE: "la lectura es menor que la anterior",
    Doubt.ROLLOVER: "el medidor dio la vuelta",
    Doubt.REVERSED: "parece tener dos cifras invertidas",
    Doubt.ABOVE_DIAMETER: "más de lo que cabe por ese diámetro",
    Doubt.TOO_MANY_ESTIMATES: "demasiadas estimaciones seguidas: requiere inspección",
    Doubt.NO_HISTORY: "primera lectura: no hay con qué comparar",
    Doubt.CUT_WITH_USE: "servicio cortado y con consumo",
    Doubt.SUSPECTED_FRAUD: "posible toma irregular",
    Doubt.WRONG_METER: "el medidor leído no es el de la cuenta",
    Doubt.NO_METER: "servicio medido sin medidor instalado",
    Doubt.CENSUS: "revisar el predio en campo",
}


def doubt_texts(doubts: int) -> list[str]:
    """The mask in words, one sentence each."""
    return [text for doubt, text in DOUBT_TEXTS.items() if doubts & doubt]


def in_words(period: int) -> str:
    """201901 → 01/2019."""
    return f"{int(period) % 100:02d}/{int(period) // 100}"


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """The parameters of validation and estimation. A utility may have its own; these are the usual ones."""

    high_times: int = 2  # above this many times the mean is high
    low_divisor: int = 2  # below the mean divided by this is low
    rollover_times: int = 3  # around the dial and not above this many times the mean: it rolled over
    estimate_mean_of: int = 6  # an estimate is the mean of so many of the last real consumptions,
    estimate_at_least: int = 3  # or of as many as there are, if they are no fewer than these
    max_consecutive_estimates: int = 2
    # m³ per hour that each diameter (mm) lets through at most
    m3_per_hour: dict[int, int] = field(
        default_factory=lambda: {13: 3, 15: 3, 19: 5, 25: 7, 38: 20, 50: 30, 75: 80, 100: 120}
    )


USUAL_RULES = ReadingRules()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of each service point when its period is assessed. Readings and volumes in whole m³."""

    value: Int64  # on the dial (UNKNOWN: not seen)
    code: Int64  # field code, 0 to 25
    start: Int64  # where the counting of the present meter begins: last real reading, or its initial one
    carried_m3: Int64  # counted by meters that were changed since the last real reading
    dial_digits: Int64
    has_meter: Mask
    is_interrupted: Mask  # during the whole period
    diameter_mm: Int64
    days: Int64  # since the end of the previous period
    mean_m3: Int64  # mean of the real ones among the last twelve months (UNKNOWN: none)
    latest_mean_m3: Int64  # mean of its latest real ones, by which it is estimated (UNKNOWN: too few)
    class_mean_m3: Int64  # UNKNOWN: nobody of the class was read
    unread_before: Int64  # consecutive periods without a real reading
    estimated_before: Int64  # of those, the ones a real reading will net (since the last real or averaged)
    previous_reading: Int64  # dial at the end of the previous period, maybe estimated (UNKNOWN: none)

    def __len__(self) -> int:
        return int(self.value.size)


@dataclass(frozen=True, slots=True)
class Judgment:
    """What the period is taken to be. `counted_m3` covers all periods since the last real reading."""

    basis: Int64
    counted_m3: Int64  # 0 unless real
    estimate_m3: Int64  # what is billed while it is not real
    current_reading: Int64
    unread_periods: Int64  # this one included; 0: real
    reading_doubts: Int64  # those that do not depend on how much of it falls on this period


def judge(facts: Facts, *, rules: ReadingRules = USUAL_RULES) -> Judgment:
    """Take each reading as real, estimated, averaged or without service.

    A reading that goes back is a rollover if what it counts around the dial is at most `rollover_times` the
    usual for the periods it covers (or the reader said so); else it is not believed and is estimated.
    """
    counted_m3, is_rollover, is_negative = count(facts, rules=rules)
    basis = _basis(facts, is_negative=is_negative)
    estimate_m3 = np.where(basis == NO_SERVICE, 0, estimate(facts))
    is_real = basis == REAL
    unread = np.where(is_real | (basis == NO_SERVICE), 0, facts.unread_before + 1)
    counted_m3 = np.where(is_real, counted_m3, 0)
    doubts = (
        _flag(is_rollover & is_real, Doubt.ROLLOVER)
        | _flag(is_negative, Doubt.NEGATIVE)
        | _flag(is_negative & looks_reversed(facts, rules=rules), Doubt.REVERSED)
        | _flag(unread > rules.max_consecutive_estimates, Doubt.TOO_MANY_ESTIMATES)
        | _field_doubts(facts, counted_m3=counted_m3)
    )
    return Judgment(
        basis=basis,
        counted_m3=counted_m3,
        estimate_m3=estimate_m3,
        current_reading=_current_reading(facts, basis=basis, estimate_m3=estimate_m3),
        unread_periods=unread,
        reading_doubts=doubts,
    )


def count(facts: Facts, *, rules: ReadingRules) -> tuple[Int64, Mask, Mask]:
    """m³ since the last real reading, which ones went round the dial, and which ones went back."""
    on_dial = facts.value - facts.start
    went_back = (facts.value >= 0) & (on_dial < 0)
    around = 10**facts.dial_digits + on_dial
    believable = rules.rollover_times * np.maximum(facts.mean_m3, 0) * (facts.estimated_before + 1)
    is_usual = (facts.mean_m3 >= 0) & (around + facts.carried_m3 <= believable)
    is_rollover = went_back & (is_usual | (facts.code == exceptions.ROLLOVER))
    counted = facts.carried_m3 + np.where(is_rollover, around, on_dial)
    return counted, is_rollover, went_back & ~is_rollover


def estimate(facts: Facts) -> Int64:
    """Mean of its latest real consumptions; with too few, the mean of its class in the previous period; else
    zero, so that only the minimum is charged."""
    by_class = np.maximum(facts.class_mean_m3, 0)
    return np.where(facts.latest_mean_m3 >= 0, facts.latest_mean_m3, by_class)


def mean(*, total_m3: Int64, periods: Int64) -> Int64:
    """Whole m³, half away from zero; UNKNOWN where there are no periods."""
    return np.where(periods > 0, money.divide_half_away(total_m3, np.maximum(periods, 1)), UNKNOWN)


def volume_doubts(
    facts: Facts, *, consumption_m3: Int64, basis: Int64, rules: ReadingRules = USUAL_RULES
) -> Int64:
    """Doubts about how much a real reading means for this period: high, low, zero, above the diameter."""
    is_real = basis == REAL
    usual = facts.mean_m3
    has_usual = is_real & (usual >= 0)
    is_checked_high = facts.code == exceptions.VERIFIED_HIGH
    is_checked_low = facts.code == exceptions.VERIFIED_LOW
    is_cut = facts.is_interrupted | (facts.code == exceptions.CUT_WITHOUT_USE)
    above = consumption_m3 > capacity(facts, rules=rules)
    low = (consumption_m3 > 0) & (rules.low_divisor * consumption_m3 < usual)
    zero = (consumption_m3 == 0) & (usual > 0)
    return (
        _flag(has_usual & ~is_checked_high & (consumption_m3 > rules.high_times * usual), Doubt.HIGH)
        | _flag(has_usual & ~is_checked_low & low, Doubt.LOW)
        | _flag(has_usual & ~is_checked_low & ~is_cut & zero, Doubt.ZERO)
        | _flag(is_real & ~is_checked_high & above, Doubt.ABOVE_DIAMETER)
        | _flag(is_real & (usual < 0), Doubt.NO_HISTORY)
    )


def capacity(facts: Facts, *, rules: ReadingRules) -> Int64:
    """m³ that the connection lets through in the days of the period, flowing day and night.

    A diameter between two of the table takes the larger one's flow; above them all, the largest's.
    """
    known = np.array(sorted(rules.m3_per_hour), dtype=np.int64)
    flow = np.array([rules.m3_per_hour[int(each)] for each in known], dtype=np.int64)
    place = np.minimum(np.searchsorted(known, facts.diameter_mm), known.size - 1)
    return flow[place] * 24 * np.maximum(facts.days, 1)


def looks_reversed(facts: Facts, *, rules: ReadingRules) -> Mask:
    """Whether swapping two neighboring digits of the value gives a believable consumption."""
    most = rules.high_times * np.maximum(facts.mean_m3, 0) * (facts.estimated_before + 1)
    found = np.zeros(len(facts), dtype=np.bool_)
    value = np.maximum(facts.value, 0)
    for place in range(int(facts.dial_digits.max(initial=1)) - 1):
        unit = 10**place
        low, high = value // unit % 10, value // (unit * 10) % 10
        swapped = value + (low - high) * (unit * 10 - unit)
        consumption = swapped - facts.start + facts.carried_m3
        found |= (low != high) & (consumption >= 0) & (consumption <= most)
    believable: Mask = found & (facts.value >= 0)
    return believable


def months_after(days: Int64, *, months: int) -> Int64:
    """The same day so many months later, for days counted from 2000-01-01; a day a month lacks is its last."""
    epoch = np.datetime64("2000-01-01", "D")
    moments = epoch + days
    start = moments.astype("datetime64[M]")
    day = (moments - start.astype("datetime64[D]")).astype(np.int64)
    target = start + months
    first = (target.astype("datetime64[D]") - epoch).astype(np.int64)
    last = ((target + 1).astype("datetime64[D]") - epoch).astype(np.int64) - 1
    same_day: Int64 = np.minimum(first + day, last)
    return same_day


def _basis(facts: Facts, *, is_negative: Mask) -> Int64:
    treatment = exceptions.TREATMENTS[facts.code]
    cannot_be_believed = (treatment == Treatment.AVERAGE) | (treatment == Treatment.DISTRUST)
    is_seen = facts.value >= 0
    is_real = is_seen & facts.has_meter & ~is_negative & ~cannot_be_believed
    has_no_service = ~is_seen & ((treatment == Treatment.ZERO) | facts.is_interrupted)
    is_averaged = (treatment == Treatment.AVERAGE) | ~facts.has_meter
    return np.select([is_real, has_no_service, is_averaged], [REAL, NO_SERVICE, AVERAGED], ESTIMATED)


def _current_reading(facts: Facts, *, basis: Int64, estimate_m3: Int64) -> Int64:
    """The dial at the end of the period: seen; or advanced by the estimate; or, broken or cut, where it was."""
    known = facts.previous_reading >= 0
    advanced = (facts.previous_reading + estimate_m3) % 10**facts.dial_digits
    seen_or_stuck = np.where(facts.value >= 0, facts.value, facts.previous_reading)
    expected = np.where(known, advanced, UNKNOWN)
    return np.where(facts.has_meter, np.where(basis == ESTIMATED, expected, seen_or_stuck), UNKNOWN)


def _field_doubts(facts: Facts, *, counted_m3: Int64) -> Int64:
    follow_up = exceptions.FOLLOW_UPS[facts.code]
    is_cut = facts.is_interrupted | (facts.code == exceptions.CUT_WITHOUT_USE)
    has_use = (facts.code == exceptions.CUT_WITH_USE) | (is_cut & (counted_m3 > 0))
    needs_census = (follow_up == FollowUp.CENSUS) | (follow_up == FollowUp.INSPECTION)
    return (
        _flag(has_use, Doubt.CUT_WITH_USE)
        | _flag(follow_up == FollowUp.FRAUD_CASE, Doubt.SUSPECTED_FRAUD)
        | _flag(facts.code == exceptions.WRONG_METER, Doubt.WRONG_METER)
        | _flag(needs_census, Doubt.CENSUS)
        | _flag(~facts.has_meter, Doubt.NO_METER)
    )


def _flag(mask: Mask, doubt: Doubt) -> Int64:
    return np.where(mask, np.int64(doubt), np.int64(0))

"""What a phone needs to read a meter and to warn at it: nothing of who lives there, nor of what they owe."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np

from caudal.fieldwork.models import Stop
from caudal.metering import loading, parameters, policy, queries
from caudal.metering.asking import Scope
from caudal.metering.exceptions import CODES, FollowUp, Treatment
from caudal.metering.models import MeterInstallation
from caudal.metering.policy import Facts, Int64, ReadingRules
from caudal.registry.models import BillingCycle
from caudal.rules.periods import Period

BARS: Final = 6
# what somebody will have to act upon is shown, not only said
WITH_PHOTO: Final = frozenset({
    FollowUp.METER_CHANGE, FollowUp.FRAUD_CASE, FollowUp.CENSUS, FollowUp.FIX_REGISTRY,
})  # fmt: skip
# stopped, upside down, tampered with, cut and flowing, another use, another meter: the dial is there to be read
DIAL_IS_SEEN: Final = frozenset({5, 6, 15, 18, 22, 23})


@dataclass(frozen=True, slots=True)
class _Band:
    """The dial at the end of the previous period (-1: unknown), and between which values nothing is odd."""

    previous: int
    low: int
    high: int


def pack(*, stops: list[Stop], at: datetime) -> dict[str, dict[str, Any]]:
    """Serial, dial, band without warnings, last reading and six bars, for each stop of a reading.

    The band is judged by the office's own rules over the office's own facts, so that the phone warns of what the
    office would doubt. Around the dial it goes on counting: with 5 digits, 00,020 is 100,020.
    """
    installations = {
        row.pk: row
        for row in MeterInstallation.objects.filter(pk__in=_ids(stops)).select_related(
            "meter", "service_point__route__cycle"
        )
    }
    told: dict[str, dict[str, Any]] = {}
    for period in sorted({int(stop.round.period) for stop in stops if stop.round.period}):
        here = [
            (stop, installations[int(stop.subject_folio)])
            for stop in stops
            if stop.round.period == period and int(stop.subject_folio) in installations
        ]
        told |= _of_period(here, Period(period))
    return told


def head(*, at: datetime) -> dict[str, Any]:
    """The field codes, once for the round: which ask for a photo, and which go with digits that can be seen."""
    return {
        "codes": [
            {
                "code": each.code, "text": each.text, "photo": each.follow_up in WITH_PHOTO,
                "needs_value": each.treatment == Treatment.REAL or each.number in DIAL_IS_SEEN,
            }
            for each in CODES.values()
        ]
    }  # fmt: skip


def _ids(stops: Sequence[Stop]) -> list[int]:
    return [int(stop.subject_folio) for stop in stops if stop.subject_folio.isdigit()]


def _of_period(here: list[tuple[Stop, MeterInstallation]], period: Period) -> dict[str, dict[str, Any]]:
    points = sorted({row.service_point_id for _, row in here})
    months = [period.shift(-n) for n in range(BARS, 0, -1)]
    drunk = queries.consumption_history(service_point_ids=points, periods=months)
    m3 = dict(
        zip(
            zip(drunk["service_point_id"].tolist(), drunk["period"].tolist(), strict=True),
            drunk["consumption_m3"].tolist(),
            strict=True,
        )
    )
    bands: dict[int, _Band] = {}
    for cycle in {row.service_point.route.cycle for _, row in here}:
        ours = [row.service_point_id for _, row in here if row.service_point.route.cycle_id == cycle.pk]
        bands |= _bands(cycle, period, sorted(set(ours)))
    return {
        str(stop.code): {
            "serial": row.meter.serial,
            "dial_digits": row.meter.dial_digits,
            **_limits(row, bands.get(row.service_point_id)),
            "bars": [m3.get((row.service_point_id, int(month))) for month in months],
        }
        for stop, row in here
    }


def _limits(row: MeterInstallation, band: _Band | None) -> dict[str, int]:
    """Without a metered service nothing is usual: any value the dial can show."""
    most = 10**row.meter.dial_digits - 1
    band = band or _Band(row.initial_reading, row.initial_reading, most)
    previous = band.previous if band.previous >= 0 else row.initial_reading
    return {"previous": previous, "low": band.low, "high": band.high}


def _bands(cycle: BillingCycle, period: Period, points: list[int]) -> dict[int, _Band]:
    rules = parameters.in_force(on=period.last_day)
    loaded = loading.load(Scope(cycle, period, points), rules=rules)
    low, high = band(loaded.facts, rules=rules)
    rows = zip(
        loaded.point.tolist(),
        loaded.facts.previous_reading.tolist(),
        low.tolist(),
        high.tolist(),
        strict=True,
    )
    return {point: _Band(previous, least, most) for point, previous, least, most in rows}


def band(facts: Facts, *, rules: ReadingRules) -> tuple[Int64, Int64]:
    """The least and the greatest value on the dial that raise no doubt; unwrapped, as if it had more digits.

    Half its mean to twice its mean, for as many periods as a reading now would cover; without history, from nothing
    to what the connection lets through. What was counted by a meter that was taken away is not on this dial.
    """
    usual = facts.mean_m3 * (facts.estimated_before + 1)
    is_known = facts.mean_m3 >= 0
    base = facts.start - facts.carried_m3
    least = np.where(is_known, -(-usual // rules.low_divisor), 0)
    most = np.where(is_known, rules.high_times * usual, policy.capacity(facts, rules=rules))
    return np.maximum(base + least, facts.start), np.maximum(base + most, facts.start)

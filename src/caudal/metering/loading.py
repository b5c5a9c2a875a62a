"""Rows → columns of `policy.Facts`, for a whole cycle or for a few service points: the same statements.

Twelve months of consumption are read one partition at a time and added up in place, so that memory does
not grow with the history. Dates travel as days since 2000-01-01.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from caudal.metering import asking, policy
from caudal.metering.asking import NEVER, Columns, Scope, day_number
from caudal.metering.policy import UNKNOWN, Facts, Int64, ReadingRules

_DAYS: Final = ("on_day", "installed", "removed")  # columns whose absence is NEVER, not UNKNOWN


@dataclass(frozen=True, slots=True)
class Loaded:
    """The facts of a period, and beside them what is needed to write it down."""

    point: Int64  # service point ids, ascending
    installation: Int64  # 0: none
    previous_on: Int64
    current_on: Int64
    facts: Facts
    # the estimated periods that a real reading now would net, oldest first within a point
    estimated: "EstimatedPeriods"


@dataclass(frozen=True, slots=True)
class EstimatedPeriods:
    """Rows of past periods billed on an estimate. `row` is the position of its point in `Loaded`."""

    row: Int64
    period: Int64
    estimated_m3: Int64
    days: Int64


def load(scope: Scope, *, rules: ReadingRules) -> Loaded:
    """Everything needed to assess a period, in columns ordered by service point."""
    points = asking.points(scope)
    rows = _Rows(points["point"])
    last = rows.aligned(asking.consumption(scope, scope.period.shift(-scope.cycle.months)))
    walk = _walk_back(scope, rows, last)
    history = _history(scope, rows, rules)
    readings = rows.aligned(asking.readings(scope))
    meters = _meters(scope, rows, readings=readings, walk=walk, points=points)
    previous_on = np.maximum(walk.last_on, meters.start_on)
    expected_on = np.clip(
        policy.months_after(previous_on, months=scope.cycle.months),
        day_number(scope.first_day),
        day_number(scope.next_day) - 1,
    )
    current_on = np.maximum(
        np.where(readings["on_day"] > NEVER, readings["on_day"], expected_on), previous_on
    )
    is_read = (readings["installation"] > 0) & (readings["value"] >= 0)
    facts = Facts(
        value=np.where(is_read, readings["value"], UNKNOWN),
        code=np.maximum(readings["code"], 0),
        start=meters.start,
        carried_m3=meters.carried_m3,
        dial_digits=meters.dial_digits,
        has_meter=meters.installation > 0,
        is_interrupted=points["interrupted"] > 0,
        diameter_mm=points["diameter"],
        days=current_on - previous_on,
        class_mean_m3=_class_means(scope, points, history),
        unread_before=walk.unread,
        estimated_before=walk.n_estimated,
        previous_reading=np.where(meters.is_fresh, meters.start, walk.last_reading),
        **history,
    )
    return Loaded(points["point"], meters.installation, previous_on, current_on, facts, walk.estimated)


class _Rows:
    """Places of service points: where a row of a query belongs among the assessed points."""

    def __init__(self, point: Int64) -> None:
        self.point = point
        self.size = int(point.size)

    def places(self, point: Int64) -> tuple[Int64, NDArray[np.bool_]]:
        """The place of each id, and which of them are assessed at all."""
        place = np.minimum(np.searchsorted(self.point, point), max(self.size - 1, 0))
        return place, (self.point[place] == point if self.size else np.zeros(point.size, dtype=np.bool_))

    def aligned(self, columns: Columns) -> Columns:
        """Columns with one row per assessed point; UNKNOWN, or NEVER for days, where the query had none."""
        place, is_ours = self.places(columns["point"])
        result = {}
        for name, values in columns.items():
            if name != "point":
                result[name] = _full(self.size, NEVER if name in _DAYS else UNKNOWN)
                result[name][place[is_ours]] = values[is_ours]
        return result


@dataclass(frozen=True, slots=True)
class _Walk:
    """What stands before this period: its last row, and the last real reading behind the estimated ones."""

    last_on: Int64  # NEVER: nothing before
    last_reading: Int64
    unread: Int64
    n_estimated: Int64
    anchor_reading: Int64
    anchor_on: Int64
    anchor_installation: Int64
    estimated: EstimatedPeriods


def _walk_back(scope: Scope, rows: _Rows, last: Columns) -> _Walk:
    """Anchor each point: on its previous row if that was real, else further back past the estimated ones."""
    is_anchor = (last["basis"] == policy.REAL) | (last["basis"] == policy.AVERAGED)
    anchors = {
        name: np.where(is_anchor, last[name], NEVER if name in _DAYS else UNKNOWN)
        for name in ("reading", "on_day", "installation")
    }
    latest = {name: last[name].copy() for name in ("reading", "on_day", "unread")}
    behind = asking.behind(scope, rows.point[~is_anchor])
    place, is_ours = rows.places(behind["point"])
    behind = {name: values[is_ours] for name, values in behind.items()} | {"row": place[is_ours]}
    newest = behind["turn"] == 1
    for name in latest:
        latest[name][behind["row"][newest]] = behind[name][newest]
    found = (behind["basis"] == policy.REAL) | (behind["basis"] == policy.AVERAGED)
    for name in anchors:
        anchors[name][behind["row"][found]] = behind[name][found]
    is_estimated = behind["basis"] == policy.ESTIMATED
    order = np.lexsort((behind["period"][is_estimated], behind["row"][is_estimated]))
    estimated = EstimatedPeriods(
        *(behind[name][is_estimated][order] for name in ("row", "period", "m3", "days"))
    )
    return _Walk(
        last_on=latest["on_day"],
        last_reading=latest["reading"],
        unread=np.maximum(latest["unread"], 0),
        n_estimated=np.bincount(estimated.row, minlength=rows.size).astype(np.int64),
        anchor_reading=anchors["reading"],
        anchor_on=anchors["on_day"],
        anchor_installation=anchors["installation"],
        estimated=estimated,
    )


@dataclass(frozen=True, slots=True)
class _Meters:
    installation: Int64
    dial_digits: Int64
    start: Int64
    carried_m3: Int64
    start_on: Int64
    is_fresh: NDArray[np.bool_]  # the counting begins at an initial reading, later than the previous period


def _meters(scope: Scope, rows: _Rows, *, readings: Columns, walk: _Walk, points: Columns) -> _Meters:
    """The meter of each point, where its counting begins, and what the meters before it counted since."""
    hung = asking.installations(scope)
    place, is_ours = rows.places(hung["point"])
    hung = {name: values[is_ours] for name, values in hung.items()} | {"row": place[is_ours]}
    row = hung["row"]
    present = _full(rows.size, 0)
    is_candidate = (hung["removed"] == NEVER) & (hung["installed"] < day_number(scope.next_day))
    present[row[is_candidate]] = hung["installation"][is_candidate]
    present = np.where(readings["installation"] > 0, readings["installation"], present)
    is_present = hung["installation"] == present[row]
    of_present = {}
    for name, unknown in (("initial", UNKNOWN), ("installed", NEVER), ("digits", 5)):
        of_present[name] = _full(rows.size, unknown)
        of_present[name][row[is_present]] = hung[name][is_present]
    is_same = (walk.anchor_installation == present) & (walk.anchor_reading >= 0)
    is_fresh = ~is_same & (of_present["installed"] >= walk.last_on)
    start = np.where(is_same, walk.anchor_reading, of_present["initial"])
    # the first counting of a point begins where its first meter was hung, or its agreement began
    first_on = np.full(rows.size, np.iinfo(np.int64).max)
    np.minimum.at(first_on, row, hung["installed"])
    first_on = np.where(
        first_on == np.iinfo(np.int64).max, points["agreed"], np.maximum(first_on, points["agreed"])
    )
    start_on = np.where(walk.anchor_on > NEVER, walk.anchor_on, first_on)
    carried = _carried(
        rows, hung, walk=walk, is_present=is_present, until=of_present["installed"], since=start_on
    )
    return _takeovers(
        scope, rows, _Meters(present, of_present["digits"], start, carried, start_on, is_fresh), walk=walk
    )


def _carried(
    rows: _Rows, hung: Columns, *, walk: _Walk, is_present: NDArray[np.bool_], since: Int64, until: Int64
) -> Int64:
    """m³ on meters taken down since the last real reading: final − where it stood then, or − its initial."""
    row = hung["row"]
    is_anchor = (hung["installation"] == walk.anchor_installation[row]) & (walk.anchor_reading[row] >= 0)
    is_later = (hung["installed"] >= walk.anchor_on[row]) & (hung["removed"] > since[row])
    counts = ~is_present & (hung["removed"] > NEVER) & (hung["installed"] <= until[row])
    counts &= is_anchor | is_later
    counted = hung["final"] - np.where(is_anchor, walk.anchor_reading[row], hung["initial"])
    counted = np.where(counted < 0, counted + 10 ** hung["digits"], counted)
    carried = _full(rows.size, 0)
    np.add.at(carried, row[counts], counted[counts])
    return carried


def _takeovers(scope: Scope, rows: _Rows, meters: _Meters, *, walk: _Walk) -> _Meters:
    """Where a new account took over a hanging meter, counting begins at the initial reading it was given."""
    taken = rows.aligned(asking.initial_readings(scope))
    applies = (taken["installation"] == meters.installation) & (taken["value"] >= 0)
    applies &= (taken["on_day"] >= walk.last_on) & (taken["on_day"] > walk.anchor_on)
    return _Meters(
        installation=meters.installation,
        dial_digits=meters.dial_digits,
        start=np.where(applies, taken["value"], meters.start),
        carried_m3=np.where(applies, 0, meters.carried_m3),
        start_on=np.where(applies, taken["on_day"], meters.start_on),
        is_fresh=meters.is_fresh | applies,
    )


def _history(scope: Scope, rows: _Rows, rules: ReadingRules) -> Columns:
    """Means of the real consumptions of the last twelve months: of all, and of the latest ones."""
    total, seen, latest = _full(rows.size, 0), _full(rows.size, 0), _full(rows.size, 0)
    for months_back in range(1, policy.WINDOW_MONTHS + 1):
        columns = asking.real_volumes(scope, scope.period.shift(-months_back))
        place, is_ours = rows.places(columns["point"])
        place, m3 = place[is_ours], columns["m3"][is_ours]
        latest[place] += np.where(seen[place] < rules.estimate_mean_of, m3, 0)
        total[place] += m3
        seen[place] += 1
    n_latest = np.where(seen >= rules.estimate_at_least, np.minimum(seen, rules.estimate_mean_of), 0)
    return {
        "mean_m3": policy.mean(total_m3=total, periods=seen),
        "latest_mean_m3": policy.mean(total_m3=latest, periods=n_latest),
    }


def _class_means(scope: Scope, points: Columns, history: Columns) -> Int64:
    """Mean of the class in the previous period, for points that have no history of their own."""
    result = _full(points["point"].size, UNKNOWN)
    is_needed = history["latest_mean_m3"] < 0
    if not is_needed.any():
        return result
    columns = asking.class_volumes(scope)
    means = policy.mean(total_m3=columns["m3"], periods=columns["n"])
    for number, each in zip(columns["class"], means, strict=True):
        result[is_needed & (points["class"] == number)] = each
    return result


def _full(size: int, value: int) -> Int64:
    return np.full(size, value, dtype=np.int64)

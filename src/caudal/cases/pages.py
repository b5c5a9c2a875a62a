"""Rows for the pages of reports: the list with its clocks, one case with its timeline and its map."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.safestring import SafeString

from caudal.access import queries as people
from caudal.cases import maps, policy, queries
from caudal.cases.models import Case, CaseEntry
from caudal.cases.policy import Pace, State
from caudal.kernel import places
from caudal.kernel.pills import Pill
from caudal.kernel.wording import in_reading_case, month_name, pesos
from caudal.registry.models import Account, ServicePoint

_STATES: Final = {
    State.OPEN: ("", "bell"),
    State.ASSIGNED: ("", "tool"),
    State.ATTENDED: ("watch", "eye"),
    State.ANSWERED: ("", "send"),
    State.REOPENED: ("bad", "rotate"),
    State.RESOLVED: ("good", "circle-check"),
    State.CLOSED: ("good", "lock-access"),
    State.MERGED: ("", "arrow-right"),
}
_PACES: Final = {
    Pace.ON_TIME: ("good", "clock"),
    Pace.SOON: ("watch", "bell"),
    Pace.LATE: ("bad", "alert-triangle"),
    Pace.MET: ("good", "circle-check"),
    Pace.MISSED: ("bad", "alert-triangle"),
}


@dataclass(frozen=True, slots=True)
class Ring:
    """The clock of a case: an arc, a word, an icon, and how long is left or was missed by."""

    percent: int
    words: str
    left: str
    kind: str
    icon: str


@dataclass(frozen=True, slots=True)
class Row:
    """A case as it is read in a list."""

    case: Case
    state: Pill
    ring: Ring


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened with a case."""

    at: datetime
    words: str
    text: str
    who: str
    order: str
    other: str


def pill(state: State) -> Pill:
    """A state as a pill."""
    kind, icon = _STATES[state]
    return Pill(kind, icon, state.value)


def ring(clock: policy.Clock) -> Ring:
    """A clock as a ring, with its words."""
    kind, icon = _PACES[clock.pace]
    left = {
        Pace.LATE: f"lleva {clock.words} de atraso", Pace.MISSED: f"{clock.words} después",
        Pace.MET: f"{clock.words} antes",
    }.get(clock.pace, f"faltan {clock.words}")  # fmt: skip
    return Ring(clock.percent, clock.pace.value, left, kind, icon)


def clock_ring(*, started_at: datetime, due_at: datetime, at: datetime, finished_at: datetime | None) -> Ring:
    """Any promise with an hour as a ring: how much of its time is used, and how long is left or was missed by."""
    return ring(policy.sla(started_at=started_at, due_at=due_at, at=at, finished_at=finished_at))


def rows(*, shown: Sequence[queries.Shown]) -> list[Row]:
    """Cases as they are read in a list."""
    return [Row(each.case, pill(each.standing.state), ring(each.standing.clock)) for each in shown]


def timeline(*, case: Case) -> list[Line]:
    """What happened with a case, the newest first."""
    entries = list(case.entries.select_related("order", "other").order_by("-id"))
    names = people.names_of(usernames={each.by for each in entries})
    return [
        Line(
            each.at, _words(each), each.text, names.get(each.by, each.by), each.order.folio if each.order else "",
            each.other.folio if each.other else "",
        )
        for each in entries
    ]  # fmt: skip


def _words(entry: CaseEntry) -> str:
    return str(entry.get_kind_display()).capitalize()


def map_of(*, case: Case, near: Sequence[queries.Near]) -> SafeString | None:
    """The map of a case: who is around, what else was reported; nothing while its place is not known."""
    place = places.spot_of(case)
    if place is None:
        return None
    south, north, west, east = places.box(place, around_m=maps.around())
    points = ServicePoint.objects.filter(
        latitude_e6__range=(south, north), longitude_e6__range=(west, east)
    ).select_related("premise")[:200]
    marks = [
        maps.Mark(
            "house", (point.latitude_e6 or 0, point.longitude_e6 or 0), in_reading_case(point.premise.address)
        )
        for point in points
    ]
    marks += [
        maps.Mark(
            "case",
            (each.case.latitude_e6 or 0, each.case.longitude_e6 or 0),
            f"{each.case.folio}, a {each.metres} m",
        )
        for each in near
    ]
    return maps.drawn(place=place, near_m=queries.rules().near_metres, marks=marks)


def period_choices(*, account: Account | None) -> list[tuple[str, str]]:
    """The months an account may claim, the newest first, with how much is open of each."""
    if account is None:
        return []
    owed = queries.claimable(account=account)
    return [
        (str(period), f"{month_name(period).capitalize() if period else 'Otros cargos'}: {pesos(cents)}")
        for period, cents in sorted(owed.items(), reverse=True)
    ]

"""Which schedule of a book prices a case: a table by class, regime, locality, diameter and month.

The more specific schedule wins: one that names the diameter goes before one that does not, a locality
before its zone, a zone before the whole town. Two schedules of which neither is more specific than the
other leave the case without an answer, and the book is refused.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntFlag
from typing import Any, Final

import numpy as np

from caudal.rules.bounds import Int64

NO_PRICE: Final = -1
ELSEWHERE: Final = 0  # first place of the localities and diameters: those no schedule names
MONTHS: Final = 12


class Key(IntFlag):
    """What a schedule asks besides class and regime; a locality is its zone and more."""

    ANY = 0
    ZONE = 1
    LOCALITY = 2 | ZONE
    DIAMETER = 4
    SEASON = 8


@dataclass(frozen=True, slots=True)
class Clash:
    """Two schedules (by row) that price the same case and none is more specific."""

    first: int
    second: int
    class_code: str
    regime: str
    locality: str | None
    diameter_mm: int | None
    month: int


@dataclass(frozen=True, slots=True)
class PriceMap:
    """The schedule of every case: `table[class, regime, locality, diameter, month − 1]`."""

    classes: tuple[str, ...]
    localities: tuple[str, ...]  # place 0 of the table is any other
    diameters_mm: tuple[int, ...]  # likewise
    table: Int64

    def schedule(
        self, *, classes: Int64, is_metered: Int64, localities: Int64, diameters: Int64, months: Int64
    ) -> Int64:
        """Rows of schedules for columns of places; `NO_PRICE` where the class (−1) or the case has none."""
        known = np.maximum(classes, 0)
        chosen = self.table[known, 1 - is_metered, localities, diameters, months - 1]
        return np.where(classes < 0, NO_PRICE, chosen)

    def diameter_places(self, diameters_mm: Int64) -> Int64:
        """Turn millimeters into places of the table."""
        places = np.zeros(diameters_mm.size, dtype=np.int64)
        for number, diameter in enumerate(self.diameters_mm, start=1):
            places[diameters_mm == diameter] = number
        return places


def price_map(document: Mapping[str, Any]) -> tuple[PriceMap, list[Clash]]:
    """Lay the schedules of a document out over all cases, the most specific on top."""
    laying = _Laying(document)
    for row in laying.from_general_to_specific():
        laying.lay(row)
    names = (laying.classes, laying.localities, laying.diameters)
    table = laying.winner.astype(np.int64)
    return PriceMap(*names, table=table), laying.clashes()


class _Laying:
    """The table while it is being filled; `tied` remembers one who disputes a case."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.schedules: Sequence[Mapping[str, Any]] = document["schedules"]
        self.zones = {zone["name"]: zone["localities"] for zone in document.get("zones", ())}
        self.classes = tuple(each["code"] for each in document["classes"])
        self.localities = self._named("localities")
        self.diameters = self._diameters()
        shape = (len(self.classes), 2, 1 + len(self.localities), 1 + len(self.diameters), MONTHS)
        self.winner = np.full(shape, NO_PRICE, dtype=np.int32)
        self.tied = np.full(shape, NO_PRICE, dtype=np.int32)
        self.asked = np.zeros(shape, dtype=np.int64)  # all keys that the schedules of a case ask
        self.keys = np.array([int(_key(each)) for each in self.schedules] + [0])

    def _named(self, name: str) -> tuple[str, ...]:
        named = [each for row in self.schedules for each in row.get(name, ())]
        named += [each for places in self.zones.values() for each in places]
        return tuple(dict.fromkeys(named))

    def _diameters(self) -> tuple[int, ...]:
        return tuple(sorted({each for row in self.schedules for each in row.get("diameters_mm", ())}))

    def from_general_to_specific(self) -> list[int]:
        return sorted(range(len(self.schedules)), key=lambda row: (int(self.keys[row]).bit_count(), row))

    def lay(self, row: int) -> None:
        """Let a schedule take the cases where it is more specific than all that lie there."""
        cases = np.ix_(*self._cases(self.schedules[row]))
        winner, tied, asked, mine = (
            self.winner[cases],
            self.tied[cases],
            self.asked[cases],
            int(self.keys[row]),
        )
        beats = ((asked & ~mine) == 0) & ((winner == NO_PRICE) | (self.keys[winner] != mine))
        self.winner[cases] = np.where(beats, row, winner)
        self.tied[cases] = np.where(beats, NO_PRICE, np.where(tied == NO_PRICE, row, tied))
        self.asked[cases] = asked | mine

    def _cases(self, row: Mapping[str, Any]) -> tuple[list[int], ...]:
        places = list(row.get("localities", ()))
        for zone in row.get("zones", ()):
            places += self.zones.get(zone, [])
        is_placed = "localities" in row or "zones" in row
        diameters = row.get("diameters_mm", ())
        return (
            [self.classes.index(code) for code in row["classes"] if code in self.classes],
            [0 if row["regime"] == "metered" else 1],
            [1 + self.localities.index(each) for each in places] if is_placed
            else list(range(1 + len(self.localities))),
            [1 + self.diameters.index(each) for each in diameters] or list(range(1 + len(self.diameters))),
            [month - 1 for month in row.get("months", ())] or list(range(MONTHS)),
        )  # fmt: skip

    def clashes(self) -> list[Clash]:
        """One clash per pair of schedules, with an example of the case."""
        found: dict[tuple[int, int], Clash] = {}
        for place in np.argwhere(self.tied != NO_PRICE):
            at = tuple(int(each) for each in place)
            pair = (int(self.winner[at]), int(self.tied[at]))
            if pair not in found:
                found[pair] = Clash(
                    *pair,
                    class_code=self.classes[at[0]],
                    regime=("metered", "flat")[at[1]],
                    locality=self.localities[at[2] - 1] if at[2] else None,
                    diameter_mm=self.diameters[at[3] - 1] if at[3] else None,
                    month=at[4] + 1,
                )
        return list(found.values())


def _key(row: Mapping[str, Any]) -> Key:
    key = Key.ANY
    if "localities" in row:
        key |= Key.LOCALITY
    if "zones" in row:
        key |= Key.ZONE
    if "diameters_mm" in row:
        key |= Key.DIAMETER
    if "months" in row:
        key |= Key.SEASON
    return key


def plain(*, text: str) -> str:
    """A name without accents or case, so that a book and the registry meet."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(bare.upper().split())

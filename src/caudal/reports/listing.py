"""A listing: rows of what happened, or of what there is, with typed columns. Every figure shown is a measure of one."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from django.conf import settings

TODAY: Final = ":today:"


class Kind(StrEnum):
    """What a cell holds, which says how it is written and whether it is added up."""

    TEXT = "text"
    CENTS = "cents"
    COUNT = "count"
    M3 = "m3"
    HOURS = "hours"
    PPM = "ppm"
    DAY = "day"
    MOMENT = "moment"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `route` takes the cell as its argument, or that of the column `argument`.

    `words` tells what each code means to a person; `says` names the column that has the words of its codes. What is
    hidden is asked for and never shown.
    """

    name: str
    title: str
    kind: Kind = Kind.TEXT
    route: str = ""
    is_total: bool = False
    words: tuple[tuple[str, str], ...] = ()
    is_filter: bool = False
    argument: str = ""
    says: str = ""
    is_hidden: bool = False
    # a name of a person: read as people write it, not in the capitals of an old system
    is_name: bool = False

    def said(self, value: object) -> str:
        """The words of a code, or the code itself."""
        return dict(self.words).get(str(value), str(value))


@dataclass(frozen=True, slots=True)
class Listing:
    """A select whose columns are `columns`, in order. `day` names the one that the days of a question are
    about; it is empty for what is listed as of now, whose select says `TODAY`. It has no parameters: they are put
    around it.
    """

    code: str
    title: str
    note: str
    act: str
    sql: str
    columns: tuple[Column, ...]
    day: str = "happened_on"
    by: tuple[str, ...] = field(default=())

    def column(self, name: str, /) -> Column:
        """One column by name; asking for another is a mistake of whoever writes the code."""
        return next(each for each in self.columns if each.name == name)

    def inside(self, *, until: date | None = None) -> str:
        """The select, to be put inside another that has parameters.

        :param until: the day after the one that what is as of now is seen from; this moment's, if it is not said
        """
        seen = f"DATE '{until - timedelta(days=1)}'" if until else local_day("CURRENT_TIMESTAMP")
        return self.sql.replace("%", "%%").replace(TODAY, seen)

    @property
    def shown(self) -> tuple[Column, ...]:
        """The columns that a person sees, on a page and in a file."""
        return tuple(each for each in self.columns if not each.is_hidden)

    @property
    def totals(self) -> tuple[Column, ...]:
        """The columns that are added up at the foot."""
        return tuple(each for each in self.columns if each.is_total)

    @property
    def filters(self) -> tuple[Column, ...]:
        """The columns by which a person narrows the listing."""
        return tuple(each for each in self.columns if each.is_filter)


def local_day(moment: str, /) -> str:
    """The SQL of the day, in the zone of the utility, of a column with a moment."""
    return f"({moment} AT TIME ZONE '{settings.TIME_ZONE}')::date"

"""How an activity is found: what is counted, what makes it one, and how it is said."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from caudal.kernel.wording import pesos, thousands
from caudal.reports.listing import Kind
from caudal.reports.measuring import Measure, Where

Values = Mapping[str, int]
TIE: Final = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure to be: its name for ever, its label, and the measure it is. With `over`, how much of it each one took."""

    name: str
    label: str
    measure: Measure
    over: Measure | None = None

    @property
    def kind(self) -> Kind:
        """What it is a number of: what its column holds, or rows."""
        return self.measure.source.column(self.measure.of).kind if self.measure.of else Kind.COUNT


@dataclass(frozen=True, slots=True)
class Definition:
    """An activity that happened in a month when any of `triggers` is above zero there.

    `say` gives its sentence, in the words of every year, and what is told of it with its numbers.
    """

    code: str
    counted: tuple[Counted, ...]
    triggers: tuple[str, ...]
    say: Callable[[Values], tuple[str, str]]
    # the months in which it may be told of; empty: any
    periods: tuple[int, ...] = ()

    def happened(self, period: int, values: Values, /) -> bool:
        """Whether it is a bullet of that month."""
        return (not self.periods or period in self.periods) and any(
            values.get(name, 0) > 0 for name in self.triggers
        )


def counted(
    name: str, label: str, listing: str, *, of: str = "", distinct: str = "", **where: str
) -> Counted:
    """A figure on a listing: its rows, the sum of a column, or its different values, where columns say so."""
    said: Where = tuple(where.items())
    return Counted(name, label, Measure(listing, of=of, distinct=distinct, where=said))


def mean(name: str, label: str, listing: str, *, of: str) -> Counted:
    """What each row of a listing took of a column, rounded."""
    return Counted(name, label, Measure(listing, of=of), over=Measure(listing))


def many(value: int, one: str, several: str, /) -> str:
    """`1 convenio`, `1,204 convenios`: the number never parts from its noun."""
    return f"{thousands(value)}{TIE}{one if value == 1 else several}"


def listed(parts: Sequence[str], /) -> str:
    """`a`, `a y b`, `a, b y c`."""
    said = [part for part in parts if part]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} y {said[-1]}" if said else ""


def amounts(values: Values, words: Sequence[tuple[str, str]], /) -> str:
    """`$120.00 en efectivo y $80.00 con tarjeta`: those of which there was any."""
    return listed([f"{pesos(values[name])} {said}" for name, said in words if values.get(name)])


def sentences(*parts: str) -> str:
    """One after another, each closed with its point; empty ones say nothing."""
    return " ".join(f"{part[:1].upper()}{part[1:].rstrip('.')}." for part in parts if part)

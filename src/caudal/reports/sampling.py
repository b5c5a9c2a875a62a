"""Samples that an auditor draws of a listing: each with its seed, so that anybody draws the same one again.

At random, every row has the same chance. By monetary unit every centavo has it, so that a row of $1,000 is ten times
as likely as one of $100: the amounts of the rows are laid one after another, and from a first point drawn by lot a row
is taken each so many centavos. What is zero or below it is not drawn so: its rows are counted apart.
"""

import random
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from caudal.kernel.refusals import Refusal
from caudal.reports import reading
from caudal.reports.listing import Column, Kind, Listing
from caudal.reports.reading import Asked

MOST: Final = 500
USUAL: Final = 25


class CannotSample(Refusal): ...


class Method(StrEnum):
    """How rows are drawn; the value is how an address says it."""

    RANDOM = "azar"
    MONETARY = "importe"


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows drawn, with what it takes to draw them again. `step_cents` is how far apart the points of a monetary one are."""

    rows: tuple[tuple[Any, ...], ...]
    n: int
    seed: int
    method: Method
    step_cents: int = 0
    left_out: int = 0


def measured_by(*, source: Listing) -> Column | None:
    """The amount by which a monetary sample of a listing is drawn: the last one that is added up."""
    return next((each for each in reversed(source.totals) if each.kind is Kind.CENTS), None)


def draw(*, asked: Asked, size: int, seed: int, method: Method = Method.RANDOM) -> Sample:
    """Draw some rows of what was asked; the same rows and seed give the same sample.

    :raises CannotSample: if the size is out of bounds, or there is no amount to draw by
    """
    if not 1 <= size <= MOST:
        raise CannotSample(
            "Esa muestra no se puede sacar.", f"Pida de 1 a {MOST} renglones.", field="renglones"
        )
    return _by_amount(asked, size, seed) if method is Method.MONETARY else _by_lot(asked, size, seed)


def _by_lot(asked: Asked, size: int, seed: int) -> Sample:
    n, _ = reading.totals(asked=asked)
    chosen = set(random.Random(seed).sample(range(n), min(size, n)))
    rows = tuple(row for place, row in enumerate(reading.every_row(asked=asked)) if place in chosen)
    return Sample(rows, n, seed, Method.RANDOM)


def _by_amount(asked: Asked, size: int, seed: int) -> Sample:
    column = measured_by(source=asked.source)
    if column is None:
        raise CannotSample("Este listado no tiene importes.", "Saque la muestra al azar.", field="metodo")
    place = next(at for at, each in enumerate(asked.source.columns) if each.name == column.name)
    # two readings of one moment: first how much there is, then where its points fall
    whole = sum(max(row[place] or 0, 0) for row in reading.every_row(asked=asked))
    step = max(whole // size, 1)
    point = random.Random(seed).randrange(step)
    rows, reached, n, left_out = [], 0, 0, 0
    for row in reading.every_row(asked=asked):
        n += 1
        cents = max(row[place] or 0, 0)
        left_out += not cents
        reached += cents
        if cents and point < reached:
            rows.append(row)
            # a row larger than the step holds several points, and is drawn once
            point += (reached - point + step - 1) // step * step
    return Sample(tuple(rows), n, seed, Method.MONETARY, step, left_out)

"""The arithmetic of each line, as few bodies shared by many bills.

A body is what the ledger keeps as a `Working`: a small tree of integers and codes that `wording` turns
into Spanish. Bases are left out of percentages (the charge has its own `base_cents`), so that a million
bills share a few thousand bodies.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np

from caudal.rules import tariffs
from caudal.rules import workings as steps_of
from caudal.rules.book import RateBook
from caudal.rules.bounds import Int64
from caudal.rules.cases import distinct
from caudal.rules.columns import BillColumns
from caudal.rules.statement import Line, Statement
from caudal.tariffs.freezing import WATER

NO_WORKING: Final = -1
Body = dict[str, Any]

# the facts that make a case of the water charge
_DECIDING: Final = (
    "schedule", "consumption_thousandths", "tier_days", "is_metered", "is_interrupted", "lot_area_m2",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineWorkings:
    """Bodies of one line, and the one each row uses (`NO_WORKING` where the row lacks the line)."""

    bodies: tuple[Body, ...]
    index: Int64


def of_lines(
    *,
    document: Mapping[str, Any],
    rates: RateBook,
    statement: Statement,
    columns: BillColumns,
    known: dict[object, Body] | None = None,
) -> tuple[LineWorkings, ...]:
    """Explain every line of a statement, in its order.

    `known` remembers the bodies of a book from one batch to the next: a case met before costs nothing and
    gives the very same object.
    """
    explaining = _Explaining(document, rates, statement, columns, {} if known is None else known)
    return tuple(explaining.line(line) for line in statement.lines)


class _Explaining:
    def __init__(
        self,
        document: Mapping[str, Any],
        rates: RateBook,
        statement: Statement,
        columns: BillColumns,
        known: dict[object, Body],
    ) -> None:
        self.document, self.rates, self.statement, self.columns = document, rates, statement, columns
        self.known = known

    def line(self, line: Line) -> LineWorkings:
        if line.reduces is not None:
            return self._reduction(line)
        return self._water(line) if line.concept == WATER else self._percentage(line)

    def _water(self, line: Line) -> LineWorkings:
        water, cases = self.statement.water, self.statement.water.cases
        facts = zip(*(getattr(cases, name).tolist() for name in _DECIDING), strict=True)
        bodies = tuple(
            self._kept((cases.unit, *key), partial(self._water_body, case)) for case, key in enumerate(facts)
        )
        return LineWorkings(bodies, np.where(line.amount_cents != 0, water.case_of_row, NO_WORKING))

    def _kept(self, key: object, make: Callable[[], Body]) -> Body:
        body = self.known.get(key)
        if body is None:
            body = self.known[key] = make()
        return body

    def _water_body(self, case: int) -> Body:
        water, cases = self.statement.water, self.statement.water.cases
        row = self.document["schedules"][int(cases.schedule[case])]
        is_metered = bool(cases.is_metered[case])
        body: Body = {
            "kind": "volume" if is_metered else "flat",
            "book": self.document["code"],
            "schedule": row["code"],
            "article": row["article"],
            "days": int(cases.tier_days[case]),
            "period_days": self.rates.schedules.period_days,
            "steps": [_step(step) for step in steps_of.case_steps(water=water, case=case)],
        }
        if is_metered:
            body |= {"unit": self.rates.schedules.unit, "volume": int(cases.consumption_thousandths[case])}
            body |= {"meter_unit": cases.unit} if cases.unit != self.rates.schedules.unit else {}
            body |= {"allowance": row["allowance"]} if "allowance" in row else {}
        if int(cases.lot_area_m2[case]) and "area_bands" in row:
            body["area_m2"] = int(cases.lot_area_m2[case])
        if bool(cases.is_interrupted[case]) and "while_interrupted" in self.document:
            body["while_interrupted"] = self.document["while_interrupted"]
        return body

    def _percentage(self, line: Line) -> LineWorkings:
        rows = np.flatnonzero(line.amount_cents)
        first, number = distinct(self.columns.use[rows], line.rate_ppm[rows])
        bodies = tuple(
            self._kept(
                (line.concept, int(self.columns.use[row]), int(line.rate_ppm[row])),
                partial(self._percentage_body, line, int(row)),
            )
            for row in rows[first]
        )
        return LineWorkings(bodies, _spread(rows, number, len(self.columns)))

    def _percentage_body(self, line: Line, row: int) -> Body:
        use = self.rates.uses[int(self.columns.use[row])]
        version = next(
            each
            for each in self.document["percentages"]
            if each["concept"] == line.concept and use in each.get("uses", (use,))
        )
        return {
            "kind": "percent",
            "book": self.document["code"],
            "article": version["article"],
            "ppm": int(line.rate_ppm[row]),
            "of": list(version.get("of", (WATER,))),
        }

    def _reduction(self, line: Line) -> LineWorkings:
        rows = np.flatnonzero(line.amount_cents)
        granted = self._granted(line, rows)
        is_above = self._is_above_cap(rows, granted)
        first, number = distinct(granted, line.rate_ppm[rows], is_above.astype(np.int64))
        keys = [(int(granted[at]), int(line.rate_ppm[rows[at]]), bool(is_above[at])) for at in first]
        bodies = tuple(
            self._kept((line.concept, line.reduces, *key), partial(self._reduction_body, line, *key))
            for key in keys
        )
        return LineWorkings(bodies, _spread(rows, number, len(self.columns)))

    def _granted(self, line: Line, rows: Int64) -> Int64:
        """Which reduction of the book made the line, of each row that has it."""
        reductions = self.rates.reductions
        early = reductions.early_payment
        if early is not None and reductions.stacks and line.concept == reductions.concepts[early]:
            return np.full(rows.size, early, dtype=np.int64)
        return self.statement.granted[rows]

    def _is_above_cap(self, rows: Int64, granted: Int64) -> Any:
        cap = self.rates.reductions.cap_thousandths[granted]
        capped = self.columns.is_metered[rows] & (cap != tariffs.NO_CAP)
        over = np.flatnonzero(capped)
        is_above = np.zeros(rows.size, dtype=np.bool_)
        if over.size:
            columns = self.columns.take(rows[over])
            is_above[over] = tariffs.exceeds(columns, self.rates.schedules, cap[over])
        return is_above

    def _reduction_body(self, line: Line, granted: int, ppm: int, is_above: bool) -> Body:
        category = self.rates.reductions.codes[granted]
        row = self._benefit_row(category) if category else self.document["prepayment"]
        body: Body = {
            "kind": "reduction",
            "book": self.document["code"],
            "article": row["article"],
            "ppm": ppm,
            "of": [line.reduces],
            "benefit": category or "early_payment",
        }
        if "cap" in row and is_above:
            body |= {
                "cap": row["cap"],
                "unit": self.rates.schedules.unit,
                "above_cap": row.get("above_cap", "first_units_only"),
            }
        return body

    def _benefit_row(self, category: str) -> Mapping[str, Any]:
        row: Mapping[str, Any] = next(
            each for each in self.document["benefits"] if each["category"] == category
        )
        return row


def _spread(rows: Int64, number: Int64, length: int) -> Int64:
    index = np.full(length, NO_WORKING, dtype=np.int64)
    index[rows] = number
    return index


def _step(step: steps_of.Step) -> Body:
    """A step without what it does not have."""
    body: Body = {"kind": str(step.kind), "cents": step.amount_cents}
    if step.kind is steps_of.StepKind.TIER:
        body |= {
            "quantity": step.quantity_thousandths,
            "from": step.from_thousandths,
            "to": step.to_thousandths,
            "price": step.unit_price,
        }
    return body

"""What a case costs under a book: the very computation of the bill, for cases nobody holds yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from caudal.kernel.refusals import Refusal
from caudal.rules import statement
from caudal.rules.book import RateBook
from caudal.rules.bounds import OutOfBounds
from caudal.rules.columns import BillColumns, bill_columns
from caudal.tariffs import wording
from caudal.tariffs import workings as line_workings
from caudal.tariffs.format.schema import USES
from caudal.tariffs.policy import Terms
from caudal.tariffs.selection import ELSEWHERE, NO_PRICE, PriceMap, plain

_ANY_DIAMETER: Final = 13


class CannotQuote(Refusal):
    """The book does not know the class, the benefit or the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The facts of a bill. `volume` in whole units of `unit`; `days` 0 means whole months."""

    tariff_class: str
    is_metered: bool = True
    volume: int = 0
    unit: str = "m3"
    benefits: tuple[str, ...] = ()
    locality: str | None = None
    diameter_mm: int = _ANY_DIAMETER
    month: int = 1
    months: int = 1
    days: int = 0
    has_sewerage: bool = True
    is_interrupted: bool = False
    lot_area_m2: int = 0
    paid_ahead_on: date | None = None
    prepaid_ppm: int = 0  # of a month paid ahead under a campaign, where the book provides for it


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One line (centavos), with its working as data and as text."""

    concept: str
    reduces: str | None
    name: str
    amount_cents: int
    vat_cents: int
    working: Mapping[str, Any]
    text: str
    article: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A whole bill (centavos)."""

    case: Case
    schedule: str
    lines: tuple[QuoteLine, ...]
    subtotal_cents: int
    vat_cents: int
    total_cents: int

    def as_dict(self) -> dict[str, Any]:
        """The quote for `--json`."""
        return {
            "schedule": self.schedule,
            "lines": [
                {name: getattr(line, name) for name in line.__slots__ if name != "reduces" or line.reduces}
                for line in self.lines
            ],
            "subtotal_cents": self.subtotal_cents,
            "vat_cents": self.vat_cents,
            "total_cents": self.total_cents,
        }


def quotes(
    *,
    document: Mapping[str, Any],
    rates: RateBook,
    prices: PriceMap,
    terms: Terms,
    names: Mapping[str, str],
    cases: Sequence[Case],
) -> list[Quote | CannotQuote]:
    """Quote all cases at once; each that cannot be quoted takes its place as a refusal."""
    quoting = _Quoting(document, rates, prices, terms, names)
    answers: list[Quote | CannotQuote | None] = [None] * len(cases)
    good: list[int] = []
    facts: list[dict[str, Any]] = []
    for number, case in enumerate(cases):
        try:
            facts.append(quoting.facts(case))
            good.append(number)
        except CannotQuote as refusal:
            answers[number] = refusal
    for unit in dict.fromkeys(cases[number].unit for number in good):
        chosen = [place for place, number in enumerate(good) if cases[number].unit == unit]
        _answer(
            quoting,
            [facts[place] for place in chosen],
            unit,
            [good[place] for place in chosen],
            cases,
            answers,
        )
    return [answer for answer in answers if answer is not None]


def _answer(
    quoting: "_Quoting",
    facts: list[dict[str, Any]],
    unit: str,
    places: list[int],
    cases: Sequence[Case],
    answers: list[Quote | CannotQuote | None],
) -> None:
    columns = bill_columns(unit=unit, **{name: [row[name] for row in facts] for name in facts[0]})
    for row, quote in enumerate(quoting.state(columns, [cases[place] for place in places])):
        answers[places[row]] = quote


class _Quoting:
    def __init__(
        self,
        document: Mapping[str, Any],
        rates: RateBook,
        prices: PriceMap,
        terms: Terms,
        names: Mapping[str, str],
    ) -> None:
        self.document, self.rates, self.prices, self.terms, self.names = document, rates, prices, terms, names
        self.use_of = {row["code"]: USES.index(row["use"]) for row in document["classes"]}

    def facts(self, case: Case) -> dict[str, Any]:
        """The row of columns of a case.

        :raises CannotQuote: if the book does not price it, or a value is absurd
        """
        benefits = [self._benefit(each) for each in case.benefits[:2]]
        facts = {
            "schedule": self._schedule(case),
            "use": self.use_of[case.tariff_class],
            "consumption_m3": case.volume if case.is_metered else 0,
            "tier_days": case.days or self.terms.period_days * case.months,
            "is_metered": case.is_metered,
            "has_sewerage": case.has_sewerage,
            "is_interrupted": case.is_interrupted,
            "benefit": benefits[0] if benefits else 0,
            "rival_benefit": benefits[1] if len(benefits) > 1 else 0,
            "lot_area_m2": case.lot_area_m2,
            "prepaid_reduction_ppm": self._prepaid(case),
        }
        try:
            bill_columns(unit=case.unit, **facts)
        except OutOfBounds as problem:
            raise CannotQuote(
                f"El caso no se puede calcular: {problem}", "Corrija ese dato.", column=problem.column
            ) from problem
        return facts

    def state(self, columns: BillColumns, cases: Sequence[Case]) -> list[Quote]:
        stated = statement.compute(columns=columns, book=self.rates)
        workings = line_workings.of_lines(
            document=self.document, rates=self.rates, statement=stated, columns=columns
        )
        return [self._quote(stated, workings, row, case) for row, case in enumerate(cases)]

    def _quote(
        self,
        stated: statement.Statement,
        workings: Sequence[line_workings.LineWorkings],
        row: int,
        case: Case,
    ) -> Quote:
        lines = []
        for line, working in zip(stated.lines, workings, strict=True):
            if not line.amount_cents[row]:
                continue
            body = working.bodies[int(working.index[row])]
            base = int(line.base_cents[row]) if body["kind"] in ("percent", "reduction") else None
            lines.append(
                QuoteLine(
                    concept=line.concept,
                    reduces=line.reduces,
                    name=self.names.get(line.concept, line.concept),
                    amount_cents=int(line.amount_cents[row]),
                    vat_cents=int(line.vat_cents[row]),
                    working=body,
                    text=wording.working_text(body, base_cents=base),
                    article=body["article"],
                )
            )
        totals = (
            int(column[row]) for column in (stated.subtotal_cents, stated.vat_cents, stated.total_cents)
        )
        return Quote(case, self._code(case), tuple(lines), *totals)

    def _schedule(self, case: Case) -> int:
        if case.tariff_class not in self.use_of:
            raise CannotQuote(
                f"El libro {self.document['code']} no tiene esa clase.",
                f"Use una de: {', '.join(self.use_of)}.", field="class", value=case.tariff_class,
            )  # fmt: skip
        schedule = self._chosen(case)
        if schedule == NO_PRICE:
            regime = "servicio medido" if case.is_metered else "cuota fija"
            raise CannotQuote(
                f"El libro {self.document['code']} no tiene precio de {regime} para la clase {case.tariff_class}.",
                "Cambie el régimen, o agregue esa tarifa a un libro nuevo.", field="regime",
            )  # fmt: skip
        return schedule

    def _chosen(self, case: Case) -> int:
        prices = self.prices
        # a book may name a locality by its code, an account by its name: «EL CARMEN», «El Carmen»
        places = {plain(text=name): place for place, name in enumerate(prices.localities, start=1)}
        locality = places.get(plain(text=case.locality or ""), ELSEWHERE)
        if not 1 <= case.month <= 12:
            raise CannotQuote("El mes va de 1 a 12.", "Corríjalo.", field="month", value=str(case.month))
        column = [
            np.array([each]) for each in (prices.classes.index(case.tariff_class), case.is_metered, locality)
        ]
        return int(
            prices.schedule(
                classes=column[0],
                is_metered=column[1].astype(np.int64),
                localities=column[2],
                diameters=prices.diameter_places(np.array([case.diameter_mm])),
                months=np.array([case.month]),
            )[0]
        )

    def _code(self, case: Case) -> str:
        return str(self.document["schedules"][self._chosen(case)]["code"])

    def _benefit(self, category: str) -> int:
        if category not in self.rates.benefits:
            raise CannotQuote(
                f"El libro {self.document['code']} no tiene ese beneficio.",
                f"Use uno de: {', '.join(self.rates.benefits) or 'ninguno'}.", field="benefit", value=category,
            )  # fmt: skip
        return self.rates.benefit(category)

    def _prepaid(self, case: Case) -> int:
        if case.prepaid_ppm:
            return case.prepaid_ppm if self.rates.reductions.early_payment is not None else 0
        if case.paid_ahead_on is None or self.terms.prepayment is None:
            return 0
        return self.terms.prepayment.ppm(paid_on=case.paid_ahead_on)

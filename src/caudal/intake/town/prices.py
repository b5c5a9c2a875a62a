"""What the old system charged for a month: water, treatment and infrastructure, at the demonstration books.

Computed by the very rules that bill today, so that the imported debts and the first bills agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from caudal.tariffs import queries as tariffs

MILLIMETERS: Final = {"1/2": 13, "3/4": 19, "1": 25, "1 1/2": 38, "2": 50}
BOOK_OF_YEAR: Final = {2016: "la-barca-demo-2016", 2017: "la-barca-demo-2016", 2018: "la-barca-demo-2018"}


@dataclass(frozen=True, slots=True)
class Amounts:
    """The concepts of one month, in centavos. The old system knew no VAT and no discount lines."""

    water: int
    treatment: int
    infrastructure: int

    @property
    def total(self) -> int:
        return self.water + self.treatment + self.infrastructure


@dataclass(frozen=True, slots=True)
class Case:
    """One month of one account, as the rules need it."""

    year: int
    month: int
    tariff_class: str
    is_metered: bool
    has_sewerage: bool
    diameter: str
    locality: str
    consumption_m3: int


class Prices(Protocol):
    """Whoever can say what months cost."""

    def of(self, cases: Sequence[Case]) -> dict[Case, Amounts]:
        """Amounts of each distinct case."""
        ...


class DemoBooks:
    """The books that come with Caudal, whether they are published or not."""

    def of(self, cases: Sequence[Case]) -> dict[Case, Amounts]:
        """Amounts of each distinct case, one computation per year.

        :raises CannotQuote: if the book has no price for a case
        """
        answer: dict[Case, Amounts] = {}
        distinct = list(dict.fromkeys(cases))
        for year in sorted({case.year for case in distinct}):
            of_year = [case for case in distinct if case.year == year]
            book = tariffs.shipped_book(code=BOOK_OF_YEAR[year])
            quotes = tariffs.quotes(book=book, cases=[_quoted(case) for case in of_year])
            for case, quote in zip(of_year, quotes, strict=True):
                if isinstance(quote, tariffs.CannotQuote):
                    raise quote
                lines = {line.concept: line.amount_cents for line in quote.lines if line.reduces is None}
                answer[case] = Amounts(
                    lines["water"],
                    lines.get("wastewater_treatment", 0),
                    lines.get("infrastructure_charge", 0),
                )
        return answer


def _quoted(case: Case) -> tariffs.Case:
    return tariffs.Case(
        tariff_class=case.tariff_class,
        is_metered=case.is_metered,
        volume=case.consumption_m3,
        locality=case.locality,
        diameter_mm=MILLIMETERS[case.diameter],
        month=case.month,
        has_sewerage=case.has_sewerage,
    )

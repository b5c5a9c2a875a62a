"""A tariff book as a run needs it: frozen tables, and small arrays from ids of the registry to numbers of the book."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from caudal.billing.loading import Inputs, cycle_months
from caudal.billing.models import BillingRun
from caudal.billing.policy import HoldTerms
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger
from caudal.ledger.models import Concept
from caudal.rules import columns as rules
from caudal.rules.book import RateBook
from caudal.rules.bounds import Int64
from caudal.rules.columns import BillColumns
from caudal.rules.statement import Statement
from caudal.rules.surcharges import SurchargeRates
from caudal.tariffs import queries as tariffs
from caudal.tariffs.models import TariffBook

NO_WORKING = 0


class CannotPrice(Refusal):
    """The book names a concept that the ledger does not have."""


@dataclass(frozen=True, slots=True)
class Pricing:
    """One book, ready for columns.

    `benefits_of_mask[mask]` are the two largest benefits of an account that holds those categories.
    """

    book: TariffBook
    rates: RateBook
    holds: HoldTerms
    surcharge_rates: SurchargeRates
    use_of_class: Int64
    benefits_of_mask: Int64  # [mask, 2]
    line_concept: Int64  # concept id of each line of the book
    line_reduces: Int64  # concept id that the line reduces, 0 if none
    line_order: Int64  # lines in the order of the charge's key
    months: int  # that a bill stands for
    month: int  # of the year: seasonal prices
    prorates: bool  # prices scale by the real days, else by whole months
    period_days: int

    @classmethod
    def of(cls, *, run: BillingRun) -> Self:
        """The run's own book, with the thresholds that it sets.

        :raises CannotPrice: if the book names a concept that the ledger lacks
        """
        rates, terms = tariffs.rate_book(book=run.book), tariffs.terms(book=run.book)
        ids = dict(Concept.objects.values_list("code", "id"))
        charged = _ids(ids, [line.concept for line in rates.lines])
        reduced = _ids(ids, [line.reduces for line in rates.lines])
        return cls(
            book=run.book,
            rates=rates,
            holds=_holds(terms),
            surcharge_rates=terms.surcharge_rates,
            use_of_class=tariffs.use_of_class(),
            benefits_of_mask=tariffs.benefits_of_mask(book=run.book),
            line_concept=charged,
            line_reduces=reduced,
            line_order=np.lexsort((reduced, charged)),
            months=cycle_months(run),
            month=run.period.month,
            prorates=terms.prorates_by_days,
            period_days=terms.period_days,
        )

    def choose(self, *, inputs: Inputs) -> None:
        """Choose the price list of every agreement read (−1 where the book has none), as one more column of it."""
        placed = inputs.placed()
        inputs.agreements.columns["schedule"] = tariffs.select_schedules(
            book=self.book,
            classes=placed["tariff_class_id"],
            is_metered=placed["is_metered"],
            localities=placed["locality_id"],
            diameters=placed["diameter_mm"],
            months=np.full(inputs.agreements.keys.size, self.month, dtype=np.int64),
        )

    def bill_columns(self, *, facts: dict[str, Int64], rows: Int64) -> BillColumns:
        """What the rules ask of some accounts."""
        benefits = self.benefits_of_mask[facts["benefits"][rows]]
        is_metered = facts["is_metered"][rows].astype(bool)
        counts_days = is_metered & self.prorates & (facts["days"][rows] > 0)
        return rules.bill_columns(
            schedule=facts["schedule"][rows],
            use=self.use_of_class[facts["tariff_class_id"][rows]],
            consumption_m3=np.where(is_metered, facts["consumption_m3"][rows], 0),
            tier_days=np.where(counts_days, facts["days"][rows], self.period_days * self.months),
            is_metered=is_metered,
            has_sewerage=facts["has_sewerage"][rows].astype(bool),
            is_interrupted=facts["is_interrupted"][rows].astype(bool),
            benefit=benefits[:, 0],
            rival_benefit=benefits[:, 1],
            lot_area_m2=facts["lot_area_m2"][rows],
        )

    def workings(self, *, columns: BillColumns, stated: Statement) -> tuple[list[Int64], dict[int, Any]]:
        """The content address of the arithmetic of each line, row by row, and the bodies behind them."""
        addresses: list[Int64] = []
        bodies: dict[int, Any] = {}
        for line in tariffs.workings(book=self.book, statement=stated, columns=columns):
            of_line = [ledger.working_address(body=body) for body in line.bodies]
            bodies.update(zip(of_line, line.bodies, strict=True))
            # the last place answers for rows without the line, whose index is −1
            addresses.append(np.array([*of_line, NO_WORKING], dtype=np.int64)[line.index])
        return addresses, bodies


def _ids(ids: dict[str, int], codes: list[str | None]) -> Int64:
    for code in codes:
        if code is not None and code not in ids:
            raise CannotPrice(
                f"El libro cobra «{code}» y el catálogo de conceptos no lo tiene.",
                "Agregue el concepto al catálogo, o corrija el libro de tarifas.",
                value=code,
            )
    return np.array([ids[code] if code is not None else 0 for code in codes], dtype=np.int64)


def _holds(terms: Any) -> HoldTerms:
    anomalies = terms.anomalies
    return HoldTerms(
        above_mean_percent=anomalies.above_mean_percent,
        ordinary_m3=anomalies.ordinary_m3,
        max_estimated_periods=terms.estimates.most_consecutive,
        max_total_cents=anomalies.largest_total_cents,
        holds_first_bill=anomalies.holds_first_bill,
    )

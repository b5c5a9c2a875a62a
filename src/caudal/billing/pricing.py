"""A tariff book as a run needs it: frozen tables, and small arrays from ids of the registry to numbers of the book."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from caudal.billing.loading import Inputs, cycle_months
from caudal.billing.models import BillingRun
from caudal.billing.policy import HoldTerms
from caudal.campaigns import queries as campaigns
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
    campaigns: Mapping[int, dict[str, str]]  # id → what a reduction says of its campaign

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
            campaigns=campaigns.prepayment_campaigns(),
        )

    @property
    def reduces_prepaid(self) -> bool:
        """Whether the book provides for months paid ahead."""
        return self.rates.reductions.early_payment is not None

    def choose(self, *, inputs: Inputs) -> None:
        """Choose the price list of every agreement read, as one more column of it."""
        inputs.agreements.columns["schedule"] = self.schedules(inputs=inputs)

    def schedules(self, *, inputs: Inputs) -> Int64:
        """The price list of every agreement read; −1 where the book has none."""
        placed = inputs.placed()
        return tariffs.select_schedules(
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
            prepaid_reduction_ppm=facts["prepaid_ppm"][rows] if self.reduces_prepaid else 0,
        )

    def workings(
        self, *, columns: BillColumns, stated: Statement, campaign: Int64
    ) -> tuple[list[Int64], dict[int, Any]]:
        """The content address of the arithmetic of each line, row by row, and the bodies behind them.

        `campaign` is the id of the campaign that reduces each row, if it was paid ahead; 0 if none.
        """
        addresses: list[Int64] = []
        bodies: dict[int, Any] = {}
        for line in tariffs.workings(book=self.book, statement=stated, columns=columns):
            told, index = self._named(list(line.bodies), line.index, campaign)
            of_line = [ledger.working_address(body=body) for body in told]
            bodies.update(zip(of_line, told, strict=True))
            # the last place answers for rows without the line, whose index is −1
            addresses.append(np.array([*of_line, NO_WORKING], dtype=np.int64)[index])
        return addresses, bodies

    def _named(
        self, bodies: list[dict[str, Any]], index: Int64, campaign: Int64, /
    ) -> tuple[list[dict[str, Any]], Int64]:
        """Name, in the reductions of months paid ahead, the campaign that grants them."""
        early = [number for number, body in enumerate(bodies) if body.get("benefit") == "early_payment"]
        if early:
            index = index.copy()
        for number in early:
            for each in np.unique(campaign[index == number]).tolist():
                if each in self.campaigns:
                    index[(index == number) & (campaign == each)] = len(bodies)
                    bodies.append(bodies[number] | self.campaigns[each])
        return bodies, index


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

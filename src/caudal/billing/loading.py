"""Rows → columns, columns → rows: what a run reads of each account, and the tables that it writes.

Each table is read once, alone, and joined here by position: measured, a fifth of what the database takes to join
a million accounts. A chunk is a fixed range of account ids, so that a run that is resumed cuts the registry at the
same places.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Self

import numpy as np
from django.db import connection

from caudal.billing.models import BillingRun
from caudal.campaigns import queries as campaigns
from caudal.kernel import copying
from caudal.registry.queries import BENEFIT_BITS
from caudal.rules.bounds import Int64

CHUNK_IDS: Final = 50_000
EPOCH: Final = date(2000, 1, 1)  # where PostgreSQL starts to count days

BILL_TYPES: Final = {
    "period": "int4", "account_id": "int4", "revision": "int2", "run_id": "int4", "service_point_id": "int4",
    "agreement_id": "int4", "tariff_class_id": "int4", "is_metered": "int2", "basis": "int2",
    "consumption_m3": "int4", "days": "int2", "previous_reading": "int4", "current_reading": "int4",
    "previous_on": "date", "current_on": "date", "exception_code": "int2", "mean_m3": "int4",
    "issued_on": "date", "due_on": "date", "total_cents": "int8", "prior_balance_cents": "int8",
    "surcharge_cents": "int8",
}  # fmt: skip
CHARGE_TYPES: Final = {
    "period": "int4", "account_id": "int4", "document_kind": "int2", "sequence": "int2", "concept_id": "int2",
    "reduces_id": "int2", "due_on": "date", "amount_cents": "int8", "vat_cents": "int8", "base_cents": "int8",
    "working_id": "int8",
}  # fmt: skip
BALANCE_TYPES: Final = {
    "period": "int4", "account_id": "int4", "due_on": "date", "open_principal_cents": "int8",
    "open_accessory_cents": "int8", "surcharged_months": "int2",
}  # fmt: skip

_IN_FORCE = "effective_from <= %(on)s AND (effective_to IS NULL OR effective_to > %(on)s)"


@dataclass(frozen=True, slots=True)
class Source:
    """One table to read: its columns, its rows, and the column by which it is looked up."""

    key: str
    types: dict[str, str]
    sql: str


AGREEMENTS = Source(
    "account_id",
    {"account_id": "int4", "agreement_id": "int4", "service_point_id": "int4", "tariff_class_id": "int4",
     "is_metered": "int2"},
    "SELECT account_id, id AS agreement_id, service_point_id, tariff_class_id, is_metered::int AS is_metered"
    f" FROM registry_serviceagreement WHERE {_IN_FORCE}",
)  # fmt: skip
POINTS = Source(
    "service_point_id",
    {"service_point_id": "int4", "diameter_mm": "int2", "has_sewerage": "int2", "locality_id": "int4",
     "lot_area_m2": "int4"},
    "SELECT p.id AS service_point_id, p.connection_diameter_mm AS diameter_mm, p.has_sewerage::int AS has_sewerage,"
    " m.locality_id, m.lot_area_m2 FROM registry_servicepoint p"
    " JOIN registry_route r ON r.id = p.route_id AND r.cycle_id = %(cycle)s"
    " JOIN registry_premise m ON m.id = p.premise_id",
)  # fmt: skip
CONSUMPTIONS = Source(
    "service_point_id",
    {"service_point_id": "int4", "basis": "int2", "consumption_m3": "int4", "days": "int2",
     "previous_reading": "int4", "current_reading": "int4", "previous_on": "date", "current_on": "date",
     "exception_code": "int2", "mean_m3": "int4", "doubts": "int4", "estimated_periods": "int2", "review": "int2"},
    # the last word of the Crítica: it settles only the consumption that was seen; what is open waits, whatever it is
    "SELECT c.*, CASE WHEN last.decision IS NULL THEN 0"
    " WHEN last.decision NOT IN ('accepted', 'corrected', 'estimated') THEN 2"
    " WHEN (last.doubts, last.consumption_m3) = (c.doubts, c.consumption_m3) THEN 1 ELSE 0 END AS review"
    " FROM metering_consumption c LEFT JOIN ("
    "  SELECT DISTINCT ON (service_point_id) service_point_id, decision, doubts, consumption_m3"
    "  FROM metering_readingreview WHERE period = %(period)s ORDER BY service_point_id, id DESC"
    " ) last USING (service_point_id) WHERE c.period = %(period)s",
)  # fmt: skip
INTERRUPTIONS = Source(
    "agreement_id",
    {"agreement_id": "int4"},
    f"SELECT agreement_id FROM registry_serviceinterruption WHERE kind <> 'restriction' AND {_IN_FORCE}",
)
BENEFITS = Source(
    "account_id",
    {"account_id": "int4", "benefits": "int2"},
    "SELECT account_id, CASE category "
    + " ".join(f"WHEN '{category}' THEN {bit}" for category, bit in BENEFIT_BITS.items())
    + f" ELSE 0 END AS benefits FROM registry_benefit WHERE {_IN_FORCE}",
)
BILLED = Source(
    "account_id",
    {"account_id": "int4"},
    "SELECT account_id FROM billing_bill WHERE period = %(period)s AND revision = 1",
)
STANDING_BILLS = Source(
    "account_id",
    {"account_id": "int4", "billed_m3": "int4"},
    "SELECT b.account_id, b.consumption_m3 AS billed_m3 FROM billing_bill b"
    " LEFT JOIN billing_billcancellation x"
    " ON (x.period, x.account_id, x.revision) = (b.period, b.account_id, b.revision)"
    " WHERE b.period = %(period)s AND x.id IS NULL",
)
PREVIOUS_BILLS = Source(
    "account_id",
    {"account_id": "int4", "previous_total_cents": "int8"},
    "SELECT account_id, total_cents AS previous_total_cents FROM billing_bill"
    " WHERE period = %(previous)s AND revision = 1",
)
DEBTS = Source(
    "account_id",
    {"account_id": "int4", "period": "int4", "due_on": "date", "open_principal_cents": "int8",
     "open_accessory_cents": "int8", "surcharged_months": "int2"},
    # a bill does not ask for the installments of an arrangement that fall due after it
    "SELECT held.account_id, held.period, held.due_on, held.surcharged_months, held.open_accessory_cents,"
    " held.open_principal_cents - CASE WHEN held.period = 0 THEN COALESCE(later.cents, 0) ELSE 0 END"
    " AS open_principal_cents FROM ledger_periodbalance AS held LEFT JOIN ("
    "  SELECT account_id, sum(cents)::bigint AS cents FROM ("
    "   SELECT account_id, sequence, amount_cents AS cents FROM ledger_charge"
    "    WHERE period = 0 AND document_kind = 6 AND due_on > %(due_on)s"
    "   UNION ALL SELECT paid.account_id, paid.sequence, -paid.amount_cents FROM ledger_allocation AS paid"
    "    WHERE paid.period = 0 AND paid.document_kind = 6 AND EXISTS (SELECT FROM ledger_charge AS charge"
    "     WHERE charge.period = 0 AND charge.account_id = paid.account_id AND charge.document_kind = 6"
    "      AND charge.sequence = paid.sequence AND charge.concept_id = paid.concept_id"
    "      AND charge.due_on > %(due_on)s)) AS moves GROUP BY account_id) AS later USING (account_id)"
    " WHERE held.period < %(period)s AND (held.open_principal_cents <> 0 OR held.open_accessory_cents <> 0)",
)  # fmt: skip


class Table:
    """Rows of a source in the order of its key."""

    def __init__(self, columns: dict[str, Int64], *, key: str) -> None:
        keys = columns[key]
        if keys.size > 1 and (keys[1:] < keys[:-1]).any():
            order = np.argsort(keys, kind="stable")
            columns = {name: values[order] for name, values in columns.items()}
        self.columns, self.keys = columns, columns[key]

    @classmethod
    def read(cls, source: Source, *, params: dict[str, Any], only: Sequence[int] | None = None) -> Self:
        """Read a source, or its rows of some keys only."""
        sql = source.sql
        if only is not None:
            sql, params = (
                f"SELECT * FROM ({sql}) every WHERE {source.key} = ANY(%(only)s::int[])",
                params | {"only": list(only)},
            )
        return cls(copying.copy_out(sql=sql, types=source.types, params=params), key=source.key)

    def places(self, keys: Int64) -> Int64:
        """Row of each key; −1 where there is none."""
        place = np.searchsorted(self.keys, keys)
        place[place == self.keys.size] = -1
        return np.where(self.keys[place] == keys, place, -1) if self.keys.size else np.full(keys.size, -1)

    def at(self, places: Int64, *, name: str, default: int) -> Int64:
        """A column at some rows; `default` where the row is −1."""
        if not self.keys.size:
            return np.full(places.size, default, dtype=np.int64)
        return np.where(places < 0, default, self.columns[name][places])

    def between(self, first: int, last: int) -> dict[str, Int64]:
        """Rows whose key lies in a range, both ends included."""
        start, stop = np.searchsorted(self.keys, [first, last + 1])
        return {name: values[start:stop] for name, values in self.columns.items()}


@dataclass(frozen=True, slots=True)
class Chunk:
    """A range of account ids of a run, both ends included."""

    number: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of each account, by column, in order of account; and its older debts, by row.

    `schedule` is among the columns once `Pricing.choose` put it among those of the agreements.
    """

    columns: dict[str, Int64]
    debts: dict[str, Int64]

    def __len__(self) -> int:
        return int(self.columns["account_id"].size)


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a run reads, table by table, as of one moment."""

    agreements: Table  # of the cycle
    points: Table
    consumptions: Table
    interruptions: Table
    benefits: Table
    prepaid: Table  # months of the period that were paid ahead
    billed: Table
    previous_bills: Table
    debts: Table
    first_day: int
    last_day: int
    is_partial: bool  # only some accounts of the cycle were asked for

    @classmethod
    def read(cls, *, run: BillingRun, accounts: Sequence[int] | None = None) -> Self:
        """Read what a run needs of its cycle, or of some accounts only: one query a table."""
        params = run_params(run)
        agreements = Table.read(AGREEMENTS, params=params, only=accounts)
        point_ids = None if accounts is None else agreements.columns["service_point_id"].tolist()
        points = Table.read(POINTS, params=params, only=point_ids)
        is_here = points.places(agreements.columns["service_point_id"]) >= 0
        agreements = Table({n: v[is_here] for n, v in agreements.columns.items()}, key="account_id")
        agreement_ids = None if accounts is None else agreements.columns["agreement_id"].tolist()
        return cls(
            agreements=agreements,
            points=points,
            consumptions=Table.read(CONSUMPTIONS, params=params, only=point_ids),
            interruptions=Table.read(INTERRUPTIONS, params=params, only=agreement_ids),
            benefits=_merged(Table.read(BENEFITS, params=params, only=accounts)),
            prepaid=Table(
                campaigns.prepaid_ppm(period=int(run.period), account_ids=accounts), key="account_id"
            ),
            billed=Table.read(BILLED, params=params, only=accounts),
            previous_bills=Table.read(PREVIOUS_BILLS, params=params, only=accounts),
            debts=Table.read(DEBTS, params=params, only=accounts),
            first_day=days_of(run.period.shift(1 - cycle_months(run)).first_day),
            last_day=days_of(run.period.next().first_day),
            is_partial=accounts is not None,
        )

    def placed(self) -> dict[str, Int64]:
        """Class, regime, place and diameter of every agreement: what chooses its price list."""
        cells = self.agreements.columns
        point = self.points.places(cells["service_point_id"])
        names = ("diameter_mm", "locality_id")
        return cells | {name: self.points.at(point, name=name, default=0) for name in names}

    def chunks(self) -> list[Chunk]:
        """The ranges of ids that have some account of the cycle."""
        return [chunk_of(number) for number in np.unique(self.agreements.keys // CHUNK_IDS).tolist()]

    def facts(self, *, chunk: Chunk | None = None) -> Facts:
        """Lay side by side what is known of each account of a chunk, or of all that were read."""
        first, last = (0, 2**31 - 1) if chunk is None else (chunk.first, chunk.last)
        cells = dict(self.agreements.between(first, last))
        account, agreement = cells["account_id"], cells["agreement_id"]
        point = self.points.places(cells["service_point_id"])
        consumption = self.consumptions.places(cells["service_point_id"])
        for name in ("diameter_mm", "has_sewerage", "locality_id", "lot_area_m2"):
            cells[name] = self.points.at(point, name=name, default=0)
        for name, default in self._unassessed().items():
            cells[name] = self.consumptions.at(consumption, name=name, default=default)
        benefit = self.benefits.places(account)
        prepaid = self.prepaid.places(account)
        bill = self.previous_bills.places(account)
        cells["is_assessed"] = (consumption >= 0).astype(np.int64)
        cells["is_interrupted"] = (self.interruptions.places(agreement) >= 0).astype(np.int64)
        cells["is_billed"] = (self.billed.places(account) >= 0).astype(np.int64)
        cells["benefits"] = self.benefits.at(benefit, name="benefits", default=0)
        cells["prepaid_ppm"] = self.prepaid.at(prepaid, name="ppm", default=0)
        cells["campaign_id"] = self.prepaid.at(prepaid, name="campaign_id", default=0)
        cells["previous_total_cents"] = self.previous_bills.at(bill, name="previous_total_cents", default=0)
        return Facts(columns=cells, debts=self.debts.between(first, last))

    def _unassessed(self) -> dict[str, int]:
        """What stands in a bill without a consumption: the period itself, and no reading."""
        return {
            "basis": 0, "consumption_m3": 0, "days": 0, "previous_reading": -1, "current_reading": -1,
            "previous_on": self.first_day, "current_on": self.last_day, "exception_code": 0, "mean_m3": -1,
            "doubts": 0, "estimated_periods": 0, "review": 0,
        }  # fmt: skip


def run_params(run: BillingRun) -> dict[str, Any]:
    """What the queries of a run ask for by name; services, cuts and benefits are those of the period's last day."""
    return {
        "cycle": run.cycle_id,
        "period": int(run.period),
        "previous": int(run.period.shift(-cycle_months(run))),
        "on": run.period.last_day,
        "due_on": run.due_on,
    }


def _merged(benefits: Table) -> Table:
    """One row per account, with the bits of all its benefits."""
    accounts, owner = np.unique(benefits.keys, return_inverse=True)
    mask = np.zeros(accounts.size, dtype=np.int64)
    np.bitwise_or.at(mask, owner, benefits.columns["benefits"])
    return Table({"account_id": accounts, "benefits": mask}, key="account_id")


def cycle_months(run: BillingRun) -> int:
    return int(run.cycle.months)


def days_of(value: date) -> int:
    """A date as PostgreSQL's days, the way columns carry it."""
    return (value - EPOCH).days


def date_of(days: int) -> date:
    """A date from PostgreSQL's days."""
    return EPOCH + timedelta(days=int(days))


def chunk_of(number: int) -> Chunk:
    """The range of ids that a chunk's number stands for."""
    return Chunk(number, number * CHUNK_IDS, (number + 1) * CHUNK_IDS - 1)


def billed_with_money(*, run: BillingRun) -> list[int]:
    """Accounts with money in favor that a run of an issued period billed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.account_id FROM ledger_creditbalance c JOIN billing_bill b ON b.account_id = c.account_id"
            " WHERE c.unallocated_cents > 0 AND b.period = %s AND b.run_id = %s ORDER BY 1",
            [int(run.period), run.pk],
        )
        return [account for (account,) in cursor.fetchall()]

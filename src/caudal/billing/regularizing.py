"""Periods billed on estimates, once a real reading tells what they were: each is rated again by its own book.

The differences go, by concept, into the bill of the period of the reading, charged or credited once. If they leave
less than nothing to pay, the bill says zero and the rest becomes money in favor of the account.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

import numpy as np

from caudal.billing.loading import STANDING_BILLS, Inputs, Table, days_of, run_params
from caudal.billing.models import Bill, BillCancellation, BillingRun
from caudal.billing.pricing import Pricing
from caudal.ledger import commands as ledger
from caudal.ledger.models import Charge, DocumentKind, Working
from caudal.metering import queries as metering
from caudal.rules import statement
from caudal.rules.bounds import Int64
from caudal.tariffs import queries as tariffs

_EMPTY: Final = np.zeros(0, dtype=np.int64)
_KEY: Final = ("account_id", "concept_id", "reduces_id")


@dataclass(frozen=True, slots=True)
class Netted:
    """Bills after their differences: what each says, what it really comes to, and the lines that were added."""

    bill_cents: Int64
    real_cents: Int64
    rows: dict[str, Int64]
    surplus: dict[int, list[list[int]]]

    def charges(self, *, run: BillingRun, revision: int) -> dict[str, Any]:
        """The lines as rows of charges."""
        return {
            "period": int(run.period),
            **self.rows,
            "document_kind": np.full(self.rows["account_id"].size, DocumentKind.REGULARIZATION.value),
            "sequence": revision,
            "due_on": days_of(run.due_on),
            "base_cents": np.zeros(self.rows["account_id"].size, dtype=np.int64),
        }


@dataclass(frozen=True, slots=True)
class Differences:
    """What re-rated periods add to bills, by account, concept and concept reduced; ordered so."""

    rows: dict[str, Int64] = field(
        default_factory=lambda: dict.fromkeys((*_KEY, "amount_cents", "vat_cents", "working_id"), _EMPTY)
    )
    workings: dict[int, Any] = field(default_factory=dict)

    def netted(self, *, account: Int64, total_cents: Int64) -> Netted:
        """Add the differences of some bills to their totals; a bill does not go below zero."""
        place = np.searchsorted(account, self.rows["account_id"])
        mine = np.flatnonzero(np.append(account, -1)[place] == self.rows["account_id"])
        rows = {name: values[mine] for name, values in self.rows.items()}
        real = total_cents.copy()
        np.add.at(real, place[mine], rows["amount_cents"] + rows["vat_cents"])
        surplus: dict[int, list[list[int]]] = {}
        for bill in np.flatnonzero(real < 0):
            of_bill = np.flatnonzero(rows["account_id"] == account[bill])
            surplus[int(account[bill])] = _trim(rows, of_bill, cents=-int(real[bill]))
        is_left = (rows["amount_cents"] != 0) | (rows["vat_cents"] != 0)
        return Netted(
            bill_cents=np.maximum(real, 0),
            real_cents=real,
            rows={name: values[is_left] for name, values in rows.items()},
            surplus=surplus,
        )

    @property
    def accounts(self) -> Int64:
        """The accounts that have some difference."""
        return np.unique(self.rows["account_id"])

    @classmethod
    def read(cls, *, run: BillingRun, inputs: Inputs) -> Self:
        """Rate again every estimated period that a real reading of the run's period settles."""
        agreements = inputs.agreements.columns
        asked = agreements["service_point_id"].tolist() if inputs.is_partial else None
        settled = metering.regularization(period=int(run.period), cycle=run.cycle, service_point_ids=asked)
        found = Table(settled, key="service_point_id")
        order = np.argsort(agreements["service_point_id"], kind="stable")
        points = Table({name: values[order] for name, values in agreements.items()}, key="service_point_id")
        place = points.places(found.keys)
        mine = np.flatnonzero(place >= 0)
        revisions = {name: values[mine] for name, values in found.columns.items()}
        revisions["account_id"] = points.at(place[mine], name="account_id", default=-1)
        parts = [
            _rate_again(run, int(period), {n: v[revisions["period"] == period] for n, v in revisions.items()})
            for period in np.unique(revisions["period"])
        ]
        return cls() if not parts else cls(*_added_up(parts))


NO_DIFFERENCES: Final = Differences()


def _trim(rows: dict[str, Int64], of_bill: Int64, *, cents: int) -> list[list[int]]:
    """Take so many centavos away from the credits of a bill, in order → what was taken, by concept."""
    taken: list[list[int]] = []
    for row in of_bill:
        amount, vat = -int(rows["amount_cents"][row]), -int(rows["vat_cents"][row])
        if not cents or amount + vat <= 0:
            continue
        part = min(cents, amount + vat)
        net = part - min(vat, part * vat // (amount + vat))
        rows["amount_cents"][row] += net
        rows["vat_cents"][row] += part - net
        taken.append([int(rows["concept_id"][row]), net, part - net])
        cents -= part
    return taken


def _rate_again(run: BillingRun, period: int, revisions: dict[str, Int64]) -> dict[str, Int64]:
    """The difference of each line of one past period, as its bill that stands says and as it should have been.

    A bill that is held, or taken back, has nothing to settle: it goes out later as it should have been.
    """
    then = run_of_period(run=run, period=period)
    standing = Table.read(STANDING_BILLS, params=run_params(then), only=revisions["account_id"].tolist())
    revisions = revisions | {
        "billed_m3": standing.at(standing.places(revisions["account_id"]), name="billed_m3", default=-1)
    }
    pricing = Pricing.of(run=then)
    inputs = Inputs.read(run=then, accounts=revisions["account_id"].tolist())
    pricing.choose(inputs=inputs)
    cells = inputs.facts().columns
    by_account = Table(revisions, key="account_id")
    place = by_account.places(cells["account_id"])
    billed = by_account.at(place, name="billed_m3", default=-1)
    differs = (billed >= 0) & (billed != by_account.at(place, name="real_m3", default=-1))
    rows = np.flatnonzero(differs & (cells["schedule"] >= 0))
    place = place[rows]
    before, after = (
        statement.compute(
            columns=pricing.bill_columns(
                facts=_with_volume(cells, rows, by_account.columns[name][place]), rows=rows
            ),
            book=pricing.rates,
        )
        for name in ("billed_m3", "real_m3")
    )
    parts = []
    for line, (old, new) in enumerate(zip(before.lines, after.lines, strict=True)):
        parts.append(
            {
                "account_id": cells["account_id"][rows],
                "concept_id": np.full(rows.size, pricing.line_concept[line]),
                "reduces_id": np.full(rows.size, pricing.line_reduces[line]),
                "amount_cents": new.amount_cents - old.amount_cents,
                "vat_cents": new.vat_cents - old.vat_cents,
                "period": np.full(rows.size, period),
                "estimated_m3": by_account.columns["billed_m3"][place],
                "real_m3": by_account.columns["real_m3"][place],
            }
        )
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _with_volume(cells: dict[str, Int64], rows: Int64, consumption_m3: Int64) -> dict[str, Int64]:
    changed = cells["consumption_m3"].copy()
    changed[rows] = consumption_m3
    return cells | {"consumption_m3": changed}


def m3_to_bill(*, run: BillingRun, account_id: int, service_point_id: int) -> int | None:
    """m³ of a bill that goes out after a later reading told what its estimate was; None: as it is assessed.

    What was told, unless a later bill that stands has settled it already: then what that bill set it against.
    """
    told = metering.settlement_of(service_point_id=service_point_id, period=int(run.period))
    if told is None:
        return None
    settled_in, real_m3 = told
    bodies = Working.objects.filter(id__in=_settling(account_id, settled_in)).values_list("body", flat=True)
    against = (
        each["estimated_m3"] for body in bodies for each in body["periods"] if each["period"] == run.period
    )
    return next(against, real_m3)


def has_standing_bill(*, account_id: int, period: int) -> bool:
    """Whether an account has a bill of a period that was not taken back."""
    canceled = BillCancellation.objects.filter(period=period, account_id=account_id)
    return (
        Bill.objects.filter(period=period, account_id=account_id)
        .exclude(revision__in=list(canceled.values_list("revision", flat=True)))
        .exists()
    )


def _settling(account_id: int, period: int) -> list[int]:
    """The workings of the differences that the bill of a period charges, if it stands."""
    canceled = BillCancellation.objects.filter(period=period, account_id=account_id)
    lines = Charge.objects.filter(
        period=period, account_id=account_id, document_kind=DocumentKind.REGULARIZATION
    ).exclude(sequence__in=list(canceled.values_list("revision", flat=True)))
    return list(lines.values_list("working_id", flat=True))


def run_of_period(*, run: BillingRun, period: int) -> BillingRun:
    """The run that billed a past period of the same cycle; where an older system did, one like it that is not kept."""
    past = run.period.__class__(period)
    found = (
        BillingRun.objects.select_related("cycle", "book")
        .filter(cycle_id=run.cycle_id, period=period, state=BillingRun.State.ISSUED)
        .first()
    )
    return found or BillingRun(
        cycle=run.cycle,
        period=past,
        book=tariffs.book_in_force(on=past.last_day),
        issued_on=past.last_day,
        due_on=past.next().last_day,
    )


def _added_up(parts: Sequence[dict[str, Int64]]) -> tuple[dict[str, Int64], dict[int, Any]]:
    """One row per account, concept and concept reduced, with the periods it comes from as its working."""
    every = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    some = np.flatnonzero((every["amount_cents"] != 0) | (every["vat_cents"] != 0))
    order = some[np.lexsort([every[name][some] for name in reversed(_KEY)])]
    every = {name: values[order] for name, values in every.items()}
    if not order.size:
        return Differences().rows, {}
    keys = np.stack([every[name] for name in _KEY])
    starts = np.flatnonzero(np.append(True, (keys[:, 1:] != keys[:, :-1]).any(axis=0)))
    stops = np.append(starts[1:], order.size)
    workings = {}
    addresses = []
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        body = _body(every, start, stop)
        address = ledger.working_address(body=body)
        workings[address] = body
        addresses.append(address)
    amount = np.add.reduceat(every["amount_cents"], starts)
    vat = np.add.reduceat(every["vat_cents"], starts)
    # where periods that went up and down leave VAT against its amount, the two travel as one amount
    is_crossed = amount * vat < 0
    rows = {name: every[name][starts] for name in _KEY} | {
        "amount_cents": np.where(is_crossed, amount + vat, amount),
        "vat_cents": np.where(is_crossed, 0, vat),
        "working_id": np.array(addresses, dtype=np.int64),
    }
    return rows, workings


def _body(every: dict[str, Int64], start: int, stop: int) -> dict[str, Any]:
    return {
        "kind": "regularization",
        "periods": [
            {
                "period": int(every["period"][row]),
                "estimated_m3": int(every["estimated_m3"][row]),
                "real_m3": int(every["real_m3"][row]),
                "cents": int(every["amount_cents"][row] + every["vat_cents"][row]),
            }
            for row in range(start, stop)
        ],
    }

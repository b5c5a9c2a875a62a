"""A chunk of a run, from facts to rows: no database, no clock, the same for one account or fifty thousand.

Everything that a chunk leaves is decided here, in one pass over columns: its bills and charges, what is held, what
goes without a bill and why.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from caudal.billing import policy
from caudal.billing.loading import EPOCH, Facts, days_of
from caudal.billing.models import BillingRun
from caudal.billing.policy import Cause
from caudal.billing.prepaying import NO_HELD_PRICES, HeldPrices
from caudal.billing.pricing import Pricing
from caudal.billing.regularizing import NO_DIFFERENCES, Differences
from caudal.ledger.models import DocumentKind
from caudal.rules import periods, statement, surcharges
from caudal.rules.bounds import Int64, Mask, OutOfBounds
from caudal.rules.columns import BillColumns
from caudal.rules.statement import Statement

Columns = dict[str, Any]
_COPIED: Final = (
    "account_id", "service_point_id", "agreement_id", "tariff_class_id", "is_metered", "basis", "consumption_m3",
    "days", "previous_reading", "current_reading", "previous_on", "current_on", "exception_code", "mean_m3",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Computed:
    """What a chunk gives: rows of bills and charges in the order of their keys, and what is set apart.

    `hold` (0: none) and `previous_total_cents` go with the bills; `cause` with `unbilled`. Workings are bodies by
    content address.
    """

    bills: Columns
    charges: Columns
    hold: Int64
    real_total_cents: Int64  # negative where a regularization leaves a surplus; then the bill says zero
    surplus: dict[int, list[list[int]]]  # account → [concept, net, VAT] to credit if its bill is released
    previous_total_cents: Int64
    unbilled: Int64
    cause: Int64
    workings: dict[int, Any]


@dataclass(frozen=True, slots=True)
class _Priced:
    """The accounts that got lines: their rows among the facts, what went into the rules, and the lines."""

    rows: Int64
    columns: BillColumns
    stated: Statement
    cause: Int64  # of every account of the chunk


def compute(
    *,
    run: BillingRun,
    facts: Facts,
    pricing: Pricing,
    differences: Differences = NO_DIFFERENCES,
    held: HeldPrices = NO_HELD_PRICES,
    revision: int = 1,
) -> Computed:
    """Bill what can be billed of some accounts; the others go out with a cause. No account stops the rest.

    `differences` of periods billed on estimates go into these bills as lines of their own; so does what brings a
    month paid ahead back to the price that it was paid at (`held`).
    """
    priced = _price(facts.columns, pricing, differences, is_first=revision == 1)
    keep = np.flatnonzero(priced.cause[priced.rows] == Cause.NONE)
    rows = priced.rows[keep]
    account = facts.columns["account_id"][rows]
    campaign = facts.columns["campaign_id"][priced.rows]
    charges, workings = _charges(run, account, priced, keep, pricing, revision, campaign)
    brought = held.bring(cells=facts.columns, rows=rows, stated=priced.stated, keep=keep, pricing=pricing)
    netted = differences.netted(
        account=account, total_cents=priced.stated.total_cents[keep] + brought.total_cents
    )
    charges = _merged(charges, brought.charges(run=run, revision=revision))
    bills = _bills(run, facts, rows, netted.bill_cents, pricing, revision)
    without = np.flatnonzero(priced.cause != Cause.NONE)
    return Computed(
        bills=bills,
        charges=_merged(charges, netted.charges(run=run, revision=revision)),
        hold=_holds(bills | {"total_cents": netted.real_cents}, facts.columns, rows, pricing),
        real_total_cents=netted.real_cents,
        surplus=netted.surplus,
        previous_total_cents=facts.columns["previous_total_cents"][rows],
        unbilled=facts.columns["account_id"][without],
        cause=priced.cause[without],
        workings=workings | brought.workings | differences.workings,
    )


def _price(cells: dict[str, Int64], pricing: Pricing, differences: Differences, *, is_first: bool) -> _Priced:
    cause = policy.causes_before_computing(
        is_billed=cells["is_billed"].astype(bool) & is_first,
        is_metered=cells["is_metered"].astype(bool),
        is_assessed=cells["is_assessed"].astype(bool),
        consumption_m3=cells["consumption_m3"],
        lot_area_m2=cells["lot_area_m2"],
        schedule=cells["schedule"],
    )
    rows = np.flatnonzero(cause == Cause.NONE)
    columns = pricing.bill_columns(facts=cells, rows=rows)
    columns, stated, absurd = _state(columns, pricing)
    cause[rows[absurd]] = Cause.OUT_OF_BOUNDS
    rows = rows[~absurd]
    has_lines = np.isin(cells["account_id"][rows], differences.accounts)
    for line in stated.lines:
        has_lines |= (line.amount_cents != 0) | (line.vat_cents != 0)
    is_cut = cells["is_interrupted"][rows].astype(bool)
    cause[rows] = policy.causes_of_nothing(has_lines=has_lines, is_interrupted=is_cut)
    return _Priced(rows=rows, columns=columns, stated=stated, cause=cause)


def _state(columns: BillColumns, pricing: Pricing) -> tuple[BillColumns, Statement, Mask]:
    """Compute a batch; if the rules refuse it, find the accounts at fault and compute the others."""
    try:
        stated = statement.compute(columns=columns, book=pricing.rates)
        return columns, stated, np.zeros(len(columns), dtype=bool)
    except OutOfBounds:
        absurd = _absurd(columns, pricing)
        good = columns.take(np.flatnonzero(~absurd))
        return good, statement.compute(columns=good, book=pricing.rates), absurd


def _absurd(columns: BillColumns, pricing: Pricing) -> Mask:
    """Halve a batch until each account that the rules refuse stands alone."""
    try:
        statement.compute(columns=columns, book=pricing.rates)
    except OutOfBounds:
        if len(columns) == 1:
            return np.ones(1, dtype=bool)
        middle = len(columns) // 2
        halves = [columns.take(slice(None, middle)), columns.take(slice(middle, None))]
        return np.concatenate([_absurd(half, pricing) for half in halves])
    return np.zeros(len(columns), dtype=bool)


def _charges(
    run: BillingRun,
    account: Int64,
    priced: _Priced,
    keep: Int64,
    pricing: Pricing,
    revision: int,
    campaign: Int64,
    /,
) -> tuple[Columns, dict[int, Any]]:
    """Lines side by side, then one row for each that is not zero: that is the order of the key already."""
    lines = [priced.stated.lines[number] for number in pricing.line_order]
    working_ids, workings = pricing.workings(columns=priced.columns, stated=priced.stated, campaign=campaign)
    amount = np.stack([line.amount_cents[keep] for line in lines], axis=1)
    vat = np.stack([line.vat_cents[keep] for line in lines], axis=1)
    row, line_number = np.nonzero((amount != 0) | (vat != 0))
    base = np.stack([line.base_cents[keep] for line in lines], axis=1)
    working = np.stack([working_ids[number][keep] for number in pricing.line_order], axis=1)
    charges = {
        "period": int(run.period),
        "account_id": account[row],
        "document_kind": np.full(row.size, DocumentKind.BILL.value),
        "sequence": revision,
        "concept_id": pricing.line_concept[pricing.line_order][line_number],
        "reduces_id": pricing.line_reduces[pricing.line_order][line_number],
        "due_on": days_of(run.due_on),
        "amount_cents": amount[row, line_number],
        "vat_cents": vat[row, line_number],
        "base_cents": base[row, line_number],
        "working_id": working[row, line_number],
    }
    return charges, workings


def _merged(charges: Columns, more: Columns) -> Columns:
    """Put further rows among the charges, in the order of their key."""
    size = np.size(more["account_id"])
    if not size:
        return charges
    both = {
        name: values if np.ndim(values) == 0 else np.concatenate([values, more[name]])
        for name, values in charges.items()
    }
    names = ("reduces_id", "concept_id", "document_kind", "account_id")
    order = np.lexsort([both[name] for name in names])
    return {name: values if np.ndim(values) == 0 else values[order] for name, values in both.items()}


def _bills(
    run: BillingRun, facts: Facts, rows: Int64, total_cents: Int64, pricing: Pricing, revision: int, /
) -> Columns:
    cells = facts.columns
    bills: Columns = {name: cells[name][rows] for name in _COPIED}
    prior, surcharge = _older_debt(run, facts, pricing)
    is_flat = ~bills["is_metered"].astype(bool)
    bills["days"] = np.where(is_flat, bills["current_on"] - bills["previous_on"], bills["days"])
    return bills | {
        "period": int(run.period),
        "revision": revision,
        "run_id": run.pk,
        "issued_on": days_of(run.issued_on),
        "due_on": days_of(run.due_on),
        "total_cents": total_cents,
        "prior_balance_cents": prior[rows],
        "surcharge_cents": surcharge[rows],
    }


def _older_debt(run: BillingRun, facts: Facts, pricing: Pricing) -> tuple[Int64, Int64]:
    """What each account owes of other periods when the bill is issued: open charges, and surcharges to the day."""
    accounts, debts = facts.columns["account_id"], facts.debts
    prior, surcharge = np.zeros((2, accounts.size), dtype=np.int64)
    place = np.searchsorted(accounts, debts["account_id"])
    known = np.flatnonzero(np.append(accounts, -1)[place] == debts["account_id"])
    place = place[known]
    np.add.at(prior, place, (debts["open_principal_cents"] + debts["open_accessory_cents"])[known])
    np.add.at(
        surcharge, place, _surcharges(run, {name: values[known] for name, values in debts.items()}, pricing)
    )
    return prior, surcharge


def _surcharges(run: BillingRun, debts: dict[str, Int64], pricing: Pricing) -> Int64:
    due = debts["due_on"] + EPOCH.toordinal()
    late = periods.months_late_columns(due_ordinals=due, on=run.issued_on)
    # one-off charges (period 0) carry no surcharge of their own date: each is collected as it was quoted
    owes = np.where(debts["period"] > 0, np.maximum(debts["open_principal_cents"], 0), 0)
    return surcharges.late_surcharges(
        overdue_cents=owes,
        due_ordinals=due,
        months_late=np.where(owes > 0, late, 0),
        months_charged=np.where(owes > 0, debts["surcharged_months"], 0),
        rates=pricing.surcharge_rates,
    ).amount_cents


def _holds(bills: Columns, cells: dict[str, Int64], rows: Int64, pricing: Pricing) -> Int64:
    judged = policy.Judged(
        is_metered=bills["is_metered"].astype(bool),
        consumption_m3=bills["consumption_m3"],
        mean_m3=bills["mean_m3"],
        estimated_periods=cells["estimated_periods"][rows],
        doubts=cells["doubts"][rows],
        review=cells["review"][rows],
        total_cents=bills["total_cents"],
    )
    return policy.reasons_to_hold(bills=judged, terms=pricing.holds)

"""What a campaign on months paid ahead would reduce if everybody in its scope paid: alike cases priced once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from django.db.models import Q

from caudal.campaigns import loading, planning
from caudal.campaigns.models import Campaign
from caudal.ledger import queries as ledger
from caudal.ledger.models import PeriodBalance
from caudal.metering import queries as metering
from caudal.metering.models import Consumption
from caudal.registry import queries as registry
from caudal.registry.models import BillingCycle, Locality, TariffClass
from caudal.rules import money
from caudal.rules.bounds import Int64
from caudal.rules.periods import Period
from caudal.tariffs import queries as tariffs
from caudal.tariffs.models import TariffBook


@dataclass(frozen=True, slots=True)
class MonthsAhead:
    """If everybody in scope paid the fewest months that the rule asks (centavos)."""

    n_accounts: int
    months: int
    full_cents: int
    reduction_cents: int
    expected_cents: int
    # services the book of the day has no price for
    n_unpriced: int


def of(*, campaign: Campaign, on: date) -> MonthsAhead:
    """Price the fewest months of every service in scope with and without the campaign.

    :raises NoBookInForce: if no published book covers the day
    """
    book = tariffs.book_in_force(on=on)
    cases, counts = _cases(campaign, on, book)
    months = _months(book, on, campaign.least_months)
    n_accounts = full = reduction = n_unpriced = 0
    usual = _totals(book, [replace(case, month=month) for case in cases for month in months])
    ahead = _totals(
        book, [replace(case, month=month, prepaid_ppm=campaign.ppm) for case in cases for month in months]
    )
    repeats = campaign.least_months // len(months)
    for place, count in enumerate(counts):
        rows = slice(place * len(months), (place + 1) * len(months))
        prices = usual[rows] * repeats
        if any(price is None for price in prices):
            n_unpriced += count
            continue
        taken = _capped(
            [
                (before or 0) - (after or 0)
                for before, after in zip(prices, ahead[rows] * repeats, strict=True)
            ],
            campaign.cap_cents or None,
        )
        if taken <= 0:
            continue
        n_accounts += count
        full += count * sum(price or 0 for price in prices)
        reduction += count * taken
    return MonthsAhead(n_accounts, campaign.least_months, full, reduction, full - reduction, n_unpriced)


def _capped(reductions: Sequence[int], cap_cents: int | None) -> int:
    """Months are reduced while the cap holds them whole; past it they are paid as they are."""
    taken = 0
    for cents in reductions:
        if cap_cents is None or taken + cents <= cap_cents:
            taken += cents
    return taken


def _totals(book: TariffBook, cases: list[tariffs.Case]) -> list[int | None]:
    answers = tariffs.quotes(book=book, cases=cases) if cases else []
    return [None if isinstance(each, tariffs.CannotQuote) else each.total_cents for each in answers]


def _months(book: TariffBook, on: date, least: int) -> list[int]:
    """The months to price: one stands for all where no price of the book changes with the season."""
    first = Period.of(on)
    is_seasonal = any(row.get("months") for row in book.document["schedules"])
    return [first.shift(step).month for step in range(least if is_seasonal else 1)]


def _cases(campaign: Campaign, on: date, book: TariffBook) -> tuple[list[tariffs.Case], list[int]]:
    """The different services in scope, and how many accounts each stands for."""
    columns = [registry.billable(cycle=cycle, on=on) for cycle in BillingCycle.objects.order_by("id")]
    if not columns:
        return [], []
    services = {name: np.concatenate([each[name] for each in columns]) for name in columns[0]}
    inside = _in_scope(campaign, on, services["account_id"])
    services = {name: column[inside] for name, column in services.items()}
    volume = _volumes(services, on, tariffs.terms(book=book).estimates.mean_of)
    keys = np.stack(
        [
            services["tariff_class_id"], services["is_metered"], volume, services["benefits"],
            services["locality_id"], services["diameter_mm"], services["has_sewerage"], services["lot_area_m2"],
            services["is_interrupted"],
        ],
        axis=1,
    )  # fmt: skip
    rows, counts = np.unique(keys, axis=0, return_counts=True)
    classes = dict(TariffClass.objects.values_list("id", "code"))
    localities = dict(Locality.objects.values_list("id", "name"))
    return [
        tariffs.Case(
            tariff_class=classes[row[0]], is_metered=bool(row[1]), volume=row[2],
            benefits=tuple(code for code, bit in tariffs.BENEFIT_BITS.items() if row[3] & bit),
            locality=localities[row[4]], diameter_mm=row[5], has_sewerage=bool(row[6]), lot_area_m2=row[7],
            is_interrupted=bool(row[8]),
        )
        for row in rows.tolist()
    ], counts.tolist()  # fmt: skip


def _in_scope(campaign: Campaign, on: date, account_ids: Int64) -> Int64:
    """Rows of the accounts in the scope of a rule."""
    owing = PeriodBalance.objects.filter(~Q(open_principal_cents=0) | ~Q(open_accessory_cents=0))
    ids = sorted(set(owing.values_list("account_id", flat=True)))
    position = ledger.position(account_ids=ids, on=on, terms=tariffs.terms_on(on=on))
    accounts = planning.describe(
        items=position.items, places=loading.places(account_ids=None, on=on), on=on, others=account_ids
    )
    inside = accounts.account_id[planning.qualifies(campaign=campaign, accounts=accounts)]
    return np.flatnonzero(np.isin(account_ids, inside))


def _volumes(services: dict[str, Int64], on: date, mean_of: int) -> Int64:
    """Whole m³ of a usual month of each service, as the quote at the window takes it; 0 without a meter."""
    volume = np.zeros(services["account_id"].size, dtype=np.int64)
    metered = np.flatnonzero(services["is_metered"])
    if not metered.size:
        return volume
    points = services["service_point_id"][metered]
    first = Period.of(on)
    history = metering.consumption_history(
        service_point_ids=points.tolist(), periods=[int(first.shift(-step)) for step in range(1, 13)]
    )
    real = np.flatnonzero(history["basis"] == Consumption.Basis.REAL)
    point, m3 = history["service_point_id"][real], history["consumption_m3"][real]
    # they come by point and period: how many of the same point come after each row
    after = np.searchsorted(point, point, side="right") - 1 - np.arange(point.size)
    last = after < mean_of
    order = np.sort(points)
    place = np.searchsorted(order, point[last])
    total, number = (np.zeros(order.size, dtype=np.int64) for _ in range(2))
    np.add.at(total, place, m3[last])
    np.add.at(number, place, 1)
    mean = np.where(number > 0, money.divide_half_away(total, np.maximum(number, 1)), 0)
    volume[metered] = np.maximum(mean, 0)[np.searchsorted(order, points)]
    return volume

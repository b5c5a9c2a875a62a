"""Bills as sheets to print: everything a page says, read in batches so that twenty thousand cost a few queries each."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final

from django.db.models import Q, Sum

from caudal.billing.models import Bill, BillCancellation, BillingRun
from caudal.billing.sheet_lines import Tariffs, bill_lines, debt_periods, water_working
from caudal.documents import figures
from caudal.documents.layouts import (
    HISTORY_BARS,
    BillSheet,
    ConsumptionKind,
    HistoryBar,
    Issuer,
    MeterText,
    ReadingsText,
    ReceivedPayment,
)
from caudal.kernel.wording import in_reading_case
from caudal.ledger.models import Allocation, Charge, Concept, Credit, DocumentKind, PeriodBalance, Working
from caudal.metering import queries as metering
from caudal.metering.models import Consumption, MeterInstallation
from caudal.registry.models import Account, AccountHolder, Route, ServiceAgreement, ServicePoint, TariffClass
from caudal.rules.periods import Period

BATCH: Final = 1_000
KINDS: Final = (DocumentKind.BILL, DocumentKind.REGULARIZATION)
DIAMETERS: Final = {
    13: "½″",
    15: "½″",
    19: "¾″",
    25: "1″",
    32: "1¼″",
    38: "1½″",
    50: "2″",
    75: "3″",
    100: "4″",
}
Key = tuple[int, int, int]  # period, account, revision


def bill_folio(*, period: int, account_number: str, revision: int) -> str:
    """The folio printed on a bill; the first revision carries no suffix."""
    return f"{int(period)}-{account_number}" + (f"-{revision}" if revision > 1 else "")


def of_run(*, run: BillingRun, issuer: Issuer) -> Iterator[BillSheet]:
    """The bills of an issued run in route order, each account's newest; those canceled are left out."""
    for route_ids in _batches_of_routes(run):
        accounts = ServiceAgreement.objects.filter(
            service_point__route_id__in=route_ids, effective_from__lte=run.issued_on
        ).values_list("account_id", flat=True)
        bills = Bill.objects.filter(period=run.period, account_id__in=sorted(set(accounts)), run_id=run.pk)
        yield from of_bills(bills=newest_uncanceled(bills), issuer=issuer)


def of_bills(*, bills: Sequence[Bill], issuer: Issuer) -> Iterator[BillSheet]:
    """Some bills as sheets, in route order."""
    ordered = _in_route_order(bills)
    for start in range(0, len(ordered), BATCH):
        batch = _Batch.read(ordered[start : start + BATCH], issuer)
        yield from (batch.sheet(bill) for bill in batch.bills)


def _in_route_order(bills: Sequence[Bill]) -> list[Bill]:
    points = ServicePoint.objects.filter(id__in={bill.service_point_id for bill in bills})
    places = {point: place for point, *place in points.values_list("id", "route__code", "walk_sequence")}
    return sorted(bills, key=lambda bill: (places[bill.service_point_id], bill.account_id, bill.period))


def _batches_of_routes(run: BillingRun) -> Iterator[list[int]]:
    """Whole routes, in order of code, about a thousand services at a time."""
    counts: dict[int, int] = defaultdict(int)
    for route_id in ServicePoint.objects.filter(route__cycle_id=run.cycle_id).values_list(
        "route_id", flat=True
    ):
        counts[route_id] += 1
    waiting: list[int] = []
    routes = Route.objects.filter(cycle_id=run.cycle_id).values_list("code", "id")
    for _, route_id in sorted(routes):
        if waiting and sum(counts[each] for each in waiting) + counts[route_id] > BATCH:
            yield waiting
            waiting = []
        waiting.append(route_id)
    if waiting:
        yield waiting


def newest_uncanceled(bills: Iterable[Bill], /) -> list[Bill]:
    """Of some bills, each account's newest; nothing of an account whose newest was canceled."""
    newest: dict[int, Bill] = {}
    for bill in bills:
        if bill.account_id not in newest or newest[bill.account_id].revision < bill.revision:
            newest[bill.account_id] = bill
    canceled = set(
        BillCancellation.objects.filter(
            period__in={bill.period for bill in newest.values()}, account_id__in=list(newest)
        ).values_list("period", "account_id", "revision")
    )
    return [
        bill for bill in newest.values() if (int(bill.period), bill.account_id, bill.revision) not in canceled
    ]


@dataclass(frozen=True, slots=True)
class _Batch:
    """What some bills need, each kind of fact read once."""

    bills: Sequence[Bill]
    issuer: Issuer
    runs: dict[int, BillingRun]
    numbers: dict[int, str]
    holders: dict[Key, str]
    points: dict[int, ServicePoint]
    classes: dict[int, str]
    charges: dict[Key, list[Charge]]
    concepts: dict[int, Concept]
    workings: dict[int, dict[str, Any]]
    meters: dict[int, list[MeterInstallation]]
    consumptions: dict[tuple[int, int], tuple[int, int]]  # (point, period) → m³, basis
    debts: dict[int, list[PeriodBalance]]
    applied: dict[Key, int]
    payments: dict[int, list[Credit]]
    tariffs: Tariffs

    @classmethod
    def read(cls, bills: Sequence[Bill], issuer: Issuer) -> "_Batch":
        accounts = sorted({bill.account_id for bill in bills})
        points = sorted({bill.service_point_id for bill in bills})
        runs = BillingRun.objects.select_related("cycle", "book").in_bulk({bill.run_id for bill in bills})
        charges = _charges(bills, accounts)
        return cls(
            bills=bills,
            issuer=issuer,
            runs=runs,
            numbers=dict(Account.objects.filter(id__in=accounts).values_list("id", "number")),
            holders=_holders(bills, accounts),
            points=ServicePoint.objects.select_related(
                "premise__locality", "premise__neighborhood", "route"
            ).in_bulk(points),
            classes=dict(TariffClass.objects.values_list("id", "name")),
            charges=charges,
            concepts=Concept.objects.in_bulk(),
            workings=_workings(charges),
            meters=_meters(points),
            consumptions=_consumptions(bills, runs, points),
            debts=_debts(bills, accounts),
            applied=_applied(bills, accounts),
            payments=_payments(bills, accounts),
            tariffs=Tariffs(),
        )

    def sheet(self, bill: Bill) -> BillSheet:
        """One bill, filled in."""
        run, point = self.runs[bill.run_id], self.points[bill.service_point_id]
        key = _key(bill)
        charges = self.charges[key]
        lines = bill_lines(charges=charges, concepts=self.concepts, workings=self.workings)
        tariff = self.tariffs.of(water_working(charges=charges, workings=self.workings))
        # what was paid ahead cannot lower the bill beyond nothing
        credit = self.applied.get(key, 0)
        number = self.numbers[bill.account_id]
        total = bill.total_cents + bill.prior_balance_cents + bill.surcharge_cents - credit
        folio = bill_folio(period=int(bill.period), account_number=number, revision=bill.revision)
        return BillSheet(
            issuer=self.issuer,
            account_number=number,
            holder_name=self.holders.get(key, ""),
            service_address=_address(point),
            route=point.route.code,
            walk_sequence=point.walk_sequence,
            usage=self.classes[bill.tariff_class_id],
            folio=folio,
            period=int(bill.period),
            months=run.cycle.months,
            issued_on=bill.issued_on,
            due_on=bill.due_on,
            days=bill.days,
            lines=lines,
            charges_cents=bill.total_cents,
            total_cents=total,
            verification=f"{folio}|{total}|{bill.due_on:%Y%m%d}|{_proof(run, folio, total)}",
            previous_balance_cents=bill.prior_balance_cents,
            previous_balance_periods=debt_periods(balances=self.debts[bill.account_id]),
            surcharges_cents=bill.surcharge_cents,
            surcharges_working=f"por mes o fracción, al {figures.short_date(bill.issued_on)}",
            credit_balance_cents=credit,
            payments=_received(self.payments[bill.account_id], bill),
            message=run.book.document.get("bill", {}).get("places", ""),
            claim_text=run.book.document.get("bill", {}).get("claims", ""),
            tariff_name=tariff.name,
            tariff_article=tariff.article,
            tiers=tariff.tiers,
            **self._consumption(bill, run.cycle.months),
        )

    def _consumption(self, bill: Bill, months: int) -> dict[str, Any]:
        if not bill.is_metered:
            return {"consumption_kind": ConsumptionKind.FLAT}
        kinds = {
            Consumption.Basis.REAL: ConsumptionKind.REAL,
            Consumption.Basis.ESTIMATED: ConsumptionKind.ESTIMATED,
        }
        meter = _meter_on(self.meters[bill.service_point_id], bill)
        return {
            "meter": meter,
            "readings": _readings(bill),
            "consumption_m3": bill.consumption_m3,
            "consumption_kind": kinds.get(Consumption.Basis(bill.basis), ConsumptionKind.AVERAGE),
            "consumption_reason": metering.exception_text(code=bill.exception_code)
            if bill.exception_code
            else "",
            "daily_liters": bill.consumption_m3 * 1000 // bill.days if bill.days > 0 else None,
            "history": self._history(bill, months),
            "comparison": self._comparison(bill),
        }

    def _history(self, bill: Bill, months: int) -> tuple[HistoryBar, ...]:
        """Thirteen periods up to this one, oldest first; the bill's own bar is what the bill says."""
        bars = []
        for back in range(HISTORY_BARS - 1, -1, -1):
            period = int(bill.period.shift(-back * months))
            m3, basis = self.consumptions.get((bill.service_point_id, period), (None, 0))
            if back == 0:
                m3, basis = bill.consumption_m3, bill.basis
            is_estimated = basis in (Consumption.Basis.ESTIMATED, Consumption.Basis.AVERAGED)
            bars.append(HistoryBar(period=period, consumption_m3=m3, is_estimated=is_estimated))
        return tuple(bars)

    def _comparison(self, bill: Bill) -> str:
        year_ago, _ = self.consumptions.get((bill.service_point_id, int(bill.period.shift(-12))), (None, 0))
        if year_ago is None:
            return ""
        return figures.comparison(now_m3=bill.consumption_m3, year_ago_m3=year_ago, last=int(bill.period))


def _key(bill: Bill) -> Key:
    return int(bill.period), bill.account_id, bill.revision


def _of_these(bills: Sequence[Bill], accounts: Sequence[int]) -> Q:
    return Q(period__in=sorted({int(bill.period) for bill in bills}), account_id__in=accounts)


def _charges(bills: Sequence[Bill], accounts: Sequence[int]) -> dict[Key, list[Charge]]:
    found: dict[Key, list[Charge]] = defaultdict(list)
    rows = Charge.objects.filter(_of_these(bills, accounts), document_kind__in=KINDS)
    for charge in rows.order_by("account_id", "document_kind", "concept_id", "reduces_id"):
        found[int(charge.period), charge.account_id, charge.sequence].append(charge)
    return found


def _workings(charges: dict[Key, list[Charge]]) -> dict[int, dict[str, Any]]:
    ids = {charge.working_id for each in charges.values() for charge in each}
    return dict(Working.objects.filter(id__in=ids).values_list("id", "body"))


def _holders(bills: Sequence[Bill], accounts: Sequence[int]) -> dict[Key, str]:
    """Who held each account when its bill was issued: who came later does not get an older bill in his name."""
    held: dict[int, list[tuple[date, str]]] = defaultdict(list)
    rows = AccountHolder.objects.filter(account_id__in=accounts).values_list(
        "account_id", "effective_from", "person__full_name"
    )
    for account, since, name in sorted(rows):
        held[account].append((since, name))
    return {
        _key(bill): in_reading_case(name)
        for bill in bills
        for since, name in held[bill.account_id]
        if since <= bill.issued_on
    }


def _meters(points: Sequence[int]) -> dict[int, list[MeterInstallation]]:
    found: dict[int, list[MeterInstallation]] = defaultdict(list)
    rows = MeterInstallation.objects.filter(service_point_id__in=points).select_related("meter")
    for installation in rows.order_by("installed_on"):
        found[installation.service_point_id].append(installation)
    return found


def _meter_on(installations: Sequence[MeterInstallation], bill: Bill) -> MeterText | None:
    hung = [each for each in installations if each.installed_on <= bill.current_on]
    if not hung:
        return None
    meter = hung[-1].meter
    return MeterText(
        number=meter.serial, diameter=DIAMETERS.get(meter.diameter_mm, f"{meter.diameter_mm} mm")
    )


def _readings(bill: Bill) -> ReadingsText | None:
    if bill.previous_reading < 0:
        return None
    return ReadingsText(
        previous=bill.previous_reading,
        previous_on=bill.previous_on,
        current=bill.current_reading if bill.current_reading >= 0 else None,
        current_on=bill.current_on,
    )


def _consumptions(
    bills: Sequence[Bill], runs: dict[int, BillingRun], points: Sequence[int]
) -> dict[tuple[int, int], tuple[int, int]]:
    months = max(run.cycle.months for run in runs.values())
    last = {Period(bill.period) for bill in bills}
    periods = {int(period.shift(-back)) for period in last for back in range(HISTORY_BARS * months)}
    columns = metering.consumption_history(service_point_ids=points, periods=sorted(periods))
    rows = zip(
        *(columns[name].tolist() for name in ("service_point_id", "period", "consumption_m3", "basis")),
        strict=True,
    )
    return {(point, period): (m3, basis) for point, period, m3, basis in rows}


def _debts(bills: Sequence[Bill], accounts: Sequence[int]) -> dict[int, list[PeriodBalance]]:
    found: dict[int, list[PeriodBalance]] = defaultdict(list)
    earliest = min(int(bill.period) for bill in bills)
    rows = PeriodBalance.objects.filter(account_id__in=accounts, period__lt=earliest).exclude(
        open_principal_cents=0, open_accessory_cents=0
    )
    for balance in rows.order_by("period"):
        found[balance.account_id].append(balance)
    return found


def _applied(bills: Sequence[Bill], accounts: Sequence[int]) -> dict[Key, int]:
    """Money in favor that met the bill when it was issued: credits of that day or before."""
    issued = {_key(bill): bill.issued_on for bill in bills}
    rows = Allocation.objects.filter(_of_these(bills, accounts), document_kind__in=KINDS).exclude(
        credit__kind=Credit.Kind.BILL_CANCELLATION
    )
    found: dict[Key, int] = defaultdict(int)
    columns = ("period", "account_id", "sequence", "credit__on")
    for period, account, sequence, on, cents in rows.values_list(*columns).annotate(
        cents=Sum("amount_cents")
    ):
        key = (int(period), account, sequence)
        if key in issued and on <= issued[key]:
            found[key] += cents
    return found


def _payments(bills: Sequence[Bill], accounts: Sequence[int]) -> dict[int, list[Credit]]:
    """Payments since the bill before, those taken back left out."""
    earliest = min(bill.previous_on for bill in bills)
    rows = Credit.objects.filter(
        account_id__in=accounts, kind=Credit.Kind.PAYMENT, on__gte=earliest, reverses__isnull=True
    )
    taken_back = set(
        Credit.objects.filter(account_id__in=accounts, reverses__isnull=False).values_list(
            "reverses_id", flat=True
        )
    )
    kept = [credit for credit in rows.order_by("account_id", "on", "id") if credit.pk not in taken_back]
    by_account = groupby(kept, key=lambda credit: credit.account_id)
    return defaultdict(list, {account: list(credits) for account, credits in by_account})


def _received(credits: Sequence[Credit], bill: Bill) -> tuple[ReceivedPayment, ...]:
    return tuple(
        ReceivedPayment(
            on=credit.on, amount_cents=credit.amount_cents, place=f"comprobante {credit.document}"
        )
        for credit in credits
        if bill.previous_on <= credit.on <= bill.issued_on
    )


def _address(point: ServicePoint) -> str:
    premise = point.premise
    parts = [
        premise.address,
        premise.neighborhood.name if premise.neighborhood else "",
        premise.locality.name,
    ]
    return in_reading_case(", ".join(part for part in parts if part))


def _proof(run: BillingRun, folio: str, total_cents: int) -> str:
    """Twenty characters that only this run's seal gives: a bill that says another amount does not verify."""
    return hashlib.sha256(f"{run.seal}|{folio}|{total_cents}".encode()).hexdigest()[:20]

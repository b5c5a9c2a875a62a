"""Computes the rows of ``docs/rules``: one function per page, from cells of text to cells of text."""

import datetime
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from tests.examples import demo_book as demo

from caudal.rules import (
    allocation,
    amortization,
    columns,
    money,
    periods,
    regularization,
    schedules,
    statement,
    surcharges,
    tariffs,
    taxes,
    waivers,
)
from caudal.rules.discounts import AboveCap, EarlyPayment
from caudal.rules.percentages import Percentage
from caudal.rules.schedules import AreaBand, Schedule, Tier, WhileInterrupted

Row = dict[str, str]
PAGES: dict[str, Callable[[Row], Row]] = {}


def page(name: str) -> Callable[[Callable[[Row], Row]], Callable[[Row], Row]]:
    """Say which page of docs/rules a function computes."""

    def register(function: Callable[[Row], Row]) -> Callable[[Row], Row]:
        PAGES[name] = function
        return function

    return register


def scaled(text: str, factor: int) -> int:
    """Read a decimal of the page as a whole number of ``1 / factor``."""
    value = Fraction(text) * factor
    assert value.denominator == 1, f"{text} is not a multiple of 1/{factor}"
    return int(value)


def cents(text: str) -> int:
    return scaled(text, 100)


def price(text: str) -> int:
    return scaled(text, 10_000)


def thousandths(text: str) -> int:
    return scaled(text, 1000)


def ppm(text: str) -> int:
    return scaled(text.removesuffix(" %"), 10_000)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def pesos(amount: Any) -> str:
    whole, rest = divmod(abs(int(amount)), 100)
    return f"{'-' if amount < 0 else ''}{whole}.{rest:02}"


def percent(rate: Any) -> str:
    whole, rest = divmod(int(rate), 10_000)
    return f"{whole}.{rest:04}".rstrip("0").rstrip(".") + " %"


def yes(text: str) -> bool:
    return {"yes": True, "no": False}[text]


def int64(*values: int) -> Any:
    return np.array(values, dtype=np.int64)


def water_of(schedule: Schedule, *, unit: str = "m3", **facts: Any) -> str:
    held = facts.pop("while_interrupted", WhileInterrupted.AS_USUAL)
    book = schedules.freeze([schedule], unit=unit, while_interrupted=held)
    row = columns.one(schedule=0, use=0, **facts)
    return pesos(tariffs.water(columns=row, schedules=book).cents_of(slice(0, 1))[0])


@page("rounding")
def _rounding(row: Row) -> Row:
    return {"share": pesos(money.share_of(cents(row["amount"]), ppm=ppm(row["rate"])))}


@page("water-tiers")
def _tiers(row: Row) -> Row:
    return {"water": water_of(demo.metered("HAB"), consumption_thousandths=thousandths(row["m³"]))}


@page("water-table")
def _table(row: Row) -> Row:
    published = ["76.31"] * 6 + ["94.47", "112.63", "130.79", "148.95", "167.10"]
    table = Schedule(
        "TABLE",
        table_prices=tuple(price(each) for each in published),
        table_excess_price=price("18.16"),
    )
    return {"water": water_of(table, consumption_thousandths=thousandths(row["m³"]))}


@page("flat-and-minimum")
def _flat(row: Row) -> Row:
    schedule = Schedule(
        "PARTS",
        fixed_price=price(row["fixed"]),
        flat_price=price(row["flat"]),
        uniform_price=price(row["uniform"]),
        allowance_thousandths=thousandths(row["allowance m³"]),
        minimum_price=price(row["minimum"]),
    )
    return {
        "water": water_of(
            schedule,
            is_metered=yes(row["metered"]),
            consumption_thousandths=thousandths(row["m³"]),
        )
    }


@page("proration")
def _proration(row: Row) -> Row:
    facts = {"consumption_m3": int(row["m³"]), "tier_days": int(row["tier days"])}
    return {"water": water_of(demo.metered("HAB"), **facts)}


@page("vacant-lots")
def _vacant(row: Row) -> Row:
    bands = (AreaBand(250, 0), AreaBand(500, price("0.10")), AreaBand(None, price("0.05")))
    lot = Schedule("LOT", fixed_price=price("60.00"), area_bands=bands)
    facts = {"lot_area_m2": int(row["m²"]), "tier_days": int(row["tier days"])}
    return {"water": water_of(lot, is_metered=False, **facts)}


@page("volume-units")
def _units(row: Row) -> Row:
    book = schedules.freeze([Schedule("U", uniform_price=price("5.00"))], unit=row["priced in"])
    facts = columns.one(schedule=0, use=0, consumption_m3=int(row["reading"]), unit=row["metered in"])
    return {"water": pesos(tariffs.water(columns=facts, schedules=book).amount_cents[0])}


@page("interrupted-service")
def _interrupted(row: Row) -> Row:
    schedule = Schedule(
        "CUT",
        fixed_price=price("20.00"),
        flat_price=price("90.00"),
        minimum_price=price("78.00"),
        tiers=(Tier(None, price("5.00")),),
    )
    return {
        "water": water_of(
            schedule,
            while_interrupted=WhileInterrupted[row["policy"].upper()],
            is_metered=yes(row["metered"]),
            is_interrupted=yes(row["interrupted"]),
            consumption_m3=int(row["m³"]),
        )
    }


@page("percentages")
def _percentages(row: Row) -> Row:
    is_after = row["infrastructure"] == "after"
    benefit = demo.Benefit("half", "benefit", 500_000, reduces=("water",))
    book = demo.demo_book(
        schedules=[Schedule("X", flat_price=price(row["water"]))],
        percentages=[
            Percentage("wastewater_treatment", 200_000, requires=("has_sewerage",)),
            Percentage("infrastructure_charge", 30_000, after_benefits=is_after),
        ],
        benefits=[benefit],
        early_payment=None,
    )
    bill = statement.compute(
        columns=columns.one(
            schedule=0,
            use=0,
            is_metered=False,
            has_sewerage=yes(row["has sewerage"]),
            benefit=1 if is_after else 0,
        ),
        book=book,
    )
    return {
        "treatment": pesos(bill.line("wastewater_treatment").amount_cents[0]),
        "infrastructure_charge": pesos(bill.line("infrastructure_charge").amount_cents[0]),
    }


@page("benefits")
def _benefits(row: Row) -> Row:
    book = demo.demo_book(benefits=[demo.senior(above_cap=AboveCap[row["above cap"].upper()])])
    bill = statement.compute(
        columns=columns.one(
            schedule=book.schedules.index(row["use"]),
            use=book.use(row["use"]),
            consumption_m3=int(row["m³"]),
            tier_days=int(row["tier days"]),
            benefit=book.benefit("senior"),
        ),
        book=book,
    )
    lines = [bill.line("benefit_senior", reduces=concept).amount_cents[0] for concept in demo.CHARGES]
    return dict(zip(("on water", "on treatment", "on infrastructure"), map(pesos, lines), strict=True))


def _reduced(bill: statement.Statement) -> dict[str, int]:
    """Sum the reductions of a bill of one by their concept (centavos, positive)."""
    sums: dict[str, int] = {}
    for line in bill.lines:
        if line.reduces is not None:
            sums[line.concept] = sums.get(line.concept, 0) - int(line.amount_cents[0])
    return sums


@page("largest-benefit")
def _largest(row: Row) -> Row:
    book = demo.demo_book()
    facts = columns.one(
        schedule=0,
        use=0,
        consumption_m3=27,
        benefit=book.benefit("senior" if yes(row["senior"]) else None),
        rival_benefit=book.benefit("council" if yes(row["council"]) else None),
        prepaid_reduction_ppm=ppm(row["early payment"]),
    )
    sums = _reduced(statement.compute(columns=facts, book=book))
    granted = [name.removeprefix("benefit_") for name, amount in sums.items() if amount]
    return {"reduced": pesos(sum(sums.values())), "granted": " and ".join(granted)}


@page("early-payment")
def _early_payment(row: Row) -> Row:
    early = EarlyPayment("early_payment", demo.CHARGES, stacks=row["book"] == "stacks")
    book = demo.demo_book(early_payment=early)
    facts = columns.one(
        schedule=0,
        use=0,
        consumption_m3=10,
        benefit=book.benefit("senior" if yes(row["senior"]) else None),
        prepaid_reduction_ppm=ppm(row["rate"]),
    )
    sums = _reduced(statement.compute(columns=facts, book=book))
    return {
        "by benefit": pesos(sums["benefit_senior"]),
        "by early payment": pesos(sums["early_payment"]),
    }


@page("vat")
def _vat(row: Row) -> Row:
    of = taxes.Treatment
    since_2010 = datetime.date(2010, 1, 1)
    rules = [
        taxes.VatRule("water", "HAB", 0),
        taxes.VatRule("water", None, 160_000),
        taxes.VatRule("wastewater_treatment", None, 150_000, effective_to=since_2010),
        taxes.VatRule("wastewater_treatment", None, 160_000, effective_from=since_2010),
        taxes.VatRule("infrastructure_charge", None, 0, of.NOT_OBJECT),
        taxes.VatRule("infrastructure_charge", "PUB", 0, of.EXEMPT),
    ]
    table = taxes.vat_table(rules, concepts=demo.CHARGES, uses=demo.USES, on=day(row["on"]))
    concept, use = demo.CHARGES.index(row["concept"]), demo.USES.index(row["use"])
    tax = taxes.vat(amount_cents=int64(cents(row["amount"])), table=table, concept=concept, use=int64(use))
    return {
        "treatment": of(table.treatment[concept, use]).name.lower(),
        "rate": percent(table.ppm[concept, use]),
        "vat": pesos(tax[0]),
    }


@page("months-late")
def _months_late(row: Row) -> Row:
    due_on, on = day(row["due on"]), day(row["on"])
    late = periods.months_late(due_on=due_on, on=on)
    column = periods.months_late_columns(due_ordinals=int64(due_on.toordinal()), on=on)
    assert column.tolist() == [late]
    return {"months": str(late)}


@page("late-surcharge")
def _late_surcharge(row: Row) -> Row:
    due = int64(day(row["due on"]).toordinal())
    result = surcharges.late_surcharges(
        overdue_cents=int64(cents(row["principal"])),
        due_ordinals=due,
        months_late=periods.months_late_columns(due_ordinals=due, on=day(row["on"])),
        months_charged=int64(int(row["charged"])),
        rates=surcharges.surcharge_rates(
            monthly_ppm={2018: 10_000, 2019: 15_000, 2020: 20_000}, cap_ppm=250_000
        ),
    )
    return {
        "months": str(result.months[0]),
        "rate": percent(result.rate_ppm[0]),
        "surcharge": pesos(result.amount_cents[0]),
    }


@page("inflation-update")
def _inflation(row: Row) -> Row:
    update = surcharges.inflation_update(
        principal_cents=int64(cents(row["principal"])),
        index_at_due=int64(thousandths(row["index at due"])),
        index_at_payment=int64(thousandths(row["index at payment"])),
        applies=yes(row["applies"]),
    )
    return {"update": pesos(update[0])}


@page("enforcement-cost")
def _enforcement(row: Row) -> Row:
    cost = surcharges.enforcement_cost(
        debt_cents=int64(cents(row["debt"])),
        ppm=ppm(row["rate"]),
        floor_cents=cents(row["floor"]),
        ceiling_cents=cents(row["ceiling"]),
    )
    return {"cost": pesos(cost[0])}


@page("allocation")
def _allocation(row: Row) -> Row:
    january, february = datetime.date(2019, 1, 15).toordinal(), datetime.date(2019, 2, 15).toordinal()
    costs, surcharge, principal = 0, 1, 2
    result = allocation.allocate(
        payment_cents=cents(row["payment"]),
        kind=int64(costs, surcharge, principal, surcharge, principal),
        due_ordinals=int64(january, january, january, february, february),
        open_cents=int64(8449, 300, 10000, 200, 12000),
        order=allocation.AllocationOrder((0, 1, 2), oldest_first=row["order"] == "oldest first"),
    )
    paid = dict(zip(("C1", "S1", "W1", "S2", "W2"), map(pesos, result.allocated_cents), strict=True))
    return paid | {"left over": pesos(result.unallocated_cents[0])}


@page("installments")
def _installments(row: Row) -> Row:
    plan = amortization.installments(
        total_cents=cents(row["debt"]),
        down_payment_cents=cents(row["down payment"]),
        count=int(row["count"]),
        signed_on=datetime.date(2019, 4, 10),
        first_due_on=day(row["first due"]),
    )
    assert sum(each.amount_cents for each in plan) == cents(row["debt"])
    monthly = [each for each in plan if each.number]
    (other,) = {each.amount_cents for each in monthly[1:]}
    return {
        "first": pesos(monthly[0].amount_cents),
        "each other": pesos(other),
        "last due": monthly[-1].due_on.isoformat(),
    }


@page("deferral")
def _deferral(row: Row) -> Row:
    plan = amortization.installments(
        total_cents=cents(row["debt"]), down_payment_cents=0, count=int(row["count"]),
        signed_on=datetime.date(2019, 4, 10), first_due_on=datetime.date(2019, 5, 10),
        deferral_ppm=ppm(row["monthly"]),
    )  # fmt: skip
    assert sum(each.amount_cents for each in plan) == cents(row["debt"])
    return {
        "first": pesos(plan[0].deferral_cents),
        "second": pesos(plan[1].deferral_cents),
        "last": pesos(plan[-1].deferral_cents),
        "in all": pesos(sum(each.deferral_cents for each in plan)),
    }


@page("ability-to-pay")
def _ability_to_pay(row: Row) -> Row:
    rate, most, can_pay = ppm(row["monthly"]), int(row["most"]), cents(row["can pay"])
    count = amortization.fewest_installments(
        deferred_cents=cents(row["debt"]), affordable_cents=can_pay, most_count=most, deferral_ppm=rate
    )
    fits = amortization.most_deferrable(affordable_cents=can_pay, count=most, deferral_ppm=rate)
    return {"installments": str(count or "none"), "fits in the most": pesos(fits)}


@page("waivers")
def _waivers(row: Row) -> Row:
    owed = np.array([cents(each) for each in row["open"].split(",")], dtype=np.int64)
    waiving = waivers.Waiving(
        ppm=ppm(row["rate"]) if row["rate"] else 0,
        fixed_cents=cents(row["fixed"]) if row["fixed"] else 0,
        cap_cents=cents(row["cap"]) if row["cap"] else None,
    )
    given = waivers.waive(
        waiving=waiving, open_cents=owed, account_of_item=np.zeros(owed.size, dtype=np.int64),
        is_reached=np.ones(owed.size, dtype=np.bool_),
    )  # fmt: skip
    return {"forgiven": ", ".join(pesos(each) for each in given.tolist())}


@page("regularization")
def _regularization(row: Row) -> Row:
    days = [int(each) for each in row["days"].split(",")]
    shares = regularization.spread(consumption_m3=int(row["m³"]), days=days)
    assert sum(shares) == int(row["m³"])
    return {"shares": ", ".join(map(str, shares))}


@page("statement")
def _statement(row: Row) -> Row:
    book, is_metered = demo.demo_book(), yes(row["metered"])
    bill = statement.compute(
        columns=columns.one(
            schedule=book.schedules.index(row["use"] if is_metered else f"{row['use']}-FLAT"),
            use=book.use(row["use"]),
            consumption_m3=int(row["m³"]),
            is_metered=is_metered,
            benefit=book.benefit("senior" if yes(row["senior"]) else None),
        ),
        book=book,
    )
    charges = [pesos(bill.line(concept).amount_cents[0]) for concept in demo.CHARGES]
    return dict(zip(("water", "treatment", "infrastructure"), charges, strict=True)) | {
        "reductions": pesos(-sum(_reduced(bill).values())),
        "vat": pesos(bill.vat_cents[0]),
        "total": pesos(bill.total_cents[0]),
    }

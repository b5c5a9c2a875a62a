"""What must hold for every book: shapes of the price, sums, batches, and no float anywhere."""

import ast
import dataclasses
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.oracle import town

import caudal.rules
from caudal.rules import columns, schedules, statement, tariffs, workings
from caudal.rules.tariffs import Water

SEEDS = st.integers(0, 2**32 - 1)
OPTIONS = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True, max_examples=60)
PERIOD = 30


def price_list(seed: int) -> schedules.Schedules:
    return schedules.freeze([town.product_schedule(0, town.schedule(Random(seed)))], period_days=PERIOD)


def price(prices: schedules.Schedules, thousandths: Any, days: Any = PERIOD) -> Water:
    facts = columns.bill_columns(schedule=0, use=0, consumption_thousandths=thousandths, tier_days=days)
    return tariffs.water(columns=facts, schedules=prices)


def exact(water: Water) -> Any:
    """Price of each row before rounding, over ``water.divisor``."""
    tiers = (water.tier_atoms * water.tier_price).sum(axis=1)
    parts = water.fixed + water.flat + water.table + water.area + tiers + water.minimum
    return parts[water.case_of_row]


@OPTIONS
@given(seed=SEEDS)
def test_more_water_never_costs_less(seed: int) -> None:
    volumes = np.sort(np.random.default_rng(seed).integers(0, 200_000, 500))
    paid = price(price_list(seed), volumes).cents_of(slice(None))
    assert np.all(np.diff(paid) >= 0)


@OPTIONS
@given(seed=SEEDS, days=st.integers(1, 400))
def test_the_price_does_not_jump_at_a_limit(seed: int, days: int) -> None:
    prices = price_list(seed)
    table_ends = np.arange(int(prices.table_last[0]) + 1) * 1000
    limits = np.concatenate([prices.tier_from_thousandths[0], table_ends]) * days // PERIOD
    steepest = int(prices.tier_price.max() + prices.table_excess_price.max())
    steepest += int(np.diff(prices.table_price[0], prepend=0).max(initial=0))
    before = price(prices, np.maximum(limits - 1, 0), days)
    after = price(prices, limits + 1, days)
    two_thousandths = 2 * PERIOD * steepest
    assert np.all(exact(after) - exact(before) <= two_thousandths)


@OPTIONS
@given(seed=SEEDS, times=st.integers(2, 12))
def test_many_periods_in_one_bill_cost_what_the_bills_cost(seed: int, times: int) -> None:
    rng, prices = np.random.default_rng(seed), price_list(seed)
    volumes, days = rng.integers(0, 90_000, 200), rng.integers(1, 70, 200)
    one, all_at_once = price(prices, volumes, days), price(prices, volumes * times, days * times)
    assert np.array_equal(exact(all_at_once), exact(one) * times)
    apart = np.abs(all_at_once.cents_of(slice(None)) - one.cents_of(slice(None)) * times)
    assert np.all(apart <= (times + 1) // 2)  # half a centavo for each rounding


def bills(seed: int, count: int) -> tuple[columns.BillColumns, Any]:
    dice = Random(seed)
    plain = town.book(dice)
    book = town.product_book(plain)
    return town.product_columns([town.account(dice, plain) for _ in range(count)], book), book


@OPTIONS
@given(seed=SEEDS)
def test_lines_add_up_to_the_total_and_reductions_never_pass_what_they_reduce(seed: int) -> None:
    facts, book = bills(seed, 200)
    bill = statement.compute(columns=facts, book=book)
    assert np.array_equal(sum(line.amount_cents for line in bill.lines), bill.subtotal_cents)
    assert np.array_equal(sum(line.vat_cents for line in bill.lines), bill.vat_cents)
    assert np.array_equal(bill.subtotal_cents + bill.vat_cents, bill.total_cents)
    for concept in book.concepts:
        left = sum(line.amount_cents for line in bill.lines if concept in (line.concept, line.reduces))
        assert np.all(np.asarray(left) >= 0)


@settings(OPTIONS, max_examples=15)
@given(seed=SEEDS)
def test_a_batch_is_as_many_batches_of_one(seed: int) -> None:
    facts, book = bills(seed, 40)
    together = statement.compute(columns=facts, book=book)
    for row in range(len(facts)):
        alone = statement.compute(columns=facts.take(slice(row, row + 1)), book=book)
        for mine, whole in zip(alone.lines, together.lines, strict=True):
            for name in ("amount_cents", "vat_cents", "base_cents", "rate_ppm", "quantity"):
                assert getattr(mine, name)[0] == getattr(whole, name)[row], (seed, row, name)


def test_pieces_leave_no_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    facts, book = bills(7, 500)
    whole = statement.compute(columns=facts, book=book)
    monkeypatch.setattr(statement, "PIECE_ROWS", 7)
    in_pieces = statement.compute(columns=facts, book=book)
    assert np.array_equal(whole.total_cents, in_pieces.total_cents)
    for one, other in zip(whole.lines, in_pieces.lines, strict=True):
        assert np.array_equal(one.amount_cents, other.amount_cents)


@settings(OPTIONS, max_examples=30)
@given(seed=SEEDS)
def test_the_steps_shown_add_up_to_the_water_line(seed: int) -> None:
    facts, book = bills(seed, 60)
    bill = statement.compute(columns=facts, book=book)
    for row in range(len(facts)):
        steps = workings.water_steps(water=bill.water, row=row)
        assert sum(step.amount_cents for step in steps) == bill.lines[0].amount_cents[row]


@settings(OPTIONS, max_examples=30)
@given(seed=SEEDS)
def test_amounts_are_integers_everywhere(seed: int) -> None:
    facts, book = bills(seed, 50)
    for array in arrays_of(statement.compute(columns=facts, book=book)):
        assert array.dtype in (np.int64, np.bool_)


def arrays_of(value: Any) -> list[Any]:
    if isinstance(value, np.ndarray):
        return [value]
    if dataclasses.is_dataclass(value):
        return [each for field in dataclasses.fields(value) for each in arrays_of(getattr(value, field.name))]
    if isinstance(value, tuple):
        return [each for item in value for each in arrays_of(item)]
    return []


def test_a_cross_family_unit_is_computed_in_whole_numbers_of_any_size() -> None:
    prices = schedules.freeze([town.product_schedule(0, town.schedule(Random(3)))], unit="kgal")
    facts = columns.bill_columns(schedule=0, use=0, consumption_m3=[1, 12, 27])
    water = tariffs.water(columns=facts, schedules=prices)
    assert water.tier_atoms.dtype == object
    assert {type(atoms) for atoms in water.tier_atoms.ravel()} == {int}
    assert water.amount_cents.dtype == np.int64


SOURCES = sorted(Path(caudal.rules.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_the_source_of_the_rules_knows_no_float(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not isinstance(node, ast.Div), f"{path.name}: divide with money.divide_half_away"
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), path.name
        assert not (isinstance(node, ast.Name) and node.id in {"float", "round", "Decimal"}), path.name
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"float64", "true_divide", "mean", "round"}, path.name


def test_the_oracle_shares_nothing_with_the_rules() -> None:
    for name in ("bill.py", "debts.py"):
        source = (Path(__file__).parent / name).read_text(encoding="utf-8")
        imported = [
            node.module if isinstance(node, ast.ImportFrom) else alias.name
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        ]
        assert not [module for module in imported if module and module.startswith(("caudal", "numpy"))]

"""Rate sheets of real utilities anywhere are written down, not programmed."""

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caudal.tariffs import format, queries, selection
from caudal.tariffs.models import TariffBook
from caudal.tariffs.queries import Case
from caudal.tariffs.tests.conftest import book_of

HERE = Path(__file__).parent / "books"


def book(code: str) -> TariffBook:
    body = (HERE / f"{code}.toml").read_bytes()
    assert queries.findings_of(body=body) == []
    return book_of(format.read(format.decode(body)[0])[0])


def water(of: TariffBook, case: Case) -> tuple[int, str]:
    line = queries.quote(book=of, case=case).lines[0]
    return line.amount_cents, line.text


@pytest.mark.parametrize(
    ("case", "cents"),
    [
        # inside, ¾ inch: 12.40 + 3 × 5.25 + 5 × 6.10 = 58.65
        (Case(tariff_class="RES", volume=8, unit="kgal", diameter_mm=19), 5865),
        # outside: 18.60 + 3 × 7.875 + 5 × 9.15 = 87.975
        (Case(tariff_class="RES", volume=8, unit="kgal", diameter_mm=19, locality="OAK HILL"), 8798),
        # 1 inch, in the last tier: 19.10 + 15.75 + 42.70 + 2 × 7.45 = 92.45
        (Case(tariff_class="COM", volume=12, unit="kgal", diameter_mm=25), 9245),
        # a meter in gallons: 8,500 gal = 12.40 + 15.75 + 5.5 × 6.10 = 61.70
        (Case(tariff_class="RES", volume=8500, unit="gal", diameter_mm=19), 6170),
        # a meter in m³: 30 m³ = 7.925161571… kgal: 12.40 + 15.75 + 4.925161571… × 6.10 = 58.1935
        (Case(tariff_class="RES", volume=30, diameter_mm=19), 5819),
    ],
)
def test_fixed_charge_by_meter_size_inside_and_outside_the_city(db: None, case: Case, cents: int) -> None:
    assert water(book("riverton-2024"), case)[0] == cents


def test_the_working_says_the_units_of_both_law_and_meter(db: None) -> None:
    text = water(book("riverton-2024"), Case(tariff_class="RES", volume=30, diameter_mm=19))[1]
    assert text == "parte fija $12.40 + 3 mil gal × $5.25 + 4.925 mil gal × $6.10 (medidos 30 m³)"


def test_a_diameter_that_the_book_does_not_price_has_no_quote(db: None) -> None:
    with pytest.raises(queries.CannotQuote, match="no tiene precio de servicio medido"):
        queries.quote(book=book("riverton-2024"), case=Case(tariff_class="RES", volume=8, diameter_mm=100))


def test_summer_is_dearer(db: None) -> None:
    """20 m³: 40.00 + 15 × 6.50 = 137.50 in January, 40.00 + 15 × 9.75 = 186.25 in July."""
    of = book("valle-seco-2024")
    assert water(of, Case(tariff_class="DOM", volume=20, month=1))[0] == 13750
    assert water(of, Case(tariff_class="DOM", volume=20, month=7))[0] == 18625


def test_a_short_month_scales_fixed_part_and_allowance(db: None) -> None:
    """20 of 30 days: 26.6667 + (20 − 3.3333) × 6.50 = 135.00."""
    of = book("valle-seco-2024")
    cents, text = water(of, Case(tariff_class="DOM", volume=20, days=20))
    assert cents == 13500
    assert text == "primeros 3.333 m³ $26.67 + 16.667 m³ × $6.50 (20 de 30 días)"
    assert queries.terms(book=of).tier_days(days=20, months=1) == 20


@pytest.mark.parametrize(
    ("m3", "cents"),
    # fee 12.00 + table: 50.00 up to 5, 140.80 at 10, then 18.16 each
    [(0, 6200), (5, 6200), (6, 8016), (10, 15280), (12, 18912)],
)
def test_a_published_table_with_a_fee(db: None, m3: int, cents: int) -> None:
    assert water(book("zona-metro-2024"), Case(tariff_class="HAB", volume=m3))[0] == cents


def test_sewerage_of_a_house_is_taxed_and_its_water_is_not(db: None) -> None:
    """152.80 at 0 %; sewerage 38.20 at 16 % = 6.11. Without sewer, neither."""
    of = book("zona-metro-2024")
    quote = queries.quote(book=of, case=Case(tariff_class="HAB", volume=10))
    assert [(line.concept, line.amount_cents, line.vat_cents) for line in quote.lines] == [
        ("water", 15280, 0),
        ("sewerage", 3820, 611),
    ]
    dry = queries.quote(book=of, case=Case(tariff_class="HAB", volume=10, has_sewerage=False))
    assert [line.concept for line in dry.lines] == ["water"]


def schedule(code: str, **keys: object) -> dict:
    return {"code": code, "classes": ["RES"], "regime": "metered", **keys}


def chosen(document: dict, **case: object) -> str:
    prices, clashes = selection.price_map(document)
    assert clashes == []
    locality = 1 + prices.localities.index(case["locality"]) if "locality" in case else 0
    diameter = 1 + prices.diameters_mm.index(case["diameter"]) if "diameter" in case else 0
    row = prices.table[0, 0, locality, diameter, int(case.get("month", 1)) - 1]
    return document["schedules"][row]["code"]


def test_the_more_specific_schedule_wins(db: None) -> None:
    document = {
        "classes": [{"code": "RES"}],
        "zones": [{"name": "hills", "localities": ["OAK HILL", "ELM HILL"]}],
        "schedules": [
            schedule("ELM", localities=["ELM HILL"]),
            schedule("GENERAL"),
            schedule("HILLS-SUMMER", zones=["hills"], months=[7]),
            schedule("HILLS", zones=["hills"]),
            schedule("ELM-SUMMER", localities=["ELM HILL"], months=[7]),
        ],
    }
    assert chosen(document) == "GENERAL"
    assert chosen(document, locality="OAK HILL") == "HILLS"
    assert chosen(document, locality="OAK HILL", month=7) == "HILLS-SUMMER"
    assert chosen(document, locality="ELM HILL") == "ELM"
    assert chosen(document, locality="ELM HILL", month=7) == "ELM-SUMMER"


def test_two_schedules_that_tie_are_told_unless_a_third_settles_them(db: None) -> None:
    """A wide pipe in the hills: by diameter or by zone? Only a schedule with both can say."""
    tied = [
        schedule("GENERAL"),
        schedule("WIDE", diameters_mm=[50]),
        schedule("HILLS", localities=["OAK HILL"]),
    ]
    document = {"classes": [{"code": "RES"}], "schedules": tied}
    (clash,) = selection.price_map(document)[1]
    assert (clash.first, clash.second, clash.locality, clash.diameter_mm) == (1, 2, "OAK HILL", 50)
    settled = {**document, "schedules": [*tied, schedule("BOTH", diameters_mm=[50], localities=["OAK HILL"])]}
    assert chosen(settled, diameter=50, locality="OAK HILL") == "BOTH"
    assert chosen(settled, diameter=50) == "WIDE"


KEYS = {"zones": ["hills"], "localities": ["OAK HILL"], "diameters_mm": [50], "months": [7]}


def naive(document: dict, *, locality: str | None, diameter: int | None, month: int) -> list[str]:
    """The schedules of a case that no other of its schedules surpasses, by plain sets of keys."""
    found = []
    for row in document["schedules"]:
        places = [*row.get("localities", ()), *(["OAK HILL", "ELM HILL"] if "zones" in row else [])]
        is_placed = "localities" in row or "zones" in row
        if (
            (not is_placed or locality in places)
            and diameter in row.get("diameters_mm", (diameter,))
            and month in row.get("months", (month,))
        ):
            keys = {key for key in KEYS if key in row}
            found.append((row["code"], keys | {"zones"} if "localities" in keys else keys))
    return [code for code, keys in found if not any(other > keys for _, other in found)]


@given(st.lists(st.sets(st.sampled_from(sorted(KEYS))), min_size=1, max_size=6))
def test_whatever_the_schedules_a_case_has_one_answer_or_a_clash_is_told(drawn: list[set[str]]) -> None:
    rows = [schedule(str(number), **{key: KEYS[key] for key in keys}) for number, keys in enumerate(drawn)]
    document = {
        "classes": [{"code": "RES"}],
        "zones": [{"name": "hills", "localities": ["OAK HILL", "ELM HILL"]}],
        "schedules": rows,
    }
    prices, clashes = selection.price_map(document)
    is_disputed = False
    for locality, diameter, month in product(
        (None, *prices.localities), (None, *prices.diameters_mm), (1, 7)
    ):
        best = naive(document, locality=locality, diameter=diameter, month=month)
        # two that ask different things dispute a case even if neither is below the other
        is_disputed |= len(best) > 1
        if len(best) == 1:
            place = 1 + prices.localities.index(locality) if locality else 0
            width = 1 + prices.diameters_mm.index(diameter) if diameter else 0
            assert rows[prices.table[0, 0, place, width, month - 1]]["code"] == best[0]
    assert bool(clashes) == is_disputed

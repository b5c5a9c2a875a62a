import pytest

from caudal.rules import schedules
from caudal.rules.bounds import OutOfBounds
from caudal.rules.schedules import AreaBand, Schedule, Tier


def test_an_allowance_becomes_a_first_tier_at_no_price() -> None:
    book = schedules.freeze(
        [Schedule("HAB", allowance_thousandths=10_000, tiers=(Tier(20_000, 71_000), Tier(None, 76_000)))]
    )
    assert book.tier_from_thousandths.tolist() == [[0, 10_000, 20_000]]
    assert book.tier_price.tolist() == [[0, 71_000, 76_000]]


def test_an_allowance_in_the_middle_of_a_tier_cuts_it_and_swallows_those_below() -> None:
    tiers = (Tier(5_000, 10), Tier(20_000, 20), Tier(None, 30))
    book = schedules.freeze([Schedule("X", allowance_thousandths=8_000, tiers=tiers)])
    assert book.tier_from_thousandths.tolist() == [[0, 8_000, 20_000]]
    assert book.tier_price.tolist() == [[0, 20, 30]]


def test_a_uniform_price_adds_to_the_tiers() -> None:
    book = schedules.freeze([Schedule("X", uniform_price=5, tiers=(Tier(1_000, 10), Tier(None, 20)))])
    assert book.tier_price.tolist() == [[15, 25]]


def test_short_lists_repeat_their_last_tier() -> None:
    book = schedules.freeze(
        [Schedule("A", uniform_price=7), Schedule("B", tiers=(Tier(1_000, 1), Tier(None, 2)))]
    )
    assert book.tier_from_thousandths.tolist() == [[0, 0], [0, 1_000]]
    assert book.tier_price.tolist() == [[7, 7], [1, 2]]


def test_a_schedule_is_found_by_its_code() -> None:
    book = schedules.freeze([Schedule("HAB"), Schedule("COM")])
    assert (len(book), book.index("COM")) == (2, 1)
    with pytest.raises(OutOfBounds, match="no tiene esa tarifa.*HOT"):
        book.index("HOT")


def test_frozen_tables_cannot_be_written() -> None:
    book = schedules.freeze([Schedule("HAB", fixed_price=700_000)])
    with pytest.raises(ValueError, match="read-only"):
        book.fixed_price[0] = 1
    assert book.fixed_price.tolist() == [700_000]


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        (Schedule("A", tiers=(Tier(10_000, 1), Tier(20_000, 2))), "tarifa A, bloques»: el último bloque debe quedar abierto"),
        (Schedule("A", tiers=(Tier(None, 1), Tier(None, 2))), "solo el último bloque puede quedar abierto"),
        (Schedule("A", tiers=(Tier(20_000, 1), Tier(10_000, 2), Tier(None, 3))), "los límites deben ir creciendo"),
        (Schedule("A", tiers=(Tier(0, 1), Tier(None, 3))), "debe estar entre 1"),
        (Schedule("A", tiers=(Tier(None, -1),)), "precio del bloque»: debe estar entre 0"),
        (Schedule("A", tiers=(Tier(None, 7.1),)), "debe ser un número entero (valor 7.1)"),  # type: ignore[arg-type]
        (Schedule("A", area_bands=(AreaBand(250, 1),)), "tarifa A, superficie»: el último bloque debe quedar abierto"),
        (Schedule("A", table_prices=(100, 90)), "la tabla baja de un renglón a otro"),
        (Schedule("A", table_prices=(-1, 90)), "tabla por unidad»: debe estar entre 0"),
        (Schedule("A", fixed_price=-1), "tarifa A, fixed_price»: debe estar entre 0"),
        (Schedule("A", flat_price=10**11), "tarifa A, flat_price»: debe estar entre 0"),
        (Schedule("A", allowance_thousandths=-1), "allowance"),
    ],
)  # fmt: skip
def test_a_malformed_price_list_is_refused_by_name(schedule: Schedule, said: str) -> None:
    with pytest.raises(OutOfBounds) as refusal:
        schedules.freeze([schedule])
    assert said in str(refusal.value)


def test_each_schedule_has_its_own_code() -> None:
    for malformed in ([], [Schedule("A"), Schedule("A")]):
        with pytest.raises(OutOfBounds, match="sin repetir"):
            schedules.freeze(malformed)


def test_the_book_has_a_known_unit_and_at_least_a_day() -> None:
    with pytest.raises(OutOfBounds, match="unidad desconocida"):
        schedules.freeze([Schedule("A")], unit="barrel")
    with pytest.raises(OutOfBounds, match="period_days"):
        schedules.freeze([Schedule("A")], period_days=0)

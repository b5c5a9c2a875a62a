"""Samples over the story town: drawn again by their seed, fair to every row or to every centavo."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from caudal.reports import listings, reading, sampling
from caudal.reports.sampling import Method

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
ASKED = reading.Asked(listings.find(code="bills"), date(2018, 1, 1), date(2019, 2, 1))
CENTS = [each.name for each in ASKED.source.columns].index("total_cents")


def bills() -> list[tuple[object, ...]]:
    return list(reading.every_row(asked=ASKED))


def test_the_same_seed_draws_the_same_rows_and_another_does_not() -> None:
    first = sampling.draw(asked=ASKED, size=5, seed=7)
    assert first == sampling.draw(asked=ASKED, size=5, seed=7)
    assert len(first.rows) == 5 and set(first.rows) <= set(bills()) and first.n == len(bills())
    assert any(sampling.draw(asked=ASKED, size=5, seed=seed).rows != first.rows for seed in range(8, 12))


def test_more_than_there_is_draws_everything_once() -> None:
    assert sorted(sampling.draw(asked=ASKED, size=500, seed=1).rows) == sorted(bills())


def test_by_monetary_unit_what_is_larger_than_a_step_is_always_drawn() -> None:
    amounts = [int(row[CENTS]) for row in bills()]  # type: ignore[call-overload]
    for seed in range(30):
        drawn = sampling.draw(asked=ASKED, size=6, seed=seed, method=Method.MONETARY)
        assert drawn.step_cents == sum(amounts) // 6
        told = [int(row[CENTS]) for row in drawn.rows]
        large = [each for each in amounts if each >= drawn.step_cents]
        assert [each for each in told if each >= drawn.step_cents] == large, f"seed {seed}"
        assert len(drawn.rows) <= 7 and len(set(drawn.rows)) == len(drawn.rows)


def test_every_centavo_has_the_same_chance() -> None:
    """Of all the first points there are, each row is drawn by as many as it has centavos, up to a step."""
    rows = bills()
    size, step = 3, sum(int(row[CENTS]) for row in rows) // 3  # type: ignore[call-overload]
    times = dict.fromkeys(rows, 0)
    for seed in range(150):
        for row in sampling.draw(asked=ASKED, size=size, seed=seed, method=Method.MONETARY).rows:
            times[row] += 1
    for row, n in times.items():
        chance = min(int(row[CENTS]), step) / step  # type: ignore[call-overload]
        # 150 draws: six standard deviations at most
        assert abs(n / 150 - chance) < 0.25, (row, n)


@pytest.mark.parametrize("size", [0, 501, -1])
def test_a_size_out_of_bounds_is_refused(size: int) -> None:
    with pytest.raises(sampling.CannotSample) as refused:
        sampling.draw(asked=ASKED, size=size, seed=1)
    assert refused.value.remedy == "Pida de 1 a 500 renglones."


def test_a_listing_without_amounts_is_not_drawn_by_them() -> None:
    with pytest.raises(sampling.CannotSample, match="no tiene importes"):
        sampling.draw(
            asked=reading.Asked(listings.find(code="cases_opened")), size=5, seed=1, method=Method.MONETARY
        )


def test_the_page_prints_its_seed_and_its_file_has_the_same_rows(enter_as: Callable[[str], Client]) -> None:
    client = enter_as("ofelia")
    asked = "desde=2018-01-01&hasta=2019-01-31&renglones=4&semilla=20190131&metodo=importe"
    page = client.get(f"/listados/bills/muestra/?{asked}").content.decode()
    assert 'Semilla <span class="number">20190131</span>' in page
    drawn = sampling.draw(asked=ASKED, size=4, seed=20190131, method=Method.MONETARY)
    folios = [str(row[1]) for row in drawn.rows]
    assert all(folio in page for folio in folios)
    text = b"".join(client.get(f"/listados/bills/muestra.csv?{asked}")).decode()
    assert all(folio in text for folio in folios) and "20190131" in text
    # without a seed, one is drawn and stays in the address
    answer = client.get("/listados/bills/muestra/?desde=2018-01-01&hasta=2019-01-31")
    assert answer.status_code == 302 and "semilla=" in answer["Location"]
    wrong = client.get("/listados/bills/muestra/?renglones=9999&semilla=1")
    assert wrong.status_code == 422 and "Pida de 1 a 500 renglones." in wrong.content.decode()

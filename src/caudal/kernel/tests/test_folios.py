"""Consecutive numbers that roll back with their document."""

import pytest
from django.db import connection, transaction

from caudal.kernel import checks, folios
from caudal.kernel.models import Folio, FolioSeries

pytestmark = pytest.mark.django_db


def test_each_series_counts_its_own() -> None:
    taken = [folios.take(series=series) for series in ("A", "A", "B", "A")]
    assert taken == [1, 2, 1, 3]
    assert dict(FolioSeries.objects.values_list("code", "last_number")) == {"A": 3, "B": 1}


def test_a_number_that_was_not_used_is_taken_by_the_next() -> None:
    folios.take(series="A")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert folios.take(series="A") == 2
        1 / 0  # noqa: B018 - the receipt could not be written
    assert folios.take(series="A") == 2
    assert list(Folio.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_the_check_reads_the_counter_against_the_folios() -> None:
    find = {check.name: check.find for check in checks.CHECKS}["folios"]
    folios.take(series="A")
    assert find() == []


@pytest.mark.parametrize("number", [1, 999_999, 1_000_000, 1_234_567])
def test_a_query_reads_the_folio_that_the_paper_says(number: int) -> None:
    """Cut at six digits, the receipt 1,234,567 would lead to the 123,456."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kernel_folio_digits(%s)", [number])
        assert cursor.fetchone() == (f"{number:06d}",)

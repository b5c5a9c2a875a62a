"""The report of what was done: every bullet because it happened, every figure to the centavo."""

from datetime import date

import pytest
from tests.town import counter
from tests.town.cast import Town

from caudal.reports.activities import building
from caudal.reports.activities.report import of_json

pytestmark = pytest.mark.django_db


def test_nothing_happened(town: Town, books: None) -> None:
    report = building.activity_report(since=date(2019, 1, 1), until=date(2020, 1, 1))
    assert [m.activities for m in report.months] == [()] * 12
    assert report.span == "enero a diciembre 2019"
    assert of_json(report.as_json()) == report


def test_counter(town: Town, books: None, django_assert_max_num_queries) -> None:
    counter.pay(town.chuy, 10_000, on=date(2019, 1, 8))
    counter.pay(town.lupita, 5_050, on=date(2019, 1, 9), tender="card")
    with django_assert_max_num_queries(30):
        report = building.activity_report(since=date(2019, 1, 1), until=date(2020, 1, 1))
    for m in report.months:
        for a in m.activities:
            print(m.title, a)
    assert report.months[0].codes == ("counter",)

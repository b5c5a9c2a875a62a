"""From readings to cubic meters, month by month."""

from datetime import date

from tests.town.cast import Town, moment

from caudal.metering import commands as metering
from caudal.metering.models import Consumption


def assess(town: Town, period: int) -> metering.Assessment:
    return metering.assess_period(
        cycle=town.cycle, period=period, by="laura", at=moment(date(period // 100, period % 100, 28))
    )


def row(town: Town, account, period: int) -> Consumption:
    return Consumption.objects.get(period=period, service_point_id=town.point(account).pk)


def test_the_first_month_counts_from_the_initial_reading(town: Town) -> None:
    town.read(town.lupita, period=201801, value=967)

    result = assess(town, 201801)

    assert (result.n_points, result.n_real, result.n_estimated) == (5, 1, 4)
    first = row(town, town.lupita, 201801)
    assert (first.previous_reading, first.current_reading, first.consumption_m3) == (950, 967, 17)
    assert (first.previous_on, first.current_on, first.days) == (date(2018, 1, 2), date(2018, 1, 25), 23)

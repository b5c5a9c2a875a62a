"""What is owed at the end of each month: the register of accounting, month by month, on the page of the indicators.

Don Chuy owes three bills of $100.00 that fell due in February, March and April; in `three`, three of the town signed.
"""

import json
from collections.abc import Callable
from datetime import date

import pytest
from click.testing import CliRunner
from django.test import Client
from tests.town.cast import Town

from caudal.accounting import queries, registers
from caudal.arrangements.tests.conftest import april as april
from caudal.arrangements.tests.test_queries import JULY
from caudal.arrangements.tests.test_queries import three as three
from caudal.reports import ageing, targets
from caudal.reports.indicator_cli import indicator
from caudal.reports.tests import walking

pytestmark = pytest.mark.django_db
Enter = Callable[[str], Client]


@pytest.fixture
def july(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", f"{JULY.isoformat()}T12:00")


@pytest.mark.usefixtures("three")
def test_the_months_are_the_register_of_each_day() -> None:
    found = ageing.series(until=201907, today=JULY)
    assert [each.on for each in found][-3:] == [date(2019, 5, 31), date(2019, 6, 30), JULY]
    assert len(found) == 13 and found[0].period == 201807 and found[0].total_cents == 0
    register = registers.find(code=ageing.REGISTER)
    for each in found:
        filled = registers.fill(register=register, since=each.on, last=each.on)
        assert each.cents == tuple(filled.totals[2:11]) and each.total_cents == filled.booked_cents
    assert found[-1].total_cents > 0 and len(ageing.NAMES) == len(queries.BUCKETS) == 9


@pytest.mark.usefixtures("april")
def test_each_debt_moves_to_an_older_age_month_by_month() -> None:
    """Don Chuy's three bills of $100.00 fell due on 15 February, March and April: at the end of April they are 74, 46
    and 15 days late."""
    found = {each.period: each.cents for each in ageing.series(until=201904, today=JULY)}
    assert found[201901] == (100_00, 0, 0, 0, 0, 0, 0, 0, 0)
    assert found[201904] == (0, 100_00, 100_00, 100_00, 0, 0, 0, 0, 0)
    a_year_on = ageing.series(until=202004, today=date(2020, 5, 2))[-1]
    # 441, 412 and 381 days: all of it is old
    assert (a_year_on.cents, a_year_on.old_ppm) == ((0, 0, 0, 0, 0, 0, 300_00, 0, 0), 1_000_000)


def test_months_to_come_are_not_told(april: Town) -> None:
    assert [each.period for each in ageing.series(until=201908, today=JULY, months=3)] == [201906, 201907]
    assert ageing.series(until=202012, today=JULY, months=2) == []


@pytest.mark.usefixtures("three", "july")
def test_every_figure_of_the_indicators_opens_its_list(enter_as: Enter) -> None:
    salas = enter_as("salas")
    wrong, walked = walking.faults(salas, "/indicadores/?mes=2019-06")
    assert wrong == [], "\n".join(wrong)
    # thirteen months, wide and for a phone, and in the table the whole and nine ages of each; the last, large
    assert walked["contabilidad"] == 13 * 2 + 13 * 10 + 1
    assert walked["services"] == 5 and walked["water_paid"] == 2
    for code in ("collection", "commercial", "metering", "registry", "on_time", "claims"):
        wrong, walked = walking.faults(salas, f"/indicadores/{code}/?mes=2019-06")
        assert wrong == [] and sum(walked.values()) == 2 + 13 * 2, "\n".join(wrong)


@pytest.mark.usefixtures("july")
def test_a_town_without_debts_says_so(town: Town, enter_as: Enter) -> None:
    page = enter_as("salas").get("/indicadores/?mes=2019-06").content.decode()
    assert "Nadie debía nada en estos meses" in page and 'class="chart piles' not in page


@pytest.mark.usefixtures("three", "july")
def test_the_file_carries_the_ages_too(enter_as: Enter) -> None:
    lines = (
        enter_as("salas").get("/indicadores/archivo.csv?mes=2019-04").content.decode("utf-8-sig").splitlines()
    )
    ages = [line for line in lines if line.startswith("Adeudo ")]
    assert len(ages) == 9 * 13
    assert any(line.startswith("Adeudo por vencer,abril 2019,") for line in ages)


@pytest.mark.usefixtures("july", "april")
@pytest.mark.parametrize(
    ("amount", "said"), [("70", "meta 70.0 %"), ("60", "meta 60.0 %"), ("10", "meta 10.0 %")]
)
def test_old_debt_has_its_target(amount: str, said: str, enter_as: Enter) -> None:
    """The less the better: set on the page of the targets, it is said beside the share."""
    salas = enter_as("salas")
    asked = {"indicator": "ageing", "period": "2019-01", "amount": amount, "reason": "Acuerdo del consejo"}
    assert salas.post("/indicadores/metas/alta/", asked).status_code == 302
    assert targets.all_targets().of("ageing", 201904) == int(amount) * 10_000
    page = salas.get("/indicadores/?mes=2019-06").content.decode()
    assert said in page
    # at the end of June the oldest of the three is 135 days late: none of it is old
    assert "0.0 % con más de un año de vencido" in page and "en meta" in page


@pytest.mark.parametrize(
    ("ppm", "target", "light"),
    [(100_000, 100_000, "good"), (111_111, 100_000, "watch"), (111_112, 100_000, "bad"), (None, 100_000, "")],
)
def test_old_debt_is_reached_from_above(ppm: int | None, target: int, light: str) -> None:
    assert ageing.OLD_DEBT.light(ppm, target) == light


@pytest.mark.usefixtures("april", "july")
def test_the_terminal_says_each_month_and_its_ages() -> None:
    told = CliRunner().invoke(indicator, ["ageing", "201904"])
    # at the end of April: 74, 46 and 15 days late
    assert [line.split() for line in told.output.splitlines()[-4:]] == [
        ["abril", "2019", "$300.00"], ["1", "a", "30", "días", "$100.00"], ["31", "a", "60", "$100.00"],
        ["61", "a", "90", "$100.00"],
    ]  # fmt: skip
    found = json.loads(CliRunner().invoke(indicator, ["ageing", "201904", "--json"]).output)
    assert len(found) == 13 and found[-1]["total_cents"] == 300_00 == sum(found[-1]["cents"].values())

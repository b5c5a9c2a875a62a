"""What was estimated is rated again, by the book of its month, when a real reading tells: once, up or down."""

from datetime import date

import pytest
from tests.town.cast import Town

from caudal.billing import commands as billing
from caudal.billing import queries
from caudal.billing.models import Bill, BillingRun
from caudal.billing.tests import months
from caudal.billing.tests.months import DECEMBER, FEBRUARY, JANUARY, MARCH
from caudal.billing.tests.test_a_month import every_disagreement
from caudal.ledger.models import Charge, Credit, CreditBalance, DocumentKind, PeriodBalance
from caudal.metering.models import Consumption, ConsumptionRevision


def bill_estimated(town: Town, period: int) -> int:
    """A month in which Doña Lupita's house was closed, billed on an estimate → its m³."""
    months.read(town, town.lupita, period, None, code="01")
    months.assess(town, period)
    run = months.computed(town, period)
    for held in run.held.all():
        months.release(held)
    months.issue(run)
    return Bill.objects.get(period=period, account_id=town.lupita.pk).consumption_m3


def bill_real(town: Town, period: int, value: int, *, releases: bool = True) -> BillingRun:
    months.read(town, town.lupita, period, value)
    months.assess(town, period)
    run = months.computed(town, period)
    if releases:
        for held in run.held.all():
            months.release(held)
    return months.issue(run)


def regularized(town: Town, period: int) -> dict[tuple[int, int], int]:
    rows = Charge.objects.filter(
        period=period, account_id=town.lupita.pk, document_kind=DocumentKind.REGULARIZATION
    )
    return {(row.concept_id, row.reduces_id): row.amount_cents for row in rows}


def water(m3: int) -> int:
    """Residential water of 2019 (centavos), for 10 to 50 m³."""
    return 70_00 + min(m3 - 10, 10) * 7_10 + max(min(m3, 30) - 20, 0) * 7_60 + max(m3 - 30, 0) * 8_20


def share(cents: int, percent: int) -> int:
    """A percentage rounded half up, of something not negative."""
    return (cents * percent + 50) // 100


def last_revision() -> tuple[int, int]:
    row = ConsumptionRevision.objects.latest("pk")
    return row.estimated_m3, row.real_m3


@pytest.fixture
def closed_house(january: Town) -> Town:
    """January was real; February was estimated at the mean of 25, 25 and 27."""
    months.issued(january, JANUARY)
    assert bill_estimated(january, FEBRUARY) == 26
    return january


def test_more_than_estimated_is_charged_once(closed_house: Town) -> None:
    bill_real(closed_house, MARCH, 1027 + 70)
    estimated, real = last_revision()
    assert estimated == 26
    assert 30 < real < 40  # its share of 70 m³ by days

    difference = water(real) - water(26)
    assert regularized(closed_house, MARCH) == {
        (1, 0): difference,
        (3, 0): share(water(real), 20) - share(water(26), 20),
        (4, 0): share(water(real), 3) - share(water(26), 3),
    }
    consumption = Consumption.objects.get(
        period=MARCH, service_point_id=closed_house.point(closed_house.lupita).pk
    )
    assert real + consumption.consumption_m3 == 70
    assert every_disagreement() == []


def test_less_than_estimated_is_credited_inside_the_bill(closed_house: Town) -> None:
    bill_real(closed_house, MARCH, 1027 + 44)
    _, real = last_revision()
    assert real < 26

    rows = regularized(closed_house, MARCH)
    assert rows[1, 0] == water(real) - water(26) < 0
    bill = Bill.objects.get(period=MARCH, account_id=closed_house.lupita.pk)
    charges = Charge.objects.filter(period=MARCH, account_id=closed_house.lupita.pk)
    assert bill.total_cents == sum(row.amount_cents + row.vat_cents for row in charges)
    assert every_disagreement() == []


def test_the_next_month_does_not_pay_it_again(closed_house: Town) -> None:
    bill_real(closed_house, MARCH, 1027 + 70)
    bill_real(closed_house, 201904, 1027 + 70 + 30)
    assert regularized(closed_house, MARCH)
    assert regularized(closed_house, 201904) == {}


def test_estimated_as_it_was_there_is_nothing_to_settle(closed_house: Town) -> None:
    bill_real(closed_house, MARCH, 1027 + 49)  # 31 and 28 days: 26 and 23 m³
    assert last_revision() == (26, 26)
    assert regularized(closed_house, MARCH) == {}


def test_a_month_of_another_year_goes_by_its_own_book(priced: Town) -> None:
    """December 2018 was estimated; January's reading settles it at the prices of 2018."""
    months.issued(priced, DECEMBER)
    months.read(priced, priced.lupita, JANUARY, 1027)
    months.assess(priced, JANUARY)
    ConsumptionRevision.objects.create(
        settled_in=JANUARY, service_point=priced.point(priced.lupita), period=DECEMBER, estimated_m3=25, real_m3=35,
        days=31,
    )  # fmt: skip
    months.issue(months.computed(priced, JANUARY))
    # 2018: from 25 to 35 m³ = 5 × 7.31 + 5 × 7.88 = 75.95
    assert regularized(priced, JANUARY)[1, 0] == 75_95


@pytest.fixture
def overcharged(closed_house: Town) -> Town:
    """February, March and April estimated at 26 m³ each; in May the dial shows that almost nothing was used."""
    for period in (MARCH, 201904):
        bill_estimated(closed_house, period)
    return closed_house


def test_beyond_the_whole_bill_it_waits_and_then_stays_in_favor(overcharged: Town) -> None:
    months.read(overcharged, overcharged.lupita, 201905, 1027 + 4)
    months.assess(overcharged, 201905)
    run = months.computed(overcharged, 201905)
    held = run.held.get(account=overcharged.lupita)
    assert held.reason == "negative"
    assert held.total_cents < 0
    in_favor = sum(amount + vat for _, amount, vat in held.surplus)
    assert in_favor == -held.total_cents
    debt = sum(
        PeriodBalance.objects.filter(account_id=overcharged.lupita.pk).values_list(
            "open_principal_cents", flat=True
        )
    )
    assert debt > in_favor

    months.release(held)
    months.issue(run)

    assert Bill.objects.get(period=201905, account_id=overcharged.lupita.pk).total_cents == 0
    credit = Credit.objects.get(account=overcharged.lupita, kind=Credit.Kind.REGULARIZATION)
    assert credit.amount_cents == in_favor
    # she owes older months: they are paid first, and nothing is left in favor
    assert not CreditBalance.objects.filter(pk=overcharged.lupita.pk, unallocated_cents__gt=0).exists()
    assert every_disagreement() == []


def test_released_after_issue_the_surplus_is_credited_all_the_same(overcharged: Town) -> None:
    run = bill_real(overcharged, 201905, 1027 + 4, releases=False)
    held = run.held.get(account=overcharged.lupita)
    assert not Credit.objects.filter(kind=Credit.Kind.REGULARIZATION).exists()
    months.release(held, on=date(2019, 6, 10))
    months.release(held, on=date(2019, 6, 10))
    credit = Credit.objects.get(kind=Credit.Kind.REGULARIZATION)
    assert credit.amount_cents == -held.total_cents
    assert every_disagreement() == []


def test_a_bill_with_a_credit_inside_can_be_taken_back_and_issued_again(closed_house: Town) -> None:
    bill_real(closed_house, MARCH, 1027 + 44)
    account, on = closed_house.lupita, date(2019, 4, 8)
    first = Bill.objects.get(period=MARCH, account_id=account.pk).total_cents
    billing.cancel_bill(
        account=account, period=MARCH, reason="Aclaración", authorized_by="salas", on=on, at=months.moment(on)
    )
    assert PeriodBalance.objects.get(period=MARCH, account_id=account.pk).open_principal_cents == 0
    again = billing.rebill(account=account, period=MARCH, by="laura", on=on, at=months.moment(on))
    assert (again.revision, again.total_cents) == (2, first)
    assert every_disagreement() == []


def test_the_bill_names_the_months_it_settles(closed_house: Town) -> None:
    run = bill_real(closed_house, MARCH, 1027 + 44)
    sheet = next(
        sheet for sheet in queries.bill_sheets(run=run) if sheet.account_number == closed_house.lupita.number
    )
    line = next(line for line in sheet.lines if line.concept.startswith("Regularización"))
    _, real = last_revision()
    assert line.working == f"feb 2019: 26 → {real} m³"
    assert line.amount_cents == sum(regularized(closed_house, MARCH).values())

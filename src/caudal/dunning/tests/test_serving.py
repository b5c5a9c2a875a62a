"""What happens at the door: when a notice takes effect, what it costs, once, and what taking it back does."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.dunning import checks, commands, queries
from caudal.dunning.models import Notice, NoticeCost, ServiceOfNotice
from caudal.dunning.policy import State
from caudal.dunning.tests.collection import TODAY, costs, issue, overdue, owe, serve
from caudal.ledger.models import CreditBalance

pytestmark = pytest.mark.django_db


@pytest.fixture
def demand(priced: Town) -> Notice:
    """Chuy is asked for $10,000.00 and three months at 1 % = $10,300.00."""
    owe(priced.chuy, 10_000_00)
    return issue()[0]


def state(notice: Notice) -> State:
    return queries.standing(notice=queries.notice_by_folio(folio=notice.folio)).state


def test_a_notice_freezes_what_the_ledger_says_period_by_period(priced: Town) -> None:
    """October: $1,000.00 of water and 3 × 1 %. November: $500.00 and $100.00 of sewerage, 2 × 1 % of both = $12.00."""
    owe(priced.chuy, 1_000_00)
    owe(priced.chuy, 500_00, period=201811, due_on=date(2018, 12, 13), sewerage=100_00)
    [notice] = issue()
    october, november = notice.debts.order_by("period")
    assert (october.water_cents, october.surcharge_cents, october.total_cents) == (1_000_00, 30_00, 1_030_00)
    assert (november.water_cents, november.sewerage_cents, november.surcharge_cents) == (
        500_00,
        100_00,
        12_00,
    )
    assert notice.total_cents == notice.base_cents == 1_642_00 == overdue(priced.chuy)
    assert (notice.folio, notice.age_days, notice.holder_name) == ("NOT-000001", 90, "Jesús Ramírez Ochoa")


def test_serving_a_demand_charges_its_cost_once(demand: Notice, priced: Town) -> None:
    """2 % of $10,300.00 = $206.00, between $100.00 and $5,000.00."""
    serve(demand)
    assert costs(priced.chuy) == [206_00]
    assert (
        commands.charge_cost(notice=demand, on=TODAY, at=moment(TODAY, 18), by="laura").amount_cents == 206_00
    )  # type: ignore[union-attr]
    assert costs(priced.chuy) == [206_00]
    with pytest.raises(commands.CannotServeNotice, match="ya se notificó"):
        serve(demand, hour=16)
    assert (costs(priced.chuy), ServiceOfNotice.objects.count()) == ([206_00], 1)


@pytest.mark.parametrize(("cents", "cost"), [(1_000_00, 100_00), (300_000_00, 5_000_00)])
def test_a_cost_has_a_floor_and_a_ceiling(priced: Town, cents: int, cost: int) -> None:
    """2 % of $1,030.00 = $20.60, less than $100.00; 2 % of $309,000.00 = $6,180.00, more than $5,000.00."""
    owe(priced.chuy, cents)
    serve(issue()[0])
    assert costs(priced.chuy) == [cost]


def test_the_base_is_what_is_left_of_what_was_asked(demand: Notice, priced: Town) -> None:
    """$4,000.00 paid before the visit: $300.00 of surcharges and $3,700.00 of water; 2 % of $6,300.00 = $126.00."""
    counter.pay(priced.chuy, 4_000_00, on=TODAY)
    serve(demand, hour=13)
    assert NoticeCost.objects.get().base_cents == 6_300_00
    assert costs(priced.chuy) == [126_00]


def test_a_notice_paid_before_the_visit_costs_nothing(demand: Notice, priced: Town) -> None:
    counter.pay(priced.chuy, 10_300_00, on=TODAY)
    assert state(demand) == State.SETTLED
    serve(demand, hour=13)
    assert costs(priced.chuy) == []


def test_nothing_is_charged_for_what_nobody_served(demand: Notice, priced: Town) -> None:
    with pytest.raises(commands.CannotChargeCost, match="no se ha notificado"):
        commands.charge_cost(notice=demand, on=TODAY, at=moment(TODAY, 18), by="laura")
    commands.cancel_notice(notice=demand, reason="Ya pagó", on=TODAY, at=moment(TODAY, 19), by="laura")
    with pytest.raises(commands.CannotChargeCost, match="está cancelada"):
        commands.charge_cost(notice=demand, on=TODAY, at=moment(TODAY, 20), by="laura")
    assert costs(priced.chuy) == []


def test_a_courtesy_letter_costs_nothing(priced: Town) -> None:
    owe(priced.chuy, 1_000_00)
    serve(issue("courtesy_letter")[0])
    assert costs(priced.chuy) == []


def test_nobody_at_home_is_left_an_appointment_for_the_next_business_day(
    demand: Notice, priced: Town
) -> None:
    """Friday 15 February: the appointment is for Monday 18th; then it is posted, and that serves it."""
    absent = serve(demand, "absent", on=date(2019, 2, 15))
    assert (absent.appointment_on, absent.effects_on) == (date(2019, 2, 18), None)
    assert (state(demand), costs(priced.chuy)) == (State.APPOINTED, [])
    assert [each.folio for each in queries.appointments(on=date(2019, 2, 18))] == ["NOT-000001"]
    posted = serve(demand, "posted", on=date(2019, 2, 18))
    assert posted.effects_on == date(2019, 2, 19)
    assert (state(demand), costs(priced.chuy)) == (State.SERVED, [206_00])
    assert queries.appointments(on=date(2019, 2, 18)) == []


def test_a_demand_posted_without_an_appointment_is_not_served(demand: Notice, priced: Town) -> None:
    assert serve(demand, "posted").effects_on is None
    assert (state(demand), costs(priced.chuy)) == (State.PENDING, [])


def test_refusing_a_notice_does_not_undo_it(demand: Notice) -> None:
    assert serve(demand, "refused").effects_on == date(2019, 2, 12)


def test_a_visit_that_cannot_be_is_refused(demand: Notice) -> None:
    with pytest.raises(commands.CannotServeNotice, match="no puede ser"):
        serve(demand, on=date(2019, 2, 8))
    with pytest.raises(commands.CannotServeNotice, match="No hay un resultado"):
        serve(demand, "lost")
    with pytest.raises(commands.CannotServeNotice, match="no es una foto ni un PDF"):
        serve(demand, evidence=b"MZ...")
    assert not ServiceOfNotice.objects.exists()


def test_a_signed_record_is_kept_with_the_visit(demand: Notice) -> None:
    service = serve(demand, evidence=b"%PDF-1.7 acta")
    assert service.evidence.read() == b"%PDF-1.7 acta"


def test_canceling_takes_its_cost_back(demand: Notice, priced: Town) -> None:
    serve(demand)
    owed = overdue(priced.chuy, on=date(2019, 2, 12))
    told = commands.cancel_notice(
        notice=demand,
        reason="Domicilio equivocado",
        on=date(2019, 2, 12),
        at=moment(date(2019, 2, 12)),
        by="laura",
    )
    assert told.taken_back_cents == 206_00
    assert overdue(priced.chuy, on=date(2019, 2, 12)) == owed - 206_00 == 10_300_00
    assert state(demand) == State.CANCELED
    with pytest.raises(commands.CannotCancelNotice, match="ya está cancelada"):
        commands.cancel_notice(notice=demand, reason="Otra vez", on=TODAY, at=moment(TODAY, 20), by="laura")


def test_a_paid_cost_that_is_taken_back_becomes_money_in_favor(demand: Notice, priced: Town) -> None:
    serve(demand)
    counter.pay(priced.chuy, 10_506_00, on=date(2019, 2, 12))
    commands.cancel_notice(
        notice=demand,
        reason="Domicilio equivocado",
        on=date(2019, 2, 12),
        at=moment(date(2019, 2, 12), 13),
        by="laura",
    )
    assert CreditBalance.objects.get(account_id=priced.chuy.pk).unallocated_cents == 206_00


def test_a_canceled_notice_is_not_served(demand: Notice, priced: Town) -> None:
    with pytest.raises(commands.CannotCancelNotice, match="Falta el motivo"):
        commands.cancel_notice(notice=demand, reason="", on=TODAY, at=moment(TODAY, 11), by="laura")
    commands.cancel_notice(notice=demand, reason="Ya pagó", on=TODAY, at=moment(TODAY, 11), by="laura")
    with pytest.raises(commands.CannotServeNotice, match="está cancelada"):
        serve(demand)
    assert costs(priced.chuy) == []


def test_the_database_refuses_a_second_service_and_a_sum_that_does_not_add_up(demand: Notice) -> None:
    first = serve(demand)
    with pytest.raises(IntegrityError), transaction.atomic():
        first.pk = None
        first.save(force_insert=True)
    other = Notice.objects.get()
    with pytest.raises(IntegrityError, match="no cuadra"), transaction.atomic():
        other.pk, other.number, other.account_id = None, 99, demand.account_id + 1
        other.save(force_insert=True)
        connection.check_constraints()


def test_everything_dunning_believes_is_derived_again(demand: Notice) -> None:
    serve(demand)
    assert [finding for check in checks.CHECKS for finding in check.find()] == []

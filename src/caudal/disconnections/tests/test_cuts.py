"""July 2019: cuts are proposed, approved by another, and die with a payment; the water comes back with it."""

from datetime import date, timedelta

import pytest
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.disconnections import commands, queries
from caudal.disconnections.checks import CHECKS
from caudal.disconnections.models import ReconnectionOrder
from caudal.disconnections.policy import Cause
from caudal.disconnections.queries import Segment
from caudal.disconnections.tests.crew import AT, DAY, cut, dispatched
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork import verdicts
from caudal.registry.models import Account, ServiceInterruption


def causes(account: Account, on: date = DAY) -> set[Cause]:
    found = queries.eligibility(account_ids=[account.pk], on=on, at=moment(on, 9))[account.pk]
    return set(found.verdict.causes)


class TestTheLawByDate:
    def test_in_2019_the_lot_and_the_home_may_be_cut_and_the_school_never(self, july: Town) -> None:
        found = queries.eligibility(
            account_ids=[july.lot.pk, july.chuy.pk, july.lupita.pk, july.school.pk, july.rancho.pk],
            on=DAY,
            at=AT,
        )
        assert (found[july.lot.pk].verdict.measure, found[july.lot.pk].verdict.is_go) == ("cut", True)
        assert (found[july.chuy.pk].verdict.measure, found[july.chuy.pk].verdict.is_go) == ("cut", True)
        # a senior's home: less flow, never none
        assert found[july.lupita.pk].verdict.measure == "restriction"
        assert found[july.school.pk].verdict.causes == {Cause.PROTECTED_USE}
        assert found[july.rancho.pk].verdict.causes == {Cause.NO_DEBT}

    def test_since_the_general_law_of_waters_a_home_is_only_restricted(self) -> None:
        old, new = (queries.policy_on(on=date(2025, 12, day)) for day in (11, 12))
        assert (old.measures["residential"], new.measures["residential"]) == ("cut", "restriction")
        assert new.measures["commercial"] == "cut"
        assert old.measures["public"] == new.measures["public"] == "never"

    def test_before_any_policy_nobody_may_be_cut(self, july: Town) -> None:
        with pytest.raises(queries.NoDisconnectionPolicy, match="no había reglas"):
            queries.eligibility(account_ids=[july.chuy.pk], on=date(2017, 5, 1), at=AT)

    test_since_the_general_law_of_waters_a_home_is_only_restricted = pytest.mark.django_db(
        test_since_the_general_law_of_waters_a_home_is_only_restricted
    )


class TestCalledOff:
    def test_who_pays_is_not_cut(self, july: Town) -> None:
        order = dispatched(july.chuy)
        counter.pay(july.chuy, 50_00, on=DAY, hour=10)
        order.refresh_from_db()
        order.field_order.refresh_from_db()
        assert order.state == "canceled" and order.field_order.canceled_at is not None
        assert not verdicts.of(orders=[order.field_order], at=moment(DAY, 11))[order.field_order.folio].go

    def test_a_payment_on_its_way_is_waited_for_two_business_days(self, july: Town) -> None:
        """Saturday the 20th: Monday and Tuesday are waited for, on Wednesday the 24th not any more."""
        order = dispatched(july.chuy)
        declared = commands.declare_transit(
            account=july.chuy, reference="SPEI 8841", place="BBVA", amount_cents=300_00, paid_on=DAY, on=DAY,
            at=moment(DAY, 10), by="veronica",
        )  # fmt: skip
        order.refresh_from_db()
        assert (order.state, declared.until) == ("canceled", date(2019, 7, 23))
        assert causes(july.chuy, on=date(2019, 7, 23)) == {Cause.IN_TRANSIT}
        assert causes(july.chuy, on=date(2019, 7, 24)) == set()

    def test_a_protected_place_is_never_cut(self, july: Town) -> None:
        order = dispatched(july.chuy)
        commands.protect_account(
            account=july.chuy,
            protected_reason="diálisis en casa",
            reason="IMSS",
            at=moment(DAY, 10),
            by="laura",
        )
        order.refresh_from_db()
        assert (order.state, causes(july.chuy)) == ("canceled", {Cause.PROTECTED_PREMISE})

    def test_nobody_approves_what_they_proposed(self, july: Town) -> None:
        batch = commands.propose_batch(
            title="Ruta", account_ids=[july.chuy.pk], segment=Segment(), on=DAY, at=AT, by="salas"
        )
        with pytest.raises(commands.CannotApproveCuts, match="Nadie aprueba"):
            commands.approve_present(
                batch=batch, approver="salas", pin=counter.PIN, reason="x", at=AT, by="laura"
            )
        assert batch.orders.get().state == "proposed"


class TestExecuted:
    def test_a_cut_and_its_water_back_with_the_payment(self, july: Town) -> None:
        """He pays everything at noon: the order to bring the water back is born then, with its fee."""
        result = cut(july.chuy)
        assert (result.incidents, result.seal_number) == ([], "S-77")
        assert ServiceInterruption.objects.get().kind == "cut"
        counter.pay(july.chuy, 400_00, on=DAY, hour=12)
        water = ReconnectionOrder.objects.get()
        assert (water.cause, water.fee_cents, water.created_at) == (
            "payment",
            475_60,
            moment(DAY, 12),
        )  # $410.00 and 16 % of VAT
        assert water.due_at == moment(DAY, 12) + timedelta(hours=72)
        fieldwork.record_order_result(
            order=water.field_order, done_at=moment(DAY, 16), at=moment(DAY, 16), by="julian",
            told=fieldwork.Told(is_done=True, answers={"flows": "yes"}),
        )  # fmt: skip
        water.refresh_from_db()
        assert water.state == "done"
        assert not ServiceInterruption.objects.in_effect(on=DAY).exists()
        assert [finding for each in CHECKS for finding in each.find()] == []

    def test_a_payment_taken_back_withdraws_the_reconnection(self, july: Town) -> None:
        cut(july.chuy)
        receipt = counter.pay(july.chuy, 400_00, on=DAY, hour=12)
        counter.cancel(receipt["receipt_folio"], on=DAY)
        assert ReconnectionOrder.objects.get().state == "withdrawn"
        assert ServiceInterruption.objects.in_effect(on=DAY).exists()

    def test_a_cut_made_although_it_was_called_off_is_undone_at_once_and_free(self, july: Town) -> None:
        order = dispatched(july.chuy)
        counter.pay(july.chuy, 400_00, on=DAY, hour=10)
        order.refresh_from_db()
        result = commands.record_cut(
            order=order, done=commands.Done(done_at=moment(DAY, 11)), at=moment(DAY, 15), by="julian"
        )
        assert "canceled" in {each["cause"] for each in result.incidents}
        water = ReconnectionOrder.objects.get()
        assert (water.cause, water.fee_cents, water.due_at) == ("wrongful", 0, moment(DAY, 19))

    def test_a_right_cut_told_after_the_payment_is_no_incident_and_the_water_comes_back(
        self, july: Town
    ) -> None:
        """Cut at 10:00 by the check of 9:00, paid at 11:00, told at 15:00."""
        order = dispatched(july.chuy)
        counter.pay(july.chuy, 400_00, on=DAY, hour=11)
        order.refresh_from_db()
        result = commands.record_cut(
            order=order, done=commands.Done(done_at=moment(DAY, 10)), at=moment(DAY, 15), by="julian"
        )
        assert result.incidents == []
        assert ReconnectionOrder.objects.get().cause == "payment"

    def test_a_cut_by_a_check_of_the_day_before_is_an_incident(self, july: Town) -> None:
        order = dispatched(july.chuy)
        late = moment(DAY, 9) + timedelta(hours=24, minutes=1)
        result = commands.record_cut(order=order, done=commands.Done(done_at=late), at=late, by="julian")
        assert [each["cause"] for each in result.incidents] == ["old_check"]
        assert ReconnectionOrder.objects.get().cause == "wrongful"

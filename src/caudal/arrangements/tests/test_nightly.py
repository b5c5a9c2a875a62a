"""What the night decides, what midnight does, and what comes back after an agreement was kept."""

from datetime import date, datetime
from typing import Any

import pytest
from tests.town import counter
from tests.town.cast import ZONE, Town, moment

from caudal.arrangements import checks as own_checks
from caudal.arrangements import commands as arrangements
from caudal.arrangements import queries
from caudal.arrangements.commands import ending
from caudal.arrangements.models import ArrangementEnd, PaymentArrangement
from caudal.arrangements.policy import Terms
from caudal.arrangements.tests.desk import (
    SIGNED,
    campaign,
    owe,
    owed,
    owed_by_period,
    pay,
    sign,
)
from caudal.campaigns.models import Waiver
from caudal.kernel.waiting import StillBusy
from caudal.registry.models import Account

pytestmark = pytest.mark.django_db

MAY, JUNE = date(2019, 5, 20), date(2019, 6, 20)


def test_two_missed_break_it_by_night_and_only_once(april: Town) -> None:
    """Installments 1 (20 May) and 2 (20 June): on 20 June the second is not late yet, on the 21st it is."""
    signed = sign(april.chuy)
    pay(april.chuy, 64_00, on=SIGNED)
    by_night = {"at": moment(JUNE, 23), "by": "sistema"}
    assert arrangements.default_overdue(on=JUNE, **by_night) == []
    (end,) = arrangements.default_overdue(on=date(2019, 6, 21), **by_night)
    assert (end.arrangement, end.reason) == (signed, "Parcialidades vencidas sin pagar: 2.")
    assert arrangements.default_overdue(on=date(2019, 6, 21), **by_night) == []


def test_the_down_payment_has_three_days(april: Town) -> None:
    sign(april.chuy)
    by_night = {"at": moment(SIGNED, 23), "by": "sistema"}
    assert arrangements.default_overdue(on=date(2019, 4, 23), **by_night) == []
    (end,) = arrangements.default_overdue(on=date(2019, 4, 24), **by_night)
    assert end.reason == "No se hizo el pago inicial."


def test_the_bill_of_the_month_must_be_paid_too(april: Town) -> None:
    """The installments are up to date, but April and May are not paid: on 16 June two bills are late."""
    signed = sign(april.chuy)
    pay(april.chuy, 64_00 + 60_50, on=SIGNED)
    for period, due_on in ((201904, date(2019, 6, 1)), (201905, date(2019, 6, 15))):
        owe(april.chuy, 100_00, period=period, due_on=due_on)
    assert [reason for _, reason in queries.overdue(on=date(2019, 6, 15))] == []
    assert queries.overdue(on=date(2019, 6, 16)) == [(signed, "Recibos del mes vencidos sin pagar: 2.")]
    (end,) = arrangements.default_overdue(on=date(2019, 6, 16), at=moment(JUNE, 23), by="sistema")
    # the bills of April and May stay as they were
    assert owed_by_period(april.chuy, on=date(2019, 6, 16))[201904] == (100_00, 0, 1_00)
    assert end.kind == ArrangementEnd.Kind.DEFAULTED


def test_a_second_apart_at_midnight_each_is_signed_by_one_rule(april: Town, neighbor: Account) -> None:
    """The campaign and the old policy end with April: at 23:59:59 both rule, a second later neither does."""
    campaign()
    arrangements.set_policy(
        effective_from=date(2019, 5, 1), article="Acuerdo CA-9/2019", on=SIGNED, at=moment(SIGNED), by="salas",
        code="convenios-mayo",
    )  # fmt: skip
    first_due_on = date(2019, 5, 31)
    before = sign(
        april.chuy, Terms(down_cents=100_00, count=2, first_due_on=first_due_on), on=date(2019, 4, 30),
        at=datetime(2019, 4, 30, 23, 59, 59, tzinfo=ZONE),
    )  # fmt: skip
    after = sign(
        neighbor, Terms(down_cents=100_00, count=2, first_due_on=first_due_on), on=date(2019, 5, 1),
        at=datetime(2019, 5, 1, tzinfo=ZONE),
    )  # fmt: skip
    # 3.00 + 2.00 + 1.00 of surcharges on both days: three quarters are 4.50
    assert (before.policy.code, before.total_cents, before.waived_cents) == ("convenios-2018", 306_00, 4_50)
    assert (after.policy.code, after.total_cents, after.waived_cents) == ("convenios-mayo", 306_00, 0)
    assert [(each.document, each.rule) for each in Waiver.objects.all()] == [("CON-000001", "ABRIL-2019")]


def test_a_check_that_bounces_after_it_was_kept_is_found(april: Town) -> None:
    """Its end stays; what it owes again is told by the checks, and may be put in another agreement."""
    sign(april.chuy)
    receipt = pay(april.chuy, 306_00, on=MAY)
    arrangements.finish_paid(on=MAY, at=moment(MAY, 12), by="sistema")
    counter.cancel(receipt["receipt_folio"], on=MAY)
    assert owed(april.chuy, on=MAY) == 306_00
    assert len(findings()) == 5 and "cumplido y la parcialidad 0 todavía debe $64.00" in findings()[0]
    again = sign(april.chuy, Terms(down_cents=66_00, count=4, first_due_on=JUNE), on=MAY)
    assert again.total_cents == 306_00 and findings() == []


def findings() -> list[str]:
    return [said for check in own_checks.CHECKS for said in check.find()]


def test_one_that_cannot_be_broken_does_not_stop_the_others(
    april: Town, neighbor: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy, free = sign(april.chuy), sign(neighbor)
    real = ending.default_arrangement

    def at_the_window(*, arrangement: PaymentArrangement, **said: Any) -> ArrangementEnd:
        if arrangement == busy:
            raise StillBusy("Otra persona está cobrando la cuenta.", "Intente otra vez.")
        return real(arrangement=arrangement, **said)

    monkeypatch.setattr(ending, "default_arrangement", at_the_window)
    with pytest.raises(StillBusy):
        arrangements.default_overdue(on=MAY, at=moment(MAY, 23), by="sistema")
    assert ArrangementEnd.objects.get().arrangement == free
    monkeypatch.undo()
    (end,) = arrangements.default_overdue(on=MAY, at=moment(MAY, 23), by="sistema")
    assert end.arrangement == busy

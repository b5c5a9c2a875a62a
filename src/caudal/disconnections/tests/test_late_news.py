"""News that comes late or that nobody announced: a cut of an order called off, the night, money the bank has."""

from datetime import date, datetime, timedelta

import pytest
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.cases import commands as cases
from caudal.cases.models import Case
from caudal.cashier.tests import channel_stories as channels
from caudal.disconnections import commands, queries
from caudal.disconnections.checks import CHECKS
from caudal.disconnections.models import Disconnection, DisconnectionOrder, OrderCheck, ReconnectionOrder
from caudal.disconnections.policy import Cause
from caudal.disconnections.tests.crew import DAY, cut, dispatched
from caudal.fees.models import CounterService
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork import verdicts
from caudal.fieldwork.models import FieldOrder, Stop
from caudal.fieldwork.tests import street
from caudal.fieldwork.tests.telephones import Telephone, telephone_of
from caudal.ledger import commands as ledger
from caudal.ledger.models import Charge, DocumentKind
from caudal.registry import commands as registry
from caudal.registry.models import Account, ServiceInterruption

EVENING = moment(DAY, 18)


@pytest.fixture
def phone(july: Town) -> Telephone:
    return telephone_of(street.crew(), at=moment(DAY, 7))


def carried(phone: Telephone, order: FieldOrder) -> Stop:
    """The order in the round of the crew."""
    crew = phone.device.clerk
    taken = fieldwork.plan_order_round(
        orders=[order], name="Cortes", on=DAY, assigned_to=crew, at=moment(DAY, 9), by="laura"
    )
    return taken.stops.get()


def tells(phone: Telephone, stop: Stop, *, done: bool, hour: int = 11, **said: object) -> str:
    """The phone tells in the evening what was done in the morning; what became of it."""
    body = {
        "done": done,
        "seal": "S-9",
        "answers": {"seal": "S-9"},
        "reason": "" if done else "No procede",
    } | said
    [told] = phone.sends(phone.tells(stop, "order", body, moment(DAY, hour)), at=EVENING)
    return told.state


def findings() -> list[str]:
    return [finding for each in CHECKS for finding in each.find()]


def night(on: date = DAY) -> None:
    commands.sweep(on=on, at=moment(on, 23), by="sistema")


def test_the_crews_part_of_a_cut_is_called_off_with_the_cut(july: Town) -> None:
    """Alone it would leave a cut that goes on and that nobody carries."""
    order = dispatched(july.chuy)
    assert order.field_order is not None
    with pytest.raises(fieldwork.CannotCancelOrder, match=f"es parte de {order.folio}"):
        fieldwork.cancel_order(order=order.field_order, reason="Error", at=moment(DAY, 10), by="laura")
    order.field_order.refresh_from_db()
    assert (order.field_order.canceled_at, order.steps.count()) == (None, 3)
    commands.cancel_cut(order=order, reason="Error", at=moment(DAY, 10), by="laura")
    order.field_order.refresh_from_db()
    assert order.field_order.canceled_reason == f"{order.folio}: Error"


class TestToldOfAnOrderCalledOff:
    def test_it_is_evidence_and_the_water_comes_back(self, july: Town, phone: Telephone) -> None:
        """He paid at ten, the phone had no network, it was cut at eleven."""
        order = dispatched(july.chuy)
        assert order.field_order is not None
        stop = carried(phone, order.field_order)
        counter.pay(july.chuy, 400_00, on=DAY, hour=10)
        assert tells(phone, stop, done=True) == "applied"
        result = Disconnection.objects.get()
        assert Cause.CANCELED in {each["cause"] for each in result.incidents}
        assert result.event is not None and result.event.body["seal"] == "S-9"
        water = ReconnectionOrder.objects.get()
        assert (water.cause, water.fee_cents, water.due_at) == ("wrongful", 0, EVENING + timedelta(hours=4))
        stop.refresh_from_db()
        assert stop.outcome == "done"
        assert Case.objects.filter(origin_folio=order.folio).count() == 1
        # told again by another line, it is set aside and changes nothing
        assert tells(phone, stop, done=True, hour=12) == "quarantined"
        assert (Disconnection.objects.count(), ReconnectionOrder.objects.count(), findings()) == (1, 1, [])

    def test_that_it_was_not_done_leaves_everything_as_it_is(self, july: Town, phone: Telephone) -> None:
        order = dispatched(july.chuy)
        assert order.field_order is not None
        stop = carried(phone, order.field_order)
        counter.pay(july.chuy, 400_00, on=DAY, hour=10)
        assert tells(phone, stop, done=False) == "applied"
        assert (Disconnection.objects.count(), ServiceInterruption.objects.count()) == (0, 0)

    def test_of_a_cut_that_nobody_proposed_it_is_set_aside(self, july: Town, phone: Telephone) -> None:
        order = fieldwork.order_field_work(
            kind=FieldOrder.Kind.DISCONNECTION, origin_kind="desk", origin_folio="", account=july.chuy,
            at=moment(DAY, 8), by="laura",
        )  # fmt: skip
        stop = carried(phone, order)
        fieldwork.cancel_order(order=order, reason="Error", at=moment(DAY, 10), by="laura")
        assert tells(phone, stop, done=True) == "quarantined"
        assert ServiceInterruption.objects.count() == 0

    def test_while_another_order_for_the_water_waits(self, july: Town, phone: Telephone) -> None:
        """Two orders of one house: the second is told first, paid for, and its water waits; then comes the first."""
        first = dispatched(july.chuy)
        assert first.field_order is not None
        stop = carried(phone, first.field_order)
        commands.cancel_cut(order=first, reason="Vino a hablar", at=moment(DAY, 9, 30), by="laura")
        cut(july.chuy, hour=13)
        counter.pay(july.chuy, 400_00, on=DAY, hour=14)
        paid = ReconnectionOrder.objects.get()
        assert paid.fee_cents == 475_60
        assert tells(phone, stop, done=True, hour=11) == "applied"
        paid.refresh_from_db()
        water = ReconnectionOrder.objects.get(state="open")
        assert (paid.state, water.cause, water.fee_cents) == ("withdrawn", "wrongful", 0)
        # nobody had paid the fee of what was withdrawn
        assert not CounterService.objects.filter(end=None).exists()
        assert findings() == []


class TestToldWithNetwork:
    @pytest.mark.parametrize(
        ("begun", "incidents"),
        [(None, ["old_check"]), (moment(DAY, 9, 3), ["old_check"]), (moment(DAY, 9, 2), [])],
    )
    def test_the_look_had_to_be_of_two_minutes_ago_when_the_work_began(
        self, july: Town, phone: Telephone, begun: datetime | None, incidents: list[str]
    ) -> None:
        """Verified at nine, done at eleven."""
        order = dispatched(july.chuy)
        assert order.field_order is not None
        stop = carried(phone, order.field_order)
        told = {
            "checked_at": moment(DAY, 9).isoformat(),
            "begun_at": begun and begun.isoformat(),
            "online": True,
        }
        assert tells(phone, stop, done=True, **told) == "applied"
        assert [each["cause"] for each in Disconnection.objects.get().incidents] == incidents


class TestTheNight:
    def test_a_claim_calls_an_order_off(self, july: Town) -> None:
        """$300.00 are claimed; of what is past due only the surcharges are left, less than the least."""
        order = dispatched(july.chuy)
        cases.open_case(
            type="high_consumption", channel="window", account=july.chuy, description="No gasté eso",
            at=moment(DAY, 12), by="marta",
        )  # fmt: skip
        order.refresh_from_db()
        assert order.state == "dispatched"
        night()
        order.refresh_from_db()
        seen = order.checks.get(stage=OrderCheck.Stage.SWEEP)
        assert (order.state, [each["cause"] for each in seen.reasons]) == (
            "canceled",
            ["small_debt", "claim"],
        )

    def test_an_approval_lapses(self, july: Town) -> None:
        order = dispatched(july.chuy)
        night(DAY + timedelta(days=14))
        order.refresh_from_db()
        assert order.state == "dispatched"
        night(DAY + timedelta(days=15))
        order.refresh_from_db()
        assert order.state == "canceled"

    def test_a_debt_that_went_without_a_payment_brings_the_water_back(self, july: Town) -> None:
        cut(july.chuy)
        for charge in list(Charge.objects.filter(account_id=july.chuy.pk, document_kind=DocumentKind.BILL)):
            ledger.cancel_document_charges(
                account=july.chuy, period=charge.period, document_kind=charge.document_kind,
                sequence=charge.sequence, on=DAY, at=moment(DAY, 15), by="salas", reason="Mal facturado",
            )  # fmt: skip
        assert len(findings()) == 1
        assert "nadie ordenó reconectarla" in findings()[0]
        night()
        assert ReconnectionOrder.objects.get().state == "open"
        assert findings() == []

    def test_water_that_flows_already_is_not_waited_for(self, july: Town) -> None:
        cut(july.chuy)
        counter.pay(july.chuy, 400_00, on=DAY, hour=12)
        registry.restore_service(account=july.chuy, on=DAY, by="laura", at=moment(DAY, 15), reason="A mano")
        night()
        assert ReconnectionOrder.objects.get().state == "withdrawn"


class TestMoneyOfTheBank:
    def arrives(self, reference: str, on: date = DAY) -> None:
        """The file of the bank, with $301.00, which nobody owes, and nobody recognizes."""
        channel = channels.open_channel()
        day = on - timedelta(days=1)
        channels.load(channel, f"{reference},301.00,{day},A-1\n", on=on)

    def causes(self, account: Account, on: date) -> set[Cause]:
        judged = queries.eligibility(account_ids=[account.pk], on=on, at=moment(on, 19))[account.pk]
        return set(judged.verdict.causes)

    def test_it_is_waited_for_from_when_it_was_loaded(self, july: Town) -> None:
        """010171 is 010117 with two digits exchanged. Loaded on Saturday the 20th: Monday and Tuesday are waited for."""
        self.arrives("010171")
        assert self.causes(july.chuy, DAY) == {Cause.IN_TRANSIT}
        assert self.causes(july.chuy, date(2019, 7, 23)) == {Cause.IN_TRANSIT}
        assert self.causes(july.chuy, date(2019, 7, 24)) == set()
        assert self.causes(july.lot, DAY) == set()

    def test_at_the_door_it_no_longer_proceeds(self, july: Town) -> None:
        order = dispatched(july.chuy)
        assert order.field_order is not None
        self.arrives("010171")
        told = verdicts.of(orders=[order.field_order], at=moment(DAY, 19))[order.field_order.folio]
        assert not told.go
        assert DisconnectionOrder.objects.get().state == "canceled"

    def test_of_a_stranger_it_says_nothing(self, july: Town) -> None:
        self.arrives("999999")
        assert self.causes(july.chuy, DAY) == set()

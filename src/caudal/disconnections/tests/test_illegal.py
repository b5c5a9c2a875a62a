"""Water taken without leave: found by a reader, a crew or the desk; one fine by the rule, one case, and back by two people."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.cases.models import Case, CasePhoto
from caudal.disconnections import commands
from caudal.disconnections.checks import CHECKS
from caudal.disconnections.models import DisconnectionPolicy, IllegalReconnection, ReconnectionOrder
from caudal.disconnections.tests.crew import DAY, cut
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.commands import StopPlan
from caudal.fieldwork.models import FieldOrder, Round
from caudal.fieldwork.tests.telephones import telephone_of
from caudal.ledger import catalog
from caudal.ledger import queries as ledger
from caudal.ledger.models import Charge
from caudal.metering import commands as metering
from caudal.metering.models import MeterInstallation
from caudal.registry.models import Account
from caudal.tariffs import queries as tariffs

LATER = DAY + timedelta(days=10)


def found(account: Account, on: date = LATER, **said: object) -> IllegalReconnection:
    """Laura is told of it at ten."""
    told = {"evidence": "Sello roto y manguera", "found_by": "julian", "by": "laura", "at": moment(on)} | said
    return commands.record_illegal_reconnection(account=account, found_on=on, **told)  # type: ignore[arg-type]


def fines(account: Account) -> list[int]:
    """What was charged as fine."""
    charges = Charge.objects.filter(account_id=account.pk, concept_id=catalog.FINE)
    return list(charges.values_list("amount_cents", flat=True))


def owed(account: Account, on: date = LATER) -> int:
    terms = tariffs.terms_on(on=on)
    return ledger.statement(account_id=account.pk, on=on, terms=terms).total_cents


def findings() -> list[str]:
    return [finding for each in CHECKS for finding in each.find()]


class TestAtTheDesk:
    def test_one_fine_by_the_rule_of_the_day_and_one_case(self, july: Town) -> None:
        """$1,000.00 without VAT: a fine is no service."""
        cut(july.chuy)
        before = owed(july.chuy)
        told = found(july.chuy)
        assert (told.fine_cents, told.interrupted_on, told.source) == (1_000_00, DAY, "desk")
        assert told.policy.code == "cortes-2018"
        assert (fines(july.chuy), owed(july.chuy) - before) == ([1_000_00], 1_000_00)
        case = Case.objects.get(type__code="illegal_reconnection")
        assert (case.folio, case.account) == (told.case_folio, july.chuy)
        assert "Sello roto y manguera" in case.description
        assert findings() == []

    def test_told_again_it_is_the_same(self, july: Town) -> None:
        cut(july.chuy)
        assert found(july.chuy).pk == found(july.chuy, on=LATER + timedelta(days=1), by="salas").pk
        assert (fines(july.chuy), Case.objects.count()) == ([1_000_00], 1)

    def test_its_photograph_is_in_the_case(self, july: Town) -> None:
        cut(july.chuy)
        drawn = BytesIO()
        Image.effect_noise((80, 60), 50).save(drawn, "JPEG")
        found(july.chuy, photos=[drawn.getvalue()])
        assert CasePhoto.objects.get().case.type.code == "illegal_reconnection"

    def test_what_is_not_one_is_refused_and_leaves_nothing(self, july: Town) -> None:
        with pytest.raises(commands.CannotRecordIllegalReconnection, match="no estaba cortada"):
            found(july.lot)
        cut(july.chuy)
        with pytest.raises(commands.CannotRecordIllegalReconnection, match="cómo se supo"):
            found(july.chuy, evidence=" ")
        with pytest.raises(commands.CannotRecordIllegalReconnection, match="todavía no llega"):
            found(july.chuy, on=LATER + timedelta(days=1), at=moment(LATER))
        assert (fines(july.chuy), IllegalReconnection.objects.count(), Case.objects.count()) == ([], 0, 0)

    def test_who_paid_and_waits_for_the_crew_is_not_fined(self, july: Town) -> None:
        cut(july.chuy)
        counter.pay(july.chuy, 400_00, on=DAY, hour=12)
        assert ReconnectionOrder.objects.get().state == "open"
        with pytest.raises(commands.CannotRecordIllegalReconnection, match="se le debe el agua"):
            found(july.chuy)

    def test_where_the_rule_has_no_fine_there_is_only_a_case(self, july: Town) -> None:
        cut(july.chuy)
        law = DisconnectionPolicy.objects.get(code="cortes-2018")
        law.pk, law.code, law.effective_from, law.fine_cents = None, "sin-multa", LATER, 0
        law.save(force_insert=True)
        told = found(july.chuy)
        assert (told.fine_cents, told.charge_sequence, fines(july.chuy)) == (0, 0, [])
        assert told.case_folio


class TestTakenBack:
    def approved(self, told: IllegalReconnection, approver: str = "salas", by: str = "laura") -> object:
        return commands.approve_fine_back(
            illegal=told,
            approver=approver,
            pin=counter.PIN,
            reason="Era del vecino",
            at=moment(LATER, 12),
            by=by,
        )

    def test_by_two_people_and_what_was_paid_is_in_favor(self, july: Town) -> None:
        cut(july.chuy)
        told, before = found(july.chuy), owed(july.chuy)
        commands.cancel_illegal_reconnection(
            illegal=told,
            reason="Era del vecino",
            approval=self.approved(told),
            at=moment(LATER, 12),
            by="laura",  # type: ignore[arg-type]
        )
        assert owed(july.chuy) == before - 1_000_00
        assert findings() == []
        with pytest.raises(commands.CannotCancelFine, match="ya se había quitado"):
            self.approved(told)
        # found again, it is another one
        again = found(july.chuy, on=LATER + timedelta(days=5))
        assert (again.attempt, again.pk != told.pk, len(fines(july.chuy))) == (2, True, 2)

    def test_not_by_who_put_it_nor_by_one_alone(self, july: Town) -> None:
        cut(july.chuy)
        told = found(july.chuy, by="salas")
        with pytest.raises(commands.CannotCancelFine, match="Nadie quita la multa que puso"):
            self.approved(told)
        with pytest.raises(Exception, match="una sola persona"):
            commands.cancel_illegal_reconnection(
                illegal=told, reason="x", approval=None, at=moment(LATER, 12), by="laura"
            )
        with pytest.raises(commands.CannotCancelFine, match="Falta el motivo"):
            commands.cancel_illegal_reconnection(
                illegal=told, reason=" ", approval=None, at=moment(LATER, 12), by="laura"
            )
        assert owed(july.chuy) > 1_000_00


class TestInTheStreet:
    def read(self, town: Town, account: Account, code: str, on: date = LATER) -> None:
        """Julián's phone tells a reading of July."""
        phone = telephone_of(town.julian, at=moment(on, 7))
        meter = MeterInstallation.objects.get(service_point=town.point(account), removed_on=None)
        plan = StopPlan("reading", str(meter.pk), town.point(account))
        walk = fieldwork.plan_round(
            kind=Round.Kind.READING, name="Lectura", on=on, assigned_to=town.julian, stops=[plan], period=201907,
            at=moment(on, 7), by="laura",
        )  # fmt: skip
        body = {"value": 4150, "code": code, "serial": meter.meter.serial, "entries": 1, "warned": []}
        [told] = phone.sends(phone.tells(walk.stops.get(), "reading", body, moment(on, 9)), at=moment(on, 18))
        assert told.state == "applied"

    def test_a_reader_who_sees_it_opens_case_and_fine(self, july: Town) -> None:
        cut(july.espiga)
        self.read(july, july.espiga, "18")
        told = IllegalReconnection.objects.get()
        assert (told.source, told.found_on, told.found_by) == ("reading", LATER, "julian")
        assert told.event is not None and told.event.body["code"] == "18"
        assert fines(july.espiga) == [1_000_00]
        commands.sweep(on=LATER, at=moment(LATER, 23), by="sistema")
        assert (IllegalReconnection.objects.count(), fines(july.espiga)) == (1, [1_000_00])

    def test_where_nothing_is_cut_it_is_nothing(self, july: Town) -> None:
        self.read(july, july.espiga, "18")
        assert (IllegalReconnection.objects.count(), Case.objects.count()) == (0, 0)

    def test_what_was_captured_in_the_office_is_seen_at_night_and_only_once(self, july: Town) -> None:
        cut(july.espiga)
        metering.record_reading(
            service_point=july.point(july.espiga), period=201907, value=4150, exception_code="18", read_on=LATER,
            observer="julian", by="laura", at=moment(LATER, 17),
        )  # fmt: skip
        commands.sweep(on=LATER, at=moment(LATER, 23), by="sistema")
        told = IllegalReconnection.objects.get()
        given = commands.approve_fine_back(
            illegal=told,
            approver="salas",
            pin=counter.PIN,
            reason="Se leyó otro",
            at=moment(LATER, 23),
            by="laura",
        )
        commands.cancel_illegal_reconnection(
            illegal=told, reason="Se leyó otro", approval=given, at=moment(LATER, 23), by="laura"
        )
        night = LATER + timedelta(days=1)
        commands.sweep(on=night, at=moment(night, 23), by="sistema")
        assert IllegalReconnection.objects.count() == 1

    def test_a_crew_that_finds_the_connection_irregular(self, july: Town) -> None:
        cut(july.chuy)
        order = fieldwork.order_field_work(
            kind=FieldOrder.Kind.FRAUD_CHECK, origin_kind="desk", origin_folio="", account=july.chuy, at=moment(LATER),
            by="laura",
        )  # fmt: skip
        fieldwork.record_order_result(
            order=order, done_at=moment(LATER, 12), at=moment(LATER, 12), by="julian",
            told=fieldwork.Told(is_done=True, answers={"irregular": True, "what": "manguera"}),
        )  # fmt: skip
        told = IllegalReconnection.objects.get()
        assert (told.source, told.found_by) == ("order", "julian")
        assert told.evidence == f"{order.folio}: manguera"

    def test_a_crew_that_finds_one_where_nothing_is_cut_is_no_fine(self, july: Town) -> None:
        order = fieldwork.order_field_work(
            kind=FieldOrder.Kind.FRAUD_CHECK, origin_kind="desk", origin_folio="", account=july.chuy, at=moment(LATER),
            by="laura",
        )  # fmt: skip
        fieldwork.record_order_result(
            order=order, done_at=moment(LATER, 12), at=moment(LATER, 12), by="julian",
            told=fieldwork.Told(is_done=True, answers={"irregular": True, "what": "manguera"}),
        )  # fmt: skip
        assert (IllegalReconnection.objects.count(), fines(july.chuy)) == (0, [])

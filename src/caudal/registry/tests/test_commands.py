"""Who is served, where, since when, on which terms: every change is a dated row and nothing is overwritten."""

from datetime import date

import pytest
from tests.town.cast import OPENED_ON, Town, moment

from caudal.kernel.models import AuditEntry
from caudal.registry import commands as registry
from caudal.registry.models import (
    Account,
    AccountHolder,
    Benefit,
    Person,
    Premise,
    ServiceAgreement,
    ServiceInterruption,
    ServicePoint,
)

ON = date(2018, 6, 1)
AT = moment(ON)


def spans(rows) -> list[tuple[date, date | None]]:
    return [(row.effective_from, row.effective_to) for row in rows.order_by("effective_from", "pk")]


def open_for(town: Town, **changes: object) -> Account:
    told = {
        "number": "010500",
        "holder": registry.Holder(full_name="  Óscar   Beltrán Ríos ", phone="392 925 1500"),
        "place": registry.Place(
            address="Hidalgo 119", locality=town.la_barca, route=town.routes["01-001"], walk_sequence=15
        ),
        "tariff_class": town.classes["HAB-GEN"], "is_metered": False, "opened_on": ON, "by": "laura", "at": AT,
    } | changes  # fmt: skip
    return registry.open_account(**told)


class TestOpening:
    def test_an_account_is_born_whole(self, town: Town) -> None:
        account = open_for(town, reason="Toma nueva")
        assert account.holders.get().person.full_name == "Óscar Beltrán Ríos"
        agreement = account.agreements.get()
        assert agreement.service_point.premise.address == "Hidalgo 119"
        assert (agreement.tariff_class.code, agreement.is_metered) == ("HAB-GEN", False)
        assert (agreement.agreed_by, agreement.reason) == (town.laura, "Toma nueva")
        entry = AuditEntry.objects.get(act="open_account", object_id="010500")
        assert (entry.by, entry.after["holder"]) == ("laura", "Óscar Beltrán Ríos")

    def test_the_next_free_number_steps_over_those_taken(self, town: Town) -> None:
        open_for(town, number="000001")
        assert open_for(town, number="").number == "000002"
        assert open_for(town, number="").number == "000003"

    @pytest.mark.parametrize(
        ("changes", "sentence", "field"),
        [
            ({"number": "010293"}, "La cuenta 010293 ya existe", "number"),
            ({"holder": registry.Holder(full_name="  ")}, "Falta el nombre", "full_name"),
            ({"holder": registry.Holder(full_name="Ana", rfc="XXXX000000")}, "El RFC XXXX000000", "rfc"),
            ({"holder": registry.Holder(full_name="Ana", curp="MALA")}, "La CURP MALA", "curp"),
        ],
    )
    def test_a_bad_fact_leaves_nothing_behind(
        self, town: Town, changes: dict, sentence: str, field: str
    ) -> None:
        before = [
            model.objects.count() for model in (Account, Person, Premise, ServicePoint, ServiceAgreement)
        ]
        with pytest.raises(registry.CannotOpenAccount, match=sentence) as refused:
            open_for(town, **changes)
        assert refused.value.field == field
        after = [
            model.objects.count() for model in (Account, Person, Premise, ServicePoint, ServiceAgreement)
        ]
        assert after == before

    def test_an_address_is_needed(self, town: Town) -> None:
        nowhere = registry.Place(
            address=" ", locality=town.la_barca, route=town.routes["01-001"], walk_sequence=1
        )
        with pytest.raises(registry.CannotOpenAccount, match="Falta el domicilio"):
            open_for(town, place=nowhere)
        assert Account.objects.count() == 8

    def test_good_identity_numbers_are_kept_in_capitals(self, town: Town) -> None:
        holder = registry.Holder(
            full_name="Comisión", kind="legal", rfc="cfe370814qi0", curp="heGG560427mvzrrl04"
        )
        person = open_for(town, holder=holder).holders.get().person
        assert (person.rfc, person.curp) == ("CFE370814QI0", "HEGG560427MVZRRL04")
        public = registry.Holder(full_name="Público en general", rfc="XAXX010101000")
        assert open_for(town, number="010501", holder=public).holders.get().person.rfc == "XAXX010101000"

    def test_a_served_point_is_not_given_to_another_account(self, town: Town) -> None:
        with pytest.raises(
            registry.CannotOpenAccount, match="ya tiene un contrato en esas fechas: la cuenta 010405"
        ):
            open_for(town, place=town.point(town.espiga))
        assert not Account.objects.filter(number="010500").exists()

    def test_a_point_is_used_again_after_its_account_closes(self, town: Town) -> None:
        point = town.point(town.espiga)
        registry.close_account(account=town.espiga, on=date(2018, 5, 1), reason="Cerró", by="laura", at=AT)
        heir = open_for(town, place=point, tariff_class=town.classes["COM-SEC"])
        assert spans(ServiceAgreement.objects.filter(service_point=point)) == [
            (OPENED_ON, date(2018, 5, 1)), (ON, None),
        ]  # fmt: skip
        assert town.point(heir) == point
        assert ServicePoint.objects.count() == 8


class TestHolders:
    def test_the_former_holder_stays_written(self, town: Town) -> None:
        registry.change_holder(
            account=town.chuy, holder=registry.Holder(full_name="María Ramírez"), on=ON, reason="Compraventa",
            by="laura", at=AT,
        )  # fmt: skip
        rows = AccountHolder.objects.filter(account=town.chuy).order_by("effective_from")
        assert [row.person.full_name for row in rows] == ["Jesús Ramírez Ochoa", "María Ramírez"]
        assert spans(rows) == [(OPENED_ON, ON), (ON, None)]
        entry = AuditEntry.objects.get(act="change_holder")
        assert (entry.before, entry.reason) == ({"holder": "Jesús Ramírez Ochoa"}, "Compraventa")

    def test_a_change_in_the_past_keeps_the_later_holder(self, town: Town) -> None:
        for name, on in (("Tercera", ON), ("Segunda", date(2018, 3, 1))):
            registry.change_holder(
                account=town.chuy,
                holder=registry.Holder(full_name=name),
                on=on,
                reason="x",
                by="laura",
                at=AT,
            )
        rows = AccountHolder.objects.filter(account=town.chuy).order_by("effective_from")
        assert [row.person.full_name for row in rows] == ["Jesús Ramírez Ochoa", "Segunda", "Tercera"]
        assert spans(rows) == [(OPENED_ON, date(2018, 3, 1)), (date(2018, 3, 1), ON), (ON, None)]

    @pytest.mark.parametrize(
        ("on", "reason", "sentence"),
        [(ON, " ", "Falta el motivo"), (OPENED_ON, "x", "no admite"), (date(2017, 1, 1), "x", "no admite")],
    )
    def test_a_change_that_cannot_be(self, town: Town, on: date, reason: str, sentence: str) -> None:
        with pytest.raises(registry.CannotChangeHolder, match=sentence):
            registry.change_holder(
                account=town.chuy,
                holder=registry.Holder(full_name="María"),
                on=on,
                reason=reason,
                by="laura",
                at=AT,
            )
        assert AccountHolder.objects.filter(account=town.chuy).count() == 1
        assert not Person.objects.filter(full_name="María").exists()

    def test_nobody_succeeds_oneself(self, town: Town) -> None:
        same = town.chuy.holders.get().person
        with pytest.raises(registry.CannotChangeHolder, match="ya es titular"):
            registry.change_holder(account=town.chuy, holder=same, on=ON, reason="x", by="laura", at=AT)


class TestTerms:
    def test_a_change_of_class_ends_one_agreement_and_starts_another(self, town: Town) -> None:
        town.change_terms(town.chuy, tariff_class=town.classes["MIX-COM"], on=ON, reason="Puso tienda")
        first, second = town.chuy.agreements.order_by("effective_from")
        assert (first.tariff_class.code, first.effective_to, first.end_reason) == (
            "HAB-GEN",
            ON,
            "Puso tienda",
        )
        assert (second.tariff_class.code, second.is_metered, second.effective_from) == ("MIX-COM", False, ON)
        assert second.service_point_id == first.service_point_id

    def test_a_cut_goes_on_under_the_new_terms(self, town: Town) -> None:
        registry.interrupt_service(account=town.chuy, on=date(2018, 5, 1), reason="Debe", by="salas", at=AT)
        town.change_terms(town.chuy, is_metered=True, on=ON, reason="Medidor")
        cuts = ServiceInterruption.objects.filter(agreement__account=town.chuy)
        assert spans(cuts) == [(date(2018, 5, 1), ON), (ON, None)]
        registry.restore_service(account=town.chuy, on=date(2018, 7, 1), by="salas", at=AT)
        assert spans(cuts) == [(date(2018, 5, 1), ON), (ON, date(2018, 7, 1))]

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"is_metered": False}, "ya tiene esa tarifa y ese régimen"),
            ({"is_metered": True, "on": OPENED_ON}, "empezaron el 02/01/2018"),
            ({"is_metered": True, "on": date(2017, 12, 31)}, "no tiene servicio vigente el 31/12/2017"),
            ({"is_metered": True, "reason": ""}, "Falta el motivo"),
        ],
    )
    def test_a_change_that_cannot_be(self, town: Town, changes: dict, sentence: str) -> None:
        told = {"account": town.chuy, "on": ON, "reason": "x", "by": "laura", "at": AT} | changes
        with pytest.raises(registry.CannotChangeTerms, match=sentence):
            registry.change_terms(**told)
        assert spans(town.chuy.agreements) == [(OPENED_ON, None)]


class TestClosing:
    def test_a_closed_account_keeps_its_holder_and_loses_its_benefit(self, town: Town) -> None:
        registry.close_account(account=town.lupita, on=ON, reason="Se muda", by="laura", at=AT)
        assert spans(town.lupita.agreements) == [(OPENED_ON, ON)]
        assert spans(town.lupita.benefits) == [(OPENED_ON, ON)]
        assert spans(town.lupita.holders) == [(OPENED_ON, None)]
        with pytest.raises(registry.CannotCloseAccount, match="no tiene servicio vigente"):
            registry.close_account(account=town.lupita, on=ON, reason="Otra vez", by="laura", at=AT)

    def test_a_service_does_not_end_the_day_it_began(self, town: Town) -> None:
        with pytest.raises(registry.CannotCloseAccount, match="empezó el 02/01/2018"):
            registry.close_account(account=town.lupita, on=OPENED_ON, reason="x", by="laura", at=AT)
        assert spans(town.lupita.agreements) == [(OPENED_ON, None)]


class TestInterruptions:
    def test_a_service_is_cut_once_and_restored_once(self, town: Town) -> None:
        registry.interrupt_service(account=town.chuy, on=ON, reason="Orden 7", by="salas", at=AT)
        with pytest.raises(registry.CannotInterruptService, match="ya está suspendido"):
            registry.interrupt_service(
                account=town.chuy, on=date(2018, 7, 1), reason="Orden 8", by="salas", at=AT
            )
        registry.restore_service(account=town.chuy, on=date(2018, 6, 15), by="salas", at=AT, reason="Pagó")
        with pytest.raises(registry.CannotRestoreService, match="no está suspendido"):
            registry.restore_service(account=town.chuy, on=date(2018, 6, 16), by="salas", at=AT)
        assert spans(ServiceInterruption.objects.all()) == [(ON, date(2018, 6, 15))]

    def test_water_may_come_back_the_day_it_was_cut_and_the_cut_stays_written(self, town: Town) -> None:
        """Don Chuy pays an hour after he was cut: the cut never took effect, and he may be cut again that day."""
        for _ in range(2):
            registry.interrupt_service(account=town.chuy, on=ON, reason="Orden 7", by="salas", at=AT)
            registry.restore_service(account=town.chuy, on=ON, by="salas", at=AT, reason="Pagó")
        assert spans(ServiceInterruption.objects.all()) == [(ON, ON), (ON, ON)]
        assert not ServiceInterruption.objects.in_effect(on=ON).exists()

    def test_a_cut_needs_an_order(self, town: Town) -> None:
        with pytest.raises(registry.CannotInterruptService, match="Falta el motivo"):
            registry.interrupt_service(account=town.chuy, on=ON, reason="", by="salas", at=AT)
        assert not ServiceInterruption.objects.exists()

    def test_a_stop_moves_on_the_walk_and_the_number_stays(self, town: Town) -> None:
        point = town.point(town.chuy)
        moved = registry.move_on_route(
            service_point=point,
            route=town.routes["01-004"],
            walk_sequence=5,
            reason="Reordena",
            by="laura",
            at=AT,
        )
        assert (moved.route.code, moved.walk_sequence) == ("01-004", 5)
        assert AuditEntry.objects.get(act="move_on_route").before == {"route": "01-001", "walk_sequence": 10}
        with pytest.raises(registry.CannotMoveServicePoint, match="ya está en ese lugar"):
            registry.move_on_route(
                service_point=point,
                route=town.routes["01-004"],
                walk_sequence=5,
                reason="x",
                by="laura",
                at=AT,
            )


class TestBenefits:
    def test_a_benefit_is_granted_and_ended(self, town: Town) -> None:
        registry.grant_benefit(
            account=town.chuy,
            category="pensioner",
            on=ON,
            evidence="IMSS 12",
            by="laura",
            at=AT,
            until=date(2019, 6, 1),
        )
        ended = registry.end_benefit(
            account=town.chuy,
            category="pensioner",
            on=date(2018, 9, 1),
            reason="Ya no vive ahí",
            by="laura",
            at=AT,
        )
        assert (ended.effective_from, ended.effective_to, ended.granted_by) == (ON, date(2018, 9, 1), "laura")

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({}, "ya tiene ese beneficio"),
            ({"category": "widowed", "evidence": " "}, "Falta el comprobante"),
            ({"category": "widowed", "until": ON}, "terminaría antes de empezar"),
            ({"category": "widowed", "on": date(2017, 1, 1)}, "no tiene servicio vigente"),
        ],
    )
    def test_a_benefit_that_cannot_be(self, town: Town, changes: dict, sentence: str) -> None:
        told = {
            "account": town.lupita, "category": "senior", "on": ON, "evidence": "INAPAM", "by": "laura", "at": AT,
        } | changes  # fmt: skip
        with pytest.raises(registry.CannotGrantBenefit, match=sentence):
            registry.grant_benefit(**told)
        assert Benefit.objects.count() == 1

    def test_what_is_not_held_cannot_end(self, town: Town) -> None:
        with pytest.raises(registry.CannotEndBenefit, match="no tenía ese beneficio"):
            registry.end_benefit(account=town.chuy, category="senior", on=ON, reason="x", by="laura", at=AT)
        with pytest.raises(registry.CannotEndBenefit, match="Falta el motivo"):
            registry.end_benefit(account=town.lupita, category="senior", on=ON, reason="", by="laura", at=AT)


class TestProtection:
    def test_a_place_is_protected_with_its_proof_and_let_go_with_its_reason(self, town: Town) -> None:
        point = town.point(town.chuy)
        registry.protect_service_point(
            service_point=point, protected_reason="diálisis en casa", reason="Constancia del IMSS", by="laura", at=AT
        )  # fmt: skip
        point.refresh_from_db()
        assert point.protected_reason == "diálisis en casa"
        with pytest.raises(registry.CannotProtectServicePoint, match="ya está así"):
            registry.protect_service_point(
                service_point=point, protected_reason="diálisis en casa", reason="x", by="laura", at=AT
            )
        with pytest.raises(registry.CannotProtectServicePoint, match="Falta el motivo"):
            registry.protect_service_point(
                service_point=point, protected_reason="", reason=" ", by="laura", at=AT
            )
        registry.protect_service_point(
            service_point=point, protected_reason="", reason="Se mudó", by="laura", at=AT
        )
        told = [
            (entry.before["protected_reason"], entry.after["protected_reason"])
            for entry in AuditEntry.objects.filter(act="protect_service_point").order_by("id")
        ]
        assert told == [("", "diálisis en casa"), ("diálisis en casa", "")]

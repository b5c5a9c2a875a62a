"""Find an account, see it on a day, hand all of them to billing."""

from datetime import date

import pytest
from tests.town.cast import OPENED_ON, Town, moment

from caudal.registry import commands as registry
from caudal.registry import queries

ON = date(2018, 6, 1)
AT = moment(ON)


def numbers(text: str) -> list[str]:
    return [found.number for found in queries.search_accounts(text=text)]


class TestSearch:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("010293", ["010293"]),
            ("10293", ["010293"]),
            ("0107", ["010733"]),
            ("nunez", ["010293"]),
            ("NÚÑEZ guadalupe", ["010293"]),
            ("morelos 293", ["010293"]),
            ("ramirez hidalgo", ["010117"]),
            ("3929251117", ["010117"]),
            ("392 925 1117", ["010117"]),
            ("925-1405", ["010405"]),
            ("espiga", ["010405"]),
            ("iñiguez", ["020031"]),
            ("   ", []),
        ],
    )
    def test_an_account_is_found_by_what_one_remembers(self, town: Town, text: str, found: list[str]) -> None:
        assert numbers(text) == found

    def test_the_former_holder_finds_the_account(self, town: Town) -> None:
        registry.change_holder(
            account=town.chuy,
            holder=registry.Holder(full_name="María Salcedo"),
            on=ON,
            reason="x",
            by="laura",
            at=AT,
        )
        assert numbers("salcedo") == ["010117"]
        found = queries.search_accounts(text="jesús ramírez")
        assert [(each.number, each.holder) for each in found] == [("010117", "María Salcedo")]

    def test_a_line_tells_enough_to_recognize_it(self, town: Town) -> None:
        registry.close_account(account=town.espiga, on=ON, reason="Cerró", by="laura", at=AT)
        (found,) = queries.search_accounts(text="espiga")
        assert (found.holder, found.address, found.locality, found.tariff_class, found.is_active) == (
            "Tortillería La Espiga", "Juárez 45", "La Barca", "COM-SEC", False,
        )  # fmt: skip

    def test_the_list_is_no_longer_than_asked(self, town: Town) -> None:
        assert len(queries.search_accounts(text="01", limit=3)) == 3


class TestOneAccount:
    def test_an_account_is_known_by_its_number_with_or_without_zeros(self, town: Town) -> None:
        assert queries.account_by_number(number=" 010293 ") == town.lupita
        assert queries.account_by_number(number="10293") == town.lupita
        with pytest.raises(queries.AccountNotFound, match="No hay ninguna cuenta con el número 999"):
            queries.account_by_number(number="999")
        with pytest.raises(queries.AccountNotFound):
            queries.account_by_number(number="Lupita")

    def test_the_card_shows_what_held_on_the_day(self, town: Town) -> None:
        registry.interrupt_service(account=town.lupita, on=ON, reason="Orden 7", by="salas", at=AT)
        card = queries.account_card(account=town.lupita, on=ON)
        assert (card.holder, card.address, card.locality, card.neighborhood) == (
            "Guadalupe Núñez Viuda de Ortega", "Morelos 293", "La Barca", "Centro",
        )  # fmt: skip
        assert (card.route, card.walk_sequence, card.cycle) == ("01-001", 20, "MENSUAL")
        assert (card.tariff_class, card.use, card.is_metered, card.diameter_mm) == (
            "HAB-GEN",
            "residential",
            True,
            13,
        )
        assert (card.benefits, card.benefit_names) == (("senior",), ("adulto mayor",))
        assert (card.interruption, card.interrupted_on) == ("cut", ON)
        eve = queries.account_card(account=town.lupita, on=date(2018, 5, 31))
        assert (eve.interruption, eve.is_active) == ("", True)

    def test_a_closed_account_shows_its_last_terms(self, town: Town) -> None:
        registry.close_account(account=town.lupita, on=ON, reason="Se muda", by="laura", at=AT)
        card = queries.account_card(account=town.lupita, on=date(2018, 8, 1))
        assert (card.is_active, card.closed_on, card.tariff_class, card.benefits) == (
            False,
            ON,
            "HAB-GEN",
            (),
        )
        assert card.holder == "Guadalupe Núñez Viuda de Ortega"

    def test_before_it_was_opened_there_is_nothing_to_show(self, town: Town) -> None:
        card = queries.account_card(account=town.lupita, on=date(2017, 1, 1))
        assert (card.is_active, card.holder, card.service_point_id, card.tariff_class) == (
            False,
            "",
            None,
            "",
        )

    def test_all_that_happened_is_told_newest_first(self, town: Town) -> None:
        registry.change_holder(
            account=town.lupita, holder=registry.Holder(full_name="Pilar Ortega"), on=ON, reason="Herencia",
            by="laura", at=AT,
        )  # fmt: skip
        town.change_terms(
            town.lupita, tariff_class=town.classes["HAB-ALTA"], on=date(2018, 7, 1), reason="Reclasifica"
        )
        told = [(each.on, each.what, each.detail) for each in queries.history(account=town.lupita)]
        assert told == [
            (date(2018, 7, 1), "Contrato", "HAB-ALTA, medido"),
            (ON, "Titular", "Pilar Ortega"),
            (OPENED_ON, "Titular", "Guadalupe Núñez Viuda de Ortega"),
            (OPENED_ON, "Contrato", "HAB-GEN, medido"),
            (OPENED_ON, "Beneficio", "adulto mayor"),
        ]
        heir = next(each for each in queries.history(account=town.lupita) if each.detail == "Pilar Ortega")
        assert (heir.by, heir.reason) == ("laura", "Herencia")

    def test_what_is_not_in_a_catalog_is_said_with_what_is(self, town: Town) -> None:
        assert queries.cycle_by_code(code="MENSUAL") == town.cycle
        with pytest.raises(
            queries.NotInCatalog, match="No existe la ruta «09-009». Están: 01-001, 01-004, 02-001"
        ):
            queries.route_by_code(code="09-009")


class TestBillable:
    def test_every_service_in_effect_is_a_row(self, town: Town) -> None:
        columns = queries.billable(cycle=town.cycle, on=ON)
        assert columns["account_id"].tolist() == sorted(account.pk for account in town.accounts)
        place = columns["account_id"].tolist().index(town.lupita.pk)
        row = {name: int(values[place]) for name, values in columns.items()}
        assert queries.USES[row["use"]] == "residential"
        assert row["benefits"] == queries.BENEFIT_BITS["senior"]
        assert (row["is_metered"], row["has_sewerage"], row["is_interrupted"], row["diameter_mm"]) == (
            1,
            1,
            0,
            13,
        )
        lot = columns["account_id"].tolist().index(town.lot.pk)
        assert (int(columns["lot_area_m2"][lot]), int(columns["is_metered"][lot])) == (300, 0)

    def test_the_day_decides(self, town: Town) -> None:
        registry.close_account(account=town.espiga, on=ON, reason="Cerró", by="laura", at=AT)
        registry.interrupt_service(account=town.chuy, on=ON, reason="Orden", by="salas", at=AT)
        columns = queries.billable(cycle=town.cycle, on=ON)
        assert columns["account_id"].size == 7
        assert int(columns["is_interrupted"].sum()) == 1
        eve = queries.billable(cycle=town.cycle, on=date(2018, 5, 31))
        assert (eve["account_id"].size, int(eve["is_interrupted"].sum())) == (8, 0)
        assert queries.billable(cycle=town.cycle, on=date(2017, 1, 1))["account_id"].size == 0

    def test_they_are_counted_by_class(self, town: Town) -> None:
        registry.interrupt_service(account=town.chuy, on=ON, reason="Orden", by="salas", at=AT)
        counts = {row["code"]: row for row in queries.billable_counts(on=ON)}
        assert counts["HAB-GEN"] == {
            "code": "HAB-GEN", "name": "Habitacional genérica", "n": 2, "metered": 1, "flat": 1, "interrupted": 1,
        }  # fmt: skip
        assert sum(row["n"] for row in counts.values()) == 8
        assert queries.billable_counts(on=ON, cycle=town.cycle) == list(counts.values())

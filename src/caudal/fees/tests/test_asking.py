"""Asking for a service: what it costs, what is charged, and what is not done."""

from datetime import date
from uuid import uuid4

import pytest
from tests.town import counter as town_counter
from tests.town.cast import Town

from caudal.fees import commands as fees
from caudal.fees import queries
from caudal.fees.tests.counter import DEED, TODAY, ask, cancel, owe, pay, written
from caudal.kernel.models import AuditEntry, Folio
from caudal.ledger import queries as ledger
from caudal.ledger.models import Charge, JournalLine
from caudal.tariffs import queries as tariffs

pytestmark = pytest.mark.django_db


def test_the_book_says_what_may_be_asked_for_and_its_price(priced: Town) -> None:
    """Doña Lupita has a meter: her reconnection is the one with meter. VAT 16 %: 320.00 × 0.16 = 51.20; none on
    the tanker, whose water is like the one of the pipe."""
    found = {
        each.code: (each.amount_cents, each.vat_cents)
        for each in queries.prices(account=priced.lupita, on=TODAY)
    }
    assert found == {
        "CONEXION": (1_250_00, 200_00), "RECONEXION-MEDIDO": (320_00, 51_20), "CAMBIO-PROPIETARIO": (180_00, 28_80),
        "CONSTANCIA": (95_00, 15_20), "PIPA-10000": (480_00, 0),
    }  # fmt: skip


def test_without_a_meter_the_reconnection_is_another_and_last_year_had_other_prices(priced: Town) -> None:
    """Flat service: $410.00 + 16 % = $475.60 in 2019; in 2018 $394.23 + $63.08 (63.0768) = $457.31."""
    for on, total in ((TODAY, 475_60), (date(2018, 12, 31), 457_31)):
        totals = {each.code: each.total_cents for each in queries.prices(account=priced.chuy, on=on)}
        assert totals["RECONEXION-FIJA"] == total and "RECONEXION-MEDIDO" not in totals


def test_a_service_is_owed_today_under_its_own_name(priced: Town) -> None:
    """$180.00 + $28.80 of VAT: the window shows «Cambio de propietario» as a line of its own."""
    service = ask(priced.lupita, "CAMBIO-PROPIETARIO", new_holder=DEED)

    assert (service.folio, service.amount_cents, service.vat_cents) == ("TRA-000001", 180_00, 28_80)
    terms = tariffs.terms(book=tariffs.book_in_force(on=TODAY))
    statement = ledger.statement(account_id=priced.lupita.pk, on=TODAY, terms=terms)
    (period,) = statement.periods
    (item,) = period.items
    assert (item.concept, item.open_cents, item.due_on) == ("Cambio de propietario", 180_00 + 28_80, TODAY)
    assert (statement.total_cents, statement.overdue_cents) == (208_80, 0)
    lines = dict(
        JournalLine.objects.filter(entry__kind="charges").values_list("ledger_account_id", "amount_cents")
    )
    assert lines == {"1124-09": 208_80, "4173": -180_00, "2117": -28_80}


def test_each_service_is_a_document_of_its_own(priced: Town) -> None:
    """Two tankers and a connection: 480.00 + 480.00 + 1,450.00 = $2,410.00, in folios without gaps."""
    asked = [ask(priced.rancho, code, place="Establo") for code in ("PIPA-10000", "PIPA-10000", "CONEXION")]

    assert [each.folio for each in asked] == ["TRA-000001", "TRA-000002", "TRA-000003"]
    assert [each.charge_sequence for each in asked] == [1, 2, 3]
    # the ranch is a mixed rural use: the fee for its connection bears 16 % as everybody's
    assert ledger.balance(account_id=priced.rancho.pk) == 480_00 + 480_00 + 1_250_00 + 200_00


def test_two_clicks_ask_once(priced: Town) -> None:
    key = uuid4()
    first, second = (ask(priced.rancho, "PIPA-10000", place="Establo", key=key) for _ in range(2))
    assert (
        first == second
        and Charge.objects.count() == 1
        and Folio.objects.filter(series="tramite").count() == 1
    )


def test_who_is_not_a_customer_is_written_on_the_order_of_who_pays(priced: Town) -> None:
    """La Espiga pays the tanker of a neighbor who has no account yet."""
    service = ask(priced.espiga, "PIPA-10000", asked_for="  Señora  de la esquina ", place="Juárez 99")
    assert (service.account, service.asked_for, service.place) == (
        priced.espiga,
        "Señora de la esquina",
        "Juárez 99",
    )


def test_money_in_favor_pays_it_at_once(priced: Town) -> None:
    """Don Chuy had left $500.00: the tanker takes $480.00 and $20.00 stay in his favor."""
    town_counter.pay(priced.chuy, 500_00, on=TODAY)
    service = ask(priced.chuy, "PIPA-10000", place="Hidalgo 117", on=date(2019, 2, 1))
    assert queries.open_cents(service=service) == 0
    assert queries.states_of(services=[service])[service.pk] == "pagado"
    assert ledger.balance(account_id=priced.chuy.pk) == 480_00 - 500_00


def test_partial_money_leaves_the_rest_to_pay(priced: Town) -> None:
    """$100.00 of $480.00: $380.00 remain, and it is not paid yet."""
    service = ask(priced.chuy, "PIPA-10000", place="Hidalgo 117")
    town_counter.pay(priced.chuy, 100_00, on=TODAY)
    assert queries.open_cents(service=service) == 480_00 - 100_00
    assert queries.states_of(services=[service])[service.pk] == "por pagar"
    town_counter.pay(priced.chuy, 380_00, on=TODAY)
    assert queries.states_of(services=[service])[service.pk] == "pagado"


@pytest.mark.parametrize(
    ("code", "said", "field", "words"),
    [
        ("PIPA-10000", {}, "place", "Falta a dónde se lleva la pipa."),
        ("PIPA-10000", {"place": "   "}, "place", "Falta a dónde se lleva la pipa."),
        ("CAMBIO-PROPIETARIO", {}, "documents", "Faltan los documentos que acreditan el cambio."),
        ("CAMBIO-PROPIETARIO", {"new_holder": fees.NewHolder(full_name=" ", documents="Acta")}, "full_name",
         "Falta el nombre del titular."),
        ("CAMBIO-PROPIETARIO", {"new_holder": fees.NewHolder(full_name="Ana", rfc="NADA", documents="Acta")}, "rfc",
         "El RFC NADA no está bien escrito."),
        ("CAMBIO-PROPIETARIO", {"new_holder": fees.NewHolder(full_name="Ana", curp="X", documents="Acta")}, "curp",
         "La CURP X no está bien escrita."),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_charged(
    priced: Town, code: str, said: dict[str, object], field: str, words: str
) -> None:
    before = written()
    with pytest.raises(fees.CannotAskService) as refused:
        ask(priced.lupita, code, **said)
    assert (refused.value.what, refused.value.field) == (words, field)
    assert written() == before


def test_a_service_the_book_does_not_price_is_not_invented(priced: Town) -> None:
    before = written()
    with pytest.raises(tariffs.UnknownFee):
        ask(priced.lupita, "RECONEXION-FIJA")
    assert written() == before


def test_debt_stops_a_certificate_and_a_change_of_holder_and_says_how_much_and_of_when(priced: Town) -> None:
    """November $50.00 and December $100.00, due 13 January: 1 month late, 1 % of $150.00 = $1.50."""
    owe(priced.chuy, 50_00, period=201811)
    owe(priced.chuy, 100_00, period=201812)
    before = written()
    for code, said in (("CONSTANCIA", {}), ("CAMBIO-PROPIETARIO", {"new_holder": DEED})):
        with pytest.raises(fees.CannotAskService, match=r"debe \$151.50 de noviembre 2018 y diciembre 2018"):
            ask(priced.chuy, code, **said)
    assert written() == before


def test_what_is_not_due_yet_is_debt_for_a_certificate_too(priced: Town) -> None:
    owe(priced.chuy, 84_00, period=201901, due_on=date(2019, 2, 15))
    with pytest.raises(fees.CannotAskService, match=r"debe \$84.00 de enero 2019"):
        ask(priced.chuy, "CONSTANCIA")


def test_the_utility_may_decide_to_change_holders_with_debt(priced: Town) -> None:
    owe(priced.chuy, 84_00)
    fees.change_rules(
        holder_change_admits_debt=True, reason="Acuerdo 12 del consejo", by="salas", at=priced.at
    )
    assert ask(priced.chuy, "CAMBIO-PROPIETARIO", new_holder=DEED).total_cents == 208_80
    entry = AuditEntry.objects.get(act="change_fee_rules")
    assert (entry.by, entry.reason, entry.before["holder_change_admits_debt"], entry.after["holder_change_admits_debt"]) == (
        "salas", "Acuerdo 12 del consejo", False, True,
    )  # fmt: skip


@pytest.mark.parametrize(("days", "reason"), [(0, "x"), (367, "x"), (15, " ")])
def test_rules_that_cannot_be_change_nothing(priced: Town, days: int, reason: str) -> None:
    with pytest.raises(fees.CannotChangeRules):
        fees.change_rules(certificate_days=days, reason=reason, by="salas", at=priced.at)
    assert (
        queries.rules().certificate_days == 30
        and not AuditEntry.objects.filter(act="change_fee_rules").exists()
    )


def test_one_certificate_at_a_time_but_another_after_the_first_ended(priced: Town) -> None:
    first = ask(priced.lupita, "CONSTANCIA")
    with pytest.raises(
        fees.CannotAskService, match="Ya está en curso: constancia de no adeudo, folio TRA-000001"
    ):
        ask(priced.lupita, "CONSTANCIA")
    cancel(first)
    assert ask(priced.lupita, "CONSTANCIA").folio == "TRA-000002"


def test_a_long_debt_is_told_short(priced: Town) -> None:
    """Five months of $10.00 due long ago; the surcharges are said inside the sum."""
    for period in range(201808, 201813):
        owe(priced.chuy, 10_00, period=period, due_on=date(2019, 1, 31))
    debt = queries.owed(account_id=priced.chuy.pk, on=TODAY)
    assert debt and debt.words == "$50.00 de agosto 2018, septiembre 2018, octubre 2018 y 2 periodos más"


def test_a_paid_service_leaves_the_account_clean(priced: Town) -> None:
    pay(ask(priced.lupita, "CONSTANCIA"))
    assert queries.owed(account_id=priced.lupita.pk, on=TODAY) is None

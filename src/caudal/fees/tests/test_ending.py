"""How a service ends: delivered once paid, or canceled before; never both, never twice."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from tests.town import counter as town_counter
from tests.town.cast import Town, moment

from caudal.fees import checks, pages, queries
from caudal.fees import commands as fees
from caudal.fees.models import CounterServiceEnd
from caudal.fees.tests.counter import DEED, TODAY, ask, cancel, deliver, owe, pay, written
from caudal.kernel.models import AuditEntry
from caudal.ledger import queries as ledger
from caudal.registry import commands as registry
from caudal.registry import queries as accounts

pytestmark = pytest.mark.django_db
FEBRUARY_1 = date(2019, 2, 1)


def disagreements() -> list[str]:
    return [finding for check in checks.CHECKS for finding in check.find()]


def state(service: object) -> str:
    found = queries.service_by_folio(folio=str(service))
    return queries.states_of(services=[found])[found.pk].value


def test_a_tanker_goes_from_asked_to_paid_to_delivered(priced: Town) -> None:
    service = ask(priced.rancho, "PIPA-10000", place="Establo")
    assert state(service) == "por pagar"
    pay(service)
    assert state(service) == "pagado"
    end = deliver(service, note="Recibió don Martín, 10,000 litros")
    assert state(service) == "entregado"
    assert (end.on, end.by, end.note) == (TODAY, "marta", "Recibió don Martín, 10,000 litros")
    assert AuditEntry.objects.get(act="deliver_service").after == {
        "folio": "TRA-000001",
        "name": service.name,
    }
    assert disagreements() == []


def test_what_is_not_paid_is_not_delivered(priced: Town) -> None:
    """$480.00 asked, $100.00 paid: $380.00 to go."""
    service = ask(priced.rancho, "PIPA-10000", place="Establo")
    town_counter.pay(priced.rancho, 100_00, on=TODAY)
    before = written()
    with pytest.raises(fees.CannotDeliverService, match=r"Faltan por pagar \$380.00"):
        deliver(service)
    assert written() == before and state(service) == "por pagar"


def test_a_change_of_holder_is_one_act_with_its_papers(priced: Town) -> None:
    service = ask(priced.lupita, "CAMBIO-PROPIETARIO", new_holder=DEED)
    pay(service)
    deliver(service)

    card = accounts.account_card(account=priced.lupita, on=TODAY)
    assert (card.holder, card.phone) == ("Ana Ortega Núñez", "392 100 2233")
    yesterday = accounts.account_card(account=priced.lupita, on=date(2019, 1, 30))
    assert yesterday.holder == "Guadalupe Núñez Viuda de Ortega"
    entry = AuditEntry.objects.get(act="change_holder")
    assert (entry.by, entry.reason) == ("marta", "TRA-000001: Escritura 4,471, notaría 2")


def test_who_asked_does_not_change_the_holder_alone(priced: Town) -> None:
    service = ask(priced.lupita, "CAMBIO-PROPIETARIO", new_holder=DEED, by="marta")
    pay(service)
    before = written()
    with pytest.raises(fees.CannotDeliverService, match="lo entrega otra persona"):
        deliver(service, by="marta")
    assert written() == before
    assert accounts.account_card(account=priced.lupita, on=TODAY).holder.startswith("Guadalupe")

    fees.change_rules(holder_change_takes_two=False, reason="Somos dos", by="salas", at=moment(TODAY))
    deliver(service, by="marta")
    assert accounts.account_card(account=priced.lupita, on=TODAY).holder == "Ana Ortega Núñez"


def test_a_bill_that_came_in_between_stops_the_change_of_holder(priced: Town) -> None:
    """Paid in January; before Marta delivers, February is billed: $84.00 not due yet."""
    service = ask(priced.chuy, "CAMBIO-PROPIETARIO", new_holder=DEED)
    pay(service)
    owe(priced.chuy, 84_00, period=201901, due_on=date(2019, 2, 15))
    before = written()
    with pytest.raises(fees.CannotDeliverService, match=r"la cuenta debe \$84.00 de enero 2019"):
        deliver(service)
    assert written() == before


def test_a_reconnection_lets_the_service_flow_again(priced: Town) -> None:
    registry.interrupt_service(
        account=priced.chuy, on=date(2019, 1, 20), reason="Orden 55", by="salas", at=moment(TODAY)
    )
    service = ask(priced.chuy, "RECONEXION-FIJA")
    pay(service)
    assert accounts.account_card(account=priced.chuy, on=TODAY).interruption == "cut"
    deliver(service)
    assert accounts.account_card(account=priced.chuy, on=TODAY).interruption == ""
    assert AuditEntry.objects.get(act="restore_service").reason == "TRA-000001"


def test_a_reconnection_nobody_had_written_as_cut_is_delivered_all_the_same(priced: Town) -> None:
    service = ask(priced.chuy, "RECONEXION-FIJA")
    pay(service)
    assert (
        deliver(service).kind == "delivered" and not AuditEntry.objects.filter(act="restore_service").exists()
    )


def test_a_canceled_service_is_not_owed_and_both_papers_stay(priced: Town) -> None:
    service = ask(priced.rancho, "PIPA-10000", place="Establo")
    end = cancel(service, reason="Ya llovió")
    assert (state(service), end.note, ledger.balance(account_id=priced.rancho.pk)) == (
        "cancelado",
        "Ya llovió",
        0,
    )
    assert disagreements() == []
    told = ledger.movements(account_id=priced.rancho.pk)
    assert [each.amount_cents for each in told] == [480_00, -480_00]


def test_a_cancellation_says_why(priced: Town) -> None:
    service = ask(priced.rancho, "PIPA-10000", place="Establo")
    before = written()
    with pytest.raises(fees.CannotCancelService) as refused:
        cancel(service, reason="  ")
    assert refused.value.field == "reason" and written() == before


def test_what_was_paid_is_not_canceled_before_its_receipt(priced: Town) -> None:
    service = ask(priced.rancho, "PIPA-10000", place="Establo")
    receipt = pay(service)
    before = written()
    with pytest.raises(fees.CannotCancelService, match=f"comprobante {receipt['receipt_folio']}"):
        cancel(service)
    assert written() == before and state(service) == "pagado"


def test_money_that_was_in_favor_goes_back_in_favor(priced: Town) -> None:
    """$500.00 in favor, $480.00 took the tanker; canceled, $500.00 are in favor again."""
    town_counter.pay(priced.chuy, 500_00, on=TODAY)
    service = ask(priced.chuy, "PIPA-10000", place="Hidalgo 117", on=FEBRUARY_1)
    cancel(service, on=FEBRUARY_1)
    assert ledger.balance(account_id=priced.chuy.pk) == -500_00
    assert disagreements() == []


@pytest.mark.parametrize("first", ["delivered", "canceled"])
def test_a_service_ends_once(priced: Town, first: str) -> None:
    service = ask(priced.rancho, "PIPA-10000", place="Establo")
    if first == "delivered":
        pay(service)
        deliver(service)
    else:
        cancel(service)
    before = written()
    with pytest.raises(fees.CannotDeliverService, match="ya está"):
        deliver(service)
    with pytest.raises(fees.CannotCancelService, match="ya está"):
        cancel(service)
    assert written() == before


def test_the_database_itself_admits_one_end_and_no_cancellation_without_reason(priced: Town) -> None:
    service = ask(priced.rancho, "PIPA-10000", place="Establo")
    facts = {"service": service, "on": TODAY, "at": moment(TODAY), "by": "nadie"}
    with pytest.raises(IntegrityError, match="fees_end_has_reason"), transaction.atomic():
        CounterServiceEnd(kind="canceled", note="", **facts).save(force_insert=True)
    CounterServiceEnd(kind="delivered", **facts).save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        CounterServiceEnd(kind="canceled", note="x", **facts).save(force_insert=True)


def test_the_checks_find_what_was_written_by_other_hands(priced: Town) -> None:
    """Somebody marks it canceled without touching the ledger: it is still owed, and that is told."""
    service = ask(priced.rancho, "PIPA-10000", place="Establo")
    CounterServiceEnd(
        service=service, kind="canceled", note="x", on=TODAY, at=moment(TODAY), by="nadie"
    ).save(force_insert=True)
    assert disagreements() == ["El trámite TRA-000001 está cancelado y todavía se deben $480.00."]


@pytest.mark.parametrize("typed", ["TRA-000001", "tra-1", "tra 1", " 1 ", "000001"])
def test_a_folio_is_understood_however_it_is_typed(priced: Town, typed: str) -> None:
    service = ask(priced.rancho, "PIPA-10000", place="Establo")
    assert queries.service_by_folio(folio=typed) == service


@pytest.mark.parametrize("typed", ["", "TRA-", "A-000001", "TRA-000002", "9" * 30, "１"])
def test_a_folio_that_is_not_is_refused(priced: Town, typed: str) -> None:
    ask(priced.rancho, "PIPA-10000", place="Establo")
    with pytest.raises(queries.UnknownService):
        queries.service_by_folio(folio=typed)


def test_a_delivered_service_whose_payment_was_taken_back_is_owed_again(priced: Town) -> None:
    """The tanker came; in the afternoon its receipt is canceled: delivered, and $480.00 to pay."""
    service = ask(priced.rancho, "PIPA-10000", place="Establo")
    receipt = pay(service)
    deliver(service)
    town_counter.cancel(receipt["receipt_folio"], on=TODAY)
    (row,) = pages.service_rows(services=[queries.service_by_folio(folio="1")])
    assert (row.state, row.open_cents) == ("entregado", 480_00)
    assert disagreements() == []

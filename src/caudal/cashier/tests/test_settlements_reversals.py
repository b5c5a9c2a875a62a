"""Money that a channel takes back, in any order; and what people decide of what waits."""

from datetime import date

import pytest

from caudal.cashier import commands as cashier
from caudal.cashier.models import Identification, PaymentChannel, Receipt
from caudal.cashier.tests.channel_stories import (
    MARCH_5,
    balances,
    line,
    load,
    open_channel,
    street,
    unidentified_cents,
)
from caudal.ledger.tests.builders import moment
from caudal.registry.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]
PAID, TAKEN = "010117,102.00,2019-03-05,1\n", "010117,-102.00,2019-03-05,1\n"
AT = moment(MARCH_5, 19)


@pytest.fixture
def town() -> list[Account]:
    return street()


@pytest.fixture
def office() -> PaymentChannel:
    return open_channel()


def receipts() -> list[tuple[str, int]]:
    return [(each.folio, each.total_cents) for each in Receipt.objects.order_by("id")]


def test_a_reversal_cancels_the_receipt_of_its_payment(town: list[Account], office: PaymentChannel) -> None:
    """Don Chuy's $102.00 came and went: he owes his $100.00 and the $2.00 of surcharge that became a charge."""
    load(office, PAID)
    taken = load(office, TAKEN)

    assert (taken.n_taken_back, taken.taken_back_cents) == (1, -10_200)
    assert receipts() == [("B-000001", 10_200), ("B-CAN-000001", -10_200)]
    assert balances(town)[0] == 10_200 and unidentified_cents() == 0
    assert load(office, PAID).n_known == 1 and load(office, TAKEN).n_known == 1


def test_in_one_file_they_end_each_other_without_a_receipt(
    town: list[Account], office: PaymentChannel
) -> None:
    loaded = load(office, PAID + TAKEN)

    assert (loaded.n_ended, loaded.waiting_cents, loaded.total_cents) == (2, 0, 0)
    assert receipts() == [] and balances(town)[0] == 10_000 and unidentified_cents() == 0


def test_a_reversal_that_comes_first_waits_for_its_payment(
    town: list[Account], office: PaymentChannel
) -> None:
    first = load(office, TAKEN)
    assert (first.n_waiting, unidentified_cents()) == (1, -10_200)
    assert line("1").doubt == "No se conoce el movimiento que devuelve."

    then = load(office, PAID)
    assert (then.n_applied, then.n_ended) == (0, 1)
    assert receipts() == [] and balances(town)[0] == 10_000 and unidentified_cents() == 0


def test_a_reversal_of_what_waited_ends_it(town: list[Account], office: PaymentChannel) -> None:
    load(office, "999999,50.00,2019-03-05,7\n")
    load(office, "999999,-50.00,2019-03-05,7\n")

    assert unidentified_cents() == 0 and set(Identification.objects.values_list("outcome", flat=True)) == {
        "reversed"
    }


def test_a_reversal_of_what_was_identified_cancels_it(town: list[Account], office: PaymentChannel) -> None:
    load(office, "999999,71.40,2019-03-05,7\n")
    cashier.identify(line=line("7"), account=town[1], reason="Su comprobante", at=AT, by="rita")
    assert balances(town)[1] == 0 and unidentified_cents() == 0

    load(office, "999999,-71.40,2019-03-05,7\n")
    assert balances(town)[1] == 7_140 and unidentified_cents() == 0


def test_a_reversal_of_two_alike_asks_which(town: list[Account]) -> None:
    loose = open_channel(
        movements={"unique": ["authorization"], "reversal_of": ["reference", "amount"]},
        amounts={"is_signed": True},
    )
    load(loose, "010117,50.00,2019-03-05,1\n010117,50.00,2019-03-05,2\n")
    load(loose, "010117,-50.00,2019-03-05,3\n")

    assert line("3").doubt == "Hay 2 movimientos iguales; diga cuál devuelve."
    cashier.identify_reversal(line=line("3"), original=line("2"), reason="Aviso", at=AT, by="rita")
    assert balances(town)[0] == 10_200 - 5_000 and unidentified_cents() == 0
    with pytest.raises(cashier.CannotIdentify, match="ya resolvió"):
        cashier.identify_reversal(line=line("3"), original=line("1"), reason="Otra vez", at=AT, by="rita")


def test_who_paid_in_time_owes_no_surcharge_because_nobody_knew(
    town: list[Account], office: PaymentChannel
) -> None:
    """Doña Lupita's $70.00 came on 18 January with a wrong number; on 5 March somebody finds out."""
    load(office, "010239,70.00,2019-01-18,5\n")
    written = cashier.identify(line=line("5"), account=town[1], reason="Su comprobante", at=AT, by="rita")

    assert Receipt.objects.get(pk=written.receipt_id).business_on == date(2019, 1, 18)
    assert balances(town)[1] == 0


def test_what_was_applied_to_somebody_else_is_withdrawn_and_applied_again(
    town: list[Account], office: PaymentChannel
) -> None:
    load(office, PAID)
    cashier.withdraw(line=line("1"), reason="Era de Doña Lupita", at=AT, by="rita")
    assert balances(town) == [10_200, 7_000] and unidentified_cents() == 10_200

    cashier.identify(line=line("1"), account=town[1], reason="Era de Doña Lupita", at=AT, by="rita")
    assert balances(town) == [10_200, 7_140 - 10_200] and unidentified_cents() == 0
    outcomes = Identification.objects.order_by("number").values_list("outcome", flat=True)
    assert list(outcomes) == ["withdrawn", "applied"]


def test_what_is_decided_is_decided_once_and_with_a_reason(
    town: list[Account], office: PaymentChannel
) -> None:
    load(office, "999999,50.00,2019-03-05,7\n" + PAID)
    waiting = line("7")
    with pytest.raises(cashier.CannotIdentify, match="Falta el motivo"):
        cashier.identify(line=waiting, account=town[0], reason=" ", at=AT, by="rita")
    with pytest.raises(cashier.CannotIdentify, match="no está aplicado"):
        cashier.withdraw(line=waiting, reason="x", at=AT, by="rita")
    with pytest.raises(cashier.CannotIdentify, match="ya resolvió"):
        cashier.identify(line=line("1"), account=town[0], reason="x", at=AT, by="rita")
    assert unidentified_cents() == 5_000

    cashier.give_back(line=waiting, reason="SPEI 7781", at=AT, by="rita")
    for act in (
        lambda: cashier.identify(line=waiting, account=town[0], reason="x", at=AT, by="rita"),
        lambda: cashier.give_back(line=waiting, reason="x", at=AT, by="rita"),
    ):
        with pytest.raises(cashier.CannotIdentify, match="ya resolvió"):
            act()
    assert unidentified_cents() == 0


def test_a_reversal_is_not_applied_nor_matched_with_another_amount(
    town: list[Account], office: PaymentChannel
) -> None:
    load(office, PAID + "010117,-50.00,2019-03-05,99\n")
    with pytest.raises(cashier.CannotIdentify, match="el banco se llevó"):
        cashier.identify(line=line("99"), account=town[0], reason="x", at=AT, by="rita")
    with pytest.raises(cashier.CannotIdentify, match="no es un pago vigente"):
        cashier.identify_reversal(line=line("99"), original=line("1"), reason="x", at=AT, by="rita")
    assert unidentified_cents() == -5_000

    cashier.give_back(line=line("99"), reason="Ya estaba en la póliza 12", at=AT, by="rita")
    assert unidentified_cents() == 0

"""Files of a channel: all or nothing, each movement once for ever, what nobody recognizes waits as money."""

from datetime import date

import pytest

from caudal.cashier import commands as cashier
from caudal.cashier.models import Payment, PaymentChannel, Receipt, SettlementFile, SettlementLine
from caudal.cashier.tests.channel_stories import (
    MARCH_5,
    balances,
    line,
    load,
    open_channel,
    street,
    unidentified_cents,
)
from caudal.kernel.models import AuditEntry, Folio
from caudal.ledger import catalog
from caudal.ledger.models import JournalLine
from caudal.ledger.tests.builders import account, moment
from caudal.registry.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]

GOOD = "010117,102.00,2019-03-05,8801\n010293,1070.50,2019-01-18,8802\n010117,50.00,2019-03-05,8803\n"


@pytest.fixture
def town() -> list[Account]:
    return street()


@pytest.fixture
def office() -> PaymentChannel:
    return open_channel()


def test_each_row_is_a_payment_of_its_own_day(town: list[Account], office: PaymentChannel) -> None:
    """Don Chuy: $100.00 + 2 % on 5 March, and $50.00 more in favor. Lupita paid in time: $1,000.50 in favor."""
    loaded = load(office, GOOD)

    assert (loaded.n_applied, loaded.applied_cents, loaded.n_waiting) == (3, 122_250, 0)
    assert (loaded.first_folio, loaded.last_folio) == ("B-000001", "B-000003")
    assert balances(town) == [-5_000, -100_050]
    receipts = Receipt.objects.order_by("number").values_list(
        "business_on", "total_cents", "channel", "session"
    )
    assert list(receipts) == [
        (date(2019, 1, 18), 107_050, "plain", None),
        (MARCH_5, 10_200, "plain", None),
        (MARCH_5, 5_000, "plain", None),
    ]
    assert loaded.file is not None and set(Receipt.objects.values_list("settlement", flat=True)) == {
        loaded.file.pk
    }
    audit = AuditEntry.objects.get(act="cashier.load_settlement")
    assert (audit.by, audit.after["lines"], audit.after["total_cents"]) == ("rita", 3, 122_250)


def test_the_same_file_again_brings_nothing_and_a_longer_one_only_what_is_new(
    town: list[Account], office: PaymentChannel
) -> None:
    load(office, GOOD)
    after = balances(town)

    again = load(office, GOOD, name="otra-vez.csv")
    assert (again.file, again.n_applied, again.n_known, again.known_cents) == (None, 0, 3, 122_250)
    assert balances(town) == after and Folio.objects.filter(series="B").count() == 3

    longer = load(office, GOOD + "010117,1.00,2019-03-05,8804\n")
    assert (longer.n_applied, longer.applied_cents, longer.first_folio) == (1, 100, "B-000004")
    assert longer.file is not None
    assert (longer.file.n_lines, longer.file.total_cents, longer.file.known_cents) == (1, 100, 122_250)
    assert longer.total_cents == 122_350


def test_rows_in_the_other_order_are_the_same_rows(town: list[Account], office: PaymentChannel) -> None:
    load(office, GOOD)
    assert load(office, "".join(reversed(GOOD.splitlines(keepends=True)))).n_known == 3


def test_a_row_repeated_in_its_file_is_one_movement(town: list[Account], office: PaymentChannel) -> None:
    loaded = load(office, GOOD + "010117,50.00,2019-03-05,8803\n")

    assert (loaded.n_applied, loaded.n_known, loaded.known_cents, loaded.total_cents) == (
        3,
        1,
        5_000,
        127_250,
    )


def test_two_payments_of_one_account_on_one_day_are_two_receipts(
    town: list[Account], office: PaymentChannel
) -> None:
    """$60.00 and $42.00 pay January with its 2 %: the first reaches the surcharge, the second only the rest."""
    load(office, "010117,60.00,2019-03-05,1\n010117,42.00,2019-03-05,2\n")

    assert balances(town)[0] == 0
    assert list(Payment.objects.order_by("id").values_list("amount_cents", flat=True)) == [6_000, 4_200]


def test_what_is_not_recognized_waits_as_money(town: list[Account], office: PaymentChannel) -> None:
    """Of $152.00, $50.00 are of an account that does not exist: they are in the bank, and owed to somebody."""
    loaded = load(office, "010117,102.00,2019-03-05,1\n999999,50.00,2019-03-05,2\n")

    assert (loaded.n_applied, loaded.n_waiting, loaded.waiting_cents) == (1, 1, 5_000)
    waiting = line("2")
    assert (waiting.doubt, waiting.receipt, waiting.amount_cents) == (
        "No existe la cuenta 999999.",
        None,
        5_000,
    )
    assert unidentified_cents() == 5_000
    banks = JournalLine.objects.filter(ledger_account_id=catalog.BANKS)
    assert sum(banks.values_list("amount_cents", flat=True)) == 15_200


def test_zeros_on_the_left_do_not_make_another_account(town: list[Account], office: PaymentChannel) -> None:
    assert load(office, "00010117,10.00,2019-03-05,1\n10117,20.00,2019-03-05,2\n").n_applied == 2
    assert balances(town)[0] == 10_200 - 3_000


def test_a_number_that_two_accounts_could_have_waits(town: list[Account], office: PaymentChannel) -> None:
    account("10117")
    loaded = load(office, "00010117,10.00,2019-03-05,1\n")
    assert loaded.n_waiting == 1 and line("1").doubt == "Hay más de una cuenta con el número 00010117."


def test_a_reference_made_for_another_amount_waits(town: list[Account]) -> None:
    """The stub asked for $102.00; $102.01 came: a centavo of difference is not guessed."""
    stub = open_channel(reference={"kind": "stub"})
    reference = "00010117000010200201903054"

    loaded = load(stub, f"{reference},102.01,2019-03-05,1\n{reference},102.00,2019-03-05,2\n")

    assert (loaded.n_applied, loaded.n_waiting) == (1, 1)
    assert line("1").doubt == "Pagó $102.01 y su referencia es de otro importe."
    assert unidentified_cents() == 10_201 and balances(town)[0] == 0


def test_a_channel_may_take_any_amount(town: list[Account]) -> None:
    loose = open_channel(
        reference={"kind": "stub"}, movements={"unique": ["authorization"], "amount_must_match": False}
    )
    assert load(loose, "00010117000010200201903054,50.00,2019-03-05,1\n").n_applied == 1


@pytest.mark.parametrize(
    ("row", "column", "value", "says"),
    [
        ("010117,diez,2019-03-05,9", "importe", "diez", "No es un importe"),
        ("010117,0.00,2019-03-05,9", "importe", "0.00", "No es un importe"),
        ("010117,10,2019-03-05,9", "importe", "10", "No es un importe"),
        ("010117,10.5,2019-03-05,9", "importe", "10.5", "No es un importe"),
        ("010117,99999999999.00,2019-03-05,9", "importe", "99999999999.00", "No es un importe"),
        ("010117,10.00,2019-02-30,9", "fecha", "2019-02-30", "No es una fecha"),
        ("010117,10.00,2019-03-06,9", "fecha", "2019-03-06", "futura"),
        ("010117,10.00,2019-03-05,", "referencia", "", "vacía"),
        ("010117,10.00,2019-03-05," + "9" * 61, "referencia", "9" * 61, "60 caracteres"),
        ("010117,10.00,2019-03-05", None, None, "tiene 3 columnas"),
        ("010117,10.00,2019-03-05,9,otra", None, None, "tiene 5 columnas"),
        ("010117,10.00,1999-03-05,9", None, "1999-03-05", "libro"),
        ("010117,51.00,2019-03-05,8803", None, "010117, $51.00", "otros datos: 010117, $50.00"),
    ],
)
def test_one_bad_row_stops_the_file_and_is_named(
    town: list[Account], office: PaymentChannel, row: str, column: str | None, value: str | None, says: str
) -> None:
    before = balances(town)

    with pytest.raises(cashier.CannotLoadSettlement, match="No se cargó nada") as refused:
        load(office, f"{GOOD}{row}\n")

    finding = refused.value.findings[-1]
    assert (finding.file, finding.row, finding.column, finding.value) == ("banco.csv", 5, column, value)
    assert says in finding.what
    assert not Receipt.objects.exists() and not SettlementFile.objects.exists() and balances(town) == before


def test_a_movement_known_with_other_data_is_told_not_paid(
    town: list[Account], office: PaymentChannel
) -> None:
    load(office, GOOD)
    with pytest.raises(cashier.CannotLoadSettlement, match="otros datos"):
        load(office, GOOD.replace("010117,50.00,", "010117,60.00,"))
    assert Receipt.objects.count() == 3


def test_all_findings_are_told_at_once(town: list[Account], office: PaymentChannel) -> None:
    with pytest.raises(cashier.CannotLoadSettlement, match="hay 3 por corregir") as refused:
        load(office, "1,1,2019-03-05,1\n010117,x,2019-03-05,2\n010117,5.00,mañana,3\n")
    assert [finding.row for finding in refused.value.findings] == [2, 3, 4]


def test_a_retired_channel_loads_nothing(town: list[Account], office: PaymentChannel) -> None:
    cashier.close_channel(channel=office, at=moment(MARCH_5), by="salas")
    with pytest.raises(cashier.CannotLoadSettlement, match="fuera de uso"):
        load(office, GOOD)
    with pytest.raises(cashier.CannotChangeChannel, match="ya está fuera de uso"):
        cashier.close_channel(channel=office, at=moment(MARCH_5), by="salas")
    assert not SettlementLine.objects.exists()


def test_a_channel_s_receipt_is_not_canceled_at_a_window(town: list[Account], office: PaymentChannel) -> None:
    from tests.town import counter

    load(office, GOOD)
    with pytest.raises(cashier.CannotCancelReceipt, match="llegó por un canal"):
        counter.cancel("B-000001", on=MARCH_5)
    assert not Receipt.objects.filter(reverses__isnull=False).exists()

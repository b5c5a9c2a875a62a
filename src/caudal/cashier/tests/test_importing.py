"""Files of payments: all or nothing, each reference once, every problem with its row and column."""

from datetime import date
from pathlib import Path

import pytest

from caudal.cashier import commands as cashier
from caudal.cashier import settlement_files
from caudal.cashier.models import Payment
from caudal.cashier.settlement_files import PaymentFile
from caudal.kernel.models import Folio
from caudal.ledger import catalog
from caudal.ledger import queries as debts
from caudal.ledger.commands import ChargeLine
from caudal.ledger.tests.builders import account, bill, moment
from caudal.registry.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]
MARCH_5 = date(2019, 3, 5)
HEADINGS = "cuenta,importe,fecha,referencia"
GOOD = """cuenta,importe,fecha,referencia
010117,102.00,2019-03-05,8801
010293,"1,070.50",2019-01-18,8802
010117,50,2019-03-05,8803
"""


@pytest.fixture
def street() -> list[Account]:
    """Don Chuy owes $100.00 of January since the 20th, Doña Lupita $70.00."""
    chuy, lupita = account("010117"), account("010293")
    bill(chuy, ChargeLine(catalog.WATER, 10_000))
    bill(lupita, ChargeLine(catalog.WATER, 7_000))
    return [chuy, lupita]


def write(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "banco.csv"
    path.write_bytes(text.encode(encoding))
    return path


def load(path: Path, mapping: PaymentFile | None = None) -> cashier.ImportedPayments:
    return cashier.import_payments(
        path=path, mapping=mapping or PaymentFile(), at=moment(MARCH_5, hour=18), by="laura"
    )


def balances(street: list[Account]) -> list[int]:
    return [debts.balance(account_id=each.id) for each in street]


def test_each_row_is_a_payment_of_its_own_day(tmp_path: Path, street: list[Account]) -> None:
    """Don Chuy: $100.00 + 2 % on 5 March, and $50.00 more in favor. Lupita paid in time: $1,000.50 in favor."""
    loaded = load(write(tmp_path, GOOD))

    assert loaded == cashier.ImportedPayments(3, 122_250, 0, 0, "A-000001", "A-000003")
    assert balances(street) == [-5_000, -100_050]
    assert list(Payment.objects.order_by("id").values_list("channel", "external_reference", "tender")) == [
        ("import", "8801", "transfer"),
        ("import", "8802", "transfer"),
        ("import", "8803", "transfer"),
    ]


def test_the_same_file_again_brings_nothing_and_a_longer_one_only_what_is_new(
    tmp_path: Path, street: list[Account]
) -> None:
    load(write(tmp_path, GOOD))
    after = balances(street)

    again = load(write(tmp_path, GOOD))
    assert (again.n_posted, again.n_known, again.known_cents) == (0, 3, 122_250)
    assert balances(street) == after and Folio.objects.count() == 3

    longer = load(write(tmp_path, GOOD + "010117,1.00,2019-03-05,8804\n"))
    assert (longer.n_posted, longer.posted_cents, longer.first_folio) == (1, 100, "A-000004")


def test_a_payment_canceled_at_the_window_does_not_come_back_with_its_file(
    tmp_path: Path, street: list[Account]
) -> None:
    load(write(tmp_path, GOOD))
    payment = Payment.objects.get(external_reference="8803")
    cashier.cancel_payment(
        payment=payment, reason="Contracargo del banco", business_on=MARCH_5, at=moment(MARCH_5), by="salas"
    )
    assert load(write(tmp_path, GOOD)).n_posted == 0
    assert balances(street)[0] == 0


@pytest.mark.parametrize(
    ("row", "column", "value", "says"),
    [
        ("999999,10,2019-03-05,9001", "cuenta", "999999", "No existe esa cuenta"),
        (",10,2019-03-05,9001", "cuenta", "", "Está vacío"),
        ("010117,10,2019-03-05,", "referencia", "", "Está vacío"),
        ("010117,diez,2019-03-05,9001", "importe", "diez", "No es un importe"),
        ("010117,0,2019-03-05,9001", "importe", "0", "No es un importe"),
        ("010117,-10,2019-03-05,9001", "importe", "-10", "No es un importe"),
        ("010117,99999999999,2019-03-05,9001", "importe", "99999999999", "No es un importe"),
        ("010117,10,2019-02-30,9001", "fecha", "2019-02-30", "No es una fecha"),
        ("010117,10,2019-03-06,9001", "fecha", "2019-03-06", "futura"),
        ("010117,10,2019-03-05,8802", "referencia", "8802", "más de una vez"),
        ("010117,10,2019-03-05", None, None, "no tiene tantas columnas"),
        ("010117,10,2019-03-05,9001,otra", None, None, "no tiene tantas columnas"),
    ],
)
def test_one_bad_row_stops_the_file_and_is_named(
    tmp_path: Path, street: list[Account], row: str, column: str | None, value: str | None, says: str
) -> None:
    before = balances(street)

    with pytest.raises(cashier.CannotImportPayments, match="No se registró ningún pago") as refused:
        load(write(tmp_path, f"{GOOD}{row}\n"))

    finding = refused.value.findings[-1]
    assert (finding.file, finding.row, finding.column, finding.value) == ("banco.csv", 5, column, value)
    assert says in finding.what
    assert not Payment.objects.exists() and not Folio.objects.exists() and balances(street) == before


def test_all_findings_are_told_at_once(tmp_path: Path, street: list[Account]) -> None:
    bad = f"{HEADINGS}\n999,10,2019-03-05,1\n010117,x,2019-03-05,2\n010117,5,mañana,3\n"

    with pytest.raises(cashier.CannotImportPayments, match="por corregir: 3") as refused:
        load(write(tmp_path, bad))

    assert [finding.row for finding in refused.value.findings] == [2, 3, 4]


def test_a_reference_that_was_posted_with_other_data_is_a_finding(
    tmp_path: Path, street: list[Account]
) -> None:
    load(write(tmp_path, GOOD))
    changed = GOOD.replace("010117,50,", "010117,60,")

    with pytest.raises(cashier.CannotImportPayments, match=r"A-000003") as refused:
        load(write(tmp_path, changed))

    assert [(finding.row, finding.value) for finding in refused.value.findings] == [(4, "8803")]
    assert Payment.objects.count() == 3


@pytest.mark.parametrize(
    ("text", "encoding", "says"),
    [
        ("cuenta,monto,fecha,referencia\n", "utf-8", "Faltan columnas: importe"),
        ("", "utf-8", "Faltan columnas"),
        (f"{HEADINGS}\n010117,10,2019-03-05,Peña\n", "cp1252", "No se puede leer el archivo"),
        (f'{HEADINGS}\n010117,10,2019-03-05,"cortado', "utf-8", "No se puede leer el archivo"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused(
    tmp_path: Path, street: list[Account], text: str, encoding: str, says: str
) -> None:
    with pytest.raises(cashier.CannotImportPayments, match=says):
        load(write(tmp_path, text, encoding))
    assert not Payment.objects.exists()


LEGACY = """
channel = "legacy"
series = "A"
encoding = "cp1252"
delimiter = ";"
date_format = "%d/%m/%Y"
canceled_values = ["S"]
[columns]
account = "CUENTA"
amount = "IMPORTE"
paid_on = "FECHA"
reference = "RECIBO"
tender = "FORMA"
canceled = "CANCEL"
[tenders]
E = "cash"
T = "card"
"""


def read_mapping(tmp_path: Path, text: str) -> PaymentFile:
    path = tmp_path / "correspondencia.toml"
    path.write_text(text, encoding="utf-8")
    return settlement_files.read_mapping(path=path)


def test_another_channel_is_a_mapping_not_a_program(tmp_path: Path, street: list[Account]) -> None:
    """Semicolons, Windows-1252, day first, E for cash, S for canceled."""
    text = "CUENTA;IMPORTE;FECHA;RECIBO;FORMA;CANCEL\n010117;50.00;04/03/2019;Ñ-1;E;N\n010293;70.00;04/03/2019;Ñ-2;T;S\n"

    loaded = load(write(tmp_path, text, "cp1252"), read_mapping(tmp_path, LEGACY))

    assert loaded.n_posted == 1
    payment = Payment.objects.get()
    assert (payment.tender, payment.external_reference, payment.business_on) == (
        "cash",
        "Ñ-1",
        date(2019, 3, 4),
    )


def test_a_tender_without_translation_is_a_finding(tmp_path: Path, street: list[Account]) -> None:
    text = "CUENTA;IMPORTE;FECHA;RECIBO;FORMA;CANCEL\n010117;50.00;04/03/2019;1;X;N\n"
    with pytest.raises(cashier.CannotImportPayments, match="No se conoce esa forma de pago"):
        load(write(tmp_path, text), read_mapping(tmp_path, LEGACY))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("channel = ", "No se puede leer la correspondencia"),
        (LEGACY.replace('reference = "RECIBO"', ""), "Faltan en .columns.: reference"),
        (LEGACY.replace("delimiter", "separador"), "No se conocen estos parámetros: separador"),
        (LEGACY.replace('T = "card"', 'T = "tarjeta"'), "No son formas de pago .*: tarjeta"),
        (LEGACY.replace("canceled = ", "cancelado = "), "Sobran en .columns.: cancelado"),
    ],
)
def test_a_mapping_with_a_mistake_says_which(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(settlement_files.CannotReadMapping, match=says) as refused:
        read_mapping(tmp_path, text)
    assert refused.value.file == "correspondencia.toml"

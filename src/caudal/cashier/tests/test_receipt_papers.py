"""The paper of a payment says the same in three languages, adds up, and says it again years later."""

import re
from dataclasses import replace
from datetime import date

import pytest
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.cashier import commands as cashier
from caudal.cashier import queries
from caudal.cashier.models import Receipt
from caudal.cashier.printing import sheets, thermal
from caudal.documents.layouts import SheetDoesNotAddUp
from caudal.documents.receipt_sheet import ReceiptLine
from caudal.ledger import catalog
from caudal.ledger import commands as ledger
from caudal.ledger.commands import ChargeLine
from caudal.ledger.tests.builders import bill
from caudal.registry.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town", "books")]
MARCH_5 = date(2019, 3, 5)


@pytest.fixture
def debts(town: Town) -> Town:
    """Lupita owes January: water $100.00, treatment $20.00, half of the water forgiven; La Espiga $300.00."""
    bill(
        town.lupita, ChargeLine(catalog.WATER, 10_000), ChargeLine(catalog.WASTEWATER_TREATMENT, 2_000),
        ChargeLine(catalog.BENEFIT, -5_000, reduces_id=catalog.WATER),
    )  # fmt: skip
    bill(town.espiga, ChargeLine(catalog.WATER, 30_000))
    return town


def paid(*parts: tuple[Account, int], tenders: list[cashier.TenderPart]) -> Receipt:
    from uuid import uuid4

    session = counter.session(MARCH_5)
    reply = cashier.take_payment(
        session=session, parts=[cashier.AccountPart(*part) for part in parts], tenders=tenders,
        at=moment(MARCH_5, 10, 42), by="veronica", key=uuid4(),
    )  # fmt: skip
    return queries.receipt_by_folio(folio=reply["receipt_folio"])


CASH = [cashier.TenderPart("cash", 38_140, given_cents=40_000)]


@pytest.fixture
def receipt(debts: Town) -> Receipt:
    """Lupita's $71.40 (70.00 + 2 months of 1 % = 1.40) and $310.00 for La Espiga, who owes 306.00, with $400.00."""
    return paid((debts.lupita, 7_140), (debts.espiga, 31_000), tenders=CASH)


def test_the_sheet_says_who_paid_what_and_how(receipt: Receipt) -> None:
    sheet = sheets.sheet(receipt=receipt)

    assert (sheet.folio, sheet.place, sheet.cashier) == ("A-000001", "Caja 1", "Verónica Torres Díaz")
    assert sheet.moment == "05/03/2019 10:42"
    assert (sheet.total_cents, sheet.given_cents, sheet.change_cents) == (38_140, 40_000, 1_860)
    lupita, espiga = sheet.accounts
    assert (lupita.number, lupita.holder) == ("010293", "Guadalupe Núñez Viuda de Ortega")
    # the half that was forgiven was never owed: water is 100.00 − 50.00
    assert {line.concept: line.amount_cents for line in lupita.lines} == {
        "Agua potable": 5_000, "Saneamiento": 2_000, "Recargos": 140,
    }  # fmt: skip
    assert (lupita.surcharge_cents, lupita.reductions_cents, lupita.in_favor_cents) == (140, -5_000, 0)
    assert (lupita.balance_cents, lupita.standing) == (0, "No debe nada")
    assert (espiga.in_favor_cents, espiga.balance_cents) == (400, -400)
    assert espiga.standing == "No debe nada; tiene a favor"


def test_what_is_still_owed_is_said(debts: Town) -> None:
    """Of $306.00 she pays $100.00: the surcharge first, then $94.00 of water."""
    sheet = sheets.sheet(receipt=paid((debts.espiga, 10_000), tenders=[cashier.TenderPart("cash", 10_000)]))

    [espiga] = sheet.accounts
    assert [(line.concept, line.amount_cents) for line in espiga.lines] == [
        ("Agua potable", 9_400),
        ("Recargos", 600),
    ]
    assert (espiga.standing, espiga.balance_cents) == ("Sigue debiendo", 20_600)


def test_years_later_it_says_the_same(receipt: Receipt, debts: Town) -> None:
    """La Espiga's $4.00 in favor meet the next bill, and she pays again: the old paper does not change."""
    before = sheets.sheet(receipt=receipt)
    bytes_before = thermal.ticket(sheet=before)
    bill(debts.espiga, ChargeLine(catalog.WATER, 20_000), period=201902, due_on=date(2019, 3, 20))
    from caudal.tariffs import queries as tariffs

    ledger.apply_credit_balance(
        account_ids=[debts.espiga.pk], on=MARCH_5, at=moment(MARCH_5, 12), by="laura", document="run:2",
        terms=tariffs.terms(book=tariffs.book_in_force(on=MARCH_5)),
    )  # fmt: skip
    counter.pay(debts.espiga, 19_600, on=date(2019, 3, 6))

    assert sheets.sheet(receipt=receipt) == before
    assert thermal.ticket(sheet=sheets.sheet(receipt=receipt)) == bytes_before
    assert thermal.ticket(sheet=sheets.sheet(receipt=receipt, copy=1)) != bytes_before


def test_a_cancellation_gives_back_the_same_lines(receipt: Receipt) -> None:
    told = counter.cancel(receipt.folio, on=MARCH_5)

    paper = sheets.sheet(receipt=queries.receipt_by_folio(folio=told["cancellation_folio"]))
    assert paper.title == "CANCELACIÓN DE A-000001"
    assert paper.total_cents == -38_140
    assert [account.in_favor_cents for account in paper.accounts] == [0, -400]
    assert {line.concept: line.amount_cents for line in paper.accounts[0].lines} == {
        "Agua potable": -5_000, "Saneamiento": -2_000, "Recargos": -140,
    }  # fmt: skip
    assert paper.accounts[0].balance_cents == 7_140  # the surcharge stays a charge: its months had passed
    assert sheets.sheet(receipt=receipt).marks == ("CANCELADO CON A-CAN-000001",)


def test_the_sheet_refuses_to_contradict_itself(receipt: Receipt) -> None:
    sheet = sheets.sheet(receipt=receipt)
    with pytest.raises(SheetDoesNotAddUp, match="las cuentas suman 38140"):
        replace(sheet, total_cents=38_141)
    wrong = replace(sheet.accounts[0], lines=(ReceiptLine(period=201901, concept="Agua", amount_cents=1),))
    with pytest.raises(SheetDoesNotAddUp, match="los renglones de la cuenta 010293"):
        replace(sheet, accounts=(wrong, sheet.accounts[1]))


def text_of(paper: bytes) -> list[str]:
    """The lines that a printer prints: commands taken away, letters of code page 858."""
    bare = re.sub(rb"\x1d\(k..[\x00-\xff]*?(?=\x1d\(k|\x1ba)", b"", paper, flags=re.DOTALL)
    bare = re.sub(rb"\x1b[@]|\x1bt.|\x1b[Ea].|\x1d!.|\x1bd.|\x1dV.|\x1bp...", b"", bare, flags=re.DOTALL)
    return bare.decode("cp858").split("\n")


@pytest.mark.parametrize("columns", [48, 42])
def test_the_thermal_paper_keeps_its_columns_and_its_accents(receipt: Receipt, columns: int) -> None:
    paper = thermal.ticket(sheet=sheets.sheet(receipt=receipt), columns=columns)

    lines = text_of(paper)
    assert max(map(len, lines)) == columns
    assert "Guadalupe Núñez Viuda de Ortega" in lines
    assert "Recibió: Verónica Torres Díaz" in lines
    assert f"{'Efectivo':<{columns - 8}} $381.40" in lines
    assert f"{'Recibido':<{columns - 8}} $400.00" in lines
    assert f"{'Cambio':<{columns - 7}} $18.60" in lines
    assert f"{'  Saneamiento':<{columns - 7}} $20.00" in lines
    assert paper.startswith(b"\x1b@\x1bt\x13")  # reset, code page 858
    assert paper.endswith(b"\x1dV\x00")  # the cut


def test_the_drawer_opens_for_the_first_paper_of_cash_only(receipt: Receipt, debts: Town) -> None:
    pulse = b"\x1bp"
    sheet = sheets.sheet(receipt=receipt)
    assert pulse in thermal.ticket(sheet=sheet, opens_drawer=True)
    assert pulse not in thermal.ticket(sheet=sheet)
    by_card = paid((debts.chuy, 5_000), tenders=[cashier.TenderPart("card", 5_000, reference="884213")])
    assert pulse not in thermal.ticket(sheet=sheets.sheet(receipt=by_card), opens_drawer=True)


def test_the_qr_of_the_printer_carries_the_address(receipt: Receipt) -> None:
    sheet = sheets.sheet(receipt=receipt, base="https://agua.labarca.mx")
    address = f"https://agua.labarca.mx/v/{receipt.verification}"
    assert sheet.verification_address == address
    assert b"\x31\x50\x30" + address.encode() in thermal.ticket(
        sheet=sheet
    )  # store these bytes in the symbol


def test_marks_are_printed(receipt: Receipt) -> None:
    sheet = replace(sheets.sheet(receipt=receipt, copy=2), is_practice=True)
    lines = [line.strip() for line in text_of(thermal.ticket(sheet=sheet))]
    assert "*** REIMPRESIÓN 2 ***" in lines
    assert "*** PRÁCTICA: este papel no vale ***" in lines


def test_a_debt_of_years_tells_a_line_for_each_month(debts: Town) -> None:
    """Seven months of $10.00, the oldest seven months late: one line a month and, below, how much was surcharge."""
    for month in range(1, 8):
        bill(
            debts.chuy, ChargeLine(catalog.WATER, 1_000), period=201800 + month, due_on=date(2018, month, 28)
        )
    [chuy] = sheets.sheet(
        receipt=paid((debts.chuy, 20_000), tenders=[cashier.TenderPart("cash", 20_000)])
    ).accounts

    assert [line.words for line in chuy.printed][:2] == ["Enero 2018", "Febrero 2018"]
    assert len(chuy.printed) == 7 and not any(line.is_heading for line in chuy.printed)
    assert chuy.notes[0] == ("De ello, recargos", chuy.surcharge_cents)
    assert chuy.surcharge_cents > 0

"""The paper of a withdrawal comes out of the till's printer, for two people to sign; the money never waits for it."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.access import policy as acts
from caudal.cashier import commands as cashier
from caudal.cashier import printing
from caudal.cashier.models import CashWithdrawal, PrintJob, TillSession
from caudal.cashier.printing import sender, sheets, slips
from caudal.cashier.printing.printers import SimulatedPrinter
from caudal.documents.layouts import SheetDoesNotAddUp
from caudal.kernel.models import Utility

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town", "books")]
MARCH_5 = date(2019, 3, 5)
NOON = moment(MARCH_5, 12)
State = PrintJob.State


@pytest.fixture
def session(town: Town, monkeypatch: pytest.MonkeyPatch) -> TillSession:
    """Verónica's till has a printer, and in its drawer $500.00 of change and $100.00 of Doña Lupita's."""
    monkeypatch.setenv("CAUDAL_NOW", "2019-03-05T12:00:10")
    counter.pay(town.lupita, 10_000, on=MARCH_5)
    live = counter.session(MARCH_5)
    live.till.printer = "192.168.1.50:9100"
    live.till.save(update_fields=["printer"])
    return live


def withdraw(session: TillSession, cents: int = 25_000, **more: Any) -> CashWithdrawal:
    yes = counter.approve(
        acts.SUPERVISE_TILLS, "till_session", session.pk, on=MARCH_5, after={"amount_cents": cents}, hour=12
    )
    told = {"approval": yes, "by": "veronica", "key": uuid4(), "at": NOON, **more}
    return cashier.withdraw_cash(session=session, amount_cents=cents, **told)


def drain(session: TillSession, printer: SimulatedPrinter | None = None) -> list[bytes]:
    simulated = printer or SimulatedPrinter()
    sender.drain(till_code=session.till_id, printer_at=lambda address: simulated)
    return [bytes(each) for each in simulated.papers]


def lines(paper: bytes) -> list[str]:
    """What is read on a paper, without the orders to the printer."""
    text = paper.decode("cp858", errors="replace")
    for order in ("\x1b@", "\x1bt\x13", "\x1bE\x01", "\x1d!\x11", "\x1d!\x00", "\x1bE\x00"):
        text = text.replace(order, "")
    return [each.rstrip() for each in text.split("\n")]


def test_it_says_how_much_piece_by_piece_and_who_signs(session: TillSession) -> None:
    """2 × $100.00 + 10 × $5.00 = $250.00."""
    taken = withdraw(session, pieces={"10000": 2, "500": 10})
    [job] = PrintJob.objects.all()
    assert (job.kind, job.withdrawal, job.receipt, job.folio) == ("withdrawal", taken, None, "RETIRO-000001")
    [paper] = drain(session)
    said = lines(paper)
    assert "2 de $100.00" + "$200.00".rjust(36) in said
    assert "10 de $5.00" + "$50.00".rjust(37) in said
    assert "TOTAL $250.00" in [each.strip() for each in said]
    assert [each for each in said if each.startswith(("Entrega", "Recibe"))] == [
        "Entrega: Verónica Torres Díaz", "Recibe: Rosa Elvira Macías Anaya",
    ]  # fmt: skip
    assert f"05/03/2019 12:00  Caja 1, turno {session.pk}" in said
    job.refresh_from_db()
    assert (job.state, bytes(job.body)) == (State.SENT, paper)


def test_it_opens_no_drawer_and_is_cut(session: TillSession) -> None:
    withdraw(session)
    [paper] = drain(session)
    assert b"\x1bp" not in paper
    assert b"\x1dV" in paper


def test_without_pieces_only_the_amount_stands(session: TillSession) -> None:
    withdraw(session)
    assert not [each for each in lines(drain(session)[0]) if " de $" in each]


@pytest.mark.parametrize("columns", [42, 48])
def test_no_line_is_wider_than_the_paper(session: TillSession, columns: int) -> None:
    sheet = sheets.withdrawal_sheet(withdrawal=withdraw(session, pieces={"10000": 2, "500": 10}))
    for line in lines(slips.withdrawal_slip(sheet=sheet, columns=columns)):
        assert len(line.split("\x1d")[0]) <= columns, line


def test_a_till_without_printer_prints_from_the_page(session: TillSession) -> None:
    session.till.printer = ""
    session.till.save(update_fields=["printer"])
    withdraw(session)
    assert not PrintJob.objects.exists()


def test_a_printer_that_is_off_holds_no_cash_back(session: TillSession) -> None:
    withdraw(session)
    assert drain(session, SimulatedPrinter(plan=["off"])) == []
    [job] = PrintJob.objects.all()
    assert (job.state, job.attempts) == (State.WAITING, 1)
    assert CashWithdrawal.objects.get().amount_cents == 25_000
    assert len(drain(session)) == 1


def test_a_refused_withdrawal_has_no_paper(session: TillSession) -> None:
    with pytest.raises(cashier.CannotWithdraw):
        withdraw(session, 60_001)
    assert not PrintJob.objects.exists()


def test_the_same_key_asks_for_one_paper(session: TillSession) -> None:
    for _ in range(2):
        withdraw(session, key=UUID(int=7))
    assert PrintJob.objects.count() == 1


def test_a_paper_in_doubt_is_printed_again_as_a_reprint(session: TillSession) -> None:
    withdraw(session)
    drain(session)
    first = PrintJob.objects.get()
    PrintJob.objects.update(state=State.UNKNOWN)
    for copy, mark in ((1, "*** REIMPRESIÓN ***"), (2, "*** REIMPRESIÓN 2 ***")):
        last = PrintJob.objects.latest("id")
        again = printing.print_again(job=last, at=NOON, by="rosa")
        assert again.copy == copy
        assert mark in [each.strip() for each in lines(drain(session)[0])]
    first.refresh_from_db()
    assert first.state == State.DISCARDED
    assert CashWithdrawal.objects.count() == 1


def test_practice_says_that_it_is_not_worth_anything(session: TillSession) -> None:
    Utility.objects.create(id=1, name="SIBAPAS", is_practice=True)
    withdraw(session)
    assert "*** PRÁCTICA: este papel no vale ***" in [each.strip() for each in lines(drain(session)[0])]


def test_pieces_that_do_not_add_up_are_no_paper(session: TillSession) -> None:
    taken = withdraw(session, pieces={"10000": 2, "500": 10})
    assert taken.count is not None
    taken.count.pieces = {"10000": 2}
    with pytest.raises(SheetDoesNotAddUp, match="suman 20000 centavos y no 25000"):
        sheets.withdrawal_sheet(withdrawal=taken)


def test_the_clerk_is_told_and_the_queue_names_it(
    session: TillSession, enter_as: Callable[[str], Client]
) -> None:
    sent = {"amount": "250", "approver": "rosa", "pin": counter.PIN, "key": str(uuid4())}
    page = enter_as("veronica").post("/caja/retiro/", sent, follow=True).content.decode()
    assert "RETIRO-000001: $250.00. Su papel sale en la impresora." in page
    queue = enter_as("rosa").get("/impresion/").content.decode()
    assert "RETIRO-000001" in queue

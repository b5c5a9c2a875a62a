"""Paper waits for its printer and money does not: a real socket that records bytes, and one that fails on command."""

import random
import socket
import struct
import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.cashier import printing, queries
from caudal.cashier.models import PrintJob, Receipt, Till
from caudal.cashier.printing import printers, sender
from caudal.cashier.printing.printers import SimulatedPrinter
from caudal.cashier.printing.sender import Outcome
from caudal.kernel.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town", "books")]
MARCH_5 = date(2019, 3, 5)
NOON = moment(MARCH_5, 12)
PULSE = b"\x1bp"
State = PrintJob.State


class Paper:
    """An ESC/POS printer on a port of this machine: keeps the bytes of each connection.

    `breaks_after`: so many bytes into a paper it resets the line, as a printer does that is switched off.
    """

    def __init__(self) -> None:
        self.papers: list[bytes] = []
        self.breaks_after = 0
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._door.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            with line:
                self.papers.append(self._read(line))

    def _read(self, line: socket.socket) -> bytes:
        paper = b""
        while part := line.recv(self.breaks_after or 4096):
            paper += part
            if self.breaks_after:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return paper
        return paper

    def close(self) -> None:
        # a thread that waits in accept is not woken by closing its socket
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join(timeout=5)


@pytest.fixture
def printer() -> Iterator[Paper]:
    paper = Paper()
    yield paper
    paper.close()


def till_with(address: str) -> Till:
    till = counter.till()
    till.printer = address
    till.save(update_fields=["printer"])
    return till


@pytest.fixture(autouse=True)
def thirty_seconds_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Payments are taken at 11:00; what waits is sent half a minute later."""
    monkeypatch.setenv("CAUDAL_NOW", "2019-03-05T11:00:30")


def receipt_of(town: Town, cents: int = 5_000) -> Receipt:
    return queries.receipt_by_folio(folio=counter.pay(town.lupita, cents, on=MARCH_5)["receipt_folio"])


def drained(till: Till, simulated: SimulatedPrinter) -> Outcome:
    return sender.drain(till_code=till.pk, printer_at=lambda address: simulated)


def test_a_payment_asks_for_its_paper_and_a_printer_receives_it(town: Town, printer: Paper) -> None:
    till = till_with(printer.address)
    receipt = receipt_of(town)
    [job] = PrintJob.objects.all()
    assert (job.state, job.kind, job.receipt, bytes(job.body)) == (State.WAITING, "receipt", receipt, b"")

    assert sender.drain(till_code=till.pk) is Outcome.EMPTY

    job.refresh_from_db()
    assert (job.state, job.attempts, job.problem) == (State.SENT, 1, "")
    [paper] = printer.papers
    assert paper == bytes(job.body)
    assert PULSE in paper
    assert "Guadalupe Núñez Viuda de Ortega\n".encode("cp858") in paper
    assert b"A-000001" in paper


def test_a_till_without_printer_queues_nothing(town: Town) -> None:
    receipt = receipt_of(town)
    assert PrintJob.objects.count() == 0
    assert printing.state(counter.till()) == printing.PrinterState("Caja 1", has_printer=False)
    again = printing.reprint(receipt=receipt, at=NOON, by="veronica")
    assert (again.copy, again.job) == (1, None)


def test_a_printer_that_is_off_holds_no_payment_back(town: Town) -> None:
    """Nobody listens on the port: three payments stand, their papers wait, and the window says so."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    till = till_with(f"127.0.0.1:{port}")
    for _ in range(3):
        receipt_of(town)

    assert sender.drain(till_code=till.pk) is Outcome.OFF

    assert counter.receipts() == [1, 2, 3]
    assert list(PrintJob.objects.order_by("id").values_list("state", "attempts")) == [
        ("waiting", 1), ("waiting", 0), ("waiting", 0),
    ]  # fmt: skip
    assert printing.state(till).words == "La impresora de Caja 1 no responde; 3 comprobantes en espera."


def test_when_it_is_on_again_papers_come_out_in_order_and_the_drawer_stays_shut(
    town: Town, printer: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They waited until 11:20: nobody stands before the drawer any more."""
    till = till_with("127.0.0.1:9")
    for _ in range(2):
        receipt_of(town)
    assert drained(till, SimulatedPrinter(plan=["off"])) is Outcome.OFF
    monkeypatch.setenv("CAUDAL_NOW", "2019-03-05T11:20:00")
    till_with(printer.address)

    assert sender.drain(till_code=till.pk) is Outcome.EMPTY

    assert [b"A-000001" in paper for paper in printer.papers] == [True, False]
    assert [PULSE in paper for paper in printer.papers] == [False, False]
    assert printing.state(till).is_well and printing.state(till).words == ""


def test_a_line_cut_in_the_middle_is_never_sent_again_by_itself(
    town: Town, printer: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The printer dies 200 bytes into the paper; the drawer may have opened, so a person says."""
    monkeypatch.setattr(printers, "ANSWER_SECONDS", 10)  # a slow machine hears the reset as well
    printer.breaks_after = 200
    till = till_with(printer.address)
    receipt_of(town)
    sender.drain(till_code=till.pk)

    job = PrintJob.objects.get()
    assert (job.state, job.problem) == (State.UNKNOWN, "Se perdió la comunicación a medio papel.")
    printer.breaks_after = 0
    for _ in range(3):
        assert sender.drain(till_code=till.pk) is Outcome.EMPTY
    assert len(printer.papers) == 1
    assert printing.state(till).words == "1 comprobante sin confirmar: mire si salió el papel."


def test_a_paper_in_doubt_waits_for_a_person(town: Town) -> None:
    till = till_with("127.0.0.1:9")
    simulated = SimulatedPrinter(plan=["lost"])
    receipt = receipt_of(town)
    drained(till, simulated)
    job = PrintJob.objects.get()
    assert job.state == State.UNKNOWN

    again = printing.print_again(job=job, at=NOON, by="rita")
    drained(till, simulated)

    job.refresh_from_db()
    assert (job.state, again.copy) == (State.DISCARDED, 1)
    half, whole = simulated.papers
    assert PULSE in half and PULSE not in whole
    assert "*** REIMPRESIÓN ***".encode("cp858") in whole
    assert [entry.act for entry in AuditEntry.objects.filter(by="rita").order_by("id")] == [
        "cashier.settle_print_job", printing.queue.REPRINT,
    ]  # fmt: skip
    assert printing.reprints(receipt=receipt) == 1


def test_it_did_come_out(town: Town) -> None:
    till = till_with("127.0.0.1:9")
    simulated = SimulatedPrinter(plan=["lost"])
    receipt_of(town)
    drained(till, simulated)

    printing.confirm(job=PrintJob.objects.get(), at=NOON, by="veronica")

    assert drained(till, simulated) is Outcome.EMPTY
    assert len(simulated.papers) == 1
    assert PrintJob.objects.get().state == State.SENT


def test_what_waits_may_be_discarded_and_is_not_printed(town: Town) -> None:
    till = till_with("127.0.0.1:9")
    receipt_of(town)
    simulated = SimulatedPrinter()
    job = PrintJob.objects.get()
    with pytest.raises(printing.CannotSettleJob, match="todavía está en espera"):
        printing.print_again(job=job, at=NOON, by="rita")
    printing.discard(job=job, at=NOON, by="rita")

    assert drained(till, simulated) is Outcome.EMPTY
    assert simulated.papers == []
    for act in (printing.discard, printing.confirm):
        with pytest.raises(printing.CannotSettleJob):
            act(job=job, at=NOON, by="rita")


def test_a_reprint_says_so_is_counted_and_is_audited(town: Town) -> None:
    till = till_with("127.0.0.1:9")
    simulated = SimulatedPrinter()
    receipt = receipt_of(town)
    copies = [printing.reprint(receipt=receipt, at=NOON, by="veronica").copy for _ in range(2)]
    drained(till, simulated)

    first, second, third = simulated.papers
    assert copies == [1, 2]
    assert "REIMPRESI".encode("cp858") not in first
    assert "*** REIMPRESIÓN ***".encode("cp858") in second
    assert "*** REIMPRESIÓN 2 ***".encode("cp858") in third
    assert PULSE in first and PULSE not in second + third
    audited = AuditEntry.objects.filter(act=printing.queue.REPRINT, object_id=receipt.folio)
    assert [entry.after["copy"] for entry in audited.order_by("id")] == [1, 2]


def test_a_cancellation_prints_its_own_paper(town: Town) -> None:
    till = till_with("127.0.0.1:9")
    receipt = receipt_of(town)
    counter.cancel(receipt.folio, on=MARCH_5)
    simulated = SimulatedPrinter()
    drained(till, simulated)

    assert len(simulated.papers) == 2
    assert "CANCELACIÓN DE A-000001".encode("cp858") in simulated.papers[1]


def test_a_paper_that_cannot_be_made_does_not_hold_the_rest_back(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from caudal.cashier.printing import sheets

    till = till_with("127.0.0.1:9")
    broken = receipt_of(town)
    receipt_of(town)
    true_sheet = sheets.sheet

    def sheet(*, receipt: Receipt, **words: Any) -> Any:
        if receipt == broken:
            raise LookupError("a concept was lost")
        return true_sheet(receipt=receipt, **words)

    monkeypatch.setattr(sheets, "sheet", sheet)
    simulated = SimulatedPrinter()
    assert drained(till, simulated) is Outcome.EMPTY

    assert [b"A-000002" in paper for paper in simulated.papers] == [True]
    assert PrintJob.objects.get(receipt=broken).state == State.DISCARDED


def test_a_thousand_faults_open_the_drawer_at_most_once_for_each_payment(town: Town) -> None:
    """Off, lost or printing at random, until nothing waits: no paper twice, none lost without saying so."""
    seed = 20190305
    chance = random.Random(seed)
    till = till_with("127.0.0.1:9")
    receipts = [receipt_of(town, 100) for _ in range(12)]
    plan = [chance.choice(["off", "lost", "prints", "off"]) for _ in range(1_000)]
    simulated = SimulatedPrinter(plan=plan)
    turns = 0
    while drained(till, simulated) is Outcome.OFF:
        turns += 1
        assert turns < 1_000, seed

    for receipt in receipts:
        name = receipt.folio.encode()
        job = PrintJob.objects.get(receipt=receipt)
        whole = [paper for paper in simulated.papers if name in paper]
        assert sum(PULSE in paper for paper in simulated.papers if name in paper) <= 1, seed
        assert len(whole) <= 1, seed
        assert job.state == (State.SENT if whole and whole[0].endswith(b"\x1dV\x00") else State.UNKNOWN), seed
    assert PrintJob.objects.filter(state=State.WAITING).count() == 0


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("192.168.1.50:9100", "192.168.1.50", 9100),
        ("192.168.1.50", "192.168.1.50", 9100),
        ("impresora-1:9101", "impresora-1", 9101),
        ("[fe80::1]:9100", "fe80::1", 9100),
        ("fe80::1", "fe80::1", 9100),
    ],
)
def test_addresses_of_printers(address: str, host: str, port: int) -> None:
    found = printers.at(address=address)
    assert isinstance(found, printers.NetworkPrinter)
    assert (found.host, found.port) == (host, port)


@pytest.mark.parametrize(
    "address", ["", ":", "caja:0", "caja:99999", "caja:x", "una caja:9100", "http://caja:80"]
)
def test_what_is_no_address_is_said(address: str) -> None:
    with pytest.raises(printers.BadPrinterAddress, match="Escríbala como"):
        printers.at(address=address)


def test_a_bad_address_leaves_the_paper_waiting(town: Town) -> None:
    till = till_with("http://caja")
    receipt_of(town)
    assert sender.drain(till_code=till.pk) is Outcome.OFF
    assert "no es la dirección" in PrintJob.objects.get().problem

"""Papers are sent by threads of their own, after the commit: once each, whoever else is sending, or not at all."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from importlib import resources
from typing import Any

import pytest
from django.db import connections, transaction
from tests.town import cast, counter
from tests.town.cast import Town, moment

from caudal.cashier import printing
from caudal.cashier.models import PrintJob, Till
from caudal.cashier.printing import sender
from caudal.tariffs import commands as tariffs

MARCH_5 = date(2019, 3, 5)


class CountedPrinter:
    """Every thread's printer: slow enough that senders meet, and switched on and off by the test."""

    def __init__(self) -> None:
        self.papers: list[bytes] = []
        self.is_on = True
        self._gate = threading.Lock()

    def connect(self) -> None:
        if not self.is_on:
            raise printing.printers.PrinterIsOff("No responde.", "Revise que esté encendida.")

    def send(self, paper: bytes, /) -> None:
        time.sleep(0.01)
        with self._gate:
            self.papers.append(paper)

    def close(self) -> None:
        """Nothing to let go of."""


@pytest.fixture
def town(own_database: str, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The town with its book in force and a printer at the till, committed, so that every thread sees it."""
    monkeypatch.setenv("CAUDAL_NOW", "2019-03-05T11:00:30")
    town = cast.build()
    at = moment(date(2019, 1, 1), hour=0)
    body = (resources.files("caudal.tariffs") / "books" / "la-barca-demo-2019.toml").read_bytes()
    tariffs.publish_book(book=tariffs.load_book(body=body, by="laura", at=at), by="salas", at=at)
    Till.objects.filter(pk=counter.till().pk).update(printer="127.0.0.1:9")
    return town


@pytest.fixture
def printer(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[CountedPrinter]:
    printer = CountedPrinter()
    monkeypatch.setattr(sender, "_network_printer", lambda address: printer)
    monkeypatch.setattr(sender, "PAUSES", (0.05,))
    yield printer
    sender.rest()


def until(story: Callable[[], bool]) -> None:
    limit = time.monotonic() + 60
    while not story():
        assert time.monotonic() < limit, "it never happened"
        time.sleep(0.02)


def everything_is_sent() -> bool:
    return not PrintJob.objects.exclude(state=PrintJob.State.SENT).exists()


def test_a_paper_leaves_after_the_commit_and_the_thread_after_it(town: Town, printer: CountedPrinter) -> None:
    counter.pay(town.lupita, 5_000, on=MARCH_5)
    until(everything_is_sent)
    until(lambda: not sender._senders)
    assert [b"A-000001" in paper for paper in printer.papers] == [True]


def test_what_is_rolled_back_is_not_printed(town: Town, printer: CountedPrinter) -> None:
    class Regret(Exception): ...

    counter.session(MARCH_5)
    with pytest.raises(Regret), transaction.atomic():
        counter.pay(town.lupita, 5_000, on=MARCH_5)
        raise Regret
    assert (PrintJob.objects.count(), sender._senders, printer.papers) == (0, {}, [])


def test_a_printer_that_comes_back_prints_what_waited(town: Town, printer: CountedPrinter) -> None:
    printer.is_on = False
    for _ in range(3):
        counter.pay(town.lupita, 1_000, on=MARCH_5)
    until(lambda: printing.state(counter.till()).words.endswith("3 comprobantes en espera."))
    assert counter.receipts() == [1, 2, 3]

    printer.is_on = True
    until(everything_is_sent)
    assert [str(n).encode() in paper for n, paper in zip((1, 2, 3), printer.papers, strict=True)] == [
        True
    ] * 3


def test_many_senders_print_each_paper_once(town: Town, printer: CountedPrinter) -> None:
    """As many servers as there may be, and the thread that each payment wakes."""
    results: list[Any] = []

    def send() -> None:
        try:
            for _ in range(20):
                results.append(sender.drain(till_code="1"))
                time.sleep(0.005)
        finally:
            connections.close_all()

    others = [threading.Thread(target=send) for _ in range(6)]
    for other in others:
        other.start()
    for _ in range(20):
        counter.pay(town.lupita, 100, on=MARCH_5)
    for other in others:
        other.join()
    until(everything_is_sent)

    assert len(printer.papers) == 20
    assert (
        sorted(sum((f"A-{n:06d}".encode() in paper) for paper in printer.papers) for n in range(1, 21))
        == [1] * 20
    )
    assert sender.Outcome.BUSY in results or sender.Outcome.EMPTY in results

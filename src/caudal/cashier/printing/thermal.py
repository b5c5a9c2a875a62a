"""The sheet of a receipt in the language of 80 mm printers (ESC/POS): accents, a QR of its own, the cut, the drawer."""

import textwrap
from typing import Final

from escpos.printer import Dummy

from caudal.documents.receipt_sheet import ReceiptAccount, ReceiptSheet
from caudal.kernel.wording import MINUS, pesos

# page of characters with the accents of Spanish, and its number for the printer
CODE_PAGE: Final = "cp858"
_SELECT_CODE_PAGE: Final = b"\x1bt\x13"
_RESET: Final = b"\x1b@"
QR_SIZE: Final = 6
DRAWER_PIN: Final = 2
# what a printer's letters do not have, and what stands for it
_INSTEAD: Final = str.maketrans(
    {MINUS: "-", "\u2013": "-", "\u2014": "-", "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2026": "...",
     "\u00a0": " ", "\u202f": " "}
)  # fmt: skip


def ticket(*, sheet: ReceiptSheet, columns: int = 48, opens_drawer: bool = False) -> bytes:
    """The bytes of a receipt for a printer of so many columns (48, or 42 on older heads).

    :param opens_drawer: pulse the drawer if there is cash in it; only for the first paper
    """
    paper = Paper(columns)
    if opens_drawer and any(tender.name == "efectivo" for tender in sheet.tenders):
        paper.printer.cashdraw(DRAWER_PIN)
    _head(paper, sheet)
    for account in sheet.accounts:
        _account(paper, account)
    _money(paper, sheet)
    _proof(paper, sheet)
    paper.printer.cut()
    return paper.bytes


class Paper:
    """Lines of a fixed width, and the bytes they become."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.printer = Dummy()
        self.printer._raw(_RESET + _SELECT_CODE_PAGE)

    def line(self, text: str = "") -> None:
        """One line or, if it is longer than the paper, as many as it takes."""
        for part in self._wrapped(text, self.columns):
            self._write(part)

    def center(self, text: str) -> None:
        for part in self._wrapped(text, self.columns):
            self._write(part.center(self.columns).rstrip())

    def heavy(self, text: str, *, is_big: bool = False) -> None:
        """Centered and bold; big letters are twice as wide and twice as tall."""
        width = self.columns // 2 if is_big else self.columns
        self.printer._raw(b"\x1bE\x01" + (b"\x1d!\x11" if is_big else b""))
        for part in self._wrapped(text, width):
            self._write(part.center(width).rstrip())
        self.printer._raw(b"\x1d!\x00\x1bE\x00")

    def row(self, words: str, cents: int, *, indent: int = 0) -> None:
        """Words on the left, the amount on the right; long words take lines above."""
        amount = pesos(cents)
        room = self.columns - len(amount) - 1 - indent
        parts = self._wrapped(words, room)
        for part in parts[:-1]:
            self._write(" " * indent + part)
        self._write(" " * indent + parts[-1].ljust(room) + " " + amount)

    def rule(self) -> None:
        self._write("-" * self.columns)

    def qr(self, text: str) -> None:
        self.printer._raw(b"\x1ba\x01")
        self.printer.qr(text, native=True, size=QR_SIZE)
        self.printer._raw(b"\x1ba\x00")

    @property
    def bytes(self) -> bytes:
        return bytes(self.printer.output)

    def _wrapped(self, text: str, width: int) -> list[str]:
        return textwrap.wrap(text.translate(_INSTEAD), width, break_on_hyphens=False) or [""]

    def _write(self, text: str) -> None:
        self.printer._raw(text.translate(_INSTEAD).encode(CODE_PAGE, errors="replace") + b"\n")


def _head(paper: Paper, sheet: ReceiptSheet) -> None:
    issuer = sheet.issuer
    paper.heavy(issuer.name, is_big=True)
    for words in (issuer.long_name, f"RFC {issuer.rfc}" if issuer.rfc else "", issuer.address):
        if words:
            paper.center(words)
    if issuer.phone:
        paper.center(f"Tel. {issuer.phone}")
    paper.line()
    for mark in sheet.marks:
        paper.heavy(f"*** {mark} ***")
    paper.heavy(sheet.title)
    paper.heavy(sheet.folio, is_big=True)
    paper.line(f"{sheet.moment}  {sheet.place}")
    paper.line(f"Recibió: {sheet.cashier}")
    if sheet.reason:
        paper.line(f"Motivo: {sheet.reason}")


def _account(paper: Paper, account: ReceiptAccount) -> None:
    paper.rule()
    paper.line(f"Cuenta {account.number}")
    paper.line(account.holder)
    for line in account.printed:
        if line.amount_cents is None:
            paper.line(line.words)
        else:
            paper.row(line.words, line.amount_cents, indent=2)
    for words, cents in account.notes:
        paper.row(words, cents)
    paper.row("Pagó" if account.amount_cents > 0 else "Se devuelve", account.amount_cents)
    if account.standing_cents:
        paper.row(account.standing, account.standing_cents)
    elif account.standing:
        paper.line(account.standing)


def _money(paper: Paper, sheet: ReceiptSheet) -> None:
    paper.rule()
    paper.heavy(f"TOTAL {pesos(sheet.total_cents)}", is_big=True)
    for tender in sheet.tenders:
        reference = f" {tender.reference}" if tender.reference else ""
        paper.row(f"{tender.name.capitalize()}{reference}", tender.amount_cents)
    if sheet.given_cents:
        paper.row("Recibido", sheet.given_cents)
        paper.row("Cambio", sheet.change_cents)
    paper.rule()


def _proof(paper: Paper, sheet: ReceiptSheet) -> None:
    paper.center("Compruebe que es auténtico:")
    paper.qr(sheet.verification_address)
    paper.center(sheet.code)
    paper.center(sheet.verification_address.partition("://")[2].partition("/")[0])
    paper.line()
    paper.center(sheet.legend)

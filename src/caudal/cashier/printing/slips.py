"""The paper of a withdrawal in the language of 80 mm printers: the folio, how much, piece by piece, two signatures."""

from caudal.cashier.printing.thermal import Paper
from caudal.documents.till_sheets import WithdrawalSheet
from caudal.kernel.wording import pesos

# lines left above a name, to sign on
ROOM = 3


def withdrawal_slip(*, sheet: WithdrawalSheet, columns: int = 48) -> bytes:
    """The bytes of the paper. It opens no drawer: the cash is out of it already."""
    paper = Paper(columns)
    paper.heavy(sheet.issuer.name, is_big=True)
    if sheet.issuer.long_name:
        paper.center(sheet.issuer.long_name)
    paper.line()
    for mark in sheet.marks:
        paper.heavy(f"*** {mark} ***")
    paper.heavy("RETIRO PARCIAL")
    paper.heavy(sheet.folio, is_big=True)
    paper.line(f"{sheet.at:%d/%m/%Y %H:%M}  {sheet.till}, turno {sheet.session}")
    paper.rule()
    for each in sheet.pieces:
        words = f"{each.n} de {pesos(each.denomination_cents)}"
        paper.row(words, each.denomination_cents * each.n)
    paper.heavy(f"TOTAL {pesos(sheet.amount_cents)}", is_big=True)
    for words, name in (("Entrega", sheet.handed_by), ("Recibe", sheet.received_by)):
        for _ in range(ROOM):
            paper.line()
        paper.rule()
        paper.line(f"{words}: {name}")
    paper.printer.cut()
    return paper.bytes

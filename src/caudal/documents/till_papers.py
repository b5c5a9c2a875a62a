"""The papers of a till as PDF: the words and figures that `closing.typ` and `deposit.typ` show."""

from datetime import datetime
from typing import Any, Final

from django.utils.timezone import localtime

from caudal.documents import figures, typesetting
from caudal.documents.till_sheets import ClosingSheet, DepositSheet, TenderText

NO_SEAL: Final = "sin comprobantes"
AGREES: Final = "sin diferencia"


def closing_pdf(*, sheet: ClosingSheet) -> bytes:
    """The closing report as a tagged PDF, on as many pages as its receipts take.

    :raises CannotReadLogo: if the utility's logo cannot be read
    """
    return typesetting.paper(
        template="closing.typ", title=f"Corte {sheet.folio}", issuer=sheet.issuer,
        on=localtime(sheet.closed_at).date(), page=closing_page(sheet=sheet),
    )  # fmt: skip


def deposit_pdf(*, sheet: DepositSheet) -> bytes:
    """The deposit slip as a tagged PDF.

    :raises CannotReadLogo: if the utility's logo cannot be read
    """
    return typesetting.paper(
        template="deposit.typ", title=f"Ficha {sheet.folio}", issuer=sheet.issuer, on=sheet.business_on,
        page=deposit_page(sheet=sheet),
    )  # fmt: skip


def closing_page(*, sheet: ClosingSheet) -> dict[str, Any]:
    """The data of `typst/closing.typ`."""
    differences = sum(each.difference_cents for each in sheet.tenders)
    return {
        "folio": sheet.folio,
        "on": figures.short_date(sheet.business_on),
        "difference": _difference(differences),
        "is_short": differences < 0,
        "facts": [
            ("Caja", sheet.till),
            ("Cajero", sheet.cashier),
            ("Abierto", _moment(sheet.opened_at)),
            ("Cerrado", _moment(sheet.closed_at)),
            ("Cerró", sheet.closed_by),
            ("Fondo fijo", figures.pesos(sheet.float_cents)),
        ],
        "tenders": [_tender(each) for each in sheet.tenders],
        "tenders_total": [
            figures.pesos(sum(each.expected_cents for each in sheet.tenders)),
            figures.pesos(sum(each.declared_cents for each in sheet.tenders)),
            _difference(differences),
        ],
        "concepts": [(name, figures.pesos(cents)) for name, cents in sheet.concepts],
        "concepts_total": figures.pesos(sum(cents for _, cents in sheet.concepts)),
        "range": f"{sheet.first_folio} a {sheet.last_folio}" if sheet.first_folio else "ninguno",
        "counted": f"{sheet.n_receipts:,} {'comprobante' if sheet.n_receipts == 1 else 'comprobantes'}",
        "canceled": [
            (each.folio, each.cancellation_folio, each.reason, each.approved_by, figures.pesos(each.cents))
            for each in sheet.canceled
        ],
        "canceled_total": figures.pesos(sum(each.cents for each in sheet.canceled)),
        "withdrawals": [
            (each.folio, _hour(each.at), each.received_by, figures.pesos(each.cents))
            for each in sheet.withdrawals
        ],
        "withdrawals_total": figures.pesos(sheet.withdrawn_cents),
        "pieces": [
            (
                figures.pesos(each.denomination_cents),
                f"{each.n:,}",
                figures.pesos(each.denomination_cents * each.n),
            )
            for each in sheet.pieces
        ],
        "receipts": [
            (each.folio, _hour(each.at), each.tenders, figures.pesos(each.cents)) for each in sheet.receipts
        ],
        "seals": [
            (f"Serie {sheet.series}", seal_in_groups(sheet.chain_head) or NO_SEAL),
            ("Cancelaciones", seal_in_groups(sheet.cancellation_head) or "sin cancelaciones"),
        ],
        "note": sheet.note,
        "foot": f"{sheet.folio} · {sheet.till} · {sheet.issuer.name}",
        "signs": [f"{sheet.cashier}, cajero", f"{sheet.closed_by}, supervisa"],
    }


def deposit_page(*, sheet: DepositSheet) -> dict[str, Any]:
    """The data of `typst/deposit.typ`."""
    return {
        "folio": sheet.folio,
        "on": figures.short_date(sheet.business_on),
        "total": figures.pesos(sheet.cash_cents + sheet.checks_cents),
        "facts": [
            ("Cuenta bancaria", sheet.bank_account),
            ("Referencia", sheet.reference),
            ("Depositó", sheet.deposited_by),
            ("Efectivo", figures.pesos(sheet.cash_cents)),
            ("Cheques", figures.pesos(sheet.checks_cents)),
        ],
        "closings": [
            (
                each.folio,
                f"{each.till}, {each.cashier}",
                figures.short_date(each.business_on),
                figures.pesos(each.declared_cents),
                figures.pesos(each.withdrawn_cents),
                figures.pesos(each.float_cents),
                figures.pesos(each.cash_cents),
                figures.pesos(each.checks_cents),
            )
            for each in sheet.closings
        ],
        "closings_total": [figures.pesos(sheet.cash_cents), figures.pesos(sheet.checks_cents)],
        "checks": [(each.number, each.receipt_folio, figures.pesos(each.cents)) for each in sheet.checks],
        "foot": f"{sheet.folio} · {sheet.issuer.name}",
        "signs": [f"{sheet.deposited_by}, entrega", "Recibe el depósito"],
    }


def seal_in_groups(seal: str) -> str:
    """A seal in hexadecimal as groups of four, which two people can read to each other."""
    return " ".join(seal[i : i + 4] for i in range(0, len(seal), 4))


def _tender(each: TenderText) -> tuple[str, str, str, str]:
    return (
        each.name.capitalize(),
        figures.pesos(each.expected_cents),
        figures.pesos(each.declared_cents),
        _difference(each.difference_cents),
    )


def _difference(cents: int) -> str:
    if not cents:
        return AGREES
    return f"{figures.pesos(abs(cents))} {'sobra' if cents > 0 else 'falta'}"


def _moment(at: datetime) -> str:
    local = localtime(at)
    return f"{figures.short_date(local.date())}, {local:%H:%M}"


def _hour(at: datetime) -> str:
    return f"{localtime(at):%H:%M}"

"""The paper of a payment as the words and figures of its PDF."""

from typing import Any

from caudal.documents import figures, payment_codes, typesetting
from caudal.documents.receipt_sheet import ReceiptAccount, ReceiptSheet


def receipt_pdf(*, sheet: ReceiptSheet) -> bytes:
    """The receipt as a tagged PDF.

    :raises CannotReadLogo: if the utility's logo cannot be read
    """
    name = f"Cancelación de {sheet.cancels}" if sheet.cancels else sheet.title.capitalize()
    return typesetting.paper(
        template="receipt.typ", title=f"{name} {sheet.folio}", issuer=sheet.issuer, on=sheet.business_on,
        page=page(sheet=sheet),
    )  # fmt: skip


def page(*, sheet: ReceiptSheet) -> dict[str, Any]:
    """The data of `typst/receipt.typ`."""
    return {
        "title": sheet.title,
        "marks": list(sheet.marks),
        "is_canceled": bool(sheet.canceled_by or sheet.cancels),
        "folio": sheet.folio,
        "total": figures.pesos(sheet.total_cents),
        "moment": sheet.moment,
        "facts": [
            [label, value]
            for label, value in (
                ("Fecha y hora", sheet.moment),
                ("Caja", sheet.place),
                ("Recibió", sheet.cashier),
                ("Motivo", sheet.reason),
                ("Cancelado el", figures.short_date(sheet.canceled_on) if sheet.canceled_on else ""),
            )
            if value
        ],
        "accounts": [_account(account) for account in sheet.accounts],
        "tenders": _tenders(sheet),
        "code": sheet.code,
        "qr_svg": payment_codes.qr_svg(sheet.verification_address),
        "verification": sheet.verification_address,
        "legend": sheet.legend,
        "foot": f"Comprobante {sheet.folio} · {sheet.issuer.name}",
    }


def _account(account: ReceiptAccount) -> dict[str, Any]:
    return {
        "number": figures.account_in_groups(account.number),
        "holder": account.holder,
        "place": account.place,
        "amount": figures.pesos(account.amount_cents),
        "lines": [
            [line.words, "" if line.amount_cents is None else figures.pesos(line.amount_cents)]
            for line in account.printed
        ],
        "notes": [[words, figures.pesos(cents)] for words, cents in account.notes],
        "standing": account.standing,
        "balance": figures.pesos(account.standing_cents) if account.standing_cents else "",
    }


def _tenders(sheet: ReceiptSheet) -> list[list[str]]:
    rows = [
        [
            tender.name.capitalize() + (f" · {tender.reference}" if tender.reference else ""),
            figures.pesos(tender.amount_cents),
        ]
        for tender in sheet.tenders
    ]
    if sheet.given_cents:
        rows += [
            ["Recibido", figures.pesos(sheet.given_cents)],
            ["Cambio", figures.pesos(sheet.change_cents)],
        ]
    return rows

"""The papers of a counter service: its order, and the certificate of no debt. Facts in, PDF out."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from caudal.documents import figures, payment_codes, typesetting
from caudal.documents.layouts import Issuer, SheetDoesNotAddUp


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSheet:
    """The order of a counter service: what was asked, at what price (centavos), and how far it is.

    :raises SheetDoesNotAddUp: if the price and its VAT are not the total
    """

    issuer: Issuer
    folio: str
    name: str
    article: str
    tariff_name: str
    account_number: str
    holder_name: str
    service_address: str
    usage: str
    asked_on: date
    asked_by: str
    asked_for: str
    amount_cents: int
    vat_cents: int
    total_cents: int
    open_cents: int
    state: str
    place: str = ""
    note: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    end_text: str = ""

    def __post_init__(self) -> None:
        if self.amount_cents + self.vat_cents != self.total_cents:
            raise SheetDoesNotAddUp(
                f"La orden {self.folio} no cuadra: el importe y su IVA no suman el total.",
                "No se imprime hasta corregirlo: revise el trámite.",
                field="total_cents",
                value=self.folio,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateSheet:
    """A certificate of no debt. `copy` 0 is the original; the QR leads to the page that says whether it holds."""

    issuer: Issuer
    folio: str
    code: str
    verification: str
    account_number: str
    holder_name: str
    asked_for: str
    service_address: str
    usage: str
    cadastral_key: str
    locality: str
    issued_on: date
    valid_until: date
    issued_by: str
    service_folio: str
    receipt_folio: str = ""
    copy: int = 0


def service_pdf(*, sheet: ServiceSheet) -> bytes:
    """The order of a service as a tagged PDF of one page.

    :raises CannotReadLogo: if the utility's logo cannot be read
    """
    return typesetting.paper(
        template="fee.typ", title=f"Trámite {sheet.folio}", issuer=sheet.issuer, on=sheet.asked_on,
        page=_service_page(sheet),
    )  # fmt: skip


def certificate_pdf(*, sheet: CertificateSheet) -> bytes:
    """The certificate as a tagged PDF of one page.

    :raises CannotReadLogo: if the utility's logo cannot be read
    """
    return typesetting.paper(
        template="certificate.typ", title=f"Constancia de no adeudo {sheet.folio}", issuer=sheet.issuer,
        on=sheet.issued_on, page=_certificate_page(sheet),
    )  # fmt: skip


def _service_page(sheet: ServiceSheet) -> dict[str, Any]:
    facts = [
        ("Lo pide", sheet.asked_for),
        ("Dónde", sheet.place),
        *sheet.facts,
        ("Nota", sheet.note),
        ("Atendió", f"{sheet.asked_by}, {figures.short_date(sheet.asked_on)}"),
        ("Cómo va", sheet.end_text),
    ]
    return {
        "folio": sheet.folio,
        "name": sheet.name,
        "article": figures.tied(" · ".join(part for part in (sheet.article, sheet.tariff_name) if part)),
        "account": figures.account_in_groups(sheet.account_number),
        "holder": sheet.holder_name,
        "address": sheet.service_address,
        "service": sheet.usage,
        "total": figures.pesos(sheet.total_cents),
        "state": sheet.state,
        "is_open": sheet.open_cents > 0,
        "open": figures.pesos(sheet.open_cents),
        "on": figures.short_date(sheet.asked_on),
        "price": [["Importe", figures.pesos(sheet.amount_cents)], ["IVA", figures.pesos(sheet.vat_cents)]],
        "facts": [[label, figures.tied(value)] for label, value in facts if value],
        "foot": f"Trámite {sheet.folio} · {sheet.issuer.name}",
    }


def _certificate_page(sheet: CertificateSheet) -> dict[str, Any]:
    return {
        "folio": sheet.folio,
        "code": _in_fours(sheet.code),
        "qr_svg": payment_codes.qr_svg(sheet.verification),
        "verification": sheet.verification,
        "account": figures.account_in_groups(sheet.account_number),
        "holder": sheet.holder_name,
        "address": sheet.service_address,
        "service": sheet.usage,
        "cadastral_key": sheet.cadastral_key,
        "asked_for": sheet.asked_for if sheet.asked_for != sheet.holder_name else "",
        "place": f"{sheet.locality}, a {figures.long_date(sheet.issued_on)}"
        if sheet.locality
        else figures.long_date(sheet.issued_on),
        "issued": figures.long_date(sheet.issued_on),
        "valid": figures.long_date(sheet.valid_until),
        "issued_by": sheet.issued_by,
        "paid": " · ".join(
            part
            for part in (
                f"Trámite {sheet.service_folio}",
                f"comprobante de pago {sheet.receipt_folio}" if sheet.receipt_folio else "",
            )
            if part
        ),
        "copy": f"COPIA {sheet.copy}" if sheet.copy else "",
        "foot": f"Constancia {sheet.folio} · {sheet.issuer.name}",
    }


def _in_fours(code: str) -> str:
    """`7KQ2 M9…`: read aloud and typed in groups."""
    return figures.TIE.join(code[start : start + 4] for start in range(0, len(code), 4))

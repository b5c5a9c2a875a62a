"""The accounts that a paper names: a reference, ours or of a channel, the folio of a bill, a receipt or a service."""

import re
from dataclasses import dataclass
from typing import Final

from caudal.billing import queries as billing
from caudal.cashier import queries as cashier
from caudal.documents import payment_codes
from caudal.fees import queries as fees
from caudal.kernel.wording import pesos
from caudal.registry import queries as registry

RECEIPT_FOLIO: Final = re.compile(r"\s*[A-Za-z][A-Za-z0-9]*[\s-]?\d+\s*")
BILL_FOLIO: Final = re.compile(r"\d{6}-[\w.]+(?:-\d{1,3})?")
SERVICE_FOLIO: Final = re.compile(r"\s*tra[\s-]*\d{1,18}\s*", re.IGNORECASE)
CERTIFICATE_FOLIO: Final = re.compile(r"\s*cna[\s-]*\d{1,18}\s*", re.IGNORECASE)
# alone, or in the address that its QR carries
CERTIFICATE_CODE: Final = re.compile(r"(?:.*/constancias/)?((?:[0-9A-Za-z][\s-]?){20})/?", re.DOTALL)
BETWEEN: Final = re.compile(r"[\s\-\N{NO-BREAK SPACE}]+")


@dataclass(frozen=True, slots=True)
class Named:
    """Why a paper leads to an account. `is_sure`: to that one and no other; `is_weak`: perhaps by chance."""

    why: str
    is_sure: bool = False
    is_weak: bool = False


def accounts_of(*, text: str) -> dict[int, Named]:
    """Account → why. If some paper names one beyond doubt, misread ones are not told."""
    found: dict[int, Named] = {}
    for named in (_of_reference, _of_channels, _of_bill, _of_service, _of_certificate, _of_receipt):
        for account_id, each in named(text).items():
            if account_id not in found or each.is_sure > found[account_id].is_sure:
                found[account_id] = each
    is_sure = any(each.is_sure for each in found.values())
    return {
        key: each for key, each in found.items() if each.is_sure or not (is_sure and is_reference(text=text))
    }


def is_reference(*, text: str) -> bool:
    """Whether it has the shape of the stub of our own bills."""
    digits = BETWEEN.sub("", text)
    return digits.isascii() and digits.isdigit() and len(digits) == payment_codes.LENGTH


def _of_reference(text: str) -> dict[int, Named]:
    if not is_reference(text=text):
        return {}
    digits = BETWEEN.sub("", text)
    try:
        number = payment_codes.read_payment_reference(digits).account_number
        named = Named("referencia de pago", is_sure=True)
    except payment_codes.UnreadablePaymentReference:
        number = digits[: payment_codes.ACCOUNT_DIGITS]
        named = Named("la referencia tiene un dígito equivocado")
    return {account_id: named for account_id, _ in registry.accounts_numbered(text=number)}


def _of_channels(text: str) -> dict[int, Named]:
    found: dict[int, Named] = {}
    for each in cashier.channel_references(text=text):
        named = Named(f"referencia de {each.channel}", is_sure=each.is_strong, is_weak=not each.is_strong)
        for account_id, _ in registry.accounts_numbered(text=each.account_number):
            found.setdefault(account_id, named)
    return found


def _of_bill(text: str) -> dict[int, Named]:
    folio = re.sub(r"\s+", "", text)
    if not BILL_FOLIO.fullmatch(folio):
        return {}
    try:
        return {billing.bill_by_folio(folio=folio).account_id: Named(f"recibo {folio}", is_sure=True)}
    except billing.UnknownBill:
        return {}


def _of_service(text: str) -> dict[int, Named]:
    if not SERVICE_FOLIO.fullmatch(text):
        return {}
    try:
        service = fees.service_by_folio(folio=text)
    except fees.UnknownService:
        return {}
    return {service.account_id: Named(f"trámite {service.folio}, {service.name.lower()}", is_sure=True)}


def _of_certificate(text: str) -> dict[int, Named]:
    """By its folio, by the code of its paper, or by the address in its QR."""
    code = CERTIFICATE_CODE.fullmatch(text.strip())
    try:
        if CERTIFICATE_FOLIO.fullmatch(text):
            certificate = fees.certificate_by_folio(folio=text)
        elif code and any(map(str.isalpha, code[1])):
            certificate = fees.certificate_by_code(code=code[1])
        else:
            return {}
    except fees.UnknownCertificate:
        return {}
    return {certificate.service.account_id: Named(f"constancia {certificate.folio}", is_sure=True)}


def _of_receipt(text: str) -> dict[int, Named]:
    """Those that a receipt paid: more than one, perhaps, and not always the one that stands here."""
    if not RECEIPT_FOLIO.fullmatch(text):
        return {}
    try:
        receipt = cashier.receipt_by_folio(folio=text)
    except cashier.UnknownReceipt:
        return {}
    paid = receipt.payments.order_by("id").values_list("account_id", "amount_cents")
    return {
        account_id: Named(f"comprobante {receipt.folio} por {pesos(cents)}") for account_id, cents in paid
    }

"""The payment reference of the tear-off stub, and the two codes that carry it.

A reference is 26 digits: account (8), amount in centavos (9), due date YYYYMMDD (8), check digit (1). An even
number of digits prints as Code 128 in its numeric set, two digits to a symbol: the narrowest bars there are.
The check digit is base 10 (Luhn, weights 2 and 1 from the right), the one that banks and shops verify.
"""

from dataclasses import dataclass
from datetime import date

import zxingcpp

from caudal.kernel.refusals import Refusal

ACCOUNT_DIGITS = 8
AMOUNT_DIGITS = 9
LENGTH = ACCOUNT_DIGITS + AMOUNT_DIGITS + 8 + 1
AMOUNT_CENTS_MAX = 10**AMOUNT_DIGITS - 1


class CannotEncodePayment(Refusal):
    """The account or the amount does not fit in a payment reference."""


class UnreadablePaymentReference(Refusal):
    """What was scanned or typed is not one of our payment references."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReference:
    """What a stub asks for: `account_number` of eight digits, `amount_cents` ≥ 0, and its due date."""

    account_number: str
    amount_cents: int
    due_on: date


def base_10_check_digit(digits: str) -> int:
    """Luhn digit: weights 2, 1 from the right, digits of each product added; `067591119700` gives 1."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        product = int(digit) * (2 if place % 2 == 0 else 1)
        total += product // 10 + product % 10
    return -total % 10


def payment_reference(*, account_number: str, amount_cents: int, due_on: date) -> str:
    """The 26 digits for a stub. An account in credit owes nothing, so its amount is written as zero.

    :raises CannotEncodePayment: if the account has letters or more than 8 digits, or the amount is too large
    """
    if not (account_number.isascii() and account_number.isdigit() and len(account_number) <= ACCOUNT_DIGITS):
        raise CannotEncodePayment(
            "El número de cuenta no cabe en el código de barras.",
            f"Usa una cuenta de hasta {ACCOUNT_DIGITS} dígitos, sin letras ni guiones.",
            field="account_number",
            value=account_number,
        )
    if amount_cents > AMOUNT_CENTS_MAX:
        raise CannotEncodePayment(
            "El total no cabe en el código de barras.",
            "Revisa el recibo: el máximo es de $9,999,999.99.",
            field="total_cents",
            value=str(amount_cents),
        )
    body = f"{account_number:0>8}{max(amount_cents, 0):09d}{due_on:%Y%m%d}"
    return f"{body}{base_10_check_digit(body)}"


def read_payment_reference(text: str) -> PaymentReference:
    """What the 26 digits say; spaces and hyphens between them do not matter.

    :raises UnreadablePaymentReference: if digits are missing, the check digit differs, or the date does not exist
    """
    digits = text.replace(" ", "").replace("-", "").replace("\N{NO-BREAK SPACE}", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) == LENGTH):
        raise UnreadablePaymentReference(
            f"La referencia debe tener {LENGTH} dígitos.",
            "Vuelve a pasar el recibo por el lector o teclea la línea completa.",
            value=text,
        )
    if base_10_check_digit(digits[:-1]) != int(digits[-1]):
        raise UnreadablePaymentReference(
            "Un dígito de la referencia no coincide.",
            "Revisa la línea dígito por dígito o busca la cuenta por su número.",
            value=text,
        )
    return PaymentReference(
        account_number=digits[:8], amount_cents=int(digits[8:17]), due_on=_date_of(digits[17:25], text)
    )


def in_groups(reference: str) -> str:
    """The reference as a person reads it under the bars: `00010293 000064478 20190215 7`."""
    return f"{reference[:8]} {reference[8:17]} {reference[17:25]} {reference[25:]}"


def code_128_svg(text: str) -> str:
    """Code 128 bars as SVG, one module a unit wide and without its quiet zone: the layout leaves it."""
    return zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128).to_svg(add_quiet_zones=False)


def qr_svg(text: str) -> str:
    """QR as SVG without its quiet zone; level M survives a fold and a photocopy."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return code.to_svg(add_quiet_zones=False)


def _date_of(digits: str, text: str) -> date:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as impossible:
        raise UnreadablePaymentReference(
            "La fecha de la referencia no existe.",
            "Revisa la línea dígito por dígito o busca la cuenta por su número.",
            value=text,
        ) from impossible

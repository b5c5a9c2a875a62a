"""References that a channel prints and asks for: one contract, and every kind that we know.

A kind is data too: its name and its parameters come from the layout of the channel, because lengths, prefixes
and base years are in each contract, not in a law.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, Protocol

from caudal.cashier.channels import check_digits
from caudal.documents import payment_codes
from caudal.kernel.refusals import Refusal

CHECKS: Final[Mapping[str, Callable[[str], str]]] = {
    "base_10": check_digits.base_10,
    "137": check_digits.one_three_seven,
}
# what ends a value of variable length in a GS1 code, as a reader sends it
GROUP_SEPARATOR: Final = "\x1d"


class CannotMakeReference(Refusal):
    """The account, the amount or the date does not fit in the references of a channel."""


class UnreadableReference(Refusal):
    """What was read is not a reference of this kind: digits missing, or one of them does not agree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognized:
    """What a reference says. Its account may carry zeros on the left; amount and date only where the kind has them."""

    account_number: str
    amount_cents: int | None = None
    # algorithm 10 keeps of the amount only a digit that agrees with it
    amount_digit: str = ""
    due_on: date | None = None

    def agrees_with(self, *, amount_cents: int) -> bool:
        """Whether the reference was made for this amount, as far as it tells."""
        if self.amount_cents is not None:
            return self.amount_cents == amount_cents
        return not self.amount_digit or self.amount_digit == check_digits.algorithm_10_amount(amount_cents)


class ReferenceKind(Protocol):
    """The contract of every kind of reference."""

    def make(self, *, account_number: str, amount_cents: int, due_on: date) -> str:
        """The reference that asks an account for an amount until a date.

        :raises CannotMakeReference: if one of them does not fit
        """

    def read(self, *, text: str) -> Recognized:
        """What a reference says.

        :raises UnreadableReference: if it is not one of this kind
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNumber:
    """The reference is the number of the account, as it is."""

    def make(self, *, account_number: str, amount_cents: int, due_on: date) -> str:
        return account_number

    def read(self, *, text: str) -> Recognized:
        number = text.strip().upper()
        if not number:
            raise UnreadableReference(
                "La referencia está vacía.", "Búsquela en el aviso del banco.", value=text
            )
        return Recognized(account_number=number)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedNumber:
    """The number of the account and a check digit: base 10 (Luhn) or 1-3-7."""

    check: str = "base_10"
    account_digits: int = 8
    prefix: str = ""

    def make(self, *, account_number: str, amount_cents: int, due_on: date) -> str:
        body = self.prefix + _account(account_number, self.account_digits)
        return body + CHECKS[self.check](body)

    def read(self, *, text: str) -> Recognized:
        length = len(self.prefix) + self.account_digits + 1
        digits = _digits(text, length=length, prefix=self.prefix)
        _require(digits[-1] == CHECKS[self.check](digits[:-1]), text)
        return Recognized(account_number=digits[len(self.prefix) : -1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithm10:
    """Referenced deposit of BBVA: account, date in four digits, amount in one, a constant, two check digits."""

    base_year: int = 2014
    account_digits: int = 12
    # 2 asks the bank to check date and amount; other contracts use 0 or 1
    validation: str = "2"

    def make(self, *, account_number: str, amount_cents: int, due_on: date) -> str:
        day = check_digits.algorithm_10_day(on=due_on, base_year=self.base_year)
        if len(day) > 4 or day.startswith("-"):
            raise CannotMakeReference(
                f"La fecha no cabe con el año base {self.base_year}.",
                "Pida al banco el año base vigente y cámbielo en el canal.",
                field="due_on",
                value=due_on.isoformat(),
            )
        amount = check_digits.algorithm_10_amount(amount_cents)
        body = _account(account_number, self.account_digits) + day + amount + self.validation
        return body + check_digits.algorithm_10(body)

    def read(self, *, text: str) -> Recognized:
        digits = _digits(text, length=self.account_digits + 8)
        _require(check_digits.algorithm_10(digits[:-2]) == digits[-2:], text)
        day, amount, validation = digits[-8:-4], digits[-4], digits[-3]
        due_on = check_digits.algorithm_10_date(digits=day, base_year=self.base_year)
        _require(due_on is not None and validation == self.validation, text)
        return Recognized(account_number=digits[:-8], amount_digit=amount, due_on=due_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualClabe:
    """A CLABE for each account: bank, town and company in the prefix, the account after it, a check digit."""

    prefix: str

    def make(self, *, account_number: str, amount_cents: int, due_on: date) -> str:
        body = self.prefix + _account(account_number, 17 - len(self.prefix))
        return body + check_digits.clabe(body)

    def read(self, *, text: str) -> Recognized:
        digits = _digits(text, length=18, prefix=self.prefix)
        _require(check_digits.clabe(digits[:-1]) == digits[-1], text)
        return Recognized(account_number=digits[len(self.prefix) : -1])


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopBarcode:
    """Barcode of a chain of shops: prefix, account, date, amount, check digit. Lengths are those of the contract."""

    prefix: str = ""
    account_digits: int = 8
    date_format: str = "%y%m%d"
    amount_digits: int = 7
    check: str = "base_10"

    def make(self, *, account_number: str, amount_cents: int, due_on: date) -> str:
        account = _account(account_number, self.account_digits)
        body = f"{self.prefix}{account}{due_on:{self.date_format}}{_amount(amount_cents, self.amount_digits)}"
        return body + CHECKS[self.check](body)

    def read(self, *, text: str) -> Recognized:
        date_digits = len(date(2000, 1, 1).strftime(self.date_format))
        body_digits = len(self.prefix) + self.account_digits + date_digits + self.amount_digits
        digits = _digits(text, length=body_digits + 1, prefix=self.prefix)
        _require(CHECKS[self.check](digits[:-1]) == digits[-1], text)
        account = digits[len(self.prefix) :][: self.account_digits]
        ends = digits[len(self.prefix) + self.account_digits :]
        return Recognized(
            account_number=account,
            amount_cents=int(ends[date_digits:-1]),
            due_on=_date(ends[:date_digits], self.date_format, text),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSlip:
    """GS1-128 of the single payment slip (RUP): (8020) account, date and check digit, (3902) amount, (90) currency."""

    account_digits: int = 10
    check: str = "base_10"
    currency: str = "MXN"

    def make(self, *, account_number: str, amount_cents: int, due_on: date) -> str:
        body = f"{_account(account_number, self.account_digits)}{due_on:%Y%m%d}"
        slip = f"8020{body}{CHECKS[self.check](body)}"
        return GROUP_SEPARATOR.join((slip, f"3902{_amount(amount_cents, 10)}", f"90{self.currency}"))

    def read(self, *, text: str) -> Recognized:
        values = self._values(text)
        digits = _digits(values["8020"], length=self.account_digits + 9)
        _require(CHECKS[self.check](digits[:-1]) == digits[-1], text)
        _require(values["3902"].isascii() and values["3902"].isdigit(), text)
        _require(values.get("90", self.currency) == self.currency, text)
        return Recognized(
            account_number=digits[: self.account_digits],
            amount_cents=int(values["3902"]),
            due_on=_date(digits[self.account_digits : -1], "%Y%m%d", text),
        )

    def _values(self, text: str) -> dict[str, str]:
        """Values by identifier, whether it came from a reader or was typed with its parentheses."""
        joined = text.strip().replace("(", GROUP_SEPARATOR).replace(")", "").removeprefix("]C1")
        found = {}
        for part in filter(None, joined.split(GROUP_SEPARATOR)):
            name = next((name for name in ("8020", "3902", "90") if part.startswith(name)), "")
            _require(bool(name) and name not in found, text)
            found[name] = part[len(name) :].strip()
        _require({"8020", "3902"} <= set(found), text)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Stub:
    """The 26 digits of the stub of our own bills."""

    def make(self, *, account_number: str, amount_cents: int, due_on: date) -> str:
        try:
            return payment_codes.payment_reference(
                account_number=account_number, amount_cents=amount_cents, due_on=due_on
            )
        except payment_codes.CannotEncodePayment as refusal:
            raise CannotMakeReference(**refusal.as_dict()) from refusal

    def read(self, *, text: str) -> Recognized:
        try:
            said = payment_codes.read_payment_reference(text)
        except payment_codes.UnreadablePaymentReference as refusal:
            raise UnreadableReference(**refusal.as_dict()) from refusal
        return Recognized(
            account_number=said.account_number, amount_cents=said.amount_cents, due_on=said.due_on
        )


KINDS: Final[Mapping[str, type[Any]]] = {
    "account": AccountNumber,
    "checked": CheckedNumber,
    "algorithm_10": Algorithm10,
    "clabe": VirtualClabe,
    "shop_barcode": ShopBarcode,
    "gs1_slip": PaymentSlip,
    "stub": Stub,
}


def _account(number: str, digits: int) -> str:
    if not (number.isascii() and number.isdigit() and len(number.lstrip("0")) <= digits):
        raise CannotMakeReference(
            "El número de cuenta no cabe en la referencia.",
            f"Usa una cuenta de hasta {digits} dígitos, sin letras ni guiones.",
            field="account_number",
            value=number,
        )
    return number.lstrip("0").zfill(digits)


def _amount(cents: int, digits: int) -> str:
    if not 0 <= cents < 10**digits:
        raise CannotMakeReference(
            "El importe no cabe en la referencia.",
            f"Tiene lugar para {digits} dígitos con sus centavos.",
            field="amount_cents",
            value=str(cents),
        )
    return f"{cents:0{digits}d}"


def _digits(text: str, *, length: int, prefix: str = "") -> str:
    """The digits of a reference; zeros that a file adds on the left to fill its field are taken away."""
    digits = text.replace(" ", "").replace("-", "")
    if len(digits) > length and not digits[:-length].strip("0"):
        digits = digits[-length:]
    if not (len(digits) == length and digits.isascii() and digits.isdigit() and digits.startswith(prefix)):
        raise UnreadableReference(
            f"La referencia debe tener {length} dígitos" + (f" y empezar con {prefix}." if prefix else "."),
            "Compárela con la del comprobante del banco.",
            value=text,
        )
    return digits


def _require(agrees: bool, text: str) -> None:
    if not agrees:
        raise UnreadableReference(
            "Un dígito de la referencia no coincide.",
            "Compárela dígito por dígito con la del comprobante del banco.",
            value=text,
        )


def _date(digits: str, date_format: str, text: str) -> date:
    try:
        return _day(digits, date_format)
    except ValueError as impossible:
        raise UnreadableReference(
            "La fecha de la referencia no existe.",
            "Compárela dígito por dígito con la del comprobante del banco.",
            value=text,
        ) from impossible


@lru_cache(maxsize=1_000)
def _day(digits: str, date_format: str) -> date:
    return datetime.strptime(digits, date_format).date()  # noqa: DTZ007 - a day, no moment

"""Pure decisions of the window: what is in hand, and how what was typed settles what is owed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from caudal.cashier.commands import TenderPart
from caudal.cashier.models import TenderKind
from caudal.cashier.queries import LONGEST_REFERENCE, is_absurd, parse_pesos
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import pesos
from caudal.quotes.queries import MOST_MONTHS_AHEAD

# the largest note: whoever gets as much back handed over a note too many, or the figure is a slip
LARGEST_NOTE_CENTS: Final = 100_000
OTHERS: Final = (TenderKind.CARD, TenderKind.TRANSFER, TenderKind.CHECK)
OTHER_WORDS: Final[dict[str, tuple[str, str]]] = {
    "card": ("la tarjeta", "la autorización de la terminal"),
    "transfer": ("la transferencia", "la clave de rastreo"),
    "check": ("el cheque", "el número del cheque"),
}
MOST_ACCOUNTS: Final = 12
LONGEST_TEXT: Final = LONGEST_REFERENCE


class CannotSettle(Refusal):
    """What was typed does not pay what it should; `field` is the name of its box."""


@dataclass(frozen=True, slots=True)
class Part:
    """One account in hand. `amount` is what was typed; empty means all that is due. `months` is how many are paid
    ahead, as typed. `seen_cents` is what the screen said was due when it was last looked at."""

    number: str
    amount: str = ""
    months: str = ""
    seen_cents: int = 0


@dataclass(frozen=True, slots=True)
class Other:
    """What was typed of a tender that is not cash."""

    amount: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class InHand:
    """The charge in hand: accounts in the order they came, and what was typed, word for word.

    `is_adding` says that the next account joins those that are there; `is_ready` that it was reviewed and the next
    Enter charges; `reviewed` is what was typed in the boxes of amounts at that review.
    """

    parts: tuple[Part, ...] = ()
    cash: str = ""
    others: Mapping[str, Other] = field(default_factory=dict)
    is_adding: bool = False
    is_ready: bool = False
    reviewed: tuple[str, ...] = ()

    @property
    def numbers(self) -> list[str]:
        return [part.number for part in self.parts]

    @property
    def amounts(self) -> tuple[str, ...]:
        """What was typed of amounts and months, to know whether it is what was reviewed."""
        return tuple(f"{part.amount} {part.months}".strip() for part in self.parts)

    @property
    def is_special(self) -> bool:
        """Whether any account is paid otherwise than what it owes: less, more, or months ahead."""
        return any(self.amounts)

    def as_body(self) -> dict[str, Any]:
        """For the column of the draft."""
        return asdict(self)


def in_hand(*, body: Mapping[str, Any]) -> InHand:
    """The body of a draft as what it means; whatever is missing is empty."""
    return InHand(
        parts=tuple(Part(**part) for part in body.get("parts", ())),
        cash=body.get("cash", ""),
        others={kind: Other(**other) for kind, other in body.get("others", {}).items()},
        is_adding=body.get("is_adding", False),
        is_ready=body.get("is_ready", False),
        reviewed=tuple(body.get("reviewed", ())),
    )


def months_of(*, part: Part) -> int:
    """How many months an account pays ahead; 0 if nothing was typed.

    :raises CannotSettle: if it is not a number from 1 to 12
    """
    text = part.months.strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:3]) <= MOST_MONTHS_AHEAD):
        raise CannotSettle(
            f"«{text}» no es un número de meses.",
            f"Escriba de 1 a {MOST_MONTHS_AHEAD}.",
            field=f"months_{part.number}",
        )
    if part.amount.strip():
        raise CannotSettle(
            "Con meses por adelantado se cobra lo que suman.",
            "Deje vacía «Otra cantidad», o quite los meses.",
            field=f"amount_{part.number}",
        )
    return int(text)


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a charge would be taken (centavos): what each account gets, and the tenders that pay it."""

    amounts: Mapping[str, int]
    tenders: tuple[TenderPart, ...]

    @property
    def total_cents(self) -> int:
        return sum(self.amounts.values())

    @property
    def given_cents(self) -> int:
        return sum(each.given_cents or each.amount_cents for each in self.tenders)

    @property
    def change_cents(self) -> int:
        return self.given_cents - self.total_cents


def amounts_of(*, hand: InHand, due: Mapping[str, int]) -> dict[str, int]:
    """What each account in hand is to be paid (centavos): what was typed, or all that is due.

    :raises CannotSettle: beside the box of an amount that is not one, is zero or absurd; or if nothing is owed
    """
    if not hand.parts:
        raise CannotSettle(
            "No hay ninguna cuenta que cobrar.", "Pase el recibo o busque la cuenta.", field="text"
        )
    return {part.number: _amount_of(part, due[part.number]) for part in hand.parts}


def _amount_of(part: Part, due_cents: int) -> int:
    box = f"amount_{part.number}"
    if not part.amount.strip():
        if due_cents <= 0:
            raise CannotSettle(
                f"La cuenta {part.number} no debe nada.",
                "Para dejarle saldo a favor, escriba cuánto en «Otra cantidad» (F6).",
                field=box,
            )
        return due_cents
    return _cents(part.amount, box)


def settle(*, hand: InHand, due: Mapping[str, int]) -> Settlement:
    """What was typed against what is due. An empty box of cash means that it is exact.

    :raises CannotSettle: beside the box to correct
    """
    amounts = amounts_of(hand=hand, due=due)
    total = sum(amounts.values())
    tenders, rest = [], total
    for kind in OTHERS:
        taken = _other(kind, hand.others.get(kind, Other()), rest)
        if taken is not None:
            tenders.append(taken)
            rest -= taken.amount_cents
    if cash := _cash(hand.cash, rest, has_others=bool(tenders)):
        tenders.append(cash)
    return Settlement(amounts, tuple(tenders))


def _other(kind: str, typed: Other, rest_cents: int) -> TenderPart | None:
    """A tender that is not cash: with its reference and no amount, it pays all that is left."""
    name, wanted = OTHER_WORDS[kind]
    reference = typed.reference.strip()
    if not typed.amount.strip() and not reference:
        return None
    cents = _cents(typed.amount, kind) if typed.amount.strip() else rest_cents
    if cents > rest_cents:
        raise CannotSettle(
            f"Con {name} se cobran {pesos(cents)} y solo faltan {pesos(rest_cents)}.",
            "De una forma de pago que no es efectivo no se da cambio: escriba lo justo.",
            field=kind,
        )
    if cents == 0:
        raise CannotSettle(
            f"No queda nada por pagar con {name}.", "Deje vacía esa forma de pago.", field=kind
        )
    if not reference:
        raise CannotSettle(
            f"Falta {wanted}.", "Está en el comprobante de esa operación.", field=f"{kind}_reference"
        )
    return TenderPart(kind, cents, reference=reference)


def _cash(text: str, rest_cents: int, *, has_others: bool) -> TenderPart | None:
    if not text.strip():
        return TenderPart(TenderKind.CASH, rest_cents) if rest_cents else None
    given = _cents(text, "cash")
    if not rest_cents:
        raise CannotSettle("Ya está todo pagado sin efectivo.", "Deje vacío el efectivo.", field="cash")
    if given < rest_cents:
        raise CannotSettle(
            f"Faltan {pesos(rest_cents - given)} para completar {pesos(rest_cents)}.",
            "Complete el efectivo, " + ("revise la otra forma de pago" if has_others else "agregue otra forma (F3)")
            + ", o cobre otra cantidad (F6).",
            field="cash",
        )  # fmt: skip
    if given - rest_cents >= LARGEST_NOTE_CENTS:
        raise CannotSettle(
            f"El cambio sería de {pesos(given - rest_cents)}.",
            "Es más que un billete de $1,000.00: revise el efectivo recibido.",
            field="cash",
        )
    return TenderPart(TenderKind.CASH, rest_cents, given_cents=given)


def _cents(text: str, box: str) -> int:
    cents = parse_pesos(text)
    if cents is None:
        is_negative = text.strip()[:1] in ("-", "\N{MINUS SIGN}")
        raise CannotSettle(
            "La cantidad no puede ser negativa." if is_negative else f"«{text.strip()}» no es una cantidad.",
            "Escriba solo números, por ejemplo 200 o 1,250.50.",
            field=box,
        )
    if cents == 0:
        raise CannotSettle(
            "La cantidad debe ser mayor que cero.", "Escriba cuánto entrega la persona.", field=box
        )
    if is_absurd(amount_cents=cents):
        raise CannotSettle(
            f"{pesos(cents)} es demasiado para un pago.",
            "Revise que no haya escrito el número de cuenta en la cantidad.",
            field=box,
        )
    return cents

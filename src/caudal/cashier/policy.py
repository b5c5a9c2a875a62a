"""Pure decisions of the window: which amounts make sense."""

from collections.abc import Mapping
from typing import Final

from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import parse_pesos as parse_pesos

# above this somebody typed the account number as the amount
LARGEST_PAYMENT_CENTS: Final = 1_000_000_000
# of the authorization, the number of a check, the key of a transfer
LONGEST_REFERENCE: Final = 40


class BadCount(Refusal): ...


def is_absurd(*, amount_cents: int) -> bool:
    """Tell an amount that no one pays at a window of a water utility."""
    return amount_cents > LARGEST_PAYMENT_CENTS


# pieces of Mexican money, in centavos: notes, then coins
NOTES: Final = (100_000, 50_000, 20_000, 10_000, 5_000, 2_000)
COINS: Final = (2_000, 1_000, 500, 200, 100, 50)
DENOMINATIONS: Final = tuple(sorted({*NOTES, *COINS, 20, 10}, reverse=True))
# more pieces than this of one denomination were typed by mistake
MOST_PIECES: Final = 100_000


def total_of_pieces(*, pieces: Mapping[str, int]) -> int:
    """What counted pieces add up to (centavos).

    :raises BadCount: if a denomination does not exist or a number is negative
    """
    for denomination, n in pieces.items():
        known = denomination.isascii() and denomination.isdigit() and int(denomination) in DENOMINATIONS
        if not known or not 0 <= n <= MOST_PIECES:
            raise BadCount(
                "El arqueo tiene una pieza que no existe o un número que no puede ser.",
                "Cuente otra vez esa denominación.",
                field=f"pieces_{denomination}",
                value=str(n),
            )
    return sum(int(denomination) * n for denomination, n in pieces.items())


def require_declared(*, others: Mapping[str, int], kinds: set[str]) -> None:
    """Let pass the totals somebody declares of the tenders that are not cash (centavos).

    A total is below zero when more was given back than taken, as after canceling yesterday's card.

    :raises BadCount: if a kind does not exist, or its total is absurd
    """
    for kind, cents in others.items():
        if kind not in kinds or abs(cents) > 100 * LARGEST_PAYMENT_CENTS:
            raise BadCount(
                "El total declarado de una forma de pago no sirve.", "Escriba cuánto suman sus comprobantes.",
                field=kind, value=str(cents),
            )  # fmt: skip


def pieces_of(*, cents: int) -> dict[str, int]:
    """The fewest pieces that make an amount.

    :raises BadCount: if there is no piece small enough for its last centavos
    """
    pieces: dict[str, int] = {}
    for denomination in DENOMINATIONS:
        n, cents = divmod(cents, denomination)
        if n:
            pieces[str(denomination)] = n
    if cents:
        raise BadCount("No hay piezas para esos centavos.", "Use múltiplos de 10 centavos.", field="pieces")
    return pieces


def cancellation_series(*, series: str) -> str:
    """The series of the folios that cancellations of a series take."""
    return f"{series}-CAN"


# why a receipt is canceled, one key each; the last asks for words
CANCELLATION_REASONS: Final = {
    "1": "Cuenta equivocada",
    "2": "Importe equivocado",
    "3": "Forma de pago equivocada",
    "4": "La persona desistió",
    "5": "Cheque devuelto u otro motivo",
}
OTHER_REASON: Final = "5"


def cancellation_reason(*, code: str, detail: str = "") -> str | None:
    """The words of a reason of the list, with what else was said; None if there is no such reason or words lack."""
    detail = " ".join(detail.split())[:150]
    if code not in CANCELLATION_REASONS or (code == OTHER_REASON and not detail):
        return None
    if code == OTHER_REASON:
        return detail
    return f"{CANCELLATION_REASONS[code]}: {detail}" if detail else CANCELLATION_REASONS[code]

"""What a payment is made of: parts of accounts and tenders, and which of them make sense."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from caudal.campaigns.commands import MonthTerms
from caudal.cashier import policy
from caudal.cashier.models import TenderKind
from caudal.kernel.refusals import Refusal
from caudal.registry.models import Account

Problem = tuple[bool, str, str, str]


class CannotTakePayment(Refusal): ...


@dataclass(frozen=True, slots=True)
class PrepaidMonths:
    """Months that a part pays ahead: (period, centavos) of each, and the tariff book they were quoted with.

    `reductions` is what `campaign` takes off each of them, as (ppm, centavos); empty if nothing does.
    """

    months: tuple[tuple[int, int], ...]
    book: str
    campaign: str = ""
    reductions: tuple[tuple[int, int], ...] = ()

    @property
    def terms(self) -> list[MonthTerms]:
        """Each month with its price without prepaying."""
        reductions = self.reductions or ((0, 0),) * len(self.months)
        return [
            MonthTerms(period, cents + reduced, ppm, reduced)
            for (period, cents), (ppm, reduced) in zip(self.months, reductions, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class AccountPart:
    """How much of a payment is for which account (centavos), and the months it pays ahead once nothing is owed."""

    account: Account
    amount_cents: int
    prepaid: PrepaidMonths | None = None


@dataclass(frozen=True, slots=True)
class TenderPart:
    """One way in which a payment is made: what is kept, and, of cash, what was handed over (centavos)."""

    kind: str
    amount_cents: int
    given_cents: int = 0
    reference: str = ""


def require_sound_parts(*, parts: Sequence[AccountPart]) -> None:
    """Refuse a payment without accounts, with one twice, or with amounts that make no sense.

    :raises CannotTakePayment: beside its field
    """
    total = sum(part.amount_cents for part in parts)
    _require_none(
        (
            (not parts, "No hay ninguna cuenta que cobrar.", "Busque la cuenta.", "account"),
            (
                len({part.account.pk for part in parts}) < len(parts),
                "La misma cuenta viene dos veces.",
                "Déjela una sola vez con todo su importe.",
                "account",
            ),
            (
                any(part.amount_cents <= 0 for part in parts),
                "El importe debe ser mayor que cero.",
                "Escriba cuánto entrega la persona.",
                "amount",
            ),
            (
                any(
                    part.prepaid is not None
                    and (not part.prepaid.months or any(cents <= 0 for _, cents in part.prepaid.months))
                    for part in parts
                ),
                "Los meses por adelantado no tienen importe.",
                "Vuelva a elegir cuántos meses se pagan.",
                "months",
            ),
            (
                policy.is_absurd(amount_cents=total),
                "El importe es demasiado grande para un pago.",
                "Revise que no haya escrito el número de cuenta en el importe.",
                "amount",
            ),
        )
    )


def require_sound_tenders(*, tenders: Sequence[TenderPart], total_cents: int) -> None:
    """Refuse tenders that do not add up, are unknown or repeated, or lack what proves them.

    :raises CannotTakePayment: beside its field
    """
    kinds = [tender.kind for tender in tenders]
    _require_none(
        (
            (
                not set(kinds) <= set(TenderKind.values) or len(set(kinds)) < len(kinds),
                "La forma de pago no existe o viene dos veces.",
                "Elija efectivo, tarjeta, cheque o transferencia, cada una una vez.",
                "tender",
            ),
            (
                any(tender.amount_cents <= 0 for tender in tenders)
                or sum(tender.amount_cents for tender in tenders) != total_cents,
                "Lo recibido no suma lo que se cobra.",
                "Revise cuánto va en cada forma de pago.",
                "tender",
            ),
            (
                any(tender.given_cents and tender.kind != TenderKind.CASH for tender in tenders),
                "Solo del efectivo se da cambio.",
                "Cobre con tarjeta, cheque o transferencia el importe exacto.",
                "given",
            ),
            (
                any(tender.given_cents and tender.given_cents < tender.amount_cents for tender in tenders),
                "El efectivo entregado no alcanza.",
                "Escriba lo que entregó la persona, o cobre una parte.",
                "given",
            ),
            (
                any(policy.is_absurd(amount_cents=tender.given_cents) for tender in tenders),
                "El efectivo entregado es demasiado grande.",
                "Revise lo que entregó la persona.",
                "given",
            ),
            (
                any(tender.kind != TenderKind.CASH and not tender.reference.strip() for tender in tenders),
                "Falta la referencia de la tarjeta, el cheque o la transferencia.",
                "Escriba la autorización de la terminal, el número del cheque o la clave de rastreo.",
                "reference",
            ),
            (
                any(len(tender.reference.strip()) > policy.LONGEST_REFERENCE for tender in tenders),
                f"La referencia tiene más de {policy.LONGEST_REFERENCE} letras.",
                "Escriba solo la autorización, el número o la clave.",
                "reference",
            ),
        )
    )


def _require_none(problems: Iterable[Problem]) -> None:
    for is_wrong, what, remedy, field in problems:
        if is_wrong:
            raise CannotTakePayment(what, remedy, field=field)

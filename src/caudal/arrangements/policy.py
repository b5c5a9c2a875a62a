"""Pure decisions about payment agreements: what is admitted, what a household can pay, how far each payment is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final, Protocol

from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import number_of_folio, pesos
from caudal.rules import amortization, money
from caudal.rules.amortization import Installment
from caudal.rules.bounds import OutOfBounds

# lower case, so that no till can have a receipt series of that name
SERIES: Final = "convenio"
_FOLIO: Final = "CON-"


class CannotArrange(Refusal):
    """The terms make no agreement, whoever approves them."""


class AbilityFallsShort(Refusal):
    """No terms that the policy admits fit in what the household can pay; it says which would."""


class Limits(Protocol):
    """What a policy admits without a second person (an `ArrangementPolicy`)."""

    least_down_ppm: int
    most_installments: int
    least_installment_cents: int
    most_days_to_first: int
    most_debt_cents: int
    another_after_default: bool
    deferral_ppm: int
    ability_share_ppm: int
    dependent_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is agreed: paid today (centavos), how many monthly payments, and when the first is due."""

    down_cents: int
    count: int
    first_due_on: date

    def as_dict(self) -> dict[str, Any]:
        """What an approval is about: `approvals.ask(after=terms.as_dict())`."""
        return {
            "down_cents": self.down_cents,
            "count": self.count,
            "first_due_on": self.first_due_on.isoformat(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Ability:
    """What a household said of a month (centavos)."""

    income_cents: int
    expenses_cents: int
    can_pay_cents: int
    dependents: int = 0


class State(StrEnum):
    """How far an agreement is."""

    LIVE = "al corriente"
    LATE = "atrasado"
    PAID = "pagado"
    FINISHED = "cumplido"
    DEFAULTED = "incumplido"
    CANCELED = "cancelado"


class InstallmentState(StrEnum):
    """How far one payment of an agreement is."""

    PAID = "pagada"
    PAID_LATE = "pagada tarde"
    OPEN = "por pagar"
    LATE = "vencida"
    UNDONE = "sin efecto"


def arrangement_folio(number: int) -> str:
    """`CON-000012`."""
    return f"{_FOLIO}{number:06d}"


def arrangement_number(text: str) -> int | None:
    """The number in `CON-000012`, `con 12` or `12`; None when it is no folio of an agreement."""
    return number_of_folio(text, prefix=_FOLIO)


def table(*, agreed_cents: int, terms: Terms, signed_on: date, limits: Limits) -> tuple[Installment, ...]:
    """The payments of an agreement; they add up to what is agreed, the price of waiting apart.

    :raises CannotArrange: if the terms make no table: nothing left to pay later, dates that do not follow
    """
    if not 0 <= terms.down_cents <= agreed_cents - 1:
        raise CannotArrange(
            f"El pago inicial debe ser menor que los {pesos(agreed_cents)} que se ponen en convenio.",
            "Si paga todo hoy, cóbrelo en la ventanilla sin convenio.", field="down",
        )  # fmt: skip
    if terms.count < 1 or agreed_cents - terms.down_cents < terms.count:
        raise CannotArrange(
            f"No se puede repartir en {terms.count} parcialidades.",
            f"Elija de 1 a {limits.most_installments}.",
            field="count",
        )
    if terms.first_due_on <= signed_on:
        raise CannotArrange(
            "La primera parcialidad debe vencer después de hoy.", "Elija otra fecha.", field="first_due_on"
        )
    try:
        return amortization.installments(
            total_cents=agreed_cents, down_payment_cents=terms.down_cents, count=terms.count, signed_on=signed_on,
            first_due_on=terms.first_due_on, deferral_ppm=limits.deferral_ppm,
        )  # fmt: skip
    except OutOfBounds as problem:
        raise CannotArrange(
            f"No se puede repartir así: {problem}", "Cambie el pago inicial o el número de parcialidades."
        ) from problem


def least_down(*, agreed_cents: int, limits: Limits) -> int:
    """The smallest down payment that needs nobody's approval (centavos)."""
    return amortization.down_payment(total_cents=agreed_cents, ppm=limits.least_down_ppm)


def beyond_limits(
    *,
    installments: Sequence[Installment],
    total_cents: int,
    signed_on: date,
    limits: Limits,
    has_defaulted: bool,
    affordable_cents: int | None = None,
) -> tuple[str, ...]:
    """What of an agreement passes what one person may sign, a sentence each; nothing if all is admitted."""
    return tuple(_beyond(installments, total_cents, signed_on, limits, has_defaulted, affordable_cents))


def _beyond(
    installments: Sequence[Installment],
    total_cents: int,
    signed_on: date,
    limits: Limits,
    has_defaulted: bool,
    affordable_cents: int | None,
) -> Iterator[str]:
    down = sum(each.amount_cents for each in installments if each.number == 0)
    later = [each for each in installments if each.number]
    least = least_down(agreed_cents=sum(each.amount_cents for each in installments), limits=limits)
    if down < least:
        yield f"El pago inicial es de {pesos(down)}; el mínimo es {pesos(least)}."
    if len(later) > limits.most_installments:
        yield f"Son {len(later)} parcialidades; lo más son {limits.most_installments}."
    if later[-1].amount_cents < limits.least_installment_cents:
        yield (
            f"La parcialidad es de {pesos(later[-1].amount_cents)}; "
            f"la mínima es {pesos(limits.least_installment_cents)}."
        )
    if later[0].due_on > signed_on + timedelta(days=limits.most_days_to_first):
        yield f"La primera parcialidad vence después de {limits.most_days_to_first} días."
    if total_cents > limits.most_debt_cents:
        yield f"El adeudo pasa de {pesos(limits.most_debt_cents)}."
    if has_defaulted and not limits.another_after_default:
        yield "La cuenta ya incumplió un convenio."
    if affordable_cents is not None and later[0].total_cents > affordable_cents:
        yield (
            f"La parcialidad de {pesos(later[0].total_cents)} pasa de los {pesos(affordable_cents)} "
            "al mes que el hogar puede pagar."
        )


def affordable(*, ability: Ability, limits: Limits) -> int:
    """What a household can pay in a month: what it says, but no more than the policy's share of what it has free.

    :raises AbilityFallsShort: if amounts are missing or negative, or nothing is free
    """
    for cents, field in ((ability.income_cents, "income"), (ability.expenses_cents, "expenses")):
        if cents < 0:
            raise AbilityFallsShort("El importe no puede ser negativo.", "Revise la cantidad.", field=field)
    if ability.dependents < 0:
        raise AbilityFallsShort(
            "Los dependientes no pueden ser menos de cero.", "Revise.", field="dependents"
        )
    if ability.can_pay_cents <= 0:
        raise AbilityFallsShort(
            "Falta cuánto puede pagar al mes.", "Pregunte cuánto y escríbalo.", field="can_pay"
        )
    free = ability.income_cents - ability.expenses_cents - ability.dependents * limits.dependent_cents
    share = money.share_of(max(free, 0), ppm=limits.ability_share_ppm)
    if share == 0:
        raise AbilityFallsShort(
            "Con ese ingreso no queda nada libre para un convenio.",
            "Revise ingreso, gastos y dependientes, o pida que aprueben otros términos.", field="income",
        )  # fmt: skip
    return min(share, ability.can_pay_cents)


def suggest(
    *, agreed_cents: int, affordable_cents: int, down_cents: int, first_due_on: date, limits: Limits
) -> Terms:
    """The fewest monthly payments that fit in what a household can pay, within the policy.

    :raises AbilityFallsShort: if none does: with how much more today, or in how many payments, it would
    """
    deferred = agreed_cents - down_cents
    count = amortization.fewest_installments(
        deferred_cents=deferred, affordable_cents=affordable_cents, most_count=limits.most_installments,
        least_installment_cents=limits.least_installment_cents, deferral_ppm=limits.deferral_ppm,
    )  # fmt: skip
    if count is not None:
        return Terms(down_cents=down_cents, count=count, first_due_on=first_due_on)
    if deferred < limits.least_installment_cents:
        return Terms(down_cents=down_cents, count=1, first_due_on=first_due_on)
    raise AbilityFallsShort(
        f"Con {pesos(affordable_cents)} al mes no se alcanza a pagar en {limits.most_installments} parcialidades.",
        _what_would_do(agreed_cents, deferred, affordable_cents, limits), field="can_pay",
    )  # fmt: skip


def _what_would_do(agreed_cents: int, deferred: int, affordable_cents: int, limits: Limits) -> str:
    """`Hace falta dar hoy $4,000.00, pagar $812.00 al mes, o que aprueben 20 parcialidades.`"""
    most = limits.most_installments
    fits = amortization.most_deferrable(
        affordable_cents=affordable_cents, count=most, deferral_ppm=limits.deferral_ppm
    )
    monthly = amortization.highest_payment(
        deferred_cents=deferred, count=most, deferral_ppm=limits.deferral_ppm
    )
    longer = amortization.fewest_installments(
        deferred_cents=deferred, affordable_cents=affordable_cents, most_count=amortization.MAX_COUNT,
        deferral_ppm=limits.deferral_ppm,
    )  # fmt: skip
    ways = [f"dar hoy {pesos(agreed_cents - fits)}", f"pagar {pesos(monthly)} al mes"]
    if longer is not None:
        ways.append(f"que aprueben {longer} parcialidades")
    return f"Hace falta {', '.join(ways[:-1])} o {ways[-1]}."


def installment_state(
    *, total_cents: int, paid_cents: int, paid_on: date | None, due_on: date, on: date, is_undone: bool
) -> InstallmentState:
    """How far one payment is on a day; `paid_on` is the day it was paid whole."""
    if paid_cents >= total_cents:
        return InstallmentState.PAID_LATE if paid_on and paid_on > due_on else InstallmentState.PAID
    if is_undone:
        return InstallmentState.UNDONE
    return InstallmentState.LATE if due_on < on else InstallmentState.OPEN


def state(*, end: str | None, installments: Sequence[InstallmentState]) -> State:
    """How far an agreement is: its end first, then its payments."""
    if end:
        return {"finished": State.FINISHED, "defaulted": State.DEFAULTED, "canceled": State.CANCELED}[end]
    if InstallmentState.LATE in installments:
        return State.LATE
    return State.LIVE if InstallmentState.OPEN in installments else State.PAID

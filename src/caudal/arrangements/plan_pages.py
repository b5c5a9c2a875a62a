"""What the assistant shows: the debt period by period, and the table that would be signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from caudal.arrangements import papers
from caudal.arrangements.models import ArrangementPolicy
from caudal.arrangements.queries import Simulation
from caudal.documents import figures
from caudal.kernel.wording import pesos

DOWN: Final = "Pago inicial"


@dataclass(frozen=True, slots=True)
class DebtRow:
    """What is owed of one period, and what of it would be forgiven (centavos)."""

    period: int
    what: str
    owed_cents: int
    waived_cents: int

    @property
    def minus_cents(self) -> int:
        return -self.waived_cents

    @property
    def left_cents(self) -> int:
        return self.owed_cents - self.waived_cents


@dataclass(frozen=True, slots=True)
class DebtPage:
    """What is owed today, with the campaign that applies to whoever signs (centavos)."""

    rows: Sequence[DebtRow]
    owed_cents: int
    favor_cents: int
    waived_cents: int
    agreed_cents: int
    waiver_name: str
    waiver_words: str

    @property
    def minus_cents(self) -> int:
        return -self.waived_cents

    @property
    def minus_favor_cents(self) -> int:
        return -self.favor_cents


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One payment of the table, and what would be left after it (centavos)."""

    name: str
    due_on: date
    principal_cents: int
    deferral_cents: int
    left_cents: int

    @property
    def total_cents(self) -> int:
        return self.principal_cents + self.deferral_cents


@dataclass(frozen=True, slots=True)
class Plan:
    """The table of an agreement that nobody has signed (centavos)."""

    rows: Sequence[PlanRow]
    agreed_cents: int
    deferral_cents: int
    total_cents: int
    words: str
    button: str
    beyond: Sequence[str]


def debt_page(*, simulation: Simulation) -> DebtPage:
    """What is owed, a row a period; its second line says of what."""
    by_period: dict[int, list[tuple[str, int, int]]] = {}
    for line in simulation.debts:
        by_period.setdefault(line.period, []).append((line.name, line.owed_cents, line.waived_cents))
    return DebtPage(
        rows=[
            DebtRow(
                period,
                ", ".join(f"{name.lower()} {pesos(owed)}" for name, owed, _ in lines),
                sum(owed for _, owed, _ in lines),
                sum(waived for _, _, waived in lines),
            )
            for period, lines in by_period.items()
        ],
        owed_cents=simulation.total_cents + simulation.favor_cents,
        favor_cents=simulation.favor_cents,
        waived_cents=simulation.waived_cents,
        agreed_cents=simulation.agreed_cents,
        waiver_name=simulation.waiver_name,
        waiver_words=simulation.waiver_condition,
    )


def plan(*, simulation: Simulation) -> Plan:
    """The table as it would be signed."""
    left, rows = simulation.to_pay_cents, []
    for each in simulation.table:
        left -= each.total_cents
        rows.append(
            PlanRow(
                payment_name(each.number),
                each.due_on,
                each.amount_cents,
                each.deferral_cents,
                left_cents=left,
            )
        )
    later = [row for row in rows if row.name != DOWN]
    down = simulation.terms.down_cents
    parts = f"{len(later)} {'parcialidad' if len(later) == 1 else 'parcialidades'} de {pesos(later[-1].total_cents)}"
    words = f"{pesos(down)} hoy y {parts}" if down else parts
    return Plan(
        rows, simulation.agreed_cents, simulation.deferral_cents, simulation.to_pay_cents, words, words,
        simulation.beyond,
    )  # fmt: skip


def payment_name(number: int, /) -> str:
    """`Pago inicial`, `1`, `2`…"""
    return str(number) if number else DOWN


def limits_words(*, limits: ArrangementPolicy) -> str:
    """What one person may sign, in a sentence."""
    return figures.tied(
        f"En blanco se calcula. Hasta {limits.most_installments} parcialidades de al menos {pesos(limits.least_installment_cents)}, con "
        f"{papers.percent(limits.least_down_ppm)} de pago inicial."
    )

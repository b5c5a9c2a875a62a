"""Registers: every centavo that was forgiven, canceled, adjusted, over or short in some days, or owed at their end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction

from caudal.accounting import policy
from caudal.accounting.loading import debts
from caudal.accounting.loading import registers as loading
from caudal.kernel.refusals import Refusal
from caudal.kernel.tables import Column, Kind


class UnknownRegister(Refusal):
    """There is no register with that name."""


@dataclass(frozen=True, slots=True)
class Register:
    """A register: what its rows say. `total` is the column that the books must say too."""

    code: str
    title: str
    note: str
    sql: str
    columns: tuple[Column, ...]
    total: int
    route_column: int | None = None
    is_as_of: bool = False


_DAY, _ACCOUNT = Column("Fecha", Kind.DAY), Column("Cuenta", Kind.TEXT, 12)

REGISTERS: Final = (
    Register(
        "descuentos", "Descuentos y condonaciones",
        "Cada centavo que una regla quitó de un recibo o perdonó; lo que se deshizo va en negativo.",
        loading.DISCOUNTS,
        (_DAY, _ACCOUNT, Column("Regla"), Column("Qué es"), Column("Documento"), Column("Importe", Kind.CENTS),
         Column("Quién")), 5, 1,
    ),
    Register(
        "cancelaciones", "Cancelaciones", "Comprobantes de pago, recibos y cargos que se cancelaron.",
        loading.CANCELLATIONS,
        (_DAY, Column("Qué es"), Column("Documento"), Column("Cuentas"), Column("Importe", Kind.CENTS),
         Column("Motivo", Kind.TEXT, 40), Column("Quién")), 4,
    ),
    Register(
        "ajustes", "Ajustes", "Lo que bajó un adeudo sin ser pago, cancelación, condonación ni convenio.",
        loading.ADJUSTMENTS,
        (_DAY, _ACCOUNT, Column("Qué es"), Column("Documento"), Column("Importe", Kind.CENTS),
         Column("Motivo", Kind.TEXT, 40), Column("Quién")), 4, 1,
    ),
    Register(
        "diferencias", "Diferencias de caja", "Lo que sobró (+) o faltó (−) al contar cada corte.",
        loading.DIFFERENCES,
        (_DAY, Column("Documento"), Column("Qué es"), Column("Importe", Kind.CENTS), Column("Quién")), 3,
    ),
    Register(
        "adeudos", "Adeudos por antigüedad", "Lo que debía cada cuenta al terminar ese día, sin recargos por cobrar.",
        debts.DEBT,
        (_ACCOUNT, Column("Más antiguo", Kind.DAY), *(Column(name, Kind.CENTS) for _, name, *_ in policy.BUCKETS),
         Column("Total", Kind.CENTS)), 11, 0, True,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filled:
    """A register with its rows, what they add up to, and what the books say (centavos)."""

    register: Register
    since: date
    last: date
    rows: list[tuple[Any, ...]]
    booked_cents: int

    @property
    def total_cents(self) -> int:
        return sum(row[self.register.total] for row in self.rows)

    @property
    def agrees(self) -> bool:
        return self.total_cents == self.booked_cents

    @property
    def totals(self) -> tuple[Any, ...]:
        """The foot: a sum under each column of centavos."""
        columns: Sequence[Column] = self.register.columns
        return tuple(
            sum(row[place] or 0 for row in self.rows)
            if column.kind == Kind.CENTS
            else ("Total" if not place and column.kind == Kind.TEXT else None)
            for place, column in enumerate(columns)
        )

    @property
    def filters(self) -> list[tuple[str, str]]:
        """What was asked, in words."""
        if self.register.is_as_of:
            return [("Al terminar el día", self.last.isoformat())]
        return [("Desde", self.since.isoformat()), ("Hasta", self.last.isoformat())]


def find(*, code: str) -> Register:
    """A register by its name.

    :raises UnknownRegister: if there is none
    """
    for each in REGISTERS:
        if each.code == code:
            return each
    raise UnknownRegister("No hay un registro con ese nombre.", "Elija uno de la lista.", value=code)


def fill(*, register: Register, since: date, last: date) -> Filled:
    """The rows of a register from one day to another, both included, and what the books say of the same."""
    until = last + timedelta(days=1)
    with transaction.atomic():
        rows = loading.rows(sql=register.sql, since=since, until=until, on=last)
        [(booked,)] = loading.rows(sql=loading.BOOKED[register.code], since=since, until=until, on=last)
    return Filled(register, since, last, rows, int(booked))


def debt_ages(*, days: Sequence[date]) -> dict[date, tuple[int, ...]]:
    """What was owed at the end of each of these days (centavos), in the order of `policy.BUCKETS`.

    The foot of the register of debts of each day, without its accounts: all the days in one reading of the ledger.
    """
    if not days:
        return {}
    with transaction.atomic():
        return debts.ages(days=days)

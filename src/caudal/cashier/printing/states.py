"""What the window and the supervisor ask of the queue: does the printer answer, what waits, what is in doubt."""

from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet

from caudal.cashier.models import PrintJob, Till

State = PrintJob.State


@dataclass(frozen=True, slots=True)
class PrinterState:
    """The printer of a till as the window tells it."""

    till: str
    has_printer: bool
    waiting: int = 0
    unknown: int = 0
    problem: str = ""

    @property
    def is_well(self) -> bool:
        """Whether there is nothing that a person should look at."""
        return not self.unknown and not (self.waiting and self.problem)

    @property
    def words(self) -> str:
        """«La impresora de Caja 1 no responde; 2 comprobantes en espera.», or nothing if all is well."""
        said = []
        if self.waiting and self.problem:
            said.append(
                f"La impresora de {self.till} no responde; {_counted(self.waiting, 'comprobante')} en espera."
            )
        elif self.waiting:
            said.append(f"Imprimiendo {_counted(self.waiting, 'comprobante')}…")
        if self.unknown:
            said.append(f"{_counted(self.unknown, 'comprobante')} sin confirmar: mire si salió el papel.")
        return " ".join(said)


def state(till: Till, /) -> PrinterState:
    """The printer of a till now, in one query; none for a till that has no printer."""
    if not till.printer:
        return PrinterState(till.name, has_printer=False)
    found = PrintJob.objects.filter(till=till, state__in=[State.WAITING, State.UNKNOWN]).aggregate(
        waiting=Count("id", filter=Q(state=State.WAITING)),
        unknown=Count("id", filter=Q(state=State.UNKNOWN)),
        problem=Max("problem", filter=Q(state=State.WAITING)),
    )
    return PrinterState(
        till.name, True, waiting=found["waiting"], unknown=found["unknown"], problem=found["problem"] or ""
    )


def pending() -> QuerySet[PrintJob]:
    """What waits or is in doubt at any till, oldest first."""
    return (
        PrintJob.objects.filter(state__in=[State.WAITING, State.UNKNOWN])
        .select_related("till", "receipt", "withdrawal")
        .order_by("till_id", "id")
    )


def _counted(n: int, word: str) -> str:
    return f"{n} {word}{'' if n == 1 else 's'}"

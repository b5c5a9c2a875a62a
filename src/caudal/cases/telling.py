"""What whoever reported is told at each change, in a text of a telephone. No names, no amounts."""

from datetime import datetime

from django.utils.timezone import localtime

from caudal.cases import keys
from caudal.cases.models import Case
from caudal.kernel.wording import short_date
from caudal.messaging import commands as messaging


def received(*, case: Case) -> str:
    """The first text: folio, key, until when it is answered."""
    return (
        f"Recibimos su reporte {case.folio} ({case.type.name.lower()}). Lo atendemos a más tardar el "
        f"{moment(case.due_at)}. Para seguirlo: folio {case.folio}, clave {keys.key_of(case.folio)}."
    )


def ordered(*, case: Case) -> str:
    """A crew has it."""
    return f"Su reporte {case.folio} ya está asignado a una cuadrilla."


def attended(*, case: Case, is_done: bool) -> str:
    """Somebody was there."""
    if is_done:
        return (
            f"La cuadrilla ya atendió el lugar de su reporte {case.folio}. Le avisamos cuando quede resuelto."
        )
    return f"La cuadrilla fue al lugar de su reporte {case.folio} y no pudo terminar. Seguimos con él."


def answered(*, case: Case, text: str) -> str:
    """What the office answers."""
    return f"Respuesta a su reporte {case.folio}: {text}"


def resolved(*, case: Case, text: str, can_dispute: bool, days: int) -> str:
    """How it was resolved, and that it may be said once that it was not."""
    closing = (
        f" Si no quedó resuelto, dígalo con su folio y su clave dentro de {days} días." if can_dispute else ""
    )
    return f"Su reporte {case.folio} quedó resuelto: {text}{closing}"


def reopened(*, case: Case) -> str:
    """It goes on, first of all."""
    return f"Reabrimos su reporte {case.folio} con la prioridad más alta. Le respondemos a más tardar el {moment(case.due_at)}."


def merged(*, case: Case, into: Case) -> str:
    """His folio goes on being good."""
    return (
        f"Su reporte {case.folio} y el {into.folio} son del mismo problema: los atendemos juntos. "
        "Su folio y su clave siguen sirviendo."
    )


def moment(at: datetime) -> str:
    """`24 nov 2026, 14:05`, in the clock of the utility."""
    local = localtime(at)
    return f"{short_date(local.date())}, {local:%H:%M}"


def tell(*, case: Case, text: str, at: datetime, by: str) -> None:
    """Leave a text for whoever reported, if they left a telephone."""
    messaging.tell(
        account=case.account, phone=case.reporter_phone, text=text, about_kind="case", about_folio=case.folio, at=at,
        by=by,
    )  # fmt: skip

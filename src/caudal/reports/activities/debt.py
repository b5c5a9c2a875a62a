"""What is done about overdue debt: demands, slips, cuts, the water that came back; and what citizens report."""

from typing import Final

from caudal.kernel.wording import pesos
from caudal.reports.activities.counting import Definition, Values, counted, listed, many, mean, sentences

# (value of the listing's column, its words)
STAGES: Final = (
    ("courtesy_letter", "cartas invitación"),
    ("debt_slip", "notificaciones de adeudo"),
    ("demand", "requerimientos"),
    ("second_demand", "segundos requerimientos"),
)


def _demands(values: Values) -> tuple[str, str]:
    served = many(values["served"], "requerimiento", "requerimientos")
    return "Se realizaron requerimientos domiciliarios para la recuperación de cartera vencida.", sentences(
        f"Se {'notificó' if values['served'] == 1 else 'notificaron'} {served}",
        f"hubo {many(values['visits'], 'visita', 'visitas')} y se emitieron "
        f"{many(values['issued'], 'requerimiento', 'requerimientos')} por {pesos(values['debt_cents'])}"
        if values["issued"] else "",
    )  # fmt: skip


DEMANDS: Final = Definition(
    code="demands",
    counted=(
        counted("served", "Requerimientos notificados", "notices_served", family="demand", is_served="yes"),
        counted("visits", "Visitas", "notices_served", family="demand"),
        counted("issued", "Requerimientos emitidos", "notices", family="demand"),
        counted("debt_cents", "Adeudo requerido", "notices", of="debt_cents", family="demand"),
    ),
    triggers=("served",),
    say=_demands,
)


def _notices(values: Values) -> tuple[str, str]:
    served = many(values["served"], "notificación", "notificaciones")
    return "Entrega de recibos de notificación a usuarios con estatus de adeudo en su cuenta.", sentences(
        f"Se {'entregó' if values['served'] == 1 else 'entregaron'} {served}"
        + (f" en {many(values['visits'], 'visita', 'visitas')}" if values["visits"] > values["served"] else ""),
        f"se emitieron {many(values['issued'], 'notificación', 'notificaciones')} por {pesos(values['debt_cents'])}"
        if values["issued"] else "",
    )  # fmt: skip


NOTICES: Final = Definition(
    code="notices",
    counted=(
        counted("served", "Notificaciones entregadas", "notices_served", family="slip", is_served="yes"),
        counted("visits", "Visitas", "notices_served", family="slip"),
        counted("issued", "Notificaciones emitidas", "notices", family="slip"),
        counted("debt_cents", "Adeudo notificado", "notices", of="debt_cents", family="slip"),
    ),
    triggers=("served",),
    say=_notices,
)


def _cuts(values: Values) -> tuple[str, str]:
    done = listed([
        many(values["cuts"], "corte", "cortes") if values["cuts"] else "",
        many(values["restrictions"], "reducción", "reducciones") if values["restrictions"] else "",
    ])  # fmt: skip
    sentence = "Cortes" if values["cuts"] else "Reducciones"
    return f"{sentence} en el servicio de agua potable a usuarios morosos.", sentences(
        f"Se hicieron {done}, por {pesos(values['debt_cents'])} de adeudo vencido"
    )


CUTS: Final = Definition(
    code="cuts",
    counted=(
        counted("cuts", "Cortes", "cuts", kind="disconnection"),
        counted("restrictions", "Reducciones de flujo", "cuts", kind="restriction"),
        counted("debt_cents", "Adeudo vencido de esas cuentas", "cuts", of="debt_cents"),
    ),
    triggers=("cuts", "restrictions"),
    say=_cuts,
)


def _reconnections(values: Values) -> tuple[str, str]:
    done = many(values["done"], "toma", "tomas")
    late = values["done"] - values["on_time"]
    return "Reconexión de toma de agua potable a los usuarios que iban cumpliendo en sus pagos.", sentences(
        f"Se {'reconectó' if values['done'] == 1 else 'reconectaron'} {done}, en {values['hours']} h en promedio",
        "todas a tiempo" if late <= 0 else f"{values['on_time']} a tiempo y {late} con demora",
    )


RECONNECTIONS: Final = Definition(
    code="reconnections",
    counted=(
        counted("done", "Tomas reconectadas", "reconnections"),
        counted("on_time", "A tiempo", "reconnections", on_time="yes"),
        mean("hours", "Tiempo medio", "reconnections", of="hours"),
    ),
    triggers=("done",),
    say=_reconnections,
)  # fmt: skip


def _cases(values: Values) -> tuple[str, str]:
    answered = many(values["answered"], "reporte", "reportes")
    return "Atención a reportes de los usuarios.", sentences(
        f"Se {'contestó' if values['answered'] == 1 else 'contestaron'} {answered}, "
        f"{values['on_time']} dentro de su plazo y en {values['hours']} h en promedio",
        f"se recibieron {many(values['opened'], 'reporte', 'reportes')}" if values["opened"] else "",
    )


CASES: Final = Definition(
    code="cases",
    counted=(
        counted("answered", "Reportes contestados", "cases_answered"),
        counted("on_time", "Dentro de su plazo", "cases_answered", on_time="yes"),
        mean("hours", "Tiempo medio", "cases_answered", of="hours"),
        counted("opened", "Reportes recibidos", "cases_opened"),
    ),
    triggers=("answered",),
    say=_cases,
)  # fmt: skip

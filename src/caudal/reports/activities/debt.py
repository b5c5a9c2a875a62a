"""What is done about overdue debt: demands, slips, cuts, the water that came back; and what citizens report."""

from typing import Final

from caudal.kernel.wording import pesos
from caudal.reports.activities.counting import Definition, Values, counted, listed, many, mean, sentences


def _demands(values: Values) -> tuple[str, str]:
    served = values["demands"] + values["second_demands"]
    issued = values["issued"] + values["second_issued"]
    visits = values["visits"] + values["second_visits"]
    return "Se realizaron requerimientos domiciliarios para la recuperación de cartera vencida.", sentences(
        f"Se {'notificó' if served == 1 else 'notificaron'} {many(served, 'requerimiento', 'requerimientos')}"
        + (f" en {many(visits, 'visita', 'visitas')}" if visits > served else ""),
        f"se emitieron {many(issued, 'requerimiento', 'requerimientos')} por "
        f"{pesos(values['debt_cents'] + values['second_debt_cents'])}" if issued else "",
    )  # fmt: skip


DEMANDS: Final = Definition(
    code="demands",
    counted=(
        counted("demands", "Requerimientos notificados", "notices_served", stage="demand", is_served="yes"),
        counted("visits", "Visitas con requerimiento", "notices_served", stage="demand"),
        counted("issued", "Requerimientos emitidos", "notices", stage="demand"),
        counted("debt_cents", "Adeudo requerido", "notices", of="debt_cents", stage="demand"),
        counted("second_demands", "Segundos requerimientos notificados", "notices_served", stage="second_demand",
                is_served="yes"),
        counted("second_visits", "Visitas con segundo requerimiento", "notices_served", stage="second_demand"),
        counted("second_issued", "Segundos requerimientos emitidos", "notices", stage="second_demand"),
        counted("second_debt_cents", "Adeudo requerido otra vez", "notices", of="debt_cents",
                stage="second_demand"),
    ),
    triggers=("demands", "second_demands"),
    say=_demands,
)  # fmt: skip


def _notices(values: Values) -> tuple[str, str]:
    slips, letters, issued = values["slips"], values["letters"], values["issued"]
    sentence = "Entrega de recibos de notificación a usuarios con estatus de adeudo en su cuenta."
    return sentence if slips else "Entrega de cartas invitación a usuarios con adeudo en su cuenta.", sentences(
        f"Se {'entregó' if slips == 1 else 'entregaron'} {many(slips, 'notificación', 'notificaciones')}"
        + (f" en {many(values['visits'], 'visita', 'visitas')}" if values["visits"] > slips else "")
        if slips else "",
        f"se {'emitió' if issued == 1 else 'emitieron'} {many(issued, 'notificación', 'notificaciones')} por "
        f"{pesos(values['debt_cents'])} de adeudo" if issued else "",
        f"se {'entregó' if letters == 1 else 'entregaron'} {many(letters, 'carta', 'cartas')} de invitación"
        if letters else "",
    )  # fmt: skip


NOTICES: Final = Definition(
    code="notices",
    counted=(
        counted("slips", "Notificaciones entregadas", "notices_served", stage="debt_slip", is_served="yes"),
        counted("visits", "Visitas con notificación", "notices_served", stage="debt_slip"),
        counted("issued", "Notificaciones emitidas", "notices", stage="debt_slip"),
        counted("debt_cents", "Adeudo notificado", "notices", of="debt_cents", stage="debt_slip"),
        counted("letters", "Cartas invitación entregadas", "notices_served", stage="courtesy_letter",
                is_served="yes"),
    ),
    triggers=("slips", "letters"),
    say=_notices,
)  # fmt: skip


def _cuts(values: Values) -> tuple[str, str]:
    done = listed([
        many(values["cuts"], "corte", "cortes") if values["cuts"] else "",
        many(values["restrictions"], "reducción", "reducciones") if values["restrictions"] else "",
    ])  # fmt: skip
    sentence = "Cortes" if values["cuts"] else "Reducciones de flujo"
    return f"{sentence} en el servicio de agua potable a usuarios morosos.", sentences(
        f"Se hicieron {done}, por {pesos(values['debt_cents'])} de adeudo vencido"
    )


CUTS: Final = Definition(
    code="cuts",
    counted=(
        counted("cuts", "Cortes", "cuts", kind="cut"),
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
        f"Se {'resolvió' if values['answered'] == 1 else 'resolvieron'} {answered}, "
        f"{values['on_time']} dentro de su plazo y en {values['hours']} h en promedio",
        f"se recibieron {many(values['opened'], 'reporte', 'reportes')}" if values["opened"] else "",
    )


CASES: Final = Definition(
    code="cases",
    counted=(
        counted("answered", "Reportes resueltos", "cases_answered"),
        counted("on_time", "Dentro de su plazo", "cases_answered", on_time="yes"),
        mean("hours", "Tiempo medio", "cases_answered", of="hours"),
        counted("opened", "Reportes recibidos", "cases_opened"),
    ),
    triggers=("answered",),
    say=_cases,
)  # fmt: skip

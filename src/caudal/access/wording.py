"""Acts, changes and roles as a person says them."""

from datetime import date
from typing import Any, Final

from caudal.access import policy
from caudal.access.models import Clerk
from caudal.kernel import wording

ACTS: Final = {
    policy.READ_ACCOUNTS: "Ver cuentas, personas y domicilios",
    policy.CHANGE_REGISTRY: "Cambiar el padrón: titular, toma, clase",
    policy.APPROVE_TERMS: "Aprobar cambios de tarifa que bajan el recibo",
    policy.GRANT_BENEFITS: "Otorgar beneficios (tercera edad y otros)",
    policy.READ_LEDGER: "Ver adeudos y movimientos",
    policy.TAKE_PAYMENTS: "Cobrar en ventanilla",
    policy.CHARGE_FEES: "Cobrar trámites y servicios",
    policy.CANCEL_RECEIPTS: "Pedir la cancelación de un comprobante",
    policy.APPROVE_CANCELLATIONS: "Aprobar cancelaciones del turno",
    policy.APPROVE_CLOSED_CANCELLATIONS: "Aprobar cancelaciones de turnos cerrados",
    policy.READ_TILLS: "Ver cajas, turnos y cortes",
    policy.SUPERVISE_TILLS: "Aprobar retiros y cerrar turnos",
    policy.MANAGE_TILLS: "Dar de alta cajas, canales y sus series",
    policy.LOAD_SETTLEMENTS: "Cargar archivos del banco y de tiendas",
    policy.READ_METERING: "Ver medidores y lecturas",
    policy.CAPTURE_READINGS: "Capturar lecturas",
    policy.REVIEW_READINGS: "Revisar lecturas dudosas",
    policy.READ_BILLING: "Ver facturación y recibos",
    policy.RUN_BILLING: "Preparar la facturación",
    policy.REVIEW_HELD: "Decidir recibos detenidos",
    policy.ISSUE_BILLING: "Emitir los recibos",
    policy.CANCEL_BILLS: "Cancelar recibos",
    policy.READ_TARIFFS: "Ver tarifas",
    policy.LOAD_TARIFFS: "Cargar libros de tarifas",
    policy.PUBLISH_TARIFFS: "Publicar libros de tarifas",
    policy.READ_CAMPAIGNS: "Ver campañas y lo condonado",
    policy.PREPARE_CAMPAIGNS: "Preparar campañas y su difusión",
    policy.PUBLISH_CAMPAIGNS: "Publicar y retirar campañas",
    policy.PREPARE_POLICIES: "Preparar reglas de convenios, beneficios y pago adelantado",
    policy.APPROVE_POLICIES: "Aprobar reglas de convenios, beneficios y pago adelantado",
    policy.READ_SENSITIVE: "Ver comprobantes de beneficiarios (datos sensibles)",
    policy.SIGN_ARRANGEMENTS: "Firmar convenios de pago",
    policy.APPROVE_ARRANGEMENTS: "Aprobar convenios fuera de los límites",
    policy.DEFAULT_ARRANGEMENTS: "Declarar incumplidos los convenios",
    policy.WORK_IN_FIELD: "Trabajar en campo con el teléfono",
    policy.READ_FIELDWORK: "Ver recorridos y órdenes de campo",
    policy.PLAN_FIELDWORK: "Planear y reasignar recorridos y órdenes",
    policy.MANAGE_DEVICES: "Dar de alta y revocar teléfonos",
    policy.READ_CASES: "Ver reportes y aclaraciones",
    policy.OPEN_CASES: "Levantar reportes y aclaraciones",
    policy.ANSWER_CASES: "Atender y resolver reportes",
    policy.READ_MESSAGES: "Ver los mensajes a la gente",
    policy.SEND_MESSAGES: "Volver a enviar un mensaje",
    policy.READ_DUNNING: "Ver cartera vencida y notificaciones",
    policy.PREPARE_NOTICES: "Preparar notificaciones y requerimientos",
    policy.READ_CUTS: "Ver cortes y reconexiones",
    policy.PREPARE_CUTS: "Preparar órdenes de corte",
    policy.APPROVE_CUTS: "Aprobar órdenes de corte",
    policy.READ_ACCOUNTING: "Ver la contabilidad y los cierres de mes",
    policy.REVIEW_MONTHS: "Revisar las cifras de un mes",
    policy.CLOSE_MONTHS: "Cerrar meses",
    policy.READ_REPORTS: "Ver informes, indicadores y listados",
    policy.PUBLISH_REPORTS: "Publicar informes",
    policy.READ_CLERKS: "Ver personas y permisos",
    policy.MANAGE_CLERKS: "Pedir altas y cambios de personas",
    policy.APPROVE_CLERKS: "Aprobar altas y cambios de personas",
    policy.DECIDE_REQUESTS: "Responder en «Por aprobar»",
    policy.KEEP_OWN_ACCESS: "Cuidar su propio acceso",
}
OBJECTS: Final = {
    "clerk": "Persona", "receipt": "Comprobante", "till_session": "Turno de caja", "till": "Caja", "bill": "Recibo",
    "account": "Cuenta", "campaign": "Campaña", "disconnection_batch": "Lote de cortes",
}  # fmt: skip
FIELDS: Final = {
    "role": "Puesto", "is_active": "Acceso", "second_factor": "Teléfono", "tariff_class": "Tarifa",
    "is_metered": "Servicio", "on": "Desde", "orders": "Órdenes",
}  # fmt: skip
# the page on which whoever decides reads what is asked, by kind of object; its address takes the object
PAGES: Final = {"account": "account", "campaign": "campaign", "disconnection_batch": "cut_batch"}


def act(name: str, /) -> str:
    """An act, for a title: what saying yes would let happen."""
    return ACTS.get(name, name)


def object_of(kind: str, /) -> str:
    """What kind of thing an approval is about."""
    return OBJECTS.get(kind, kind)


def title(*, object_kind: str, object_id: str, after: Any, name: str) -> str:
    """What is asked, as one would say it: `Dar acceso a Beatriz Lomelí`. `name` is who or what it is about."""
    if object_kind == "clerk" and isinstance(after, dict):
        if "role" in after:
            return f"Cambiar a {name} a {_value('role', after['role'])}"
        if "second_factor" in after:
            return f"Dejar que {name} registre otro teléfono"
        return f"Dar acceso a {name}"
    if object_kind == "campaign":
        return f"Publicar la campaña {object_id}"
    if object_kind == "disconnection_batch":
        return f"Cortes del lote {object_id}"
    if object_kind == "account" and isinstance(after, dict) and "tariff_class" in after:
        return f"Cambiar la tarifa de la cuenta {object_id}"
    return f"{object_of(object_kind)} {object_id}"


def changes(*, before: Any, after: Any) -> list[tuple[str, str, str]]:
    """What changes: its name, how it is, how it would be."""
    old, new = (each if isinstance(each, dict) else {} for each in (before, after))
    names = [*old, *(name for name in new if name not in old)]
    return [(_field(name), _value(name, old.get(name)), _value(name, new.get(name))) for name in names]


def _field(name: str) -> str:
    return FIELDS.get(name, name.removesuffix("_cents").replace("_", " "))


def _value(name: str, value: Any) -> str:
    if value is None:
        return "—"
    if name == "role":
        return str(Clerk.Role(value).label) if value in Clerk.Role.values else str(value)
    if name == "is_active":
        return "con acceso" if value else "sin acceso"
    if name == "is_metered":
        return "medido" if value else "cuota fija"
    if name == "on":
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    if name == "orders" and isinstance(value, list) and value:
        return f"{len(value)}: {value[0]} a {value[-1]}" if len(value) > 1 else str(value[0])
    if name == "second_factor":
        return "se olvida el registrado"
    return wording.pesos(value) if name.endswith("_cents") and isinstance(value, int) else str(value)

"""Every address of the product, the act it asks for, and what each role must be answered.

Declared by hand on purpose: `access.policy` says what a role may do, this says what that must mean at the door.
A route that is missing here makes a test fail.
"""

from dataclasses import dataclass
from typing import Final

from tests.journeys.story import PROPOSAL

CASHIER, TILL_SUPERVISOR, METER_READER, CREW, SERVICE_DESK, ANALYST, MANAGER, AUDITOR, ADMINISTRATOR = ROLES = (
    "cashier", "till_supervisor", "meter_reader", "crew", "service_desk", "billing_analyst", "commercial_manager",
    "auditor", "administrator",
)  # fmt: skip

EVERYBODY: Final = set(ROLES)
DECIDES: Final = {TILL_SUPERVISOR, MANAGER}
READS_CLERKS: Final = {MANAGER, AUDITOR, ADMINISTRATOR}
READS_ACCOUNTS: Final = {CASHIER, TILL_SUPERVISOR, SERVICE_DESK, ANALYST, MANAGER, AUDITOR}
READS_BILLING: Final = {TILL_SUPERVISOR, SERVICE_DESK, ANALYST, MANAGER, AUDITOR, ADMINISTRATOR}
CHARGES_FEES: Final = {CASHIER, TILL_SUPERVISOR, SERVICE_DESK}
GRANTS_BENEFITS: Final = {CASHIER, TILL_SUPERVISOR, SERVICE_DESK, MANAGER}
TAKES_PAYMENTS: Final = {CASHIER, TILL_SUPERVISOR}
TAKES_PAYMENTS: Final = {CASHIER, TILL_SUPERVISOR}
CANCELS_RECEIPTS: Final = {CASHIER, TILL_SUPERVISOR, MANAGER}
READS_TILLS: Final = {TILL_SUPERVISOR, MANAGER, AUDITOR}
SUPERVISES_TILLS: Final = {TILL_SUPERVISOR, MANAGER}
SIGNS_ARRANGEMENTS: Final = {CASHIER, TILL_SUPERVISOR, SERVICE_DESK, MANAGER}
READS_FIELDWORK: Final = {SERVICE_DESK, ANALYST, MANAGER, AUDITOR, ADMINISTRATOR}
MANAGES_DEVICES: Final = {MANAGER, ADMINISTRATOR}
PLANS_FIELDWORK: Final = {ANALYST, MANAGER}
READS_TARIFFS: Final = {ANALYST, MANAGER, AUDITOR, ADMINISTRATOR}
PREPARES_POLICIES: Final = {ANALYST, MANAGER}
READS_OUTREACH: Final = READS_ACCOUNTS
READS_CAMPAIGNS: Final = READS_ACCOUNTS
PREPARES_CAMPAIGNS: Final = {SERVICE_DESK, ANALYST, MANAGER}
READS_DUNNING: Final = {SERVICE_DESK, ANALYST, MANAGER, AUDITOR}
PREPARES_NOTICES: Final = {ANALYST, MANAGER}
READS_CUTS: Final = {SERVICE_DESK, ANALYST, MANAGER, AUDITOR}
CHANGES_REGISTRY: Final = {SERVICE_DESK, ANALYST}
WRITES_OUTREACH: Final = {SERVICE_DESK, ANALYST, MANAGER}
READS_CASES: Final = {CASHIER, TILL_SUPERVISOR, SERVICE_DESK, ANALYST, MANAGER, AUDITOR}
OPENS_CASES: Final = {CASHIER, TILL_SUPERVISOR, SERVICE_DESK, ANALYST, MANAGER}
ANSWERS_CASES: Final = {SERVICE_DESK, ANALYST, MANAGER}


@dataclass(frozen=True)
class Door:
    """An address and a method, who goes in, and what they are answered; everybody else is answered 403.

    `{january}`, `{december}`, `{folio}` and `{benefit}` are filled from the story.
    """

    route: str
    path: str
    roles: frozenset[str]
    answer: int
    method: str = "get"
    body: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.route}"


def _door(
    route: str, path: str, roles: set[str], answer: int = 200, method: str = "get", **body: str
) -> Door:
    return Door(route, path, frozenset(roles), answer, method, tuple(body.items()))


DOORS: Final = (
    _door("lock", "/bloqueo/", EVERYBODY, 302, "post"),
    _door("unlock", "/desbloqueo/", EVERYBODY, 422, "post"),
    _door("presence", "/presencia/", EVERYBODY, 204, "post"),
    _door("own_access", "/mi-acceso/", EVERYBODY),
    _door("own_pin", "/mi-acceso/pin/", EVERYBODY, 422, "post"),
    _door("own_password", "/mi-acceso/contrasena/", EVERYBODY, 422, "post"),
    _door("own_session_end", "/mi-acceso/sesiones/0/cierre/", EVERYBODY, 302, "post"),
    _door("recovery_codes", "/mi-acceso/codigos/", EVERYBODY, 422, "post"),
    _door("approval_requests", "/por-aprobar/", DECIDES),
    _door("approval_decision", "/por-aprobar/0/respuesta/", DECIDES, 404, "post"),
    _door("people", "/personas/", READS_CLERKS),
    _door("permissions", "/personas/permisos/", READS_CLERKS),
    _door("person", "/personas/de/veronica/", READS_CLERKS),
    _door("person_new", "/personas/nueva/", {ADMINISTRATOR}),
    _door("person_new", "/personas/nueva/", {ADMINISTRATOR}, 422, "post"),
    _door("person_role", "/personas/de/veronica/puesto/", {ADMINISTRATOR}, 422, "post"),
    _door("person_disabling", "/personas/de/veronica/baja/", {ADMINISTRATOR}, 422, "post"),
    _door("person_enabling", "/personas/de/veronica/reingreso/", {ADMINISTRATOR}, 422, "post"),
    _door("person_password", "/personas/de/veronica/contrasena/", {ADMINISTRATOR}, 422, "post"),
    _door("person_telephone", "/personas/de/veronica/telefono/", {ADMINISTRATOR}, 422, "post"),
    _door("today", "/", READS_ACCOUNTS),
    _door("manual", "/ayuda/", EVERYBODY, 302),
    _door("manual_page", "/ayuda/cajero/", EVERYBODY),
    _door("search", "/buscar/?q=nunez", READS_ACCOUNTS),
    _door("search_suggestions", "/buscar/sugerencias/?q=nunez", READS_ACCOUNTS),
    _door("accounts", "/cuentas/", READS_ACCOUNTS),
    _door("account", "/cuentas/010293/", READS_ACCOUNTS),
    _door("account_statement", "/cuentas/010293/estado-de-cuenta/", READS_ACCOUNTS),
    _door("account_statement_pdf", "/cuentas/010293/estado-de-cuenta.pdf", READS_ACCOUNTS),
    _door("account_history", "/cuentas/010293/historial/", READS_ACCOUNTS),
    _door("window", "/ventanilla/", TAKES_PAYMENTS),
    _door("window_account", "/ventanilla/cuenta/", TAKES_PAYMENTS, 302, "post", q="010293"),
    _door("window_charge_of", "/ventanilla/cuenta/010293/cobro/", TAKES_PAYMENTS, 302),
    _door("window_another", "/ventanilla/otra-cuenta/", TAKES_PAYMENTS, 302, "post"),
    _door("window_removal", "/ventanilla/cuenta/010293/retiro/", TAKES_PAYMENTS, 302, "post"),
    _door("window_charge", "/ventanilla/cobro/", TAKES_PAYMENTS, 422, "post"),
    _door("window_reprint", "/ventanilla/reimpresion/", TAKES_PAYMENTS, 302, "post"),
    _door("window_paper", "/ventanilla/papel/", TAKES_PAYMENTS, 286),
    _door("window_release", "/ventanilla/regreso/", TAKES_PAYMENTS, 302, "post"),
    _door("bill_pdf", "/recibos/{folio}.pdf", READS_ACCOUNTS),
    _door("counter_services", "/tramites/", READS_ACCOUNTS),
    _door("counter_service", "/tramites/TRA-000001/", READS_ACCOUNTS),
    _door("counter_service_pdf", "/tramites/TRA-000001.pdf", READS_ACCOUNTS),
    _door("account_services", "/cuentas/020031/tramites/", READS_ACCOUNTS),
    _door("counter_service_new", "/cuentas/020031/tramites/PIPA-10000/", CHARGES_FEES),
    _door("counter_service_new", "/cuentas/020031/tramites/PIPA-10000/", CHARGES_FEES, 422, "post"),
    _door("counter_service_delivery", "/tramites/TRA-999999/entrega/", CHARGES_FEES, 404, "post"),
    _door(
        "counter_service_cancellation", "/tramites/TRA-000001/cancelacion/", CHARGES_FEES, 302, "post",
        reason="Ya no la quiere",
    ),
    _door("certificate_printing", "/tramites/TRA-000001/constancia/", CHARGES_FEES, 302, "post"),
    _door("arrangements", "/convenios/", READS_ACCOUNTS),
    _door("arrangement_policies", "/convenios/politica/", READS_ACCOUNTS),
    _door("arrangement_policy_new", "/convenios/politica/nueva/", PREPARES_POLICIES),
    _door("arrangement_policy_new", "/convenios/politica/nueva/", PREPARES_POLICIES, 422, "post"),
    _door("arrangement", "/convenios/CON-999999/", READS_ACCOUNTS, 404),
    _door("arrangement_contract", "/convenios/CON-999999/contrato.pdf", READS_ACCOUNTS, 404),
    _door("arrangement_notes", "/convenios/CON-999999/pagares.pdf", READS_ACCOUNTS, 404),
    _door("arrangement_calendar", "/convenios/CON-999999/calendario.ics", READS_ACCOUNTS, 404),
    _door("arrangement_default", "/convenios/CON-999999/incumplimiento/", {MANAGER}, 404, "post"),
    _door("arrangement_cancellation", "/convenios/CON-999999/cancelacion/", {MANAGER}, 404, "post"),
    _door("arrangement_new", "/cuentas/010117/convenio/", SIGNS_ARRANGEMENTS),
    _door("arrangement_new", "/cuentas/010117/convenio/", SIGNS_ARRANGEMENTS, 422, "post"),
    _door("arrangement_simulation", "/cuentas/010117/convenio/simulacion/", SIGNS_ARRANGEMENTS, 200, "post"),
    _door("beneficiaries", "/beneficiarios/", READS_ACCOUNTS),
    _door("beneficiaries_csv", "/beneficiarios.csv", {SERVICE_DESK, MANAGER}),
    _door("benefit_renewals", "/beneficiarios/renovaciones/?dias=90", READS_ACCOUNTS),
    _door("benefit_renewals_csv", "/beneficiarios/renovaciones.csv", {SERVICE_DESK, MANAGER}),
    _door("benefit_policies", "/beneficiarios/requisitos/", READS_ACCOUNTS),
    _door("benefit_policy_new", "/beneficiarios/requisitos/nuevos/", PREPARES_POLICIES),
    _door("benefit_policy_new", "/beneficiarios/requisitos/nuevos/", PREPARES_POLICIES, 422, "post"),
    _door("benefit", "/beneficiarios/{benefit}/", READS_ACCOUNTS),
    _door("benefit_renewal", "/beneficiarios/{benefit}/renovacion/", GRANTS_BENEFITS),
    _door("benefit_renewal", "/beneficiarios/{benefit}/renovacion/", GRANTS_BENEFITS, 422, "post"),
    _door("benefit_visit", "/beneficiarios/{benefit}/visita/", GRANTS_BENEFITS, 422, "post"),
    _door("benefit_loss", "/beneficiarios/{benefit}/perdida/", GRANTS_BENEFITS, 422, "post"),
    _door("benefit_evidence", "/beneficiarios/{benefit}/documentos/", {SERVICE_DESK, MANAGER}, 422, "post"),
    _door("evidence_photo", "/beneficiarios/consultas/0/foto/", {SERVICE_DESK, MANAGER}, 404),
    _door("account_benefit", "/cuentas/010117/beneficio/", GRANTS_BENEFITS),
    _door("account_benefit", "/cuentas/010117/beneficio/", GRANTS_BENEFITS, 422, "post"),
    _door("portfolio", "/cartera/", READS_DUNNING),
    _door("portfolio_accounts", "/cartera/cuentas/?edad=1", READS_DUNNING),
    _door("notice_batches", "/notificaciones/", READS_DUNNING),
    _door("notice_batch_new", "/notificaciones/nuevo-lote/", PREPARES_NOTICES),
    _door("notice_batch_new", "/notificaciones/nuevo-lote/", PREPARES_NOTICES, 422, "post"),
    _door("notice_next_stages", "/notificaciones/siguientes/", READS_DUNNING),
    _door("notice_appointments", "/notificaciones/citatorios/", PREPARES_NOTICES),
    _door("notice_appointments", "/notificaciones/citatorios/", PREPARES_NOTICES, 422, "post"),
    _door("notice_batch", "/notificaciones/lotes/LOT-999999/", READS_DUNNING, 404),
    _door("notice_batch_progress", "/notificaciones/lotes/LOT-999999/avance/", READS_DUNNING, 404),
    _door("notice_batch_issue", "/notificaciones/lotes/LOT-999999/emision/", PREPARES_NOTICES, 404, "post"),
    _door("notice_batch_discarding", "/notificaciones/lotes/LOT-999999/descarte/", PREPARES_NOTICES, 404, "post"),
    _door("notice_batch_printing", "/notificaciones/lotes/LOT-999999/impresion/", PREPARES_NOTICES, 404, "post"),
    _door("notice_print_file", "/notificaciones/lotes/LOT-999999/impresion/nada.pdf", READS_DUNNING, 404),
    _door("notice_batch_rounds", "/notificaciones/lotes/LOT-999999/recorridos/", PREPARES_NOTICES, 404, "post"),
    _door("notice", "/notificaciones/NOT-999999/", READS_DUNNING, 404),
    _door("notice_pdf", "/notificaciones/NOT-999999.pdf", READS_DUNNING, 404),
    _door("notice_visit", "/notificaciones/NOT-999999/visita/", PREPARES_NOTICES, 404, "post"),
    _door("notice_cancellation", "/notificaciones/NOT-999999/cancelacion/", PREPARES_NOTICES, 404, "post"),
    _door("notice_evidence", "/notificaciones/visitas/0/constancia/", READS_DUNNING, 404),
    _door("account_notices", "/cuentas/010117/notificaciones/", READS_DUNNING),
    _door("cuts", "/cortes/", READS_CUTS),
    _door("cut_candidates", "/cortes/candidatas/", READS_CUTS),
    _door("cut_proposal", "/cortes/candidatas/propuesta/", {ANALYST}, 422, "post"),
    _door("cut_batches", "/cortes/lotes/", READS_CUTS),
    _door("cut_batch", "/cortes/lotes/LCO-999999/", READS_CUTS, 404),
    _door("cut_batch_approval", "/cortes/lotes/LCO-999999/aprobacion/", {ANALYST}, 404, "post"),
    _door("cut_batch_request", "/cortes/lotes/LCO-999999/solicitud/", {ANALYST}, 404, "post"),
    _door("cut_batch_decision", "/cortes/lotes/LCO-999999/respuesta/", {MANAGER}, 404, "post"),
    _door("cut_batch_handing", "/cortes/lotes/LCO-999999/entrega/", {ANALYST}, 404, "post"),
    _door("cut_batch_cancellation", "/cortes/lotes/LCO-999999/cancelacion/", PLANS_FIELDWORK, 404, "post"),
    _door("cut_orders", "/cortes/ordenes/", READS_CUTS),
    _door("cut_order", "/cortes/ordenes/COR-999999/", READS_CUTS, 404),
    _door("cut_order_check", "/cortes/ordenes/COR-999999/verificacion/", PLANS_FIELDWORK, 404, "post"),
    _door("cut_order_result", "/cortes/ordenes/COR-999999/resultado/", PLANS_FIELDWORK, 404, "post"),
    _door("cut_order_cancellation", "/cortes/ordenes/COR-999999/cancelacion/", PLANS_FIELDWORK, 404, "post"),
    _door("reconnections", "/cortes/reconexiones/", READS_CUTS),
    _door("reconnection", "/cortes/reconexiones/RCX-999999/", READS_CUTS, 404),
    _door("reconnection_result", "/cortes/reconexiones/RCX-999999/resultado/", PLANS_FIELDWORK, 404, "post"),
    _door("reconnection_withdrawal", "/cortes/reconexiones/RCX-999999/retiro/", {MANAGER}, 404, "post"),
    _door("protected_places", "/cortes/protegidos/", READS_CUTS),
    _door("account_cuts", "/cuentas/010117/cortes/", READS_CUTS),
    _door("account_protection", "/cuentas/010117/cortes/proteccion/", CHANGES_REGISTRY, 422, "post"),
    _door("account_reconnection", "/cuentas/010117/cortes/reconexion/", {MANAGER}, 422, "post"),
    _door("account_transit", "/cuentas/010117/pago-en-transito/", OPENS_CASES),
    _door("account_transit", "/cuentas/010117/pago-en-transito/", OPENS_CASES, 422, "post"),
    _door("quote", "/cuentas/010117/cotizacion/", {CASHIER, TILL_SUPERVISOR, SERVICE_DESK}),
    _door("prepaid_months", "/cuentas/010117/meses-adelantados/", READS_ACCOUNTS),
    _door("prepaid_ending", "/cuentas/010117/meses-adelantados/termino/", {SERVICE_DESK, ANALYST}, 422, "post"),
    _door("quote_paper", "/cotizaciones/COT-000001.pdf", {CASHIER, TILL_SUPERVISOR, SERVICE_DESK}, 404),
    _door("billing_runs", "/facturacion/", READS_BILLING),
    _door("billing_run_new", "/facturacion/nueva/", {ANALYST}),
    _door("billing_run_new", "/facturacion/nueva/", {ANALYST}, 422, "post"),
    _door("billing_run", "/facturacion/{january}/", READS_BILLING),
    _door("billing_run_progress", "/facturacion/{january}/avance/", READS_BILLING),
    # already computed: the job is queued all the same and finds nothing left to do
    _door("billing_run_computation", "/facturacion/{january}/calculo/", {ANALYST}, 302, "post"),
    _door("billing_run_review", "/facturacion/{january}/revision/", {ANALYST}, 302, "post"),
    _door("billing_run_issue", "/facturacion/{january}/emision/", {MANAGER}, 302, "post"),
    _door("billing_run_printing", "/facturacion/{december}/impresion/", READS_BILLING, 302, "post"),
    _door("billing_run_delivery", "/facturacion/{december}/reparto/", PLANS_FIELDWORK),
    _door("billing_run_delivery", "/facturacion/{december}/reparto/", PLANS_FIELDWORK, 422, "post"),
    _door("billing_print_file", "/facturacion/{december}/impresion/nada.pdf", READS_BILLING, 404),
    _door("billing_run_discarding", "/facturacion/{january}/descarte/", {ANALYST}),
    _door("billing_run_discarding", "/facturacion/{january}/descarte/", {ANALYST}, 422, "post"),
    _door("billing_run_cancellation", "/facturacion/{january}/cancelacion-del-trabajo/", READS_BILLING, 302, "post"),
    _door("billing_run_resumption", "/facturacion/{january}/reanudacion/", READS_BILLING, 302, "post"),
    _door("billing_run_unbilled", "/facturacion/{january}/sin-recibo/", READS_BILLING),
    _door("reading_review", "/critica/", {ANALYST}),
    _door("reading_assessment", "/critica/consumos/", {ANALYST}, 404, "post"),
    _door("reading_rounds", "/critica/recorridos/", {ANALYST, MANAGER}),
    _door("reading_rounds", "/critica/recorridos/", {ANALYST, MANAGER}, 422, "post"),
    _door("reading_decision", "/critica/201901/0/decision/", {ANALYST}, 404, "post"),
    _door("reading_reopening", "/critica/201901/0/deshecho/", {ANALYST}, 404, "post"),
    _door("billing_held", "/facturacion/{january}/detenidos/", READS_BILLING),
    _door(
        "billing_held_decision", "/facturacion/{january}/detenidos/010512/", {ANALYST, MANAGER}, 302, "post",
        decision="released", reason="Fuga reparada",
    ),
    _door("till_own", "/caja/", TAKES_PAYMENTS),
    _door("till_opening", "/caja/apertura/", TAKES_PAYMENTS),
    _door("till_opening", "/caja/apertura/", TAKES_PAYMENTS, 422, "post"),
    _door("till_report", "/caja/corte-x/", TAKES_PAYMENTS),
    _door("till_withdrawal", "/caja/retiro/", TAKES_PAYMENTS),
    _door("till_withdrawal", "/caja/retiro/", TAKES_PAYMENTS, 422, "post"),
    _door("till_withdrawal_slip", "/caja/retiros/1/", TAKES_PAYMENTS, 404),
    _door("till_cancellation", "/caja/cancelacion/", CANCELS_RECEIPTS),
    _door("till_cancellation", "/caja/cancelacion/", CANCELS_RECEIPTS, 422, "post"),
    _door("till_count", "/caja/arqueo/", TAKES_PAYMENTS),
    _door("till_balancing", "/caja/arqueo/inicio/", TAKES_PAYMENTS, 302, "post"),
    _door("till_closing", "/caja/cierre/", TAKES_PAYMENTS, 422, "post"),
    _door("own_closing", "/caja/cortes/1/", TAKES_PAYMENTS),
    _door("own_closing_pdf", "/caja/cortes/1.pdf", TAKES_PAYMENTS),
    _door("closing_dispute", "/caja/cortes/1/aclaracion/cash/", TAKES_PAYMENTS, 422, "post"),
    _door("tills", "/cajas/", READS_TILLS),
    _door("till_session", "/cajas/turnos/2/", READS_TILLS),
    _door("till_session_count", "/cajas/turnos/2/arqueo/", SUPERVISES_TILLS),
    _door("till_session_count", "/cajas/turnos/2/arqueo/", SUPERVISES_TILLS, 422, "post"),
    _door("till_session_closing", "/cajas/turnos/2/cierre/", SUPERVISES_TILLS, 422, "post"),
    _door("till_new", "/cajas/nueva/", {MANAGER}),
    _door("till_new", "/cajas/nueva/", {MANAGER}, 422, "post"),
    _door("till", "/cajas/1/", {MANAGER}),
    _door("till", "/cajas/1/", {MANAGER}, 422, "post"),
    _door("till_retirement", "/cajas/1/baja/", {MANAGER}, 302, "post"),
    _door("closings", "/cajas/cortes/", READS_TILLS),
    _door("closing", "/cajas/cortes/1/", READS_TILLS),
    _door("closing_pdf", "/cajas/cortes/1.pdf", READS_TILLS),
    _door("dispute_answer", "/cajas/cortes/aclaraciones/1/respuesta/", SUPERVISES_TILLS, 404, "post"),
    _door("deposits", "/cajas/depositos/", READS_TILLS),
    _door("deposit_new", "/cajas/depositos/nuevo/", SUPERVISES_TILLS),
    _door("deposit_new", "/cajas/depositos/nuevo/", SUPERVISES_TILLS, 422, "post"),
    _door("deposit", "/cajas/depositos/1/", READS_TILLS, 404),
    _door("deposit_pdf", "/cajas/depositos/1.pdf", READS_TILLS, 404),
    _door("receipts", "/comprobantes/", READS_ACCOUNTS),
    _door("receipt", "/comprobantes/A-000001/", READS_ACCOUNTS),
    # the first paper is printed within ten minutes; later it is a reprint
    _door("receipt_ticket", "/comprobantes/A-000001/ticket/", READS_ACCOUNTS, 302),
    _door("receipt_pdf", "/comprobantes/A-000001.pdf", READS_ACCOUNTS),
    _door("receipt_reprint", "/comprobantes/A-000001/reimpresion/", TAKES_PAYMENTS, 302, "post"),
    _door("print_queue", "/impresion/", SUPERVISES_TILLS),
    _door("print_again", "/impresion/1/reimpresion/", SUPERVISES_TILLS, 404, "post"),
    _door("print_confirmation", "/impresion/1/confirmacion/", SUPERVISES_TILLS, 404, "post"),
    _door("print_discarding", "/impresion/1/descarte/", SUPERVISES_TILLS, 404, "post"),
    _door("print_retry", "/impresion/caja/1/intento/", SUPERVISES_TILLS, 302, "post"),
    _door("channels", "/canales/", READS_TILLS),
    _door("channel_new", "/canales/nuevo/", {MANAGER}),
    _door("channel_new", "/canales/nuevo/", {MANAGER}, 422, "post"),
    _door("channel", "/canales/banco/", READS_TILLS, 404),
    _door("settlement_rehearsals", "/canales/banco/ensayos/", SUPERVISES_TILLS, 404, "post"),
    _door("settlement_rehearsal", "/canales/banco/ensayos/0a/", SUPERVISES_TILLS, 404),
    _door("settlement_loading", "/canales/banco/ensayos/0a/carga/", SUPERVISES_TILLS, 404, "post"),
    _door("settlement_job", "/canales/cargas/999999/", SUPERVISES_TILLS, 404),
    _door("settlement", "/canales/archivos/999999/", READS_TILLS, 404),
    _door("settlement_withdrawal", "/canales/movimientos/999999/retiro/", SUPERVISES_TILLS, 404),
    _door("unidentified", "/por-identificar/", READS_TILLS),
    _door("unidentified_line", "/por-identificar/999999/", READS_TILLS, 404),
    _door("line_identification", "/por-identificar/999999/identificacion/", SUPERVISES_TILLS, 404, "post"),
    _door("line_return", "/por-identificar/999999/devolucion/", SUPERVISES_TILLS, 404, "post"),
    _door("line_origin", "/por-identificar/999999/origen/", SUPERVISES_TILLS, 404, "post"),
    _door("cases", "/reportes/", READS_CASES),
    _door("case_new", "/reportes/alta/", OPENS_CASES),
    _door("case_new", "/reportes/alta/", OPENS_CASES, 422, "post"),
    _door("account_case", "/cuentas/010117/reporte/", OPENS_CASES),
    _door("account_case", "/cuentas/010117/reporte/", OPENS_CASES, 422, "post"),
    _door("case", "/reportes/REP-999999/", READS_CASES, 404),
    _door("case_photo", "/reportes/fotos/00000000-0000-0000-0000-000000000000/", READS_CASES, 404),
    _door("case_order", "/reportes/REP-999999/orden/", ANSWERS_CASES, 404, "post"),
    _door("case_answer", "/reportes/REP-999999/respuesta/", ANSWERS_CASES, 404, "post"),
    _door("case_note", "/reportes/REP-999999/anotacion/", OPENS_CASES, 404, "post"),
    _door("case_resolution", "/reportes/REP-999999/resolucion/", ANSWERS_CASES, 404, "post"),
    _door("case_merge", "/reportes/REP-999999/union/", ANSWERS_CASES, 404, "post"),
    _door("campaigns", "/campanas/", READS_CAMPAIGNS),
    _door("campaign_new", "/campanas/nueva/", PREPARES_CAMPAIGNS),
    _door("campaign_new", "/campanas/nueva/", PREPARES_CAMPAIGNS, 422, "post"),
    _door("prepayment_policies", "/campanas/pago-adelantado/", READS_CAMPAIGNS),
    _door("prepayment_policy_new", "/campanas/pago-adelantado/nueva/", PREPARES_POLICIES),
    _door("prepayment_policy_new", "/campanas/pago-adelantado/nueva/", PREPARES_POLICIES, 422, "post"),
    _door("forgiven", "/campanas/condonado/", READS_CAMPAIGNS),
    _door("forgiven_csv", "/campanas/condonado.csv", READS_CAMPAIGNS),
    _door("campaign", "/campanas/NADA/", READS_CAMPAIGNS, 404),
    _door("campaign_draft", "/campanas/NADA/borrador/", PREPARES_CAMPAIGNS, 404),
    _door("campaign_publication", "/campanas/NADA/publicacion/", PREPARES_CAMPAIGNS, 404, "post"),
    _door("campaign_request", "/campanas/NADA/solicitud/", PREPARES_CAMPAIGNS, 404, "post"),
    _door("campaign_withdrawal", "/campanas/NADA/retiro/", {MANAGER}, 404, "post"),
    _door("campaign_agreement", "/campanas/NADA/acuerdo/", PREPARES_CAMPAIGNS, 404, "post"),
    _door("campaign_agreement_pdf", "/campanas/NADA/acuerdo.pdf", READS_CAMPAIGNS, 404),
    _door("outreach", "/difusion/", READS_OUTREACH),
    _door("campaign_outreach", "/difusion/campanas/NADA/", READS_OUTREACH, 404),
    _door("outreach_plan_new", "/difusion/campanas/NADA/plan/", WRITES_OUTREACH, 404),
    _door("campaign_poster", "/difusion/campanas/NADA/cartel-carta.pdf", READS_OUTREACH, 404),
    _door("campaign_poster_png", "/difusion/campanas/NADA/cartel-carta.png", READS_OUTREACH, 404),
    _door("campaign_picture", "/difusion/campanas/NADA/imagen.png", READS_OUTREACH, 404),
    _door("outreach_action", "/difusion/acciones/999999/", WRITES_OUTREACH, 404),
    _door("outreach_action_drop", "/difusion/acciones/999999/baja/", WRITES_OUTREACH, 404, "post"),
    _door("outreach_entry_new", "/difusion/acciones/999999/anotacion/", WRITES_OUTREACH, 404),
    _door("outreach_entry_void", "/difusion/anotaciones/999999/anulacion/", WRITES_OUTREACH, 404),
    _door("outreach_evidence", "/difusion/anotaciones/999999/evidencia/", READS_OUTREACH, 404),
    _door("rounds", "/recorridos/", READS_FIELDWORK),
    _door("rounds_board", "/recorridos/tablero/", READS_FIELDWORK),
    _door("field_photo", "/recorridos/fotos/00000000-0000-0000-0000-000000000001.jpg", READS_FIELDWORK, 404),
    _door("round_pdf", "/recorridos/REC-999999.pdf", READS_FIELDWORK, 404),
    _door("round", "/recorridos/REC-999999/", READS_FIELDWORK, 404),
    _door("round_reassignment", "/recorridos/REC-999999/reasignacion/", PLANS_FIELDWORK, 404),
    _door("round_split", "/recorridos/REC-999999/reparto/", PLANS_FIELDWORK, 404, "post"),
    _door("round_cancellation", "/recorridos/REC-999999/cancelacion/", PLANS_FIELDWORK, 404, "post"),
    _door("field_orders", "/ordenes/", READS_FIELDWORK),
    _door("field_order_new", "/ordenes/nueva/", PLANS_FIELDWORK),
    _door("field_order_new", "/ordenes/nueva/", PLANS_FIELDWORK, 422, "post"),
    _door("account_order_new", "/cuentas/010293/ordenes/nueva/", PLANS_FIELDWORK, 302),
    _door("orders_round_new", "/ordenes/recorrido/", PLANS_FIELDWORK, 302),
    _door("field_order", "/ordenes/OT-999999/", READS_FIELDWORK, 404),
    _door("field_order_result", "/ordenes/OT-999999/resultado/", PLANS_FIELDWORK, 404),
    _door("field_order_cancellation", "/ordenes/OT-999999/cancelacion/", PLANS_FIELDWORK, 404, "post"),
    _door("quarantine", "/apartados/", READS_FIELDWORK),
    _door("event_dismissal", "/apartados/00000000-0000-0000-0000-000000000001/descarte/", PLANS_FIELDWORK, 422,
          "post"),
    _door("devices", "/telefonos/", MANAGES_DEVICES),
    _door("device_enrollment", "/telefonos/alta/", MANAGES_DEVICES, 422, "post"),
    _door("device_revocation", "/telefonos/TEL-9999/baja/", MANAGES_DEVICES, 422, "post"),
    _door("tariff_books", "/tarifas/", READS_TARIFFS),
    _door("tariff_comparison", f"/tarifas/comparacion/?a=la-barca-demo-2019&b={PROPOSAL}", READS_TARIFFS),
    _door("tariff_book", "/tarifas/la-barca-demo-2019/", READS_TARIFFS),
    _door("tariff_book_file", "/tarifas/la-barca-demo-2019/libro.toml", READS_TARIFFS),
    _door("tariff_book_publication", f"/tarifas/{PROPOSAL}/publicacion/", {MANAGER}, 302, "post"),
)  # fmt: skip
OPEN_TO_ALL: Final = {
    "sign_in": "/entrar/",
    "second_factor": "/entrar/codigo/",
    "enrollment": "/entrar/telefono/",
    "first_pin": "/entrar/pin/",
    "arrival": "/entrar/paso/",
    "sign_out": "/salir/",
    "certificate_verification": "/constancias/7KQ2/",
    "verification": "/v/",
    "receipt_verification": "/v/0123456789ABCDEFGHJK",
    "report_new": "/reportes/nuevo/",
    "report_tracking": "/reportes/seguimiento/",
    "report_status": "/reportes/seguimiento/REP-000001/AAAA/",
    "report_dispute": "/reportes/seguimiento/REP-000001/AAAA/inconformidad/",
    "phone_shell": "/campo/",
    "phone_manifest": "/campo/manifest.webmanifest",
    "phone_worker": "/campo/guardian.js",
    "phone_enrollment": "/campo/alta/",
    "phone_day": "/campo/dia/",
    "phone_round": "/campo/recorridos/REC-000001/",
    "phone_events": "/campo/sucesos/",
    "phone_photo": "/campo/fotos/00000000-0000-0000-0000-000000000001/",
    "phone_revalidation": "/campo/revision/",
}
PAGES: Final = tuple(door for door in DOORS if door.method == "get" and door.answer == 200)

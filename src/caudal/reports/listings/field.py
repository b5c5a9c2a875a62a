"""What was done in the street: bills and notices at their doors, cuts, reconnections, reports of citizens, rounds."""

from typing import Final

from caudal.access import policy
from caudal.cases.models import Case, CaseType
from caudal.disconnections.models import DisconnectionPolicy, ReconnectionOrder
from caudal.dunning.models import DunningStage, ServiceOfNotice
from caudal.fieldwork.models import Round, Stop
from caudal.reports.listing import Column, Kind, Listing, local_day
from caudal.reports.listings.billing import ACCOUNT_AT
from caudal.reports.listings.money import STATES, YES_NO

STAGES: Final = tuple(DunningStage.Code.choices)
MEASURES: Final = tuple(DisconnectionPolicy.Measure.choices)

# a round passes from hand to hand: whoever had it then took the bill
BILL_DELIVERIES = Listing(
    code="bill_deliveries",
    title="Recibos entregados",
    note="Lo que pasó con cada recibo que se llevó a su domicilio.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT {local_day("x.done_at")} AS happened_on, x.subject_folio AS folio,
               left(x.subject_folio, 6)::int AS period, COALESCE(holds.number, '') AS account, o.folio AS round,
               COALESCE(r.code, '') AS route, x.outcome, COALESCE(held.username, w.username) AS by
          FROM fieldwork_stop x
          JOIN fieldwork_round o ON o.id = x.round_id
          JOIN access_clerk w ON w.id = o.assigned_to_id
          LEFT JOIN LATERAL (
               SELECT had.username FROM fieldwork_roundassignment s JOIN access_clerk had ON had.id = s.clerk_id
                WHERE s.round_id = o.id AND s.at <= x.done_at ORDER BY s.at DESC, s.id DESC LIMIT 1) held ON TRUE
          LEFT JOIN registry_route r ON r.id = o.route_id
          {ACCOUNT_AT.format(point="x.service_point_id", on=local_day("x.done_at"))}
         WHERE x.subject_kind = 'bill' AND x.done_at IS NOT NULL
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("folio", "Recibo", route="bill_pdf"),
        Column("period", "Periodo", Kind.PERIOD, is_filter=True),
        Column("account", "Cuenta", route="account"),
        Column("round", "Recorrido", route="round"),
        Column("route", "Ruta", is_filter=True),
        Column("outcome", "Resultado", words=tuple(Stop.Outcome.choices), is_filter=True),
        Column("by", "Repartidor", is_filter=True),
    ),
)

_NOTICE: Final = "'NOT-' || kernel_folio_digits(n.number) AS folio, d.code AS stage"

NOTICES = Listing(
    code="notices",
    title="Notificaciones emitidas",
    note="Cada notificación de adeudo o requerimiento que se emitió, con lo que se debía ese día.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT n.issued_on AS happened_on, {_NOTICE}, a.number AS account,
               'LOT-' || kernel_folio_digits(b.number) AS batch, b.issued_by AS by,
               CASE WHEN x.notice_id IS NULL THEN 'valid' ELSE 'canceled' END AS state,
               CASE WHEN EXISTS (SELECT FROM dunning_serviceofnotice s
                                  WHERE s.notice_id = n.id AND s.effects_on IS NOT NULL)
                    THEN 'yes' ELSE 'no' END AS is_served,
               n.total_cents AS debt_cents
          FROM dunning_notice n
          JOIN dunning_noticebatch b ON b.id = n.batch_id
          JOIN dunning_dunningstage d ON d.id = n.stage_id
          JOIN registry_account a ON a.id = n.account_id
          LEFT JOIN dunning_noticecancellation x ON x.notice_id = n.id
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("folio", "Notificación", route="notice"),
        Column("stage", "Etapa", words=STAGES, is_filter=True),
        Column("account", "Cuenta", route="account"),
        Column("batch", "Lote", route="notice_batch", is_filter=True),
        Column("by", "Emitió", is_filter=True),
        Column("state", "Estado", words=STATES, is_filter=True),
        Column("is_served", "Notificada", words=YES_NO, is_filter=True),
        Column("debt_cents", "Adeudo", Kind.CENTS, is_total=True),
    ),
)

NOTICES_SERVED = Listing(
    code="notices_served",
    title="Visitas con notificaciones",
    note="Lo que pasó en la puerta con cada notificación, visita por visita.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT s.served_on AS happened_on, {_NOTICE}, a.number AS account, s.outcome,
               CASE WHEN s.effects_on IS NULL THEN 'no' ELSE 'yes' END AS is_served, s.effects_on, s.term_ends_on,
               s.by, n.total_cents AS debt_cents
          FROM dunning_serviceofnotice s
          JOIN dunning_notice n ON n.id = s.notice_id
          JOIN dunning_dunningstage d ON d.id = n.stage_id
          JOIN registry_account a ON a.id = n.account_id
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("folio", "Notificación", route="notice"),
        Column("stage", "Etapa", words=STAGES, is_filter=True),
        Column("account", "Cuenta", route="account"),
        Column("outcome", "Resultado", words=tuple(ServiceOfNotice.Outcome.choices), is_filter=True),
        Column("is_served", "Quedó notificada", words=YES_NO, is_filter=True),
        Column("effects_on", "Surte efectos", Kind.DAY),
        Column("term_ends_on", "Vence el plazo", Kind.DAY),
        Column("by", "Notificó", is_filter=True),
        Column("debt_cents", "Adeudo notificado", Kind.CENTS, is_total=True),
    ),
)

CUTS = Listing(
    code="cuts",
    title="Cortes y reducciones",
    note="Cada servicio cortado o reducido por adeudo, con su sello y lo que se debía.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT {local_day("x.done_at")} AS happened_on, 'COR-' || kernel_folio_digits(o.number) AS "order",
               a.number AS account, x.measure AS kind, x.seal_number AS seal, x.told_by AS by,
               CASE WHEN x.incidents = '[]' THEN 'no' ELSE 'yes' END AS has_incidents,
               CASE WHEN EXISTS (SELECT FROM disconnections_reconnectionorder r
                                  WHERE r.disconnection_id = x.order_id AND r.state = 'done')
                    THEN 'yes' ELSE 'no' END AS is_reconnected,
               x.debt_cents
          FROM disconnections_disconnection x
          JOIN disconnections_disconnectionorder o ON o.id = x.order_id
          JOIN registry_account a ON a.id = o.account_id
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("order", "Orden", route="cut_order"),
        Column("account", "Cuenta", route="account"),
        Column("kind", "Qué se hizo", words=MEASURES, is_filter=True),
        Column("seal", "Sello"),
        Column("by", "Quién", is_filter=True),
        Column("has_incidents", "No procedía", words=YES_NO, is_filter=True),
        Column("is_reconnected", "Ya tiene agua", words=YES_NO, is_filter=True),
        Column("debt_cents", "Adeudo", Kind.CENTS, is_total=True),
    ),
)

RECONNECTIONS = Listing(
    code="reconnections",
    title="Reconexiones",
    note="Cada servicio reconectado, cuántas horas pasaron desde que se pagó o se ordenó, y si fue a tiempo.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT {local_day("x.ended_at")} AS happened_on, 'RCX-' || kernel_folio_digits(x.number) AS "order",
               a.number AS account, x.created_at AS asked_at, x.ended_at AS done_at, x.due_at, x.cause,
               CASE WHEN x.ended_at <= x.due_at THEN 'yes' ELSE 'no' END AS on_time, x.ended_by AS by,
               ceil(extract(epoch FROM x.ended_at - x.created_at) / 3600)::int AS hours, x.fee_cents
          FROM disconnections_reconnectionorder x
          JOIN registry_account a ON a.id = x.account_id
         WHERE x.state = 'done'
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("order", "Reconexión", route="reconnection"),
        Column("account", "Cuenta", route="account"),
        Column("asked_at", "Se ordenó", Kind.MOMENT),
        Column("done_at", "Se hizo", Kind.MOMENT),
        Column("due_at", "A más tardar", Kind.MOMENT),
        Column("cause", "Por qué", words=tuple(ReconnectionOrder.Cause.choices), is_filter=True),
        Column("on_time", "A tiempo", words=YES_NO, is_filter=True),
        Column("by", "Quién", is_filter=True),
        Column("hours", "Horas", Kind.HOURS, is_total=True),
        Column("fee_cents", "Derecho", Kind.CENTS, is_total=True),
    ),
)

_OF_A_CASE: Final = (
    Column("folio", "Reporte", route="case"),
    Column("type", "Tipo", says="type_name", is_filter=True),
    Column("type_name", "Nombre del tipo", is_hidden=True),
    Column("group", "Grupo", words=tuple(CaseType.Group.choices), is_filter=True),
    Column("channel", "Por dónde llegó", words=tuple(Case.Channel.choices), is_filter=True),
    Column("account", "Cuenta", route="account"),
    Column("neighborhood", "Colonia", is_filter=True),
    Column("is_claim", "Reclama un importe", words=YES_NO, is_filter=True),
)
_CASE: Final = """
               x.folio, t.code AS type, t.name AS type_name, t."group", x.channel, COALESCE(a.number, '') AS account,
               x.neighborhood, CASE WHEN t.is_billing_claim THEN 'yes' ELSE 'no' END AS is_claim
"""
_CASES: Final = """
          JOIN cases_casetype t ON t.id = x.type_id
          LEFT JOIN registry_account a ON a.id = x.account_id
"""

CASES_OPENED = Listing(
    code="cases_opened",
    title="Reportes recibidos",
    note="Cada reporte o aclaración que llegó, por dónde y de qué.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT {local_day("x.opened_at")} AS happened_on, {_CASE}, x.opened_at, x.due_at, x.opened_by AS by
          FROM cases_case x {_CASES}
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        *_OF_A_CASE,
        Column("opened_at", "Recibido", Kind.MOMENT),
        Column("due_at", "Responder a más tardar", Kind.MOMENT),
        Column("by", "Lo anotó", is_filter=True),
    ),
)

# what was disputed starts its clock again; its term was moved then, and the first answer had the usual one
CASES_ANSWERED = Listing(
    code="cases_answered",
    title="Reportes resueltos",
    note="Cada respuesta que resolvió un reporte, en cuántas horas y si fue a tiempo.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT {local_day("e.at")} AS happened_on, {_CASE}, COALESCE(d.at, x.opened_at) AS asked_at, e.at AS answered_at,
               CASE WHEN e.at <= CASE WHEN d.at IS NOT NULL THEN x.due_at
                                      ELSE x.opened_at + t.service_hours * INTERVAL '1 hour' END
                    THEN 'yes' ELSE 'no' END AS on_time,
               CASE WHEN d.at IS NULL THEN 'no' ELSE 'yes' END AS was_disputed, e.text AS answer, e.by,
               ceil(extract(epoch FROM e.at - COALESCE(d.at, x.opened_at)) / 3600)::int AS hours
          FROM cases_caseentry e
          JOIN cases_case x ON x.id = e.case_id {_CASES}
          LEFT JOIN LATERAL (SELECT before.at FROM cases_caseentry before
                              WHERE before.case_id = e.case_id AND before.kind = 'disputed' AND before.id < e.id
                              ORDER BY before.id DESC LIMIT 1) d ON TRUE
         WHERE e.kind = 'resolved'
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        *_OF_A_CASE,
        Column("asked_at", "Recibido", Kind.MOMENT),
        Column("answered_at", "Resuelto", Kind.MOMENT),
        Column("on_time", "A tiempo", words=YES_NO, is_filter=True),
        Column("was_disputed", "Se reabrió", words=YES_NO, is_filter=True),
        Column("answer", "Respuesta"),
        Column("by", "Resolvió", is_filter=True),
        Column("hours", "Horas", Kind.HOURS, is_total=True),
    ),
)

ROUNDS = Listing(
    code="rounds",
    title="Recorridos",
    note="El trabajo de cada persona en la calle, día por día: cuántas paradas llevó y cuántas hizo.",
    act=policy.READ_REPORTS,
    sql="""
        SELECT o."on" AS happened_on, o.folio, o.kind, o.name, COALESCE(r.code, '') AS route, w.username AS person,
               CASE WHEN o.canceled_at IS NULL THEN 'valid' ELSE 'canceled' END AS state, s.stops, s.done
          FROM fieldwork_round o
          JOIN access_clerk w ON w.id = o.assigned_to_id
          LEFT JOIN registry_route r ON r.id = o.route_id
         CROSS JOIN LATERAL (SELECT count(*) AS stops, count(x.done_at) AS done
                               FROM fieldwork_stop x WHERE x.round_id = o.id) s
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("folio", "Recorrido", route="round"),
        Column("kind", "Trabajo", words=tuple(Round.Kind.choices), is_filter=True),
        Column("name", "Nombre"),
        Column("route", "Ruta", is_filter=True),
        Column("person", "Quién", is_filter=True),
        Column("state", "Estado", words=STATES, is_filter=True),
        Column("stops", "Paradas", Kind.COUNT, is_total=True),
        Column("done", "Hechas", Kind.COUNT, is_total=True),
    ),
)

LISTINGS = (
    BILL_DELIVERIES, NOTICES, NOTICES_SERVED, CUTS, RECONNECTIONS, CASES_OPENED, CASES_ANSWERED, ROUNDS,
)  # fmt: skip

"""What was read and billed: readings, bills, those held or without a bill, and what was corrected."""

from typing import Final

from caudal.access import policy
from caudal.billing.models import BillingRun, HeldBill, UnbilledAccount
from caudal.metering import queries as metering
from caudal.metering.models import Reading, ReadingReview
from caudal.reports.listing import Column, Kind, Listing
from caudal.reports.listings.money import STATES, YES_NO

SOURCES: Final = (
    ("phone", "teléfono"), ("office", "oficina"), ("import", "archivo"), ("customer", "usuario"),
    ("remote", "telemetría"), ("migrated", "sistema anterior"),
)  # fmt: skip
EXCEPTIONS: Final = tuple((code, each.text) for code, each in metering.CODES.items())
RUN_STATES: Final = tuple(BillingRun.State.choices)
BILL_KINDS: Final = (("issued", "emitido"), ("cancellation", "cancelación"))
DOUBTS: Final = tuple((int(doubt), metering.DOUBT_TEXTS[doubt]) for doubt in metering.Doubt)

# the account that was served at a point on a day
ACCOUNT_AT: Final = """
          LEFT JOIN LATERAL (
               SELECT a.number FROM registry_serviceagreement g JOIN registry_account a ON a.id = g.account_id
                WHERE g.service_point_id = {point} AND g.effective_from <= {on}
                ORDER BY g.effective_from DESC LIMIT 1) holds ON TRUE
"""
_READING: Final = """
               x.read_on AS happened_on, x.period, COALESCE(holds.number, '') AS account, route.code AS route,
               meter.serial AS meter, x.kind, x.value,
               CASE x.origin WHEN 'route' THEN 'phone' WHEN 'desk' THEN 'office' ELSE x.origin END AS source,
               x.exception_code AS exception, x.observer AS reader
"""
# a reading that was corrected is told once: as it stands
_READINGS: Final = f"""
          FROM metering_reading x
          JOIN metering_meterinstallation i ON i.id = x.installation_id
          JOIN metering_meter meter ON meter.id = i.meter_id
          JOIN registry_servicepoint point ON point.id = i.service_point_id
          JOIN registry_route route ON route.id = point.route_id
          {ACCOUNT_AT.format(point="i.service_point_id", on="x.read_on")}
"""
_STANDS: Final = """
           NOT EXISTS (SELECT FROM metering_reading newer
                        WHERE newer.period = x.period AND newer.kind = x.kind
                          AND newer.installation_id = x.installation_id AND newer.revision > x.revision)
"""
_OF_A_READING: Final = (
    Column("happened_on", "Día", Kind.DAY),
    Column("period", "Periodo", Kind.PERIOD, is_filter=True),
    Column("account", "Cuenta", route="account"),
    Column("route", "Ruta", is_filter=True),
    Column("meter", "Medidor"),
    Column("kind", "Lectura", words=tuple(Reading.Kind.choices), is_filter=True),
    Column("value", "Valor", Kind.M3),
    Column("source", "Origen", words=SOURCES, is_filter=True),
    Column("exception", "Observación", words=EXCEPTIONS, is_filter=True),
    Column("reader", "Lecturista", is_filter=True),
)

READINGS = Listing(
    code="readings",
    title="Lecturas",
    note="Lo que se leyó en cada medidor; una lectura corregida aparece una vez, como quedó.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT {_READING}, CASE WHEN x.value IS NULL THEN 'no' ELSE 'yes' END AS was_read,
               CASE WHEN x.exception_code = '00' THEN 'no' ELSE 'yes' END AS has_exception
          {_READINGS}
         WHERE {_STANDS}
    """,
    columns=(
        *_OF_A_READING,
        Column("was_read", "Se vio la carátula", words=YES_NO, is_filter=True),
        Column("has_exception", "Con observación", words=YES_NO, is_hidden=True),
    ),
)

_DOUBT_WORDS: Final = ", ".join(f"CASE WHEN m.doubts & {bit} <> 0 THEN '{text}' END" for bit, text in DOUBTS)

READING_EXCEPTIONS = Listing(
    code="reading_exceptions",
    title="Observaciones y lecturas dudosas",
    note="Las lecturas con una observación del lecturista o con una duda al calcular su consumo, y qué se decidió.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT {_READING}, COALESCE(m.consumption_m3, 0) AS m3,
               array_to_string(array_remove(ARRAY[{_DOUBT_WORDS}], NULL), '; ') AS doubts,
               CASE WHEN COALESCE(m.doubts, 0) = 0 THEN 'no' ELSE 'yes' END AS is_doubtful,
               COALESCE(v.decision, CASE WHEN COALESCE(m.doubts, 0) = 0 THEN '' ELSE 'waiting' END) AS decision
          {_READINGS}
          LEFT JOIN metering_consumption m
               ON m.period = x.period AND m.service_point_id = i.service_point_id AND x.kind = 'regular'
          LEFT JOIN LATERAL (SELECT decision FROM metering_readingreview
                              WHERE period = x.period AND service_point_id = i.service_point_id AND x.kind = 'regular'
                              ORDER BY id DESC LIMIT 1) v ON TRUE
         WHERE (x.exception_code <> '00' OR COALESCE(m.doubts, 0) <> 0) AND {_STANDS}
    """,
    columns=(
        *_OF_A_READING,
        Column("m3", "Consumo", Kind.M3, is_total=True),
        Column("doubts", "Dudas"),
        Column("is_doubtful", "Con duda", words=YES_NO, is_filter=True),
        Column(
            "decision",
            "Decisión",
            words=(("waiting", "por decidir"), *ReadingReview.Decision.choices),
            is_filter=True,
        ),
    ),
)

_FOLIO: Final = "b.period || '-' || a.number || CASE WHEN b.revision > 1 THEN '-' || b.revision ELSE '' END"

BILLS = Listing(
    code="bills",
    title="Recibos emitidos",
    note="Cada recibo, el día en que se emitió; un recibo cancelado resta el día en que se canceló.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT m.happened_on, {_FOLIO} AS folio, b.period, a.number AS account, t.code AS class, t.name AS class_name,
               t.use, r.code AS route, CASE WHEN b.is_metered = 1 THEN 'yes' ELSE 'no' END AS is_metered,
               CASE WHEN b.revision > 1 THEN 'yes' ELSE 'no' END AS is_rebill, m.kind,
               CASE WHEN bc.id IS NULL THEN 'valid' ELSE 'canceled' END AS state,
               b.consumption_m3 * m.sign AS m3, b.total_cents * m.sign AS total_cents
          FROM billing_bill b
          JOIN registry_account a ON a.id = b.account_id
          JOIN registry_tariffclass t ON t.id = b.tariff_class_id
          JOIN registry_servicepoint p ON p.id = b.service_point_id
          JOIN registry_route r ON r.id = p.route_id
          LEFT JOIN billing_billcancellation bc
               ON bc.period = b.period AND bc.account_id = b.account_id AND bc.revision = b.revision
         CROSS JOIN LATERAL (
               SELECT b.issued_on AS happened_on, 'issued' AS kind, 1 AS sign
               UNION ALL
               SELECT bc."on", 'cancellation', -1 WHERE bc.id IS NOT NULL) m
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("folio", "Recibo", route="bill_pdf"),
        Column("period", "Periodo", Kind.PERIOD, is_filter=True),
        Column("account", "Cuenta", route="account"),
        Column("class", "Tarifa", says="class_name", is_filter=True),
        Column("class_name", "Nombre de la tarifa", is_hidden=True),
        Column("use", "Uso", is_hidden=True),
        Column("route", "Ruta", is_filter=True),
        Column("is_metered", "Medido", words=YES_NO, is_filter=True),
        Column("is_rebill", "Refacturado", words=YES_NO, is_filter=True),
        Column("kind", "Qué es", words=BILL_KINDS, is_filter=True),
        Column("state", "Estado", words=STATES, is_filter=True),
        Column("m3", "m³", Kind.M3, is_total=True),
        Column("total_cents", "Importe", Kind.CENTS, is_total=True),
    ),
)

HELD_BILLS = Listing(
    code="held_bills",
    title="Recibos detenidos",
    note="Los recibos que alguien debe ver antes de emitirlos, con su razón y lo que se decidió.",
    act=policy.READ_REPORTS,
    sql="""
        SELECT n.issued_on AS happened_on, n.id AS run, n.period, a.number AS account, h.reason,
               CASE WHEN h.decision = '' THEN 'waiting' ELSE h.decision END AS decision, h.decided_by,
               n.state AS run_state, h.consumption_m3 AS m3, h.mean_m3, h.total_cents
          FROM billing_heldbill h
          JOIN billing_billingrun n ON n.id = h.run_id
          JOIN registry_account a ON a.id = h.account_id
         WHERE n.state <> 'discarded'
    """,
    columns=(
        Column("happened_on", "Emisión", Kind.DAY),
        Column("run", "Facturación", route="billing_run"),
        Column("period", "Periodo", Kind.PERIOD, is_filter=True),
        Column("account", "Cuenta", route="account"),
        Column("reason", "Razón", words=tuple(HeldBill.Reason.choices), is_filter=True),
        Column(
            "decision",
            "Decisión",
            words=(("waiting", "por decidir"), *HeldBill.Decision.choices),
            is_filter=True,
        ),
        Column("decided_by", "Decidió", is_filter=True),
        Column("run_state", "Estado de la facturación", words=RUN_STATES, is_filter=True),
        Column("m3", "m³", Kind.M3),
        Column("mean_m3", "Promedio m³", Kind.M3),
        Column("total_cents", "Importe", Kind.CENTS, is_total=True),
    ),
)

UNBILLED = Listing(
    code="unbilled",
    title="Servicios sin recibo",
    note="Los servicios activos que no tienen recibo en una facturación, con su causa.",
    act=policy.READ_REPORTS,
    sql="""
        SELECT n.issued_on AS happened_on, n.id AS run, n.period, a.number AS account, u.cause, u.detail,
               n.state AS run_state
          FROM billing_unbilledaccount u
          JOIN billing_billingrun n ON n.id = u.run_id
          JOIN registry_account a ON a.id = u.account_id
         WHERE n.state <> 'discarded'
    """,
    columns=(
        Column("happened_on", "Emisión", Kind.DAY),
        Column("run", "Facturación", route="billing_run"),
        Column("period", "Periodo", Kind.PERIOD, is_filter=True),
        Column("account", "Cuenta", route="account"),
        Column("cause", "Causa", words=tuple(UnbilledAccount.Cause.choices), is_filter=True),
        Column("detail", "Detalle"),
        Column("run_state", "Estado de la facturación", words=RUN_STATES, is_filter=True),
    ),
)

BILL_CANCELLATIONS = Listing(
    code="bill_cancellations",
    title="Recibos cancelados",
    note="Cada recibo que dejó de contar, con su motivo, quién autorizó y si se volvió a facturar.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT x."on" AS happened_on, {_FOLIO} AS folio, b.period, a.number AS account, x.reason,
               x.authorized_by AS by,
               CASE WHEN EXISTS (SELECT FROM billing_bill newer
                                  WHERE newer.period = b.period AND newer.account_id = b.account_id
                                    AND newer.revision > b.revision) THEN 'yes' ELSE 'no' END AS was_rebilled,
               b.total_cents
          FROM billing_billcancellation x
          JOIN billing_bill b ON b.period = x.period AND b.account_id = x.account_id AND b.revision = x.revision
          JOIN registry_account a ON a.id = x.account_id
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("folio", "Recibo", route="bill_pdf"),
        Column("period", "Periodo", Kind.PERIOD, is_filter=True),
        Column("account", "Cuenta", route="account"),
        Column("reason", "Motivo"),
        Column("by", "Autorizó", is_filter=True),
        Column("was_rebilled", "Se refacturó", words=YES_NO, is_filter=True),
        Column("total_cents", "Importe", Kind.CENTS, is_total=True),
    ),
)

ADJUSTMENT_KINDS: Final = (
    ("service", "cargo de ventanilla o multa"), ("service_cancellation", "cancelación de ese cargo"),
    ("adjustment", "ajuste a favor"),
    ("regularization", "regularización de estimadas"), ("opening_credit", "saldo a favor inicial"),
)  # fmt: skip

# a charge has no day of its own: the entry that posted it does, and names it «account/period/kind/sequence»
ADJUSTMENTS = Listing(
    code="adjustments",
    title="Otros cargos y ajustes",
    note="Todo lo que movió un adeudo sin ser recibo, pago, condonación ni convenio: quién, cuándo y por qué. "
    "Lo que sube el adeudo es positivo; lo que lo baja, negativo.",
    act=policy.READ_REPORTS,
    sql="""
        SELECT COALESCE(e.happened_on, e."on") AS happened_on, a.number AS account, 'service' AS kind,
               x.concept, x.concept_name, e.document, e.description AS reason, e.recorded_by AS by,
               x.cents AS amount_cents
          FROM ledger_journalentry e
         CROSS JOIN LATERAL (SELECT regexp_match(e.document, '^(.+)/(\\d+)/(\\d+)/(\\d+)$') AS key) k
          JOIN registry_account a ON a.number = k.key[1]
         CROSS JOIN LATERAL (
               SELECT c.code AS concept, c.name AS concept_name, sum(h.amount_cents + h.vat_cents)::bigint AS cents
                 FROM ledger_charge h JOIN ledger_concept c ON c.id = h.concept_id
                WHERE h.period = k.key[2]::int AND h.account_id = a.id AND h.document_kind = k.key[3]::int
                  AND h.sequence = k.key[4]::int
                GROUP BY 1, 2) x
         WHERE e.kind = 'charges' AND k.key[3] = '3'
        UNION ALL
        SELECT cr."on", a.number, 'service_cancellation', c.code, c.name, cr.document, cr.reason, cr.recorded_by, -x.cents
          FROM ledger_credit cr JOIN registry_account a ON a.id = cr.account_id
         CROSS JOIN LATERAL (
               SELECT concept_id, sum(amount_cents)::bigint AS cents
                 FROM ledger_allocation WHERE credit_id = cr.id GROUP BY 1) x
          JOIN ledger_concept c ON c.id = x.concept_id
         WHERE cr.kind = 'bill_cancellation' AND split_part(cr.document, '/', 3) = '3'
        UNION ALL
        SELECT cr."on", a.number, cr.kind, '', '', cr.document,
               CASE WHEN cr.reason = '' THEN cr.document ELSE cr.reason END, cr.recorded_by, -cr.amount_cents
          FROM ledger_credit cr JOIN registry_account a ON a.id = cr.account_id
         WHERE cr.kind IN ('adjustment', 'regularization', 'opening_credit')
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("account", "Cuenta", route="account"),
        Column("kind", "Qué es", words=ADJUSTMENT_KINDS, is_filter=True),
        Column("concept", "Concepto", says="concept_name", is_filter=True),
        Column("concept_name", "Nombre del concepto", is_hidden=True),
        Column("document", "Documento"),
        Column("reason", "Por qué"),
        Column("by", "Quién", is_filter=True),
        Column("amount_cents", "Importe", Kind.CENTS, is_total=True),
    ),
)

LISTINGS = (
    READINGS, READING_EXCEPTIONS, BILLS, HELD_BILLS, UNBILLED, BILL_CANCELLATIONS, ADJUSTMENTS,
)  # fmt: skip

"""What the indicators are measured on: water billed and paid, bills that fell due, services of each month."""

from typing import Final

from caudal.access import policy
from caudal.reports.listing import Column, Kind, Listing

FOLIO: Final = "b.period || '-' || a.number || CASE WHEN b.revision > 1 THEN '-' || b.revision ELSE '' END"
# the charges of a bill are its own lines and what regularizes its estimated months
OF_A_BILL: Final = "(1, 5)"
BILLED_KINDS: Final = (("bill", "recibo"), ("cancellation", "cancelación"))
PAID_KINDS: Final = (
    ("bill", "recibo"),
    ("earlier", "adeudo del sistema anterior"),
    ("installment", "parcialidad de convenio"),
)
ON_TIME: Final = (("yes", "a tiempo"), ("no", "no"))
METERS: Final = (
    ("working", "medidor que se leyó"),
    ("failing", "medidor sin lectura"),
    ("none", "cuota fija"),
)
KNOWN: Final = (("complete", "completo"), ("incomplete", "incompleto"))

WATER_BILLED: Final = Listing(
    code="water_billed",
    title="Agua facturada",
    note="Cada recibo el día en que se emitió; el que se cancela resta el día en que se canceló.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT b.issued_on AS happened_on, {FOLIO} AS folio, a.number AS account, b.period, 'bill' AS kind,
               CASE WHEN b.is_metered = 1 THEN b.consumption_m3 ELSE 0 END AS m3, b.total_cents AS amount_cents
          FROM billing_bill b JOIN registry_account a ON a.id = b.account_id
        UNION ALL
        SELECT x."on", {FOLIO}, a.number, b.period, 'cancellation',
               CASE WHEN b.is_metered = 1 THEN -b.consumption_m3 ELSE 0 END, -b.total_cents
          FROM billing_billcancellation x
          JOIN billing_bill b ON (b.period, b.account_id, b.revision) = (x.period, x.account_id, x.revision)
          JOIN registry_account a ON a.id = b.account_id
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("folio", "Recibo", route="bill_pdf"),
        Column("account", "Cuenta", route="account"),
        Column("period", "Periodo", Kind.PERIOD, is_filter=True),
        Column("kind", "Qué es", words=BILLED_KINDS, is_filter=True),
        Column("m3", "m³", Kind.M3, is_total=True),
        Column("amount_cents", "Importe", Kind.CENTS, is_total=True),
    ),
)

# What is paid ahead waits in favor until its bill comes out: its water counts as paid that day. What takes a payment back
# counts on the day it does.
_DAY: Final = 'greatest(l."on", b.issued_on)'

WATER_PAID: Final = Listing(
    code="water_paid",
    title="Agua pagada",
    note="Lo que cada pago aplicó a recibos, a adeudo anterior y a parcialidades; sin recargos, multas ni servicios. "
    "Los m³ de un recibo pagado en parte cuentan en esa proporción.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT p.happened_on, p.folio, a.number AS account, p.period, p.kind,
               CASE WHEN p.is_metered = 1 AND p.total_cents > 0
                    THEN round(p.consumption_m3::numeric * 1000 * p.cents / p.total_cents)::bigint
                    ELSE 0 END AS litres,
               p.cents AS amount_cents
          FROM (
               SELECT {_DAY} AS happened_on, c.document AS folio, l.account_id, l.period,
                      CASE l.document_kind WHEN 4 THEN 'earlier' WHEN 6 THEN 'installment' ELSE 'bill' END AS kind,
                      b.is_metered, b.total_cents, b.consumption_m3, sum(l.amount_cents)::bigint AS cents
                 FROM ledger_allocation l
                 JOIN ledger_credit c ON c.id = l.credit_id AND c.kind = 'payment'
                 LEFT JOIN billing_bill b ON l.document_kind IN {OF_A_BILL}
                      AND (b.period, b.account_id, b.revision) = (l.period, l.account_id, l.sequence)
                WHERE l.document_kind IN (1, 4, 5, 6)
                GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
               ) p
          JOIN registry_account a ON a.id = p.account_id
         WHERE p.cents <> 0
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("folio", "Comprobante", route="receipt"),
        Column("account", "Cuenta", route="account"),
        Column("period", "Periodo", Kind.PERIOD, is_filter=True),
        Column("kind", "De qué", words=PAID_KINDS, is_filter=True),
        Column("litres", "Litros", Kind.COUNT, is_total=True),
        Column("amount_cents", "Importe", Kind.CENTS, is_total=True),
    ),
)

# what was paid of each bill is asked bill by bill: only those of the months asked are, through the index of their account
DUE_BILLS: Final = Listing(
    code="due_bills",
    title="Recibos que vencieron",
    note="Cada recibo el día en que venció, con lo que se le había pagado hasta ese día. No entran los cancelados "
    "antes de vencer ni los de importe cero; pasarlo a convenio no es pagarlo.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT b.due_on AS happened_on, {FOLIO} AS folio, a.number AS account, b.period,
               CASE WHEN coalesce(p.cents, 0) >= b.total_cents THEN 'yes' ELSE 'no' END AS on_time,
               b.total_cents AS amount_cents, coalesce(p.cents, 0) AS paid_cents
          FROM billing_bill b
          JOIN registry_account a ON a.id = b.account_id
          LEFT JOIN billing_billcancellation x
               ON (x.period, x.account_id, x.revision) = (b.period, b.account_id, b.revision) AND x."on" <= b.due_on
          LEFT JOIN LATERAL (
               SELECT sum(l.amount_cents)::bigint AS cents
                 FROM ledger_allocation l
                 JOIN ledger_credit c ON c.id = l.credit_id AND c.kind NOT IN ('bill_cancellation', 'agreement')
                WHERE l.account_id = b.account_id AND l.period = b.period AND l.sequence = b.revision
                  AND l.document_kind IN {OF_A_BILL} AND l."on" <= b.due_on
               ) p ON TRUE
         WHERE x.id IS NULL AND b.total_cents > 0
    """,
    columns=(
        Column("happened_on", "Venció", Kind.DAY),
        Column("folio", "Recibo", route="bill_pdf"),
        Column("account", "Cuenta", route="account"),
        Column("period", "Periodo", Kind.PERIOD, is_filter=True),
        Column("on_time", "Se pagó", words=ON_TIME, is_filter=True),
        Column("amount_cents", "Importe", Kind.CENTS, is_total=True),
        Column("paid_cents", "Pagado al vencer", Kind.CENTS, is_total=True),
    ),
)

# the months that were billed: of others nobody can say which meters were read
SERVICES: Final = Listing(
    code="services",
    title="Tomas de cada mes",
    note="Las tomas con contrato el último día de cada mes facturado: si su medidor se leyó ese mes, y si del titular "
    "se tiene colonia y teléfono o correo (con los datos de hoy).",
    act=policy.READ_REPORTS,
    sql="""
        SELECT m.ends_on AS happened_on, a.number AS account, u.name AS tariff_class, r.code AS route,
               CASE WHEN NOT g.is_metered THEN 'none' WHEN k.basis = 1 THEN 'working' ELSE 'failing' END AS meter,
               CASE WHEN w.neighborhood_id IS NOT NULL AND EXISTS (
                    SELECT FROM registry_accountholder o JOIN registry_person p ON p.id = o.person_id
                     WHERE o.account_id = a.id AND o.effective_from <= m.ends_on
                       AND (o.effective_to IS NULL OR o.effective_to > m.ends_on) AND (p.phone <> '' OR p.email <> ''))
                    THEN 'complete' ELSE 'incomplete' END AS known
          FROM (SELECT DISTINCT period,
                       (to_date(period::text, 'YYYYMM') + interval '1 month' - interval '1 day')::date AS ends_on
                  FROM billing_billingrun WHERE state = 'issued') m
          JOIN registry_serviceagreement g ON g.effective_from <= m.ends_on
               AND (g.effective_to IS NULL OR g.effective_to > m.ends_on)
          JOIN registry_account a ON a.id = g.account_id
          JOIN registry_tariffclass u ON u.id = g.tariff_class_id
          JOIN registry_servicepoint s ON s.id = g.service_point_id
          JOIN registry_route r ON r.id = s.route_id
          JOIN registry_premise w ON w.id = s.premise_id
          LEFT JOIN metering_consumption k ON k.period = m.period AND k.service_point_id = s.id
    """,
    columns=(
        Column("happened_on", "Último día del mes", Kind.DAY),
        Column("account", "Cuenta", route="account"),
        Column("tariff_class", "Tarifa", is_filter=True),
        Column("route", "Ruta", is_filter=True),
        Column("meter", "Medidor", words=METERS, is_filter=True),
        Column("known", "Padrón", words=KNOWN, is_filter=True),
    ),
)

CONSUMED: Final = Listing(
    code="water_consumed",
    title="Agua consumida",
    note="Los m³ de cada toma medida y periodo, leídos o estimados, se hayan facturado ya o no; el día es el último "
    "del mes del periodo.",
    act=policy.READ_REPORTS,
    sql="""
        SELECT (to_date(k.period::text, 'YYYYMM') + interval '1 month' - interval '1 day')::date AS happened_on,
               (SELECT a.number FROM registry_serviceagreement g JOIN registry_account a ON a.id = g.account_id
                 WHERE g.service_point_id = k.service_point_id ORDER BY g.effective_from DESC LIMIT 1) AS account,
               k.period, k.basis::text AS basis, k.consumption_m3 AS m3
          FROM metering_consumption k
    """,
    columns=(
        Column("happened_on", "Último día del mes", Kind.DAY),
        Column("account", "Cuenta", route="account"),
        Column("period", "Periodo", Kind.PERIOD, is_filter=True),
        Column(
            "basis",
            "De dónde sale",
            words=(("1", "lectura"), ("2", "estimada"), ("3", "promedio"), ("4", "sin servicio")),
            is_filter=True,
        ),
        Column("m3", "m³", Kind.M3, is_total=True),
    ),
)

CAMPAIGN_MONEY: Final = Listing(
    code="campaign_money",
    title="Lo que costó cada campaña",
    note="Lo que debía o costaba lo que cada cuenta pagó con una campaña, lo que se le redujo y lo que pagó; lo que se "
    "quitó resta el día en que se quitó. Los convenios se pagan después y no están aquí.",
    act=policy.READ_REPORTS,
    sql="""
        SELECT m.happened_on, k.code AS campaign, k.name AS campaign_name, a.number AS account, w.document AS receipt,
               m.sign * (sum(w.cents) + p.amount_cents)::bigint AS owed_cents,
               m.sign * sum(w.cents)::bigint AS reduced_cents, m.sign * p.amount_cents AS collected_cents
          FROM campaigns_waiver w
          JOIN campaigns_campaign k ON k.id = w.campaign_id
          JOIN registry_account a ON a.id = w.account_id
          JOIN cashier_receipt r ON r.series || '-' || kernel_folio_digits(r.number) = w.document
          JOIN cashier_payment p ON p.receipt_id = r.id AND p.account_id = w.account_id
          LEFT JOIN cashier_receipt back ON back.reverses_id = r.id
         CROSS JOIN LATERAL (
               SELECT r.business_on AS happened_on, 1 AS sign
               UNION ALL
               SELECT back.business_on, -1 WHERE back.id IS NOT NULL) m
         GROUP BY m.happened_on, m.sign, k.code, k.name, a.number, w.document, p.amount_cents
        UNION ALL
        SELECT m.happened_on, k.code, k.name, a.number, cr.document, m.sign * x.quoted_cents,
               m.sign * x.reduction_cents, m.sign * x.paid_cents
          FROM campaigns_prepaidmonth x
          JOIN campaigns_campaign k ON k.id = x.campaign_id
          JOIN registry_account a ON a.id = x.account_id
          JOIN ledger_credit cr ON cr.id = x.credit_id
          LEFT JOIN campaigns_prepaidmonthend e ON e.month_id = x.id AND e.kind <> 'settled'
         CROSS JOIN LATERAL (
               SELECT cr."on" AS happened_on, 1 AS sign
               UNION ALL
               SELECT e."on", -1 WHERE e.month_id IS NOT NULL) m
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("campaign", "Campaña", says="campaign_name", is_filter=True),
        Column("campaign_name", "Nombre de la campaña", is_hidden=True),
        Column("account", "Cuenta", route="account"),
        Column("receipt", "Comprobante", route="receipt"),
        Column("owed_cents", "Debía", Kind.CENTS, is_total=True),
        Column("reduced_cents", "Se redujo", Kind.CENTS, is_total=True),
        Column("collected_cents", "Pagó", Kind.CENTS, is_total=True),
    ),
)

LISTINGS = (WATER_BILLED, WATER_PAID, DUE_BILLS, SERVICES, CONSUMED, CAMPAIGN_MONEY)

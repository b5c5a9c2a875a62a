"""What was collected: receipts, what each account paid with them and what for; tills, deposits, money of nobody yet."""

from typing import Final

from caudal.access import policy
from caudal.cashier.models import TenderKind
from caudal.reports.listing import Column, Kind, Listing

KINDS: Final = (("payment", "pago"), ("cancellation", "cancelación"))
STATES: Final = (("valid", "vigente"), ("canceled", "cancelado"))
YES_NO: Final = (("yes", "sí"), ("no", "no"))
FOLIO: Final = "r.series || '-' || kernel_folio_digits(r.number)"

# which receipts, told once: a cancellation is a row of its own day, and says that what it cancels no longer holds
_RECEIPT: Final = f"""
               r.business_on AS happened_on, r.paid_at AS taken_at, {FOLIO} AS folio, r.channel,
               COALESCE(pc.name, CASE WHEN r.channel = 'window' THEN 'Ventanilla' ELSE 'Antes de las cajas' END)
                   AS channel_name,
               CASE WHEN r.channel = 'window' THEN 'yes' ELSE 'no' END AS is_window,
               COALESCE(ts.till_id, '') AS till, r.series, r.received_by AS clerk,
               CASE WHEN r.reverses_id IS NULL THEN 'payment' ELSE 'cancellation' END AS kind,
               CASE WHEN r.reverses_id IS NULL AND rb.id IS NULL THEN 'valid' ELSE 'canceled' END AS state
"""
_ITS_CONTROL: Final = """
          LEFT JOIN cashier_tillsession ts ON ts.id = r.session_id
          LEFT JOIN cashier_receipt rb ON rb.reverses_id = r.id
          LEFT JOIN cashier_paymentchannel pc ON pc.code = r.channel
"""
_OF_A_RECEIPT: Final = (
    Column("happened_on", "Día", Kind.DAY),
    Column("taken_at", "Hora", Kind.MOMENT),
    Column("folio", "Comprobante", route="receipt"),
    Column("channel", "Canal", says="channel_name", is_filter=True),
    Column("channel_name", "Nombre del canal", is_hidden=True),
    Column("is_window", "En ventanilla", words=YES_NO, is_hidden=True),
    Column("till", "Caja", is_filter=True),
    Column("series", "Serie", is_hidden=True),
    Column("clerk", "Recibió", is_filter=True),
    Column("kind", "Qué es", words=KINDS, is_filter=True),
    Column("state", "Estado", words=STATES, is_filter=True),
)

RECEIPTS = Listing(
    code="receipts",
    title="Comprobantes",
    note="Cada comprobante de pago, de ventanilla y de canales; una cancelación resta el día en que se hizo.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT {_RECEIPT},
               (SELECT count(*) FROM cashier_payment p WHERE p.receipt_id = r.id) AS accounts,
               r.total_cents AS amount_cents
          FROM cashier_receipt r {_ITS_CONTROL}
    """,
    columns=(
        *_OF_A_RECEIPT,
        Column("accounts", "Cuentas", Kind.COUNT),
        Column("amount_cents", "Importe", Kind.CENTS, is_total=True),
    ),
)

PAYMENTS = Listing(
    code="payments",
    title="Pagos por cuenta",
    note="Lo que cada cuenta pagó con cada comprobante; una cancelación resta el día en que se hizo.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT {_RECEIPT}, a.number AS account, p.amount_cents
          FROM cashier_payment p
          JOIN cashier_receipt r ON r.id = p.receipt_id
          JOIN registry_account a ON a.id = p.account_id {_ITS_CONTROL}
    """,
    columns=(
        *_OF_A_RECEIPT,
        Column("account", "Cuenta", route="account"),
        Column("amount_cents", "Importe", Kind.CENTS, is_total=True),
    ),
)

TENDERS = Listing(
    code="tenders",
    title="Formas de pago",
    note="Con qué se pagó cada comprobante: efectivo, tarjeta, cheque, transferencia o depósito.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT {_RECEIPT}, t.kind AS tender, t.reference, t.amount_cents
          FROM cashier_tender t
          JOIN cashier_receipt r ON r.id = t.receipt_id {_ITS_CONTROL}
    """,
    columns=(
        *_OF_A_RECEIPT,
        Column("tender", "Forma de pago", words=tuple(TenderKind.choices), is_filter=True),
        Column("reference", "Referencia"),
        Column("amount_cents", "Importe", Kind.CENTS, is_total=True),
    ),
)

# The concepts that a credit extinguished, and what of it stays in favor. Taking a credit back writes its allocations
# again below zero on itself, so that of what was taken back only those above zero tell what it had paid.
SPLIT: Final = """
    WITH part AS (
        SELECT al.concept_id,
               sum(CASE WHEN o.is_back THEN GREATEST(al.amount_cents, 0) ELSE al.amount_cents END)::bigint AS cents
          FROM ledger_allocation al WHERE al.credit_id = o.credit_id GROUP BY 1
    ), whole AS (
        SELECT CASE WHEN sum(cents) <= abs(o.amount_cents) THEN sum(cents)::bigint ELSE 0 END AS cents FROM part
    )
    SELECT part.concept_id, part.cents * sign(o.amount_cents)::int AS cents FROM part, whole
     WHERE part.cents <> 0 AND whole.cents <> 0
    UNION ALL
    SELECT NULL, o.amount_cents - COALESCE(whole.cents, 0) * sign(o.amount_cents)::int FROM whole
     WHERE abs(o.amount_cents) <> COALESCE(whole.cents, 0)
"""

COLLECTED = Listing(
    code="collected",
    title="Cobrado por concepto",
    note="Qué adeudos pagó cada comprobante, concepto por concepto; lo que queda a favor se mueve a su concepto "
    "cuando se aplica, sin cambiar el total del día.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT {_RECEIPT}, a.number AS account, COALESCE(c.code, 'credit_balance') AS concept,
               COALESCE(c.name, 'Saldo a favor') AS concept_name, s.cents AS amount_cents
          FROM cashier_payment p
          JOIN cashier_receipt r ON r.id = p.receipt_id
          JOIN registry_account a ON a.id = p.account_id
          JOIN ledger_credit cr ON cr.id = p.credit_id {_ITS_CONTROL}
         CROSS JOIN LATERAL (
               SELECT COALESCE(cr.reverses_id, cr.id) AS credit_id, p.amount_cents,
                      cr.reverses_id IS NOT NULL
                      OR EXISTS (SELECT FROM ledger_credit back WHERE back.reverses_id = cr.id) AS is_back) o
         CROSS JOIN LATERAL ({SPLIT}) s
          LEFT JOIN ledger_concept c ON c.id = s.concept_id
    """,
    columns=(
        *_OF_A_RECEIPT,
        Column("account", "Cuenta", route="account"),
        Column("concept", "Concepto", says="concept_name", is_filter=True),
        Column("concept_name", "Nombre del concepto", is_hidden=True),
        Column("amount_cents", "Importe", Kind.CENTS, is_total=True),
    ),
)

CANCELED_RECEIPTS = Listing(
    code="canceled_receipts",
    title="Comprobantes cancelados",
    note="Cada cancelación, el día en que se hizo, con su motivo y quién la aprobó.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT r.business_on AS happened_on, o.series || '-' || kernel_folio_digits(o.number) AS folio,
               {FOLIO} AS cancellation, o.business_on AS taken_on, r.channel,
               r.reason, r.received_by AS clerk,
               COALESCE((SELECT ap.approver FROM access_approval ap
                          WHERE ap.object_kind = 'receipt'
                            AND ap.object_id = o.series || '-' || kernel_folio_digits(o.number)
                          ORDER BY ap.id DESC LIMIT 1), '') AS approved_by,
               o.total_cents AS amount_cents
          FROM cashier_receipt r JOIN cashier_receipt o ON o.id = r.reverses_id
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("folio", "Comprobante", route="receipt"),
        Column("cancellation", "Cancelación"),
        Column("taken_on", "Cobrado el", Kind.DAY),
        Column("channel", "Canal", words=(("window", "Ventanilla"),), is_filter=True),
        Column("reason", "Motivo"),
        Column("clerk", "Canceló", is_filter=True),
        Column("approved_by", "Aprobó", is_filter=True),
        Column("amount_cents", "Importe", Kind.CENTS, is_total=True),
    ),
)

CLOSINGS = Listing(
    code="closings",
    title="Cortes de caja",
    note="Cada turno cerrado: lo esperado, lo contado y la diferencia, que no se cobra a nadie.",
    act=policy.READ_REPORTS,
    sql="""
        SELECT s.business_on AS happened_on, 'CORTE-' || kernel_folio_digits(c.number) AS folio, c.number,
               s.id AS session, s.till_id AS till, s.cashier AS clerk, c.closed_by, c.n_receipts AS receipts,
               c.n_canceled AS canceled, b.expected_cents, b.counted_cents,
               b.counted_cents - b.expected_cents AS difference_cents,
               CASE WHEN b.counted_cents = b.expected_cents THEN 'no' ELSE 'yes' END AS has_difference,
               CASE WHEN d.id IS NULL THEN 'waiting' ELSE 'deposited' END AS state
          FROM cashier_tillclosing c
          JOIN cashier_tillsession s ON s.id = c.session_id
         CROSS JOIN LATERAL (
               SELECT COALESCE(sum(expected_cents), 0)::bigint AS expected_cents,
                      COALESCE(sum(declared_cents), 0)::bigint AS counted_cents
                 FROM cashier_tenderbalance WHERE closing_id = c.id) b
          LEFT JOIN cashier_depositedclosing d ON d.closing_id = c.id
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("folio", "Corte", route="closing", argument="number"),
        Column("number", "Número de corte", is_hidden=True),
        Column("session", "Turno", route="till_session"),
        Column("till", "Caja", is_filter=True),
        Column("clerk", "Cajero", is_filter=True),
        Column("closed_by", "Cerró", is_filter=True),
        Column("receipts", "Comprobantes", Kind.COUNT, is_total=True),
        Column("canceled", "Cancelados", Kind.COUNT, is_total=True),
        Column("expected_cents", "Esperado", Kind.CENTS, is_total=True),
        Column("counted_cents", "Contado", Kind.CENTS, is_total=True),
        Column("difference_cents", "Diferencia", Kind.CENTS, is_total=True),
        Column("has_difference", "Con diferencia", words=YES_NO, is_filter=True, is_hidden=True),
        Column(
            "state",
            "Estado",
            words=(("waiting", "por depositar"), ("deposited", "depositado")),
            is_filter=True,
        ),
    ),
)

DEPOSITS = Listing(
    code="deposits",
    title="Depósitos al banco",
    note="Efectivo y cheques de los cortes, llevados al banco.",
    act=policy.READ_REPORTS,
    sql="""
        SELECT d.business_on AS happened_on, 'DEPOSITO-' || kernel_folio_digits(d.number) AS folio, d.number,
               COALESCE((SELECT string_agg(DISTINCT s.till_id, ', ' ORDER BY s.till_id)
                           FROM cashier_depositedclosing x
                           JOIN cashier_tillclosing c ON c.id = x.closing_id
                           JOIN cashier_tillsession s ON s.id = c.session_id
                          WHERE x.slip_id = d.id), '') AS till,
               d.bank_account, d.reference, d.deposited_by AS clerk, d.amount_cents AS cash_cents, d.checks_cents,
               d.amount_cents + d.checks_cents AS amount_cents
          FROM cashier_depositslip d
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("folio", "Depósito", route="deposit", argument="number"),
        Column("number", "Número de depósito", is_hidden=True),
        Column("till", "Cajas", is_filter=True),
        Column("bank_account", "Cuenta bancaria", is_filter=True),
        Column("reference", "Referencia"),
        Column("clerk", "Depositó", is_filter=True),
        Column("cash_cents", "Efectivo", Kind.CENTS, is_total=True),
        Column("checks_cents", "Cheques", Kind.CENTS, is_total=True),
        Column("amount_cents", "Importe", Kind.CENTS, is_total=True),
    ),
)

# what was applied by itself and taken back from its account waits too
UNIDENTIFIED = Listing(
    code="unidentified",
    title="Depósitos por identificar",
    note="Dinero que un banco o una tienda informó sin cuenta conocida, y qué pasó con él.",
    act=policy.READ_REPORTS,
    sql="""
        SELECT l.paid_on AS happened_on, l.id AS line, l.channel_id AS channel, pc.name AS channel_name, l.reference,
               l."authorization", l.doubt, l.detail,
               CASE WHEN i.outcome IS NULL OR i.outcome = 'withdrawn' THEN 'waiting' ELSE i.outcome END AS state,
               COALESCE(a.number, '') AS account, l.amount_cents
          FROM cashier_settlementline l
          JOIN cashier_paymentchannel pc ON pc.code = l.channel_id
          LEFT JOIN LATERAL (SELECT outcome, account_id FROM cashier_identification
                              WHERE line_id = l.id ORDER BY number DESC LIMIT 1) i ON TRUE
          LEFT JOIN registry_account a ON a.id = i.account_id AND i.outcome = 'applied'
         WHERE l.receipt_id IS NULL OR i.outcome IS NOT NULL
    """,
    columns=(
        Column("happened_on", "Día del pago", Kind.DAY),
        Column("line", "Movimiento", route="unidentified_line"),
        Column("channel", "Canal", says="channel_name", is_filter=True),
        Column("channel_name", "Nombre del canal", is_hidden=True),
        Column("reference", "Referencia"),
        Column("authorization", "Autorización"),
        Column("doubt", "Duda"),
        Column("detail", "Detalle"),
        Column(
            "state", "Estado", is_filter=True,
            words=(
                ("waiting", "por identificar"), ("applied", "aplicado a una cuenta"),
                ("returned", "devuelto a quien pagó"), ("reversed", "devuelto por el banco"),
            ),
        ),
        Column("account", "Cuenta", route="account"),
        Column("amount_cents", "Importe", Kind.CENTS, is_total=True),
    ),
)  # fmt: skip

LISTINGS = (
    RECEIPTS, PAYMENTS, TENDERS, COLLECTED, CANCELED_RECEIPTS, CLOSINGS, DEPOSITS, UNIDENTIFIED,
)  # fmt: skip

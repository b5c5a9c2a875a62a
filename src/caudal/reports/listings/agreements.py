"""What became of each payment of each agreement: the rows that the survival of agreements counts."""

from typing import Final

from caudal.access import policy
from caudal.reports.listing import TODAY, Column, Kind, Listing
from caudal.reports.listings.money import YES_NO

FATES: Final = (
    ("on_time", "pagado a tiempo"), ("paid_late", "pagado tarde"), ("late", "vencido"),
    ("broke", "aquí se rompió"), ("broke_before", "se rompió antes"), ("to_come", "por venir"),
)  # fmt: skip
# What each payment received: the ledger says it, but an agreement that ended wrote it down, because undoing it erases it
# from the ledger. A payment taken back adds up to nothing, and leaves no day.
_PAID: Final = """
    SELECT i.arrangement_id, i.number, sum(c.cents)::bigint AS cents, max(c."on") AS "on"
      FROM arrangements_installment i
      JOIN arrangements_paymentarrangement x ON x.id = i.arrangement_id
      JOIN (SELECT l.account_id, l.sequence, k."on", sum(l.amount_cents)::bigint AS cents
              FROM ledger_allocation l
              JOIN ledger_credit k ON k.id = l.credit_id AND k.kind <> 'bill_cancellation'
             WHERE l.period = 0 AND l.document_kind = 6
             GROUP BY l.account_id, l.sequence, l.credit_id, k."on"
            HAVING sum(l.amount_cents) <> 0) c ON c.account_id = x.account_id AND c.sequence = i.sequence
     WHERE NOT EXISTS (SELECT FROM arrangements_arrangementend e WHERE e.arrangement_id = x.id)
     GROUP BY 1, 2
    UNION ALL
    SELECT e.arrangement_id, r.number, r.paid_cents, COALESCE(NULLIF(r.paid_on, '')::date, e."on")
      FROM arrangements_arrangementend e
     CROSS JOIN LATERAL jsonb_to_recordset(e.standing) AS r(number int, paid_cents bigint, paid_on text)
"""
_FATE: Final = f"""
    CASE WHEN q.paid_cents >= q.cents THEN CASE WHEN q.paid_on > q.due_on THEN 'paid_late' ELSE 'on_time' END
         WHEN q.kind = 'defaulted' THEN CASE WHEN q.number = q.broke_at THEN 'broke' ELSE 'broke_before' END
         WHEN q.due_on < {TODAY} THEN 'late' ELSE 'to_come' END
"""

ARRANGEMENT_PAYMENTS = Listing(
    code="arrangement_payments",
    title="Pagos de los convenios",
    note="Cada pago de los convenios firmados esos días y qué fue de él; los convenios cancelados no están. Llegan a un "
    "pago los que lo pagaron, lo deben vencido o se rompieron en él.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT q.signed_on AS happened_on, 'CON-' || kernel_folio_digits(q.folio) AS folio, q.account, q.number,
               q.due_on, CASE WHEN q.paid_cents >= q.cents THEN q.paid_on END AS paid_on, {_FATE} AS fate,
               CASE WHEN {_FATE} IN ('broke_before', 'to_come') THEN 'no' ELSE 'yes' END AS has_arrived,
               CASE WHEN {_FATE} IN ('broke', 'broke_before', 'to_come') THEN 'no' ELSE 'yes' END AS stands,
               q.cents AS installment_cents, q.paid_cents
          FROM (SELECT x.signed_on, x.number AS folio, a.number AS account, e.kind, i.number, i.due_on,
                       i.principal_cents + i.deferral_cents AS cents, COALESCE(p.cents, 0) AS paid_cents,
                       p."on" AS paid_on,
                       min(i.number) FILTER (WHERE COALESCE(p.cents, 0) < i.principal_cents + i.deferral_cents)
                             OVER (PARTITION BY x.id) AS broke_at
                  FROM arrangements_paymentarrangement x
                  JOIN registry_account a ON a.id = x.account_id
                  JOIN arrangements_installment i ON i.arrangement_id = x.id
                  LEFT JOIN arrangements_arrangementend e ON e.arrangement_id = x.id
                  LEFT JOIN ({_PAID}) p ON p.arrangement_id = x.id AND p.number = i.number
                 WHERE e.kind IS DISTINCT FROM 'canceled') q
    """,
    columns=(
        Column("happened_on", "Firmado", Kind.DAY),
        Column("folio", "Convenio", route="arrangement"),
        Column("account", "Cuenta", route="account"),
        Column("number", "Pago", Kind.COUNT, words=(("0", "inicial"),)),
        Column("due_on", "Vence", Kind.DAY),
        Column("paid_on", "Pagado", Kind.DAY),
        Column("fate", "Qué fue de él", words=FATES, is_filter=True),
        Column("has_arrived", "Llegó", words=YES_NO, is_hidden=True),
        Column("stands", "Sigue en pie", words=YES_NO, is_hidden=True),
        Column("installment_cents", "Importe", Kind.CENTS, is_total=True),
        Column("paid_cents", "Abonado", Kind.CENTS, is_total=True),
    ),
)

LISTINGS = (ARRANGEMENT_PAYMENTS,)

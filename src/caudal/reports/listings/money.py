"""What was collected: receipts, and what each account paid with them."""

from typing import Final

from caudal.access import policy
from caudal.reports.listing import Column, Kind, Listing

KINDS: Final = (("payment", "pago"), ("cancellation", "cancelación"))
FOLIO: Final = "r.series || '-' || lpad(r.number::text, 6, '0')"

RECEIPTS = Listing(
    code="receipts",
    title="Comprobantes",
    note="Cada comprobante de pago, por ventanilla y por canal; una cancelación resta el día en que se hizo.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT r.business_on AS happened_on, {FOLIO} AS folio, r.channel, r.series, r.received_by AS clerk,
               CASE WHEN r.reverses_id IS NULL THEN 'payment' ELSE 'cancellation' END AS kind,
               (SELECT count(*) FROM cashier_payment p WHERE p.receipt_id = r.id) AS accounts,
               r.total_cents AS amount_cents
          FROM cashier_receipt r
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("folio", "Comprobante", route="receipt"),
        Column("channel", "Canal", is_filter=True),
        Column("series", "Serie", is_filter=True),
        Column("clerk", "Recibió", is_filter=True),
        Column("kind", "Qué es", words=KINDS, is_filter=True),
        Column("accounts", "Cuentas", Kind.COUNT),
        Column("amount_cents", "Importe", Kind.CENTS, is_total=True),
    ),
)

LISTINGS = (RECEIPTS,)

"""What the counter brings to the side menu."""

from caudal.access import policy
from caudal.kernel.menu import Entry

ENTRIES = [
    Entry("Caja", "receipt", "till_own", policy.TAKE_PAYMENTS, group="Caja", order=22),
    Entry("Cajas y cortes", "report-analytics", "tills", policy.READ_TILLS, group="Caja", order=24),
    Entry("Comprobantes", "file-invoice", "receipts", policy.READ_TILLS, group="Caja", order=25),
    Entry("Impresión", "printer", "print_queue", policy.SUPERVISE_TILLS, group="Caja", order=26),
    Entry("Canales de pago", "building-community", "channels", policy.READ_TILLS, group="Caja", order=27),
    Entry("Por identificar", "info-circle", "unidentified", policy.READ_TILLS, group="Caja", order=28),
]

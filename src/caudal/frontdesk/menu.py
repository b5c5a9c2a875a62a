"""What the front desk brings to the side menu."""

from caudal.access import policy
from caudal.kernel.menu import Entry

ENTRIES = [
    Entry("Hoy", "home", "today", policy.READ_ACCOUNTS, order=10),
    Entry("Cuentas", "users", "accounts", policy.READ_ACCOUNTS, order=20),
    Entry("Ayuda", "info-circle", "manual", policy.KEEP_OWN_ACCESS, group="Sistema", order=95),
]

"""What access brings to the side menu."""

from caudal.access import policy
from caudal.kernel.menu import Entry

ENTRIES = [
    Entry("Por aprobar", "check", "approval_requests", policy.DECIDE_REQUESTS, order=21),
    Entry("Personas y permisos", "lock-access", "people", policy.READ_CLERKS, group="Sistema", order=90),
]

"""What dunning brings to the side menu."""

from caudal.access import policy
from caudal.kernel.menu import Entry

ENTRIES = [
    Entry("Cartera", "chart-bar", "portfolio", policy.READ_DUNNING, order=70),
    Entry("Notificaciones", "bell", "notice_batches", policy.READ_DUNNING, order=71),
]

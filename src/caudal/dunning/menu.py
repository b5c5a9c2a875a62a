"""What dunning brings to the side menu and to the page of an account."""

from caudal.access import policy
from caudal.kernel.menu import Action, Entry

ENTRIES = [
    Entry("Cartera", "chart-bar", "portfolio", policy.READ_DUNNING, group="Cobranza", order=70),
    Entry("Notificaciones", "bell", "notice_batches", policy.READ_DUNNING, group="Cobranza", order=71),
]
ACCOUNT_ACTIONS = [
    Action("Notificaciones", "bell", "account_notices", policy.READ_DUNNING, order=61, is_seldom=True)
]

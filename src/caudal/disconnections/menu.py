"""What cuts bring to the side menu and to the page of an account."""

from caudal.access import policy
from caudal.kernel.menu import Action, Entry

ENTRIES = [Entry("Cortes", "hand-stop", "cuts", policy.READ_CUTS, group="Cobranza", order=72)]
ACCOUNT_ACTIONS = [
    Action("Cortes", "hand-stop", "account_cuts", policy.READ_CUTS, order=63, is_seldom=True),
    Action("Pago en tránsito", "clock", "account_transit", policy.OPEN_CASES, order=64, is_seldom=True),
]

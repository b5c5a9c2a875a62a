"""What reports bring to the side menu and to the page of an account."""

from caudal.access import policy
from caudal.kernel.menu import Action, Entry

ENTRIES = [Entry("Reportes", "message-report", "cases", policy.READ_CASES, group="Ciudadanía", order=64)]
ACCOUNT_ACTIONS = [
    Action("Reportar", "message-report", "account_case", policy.OPEN_CASES, order=60, is_seldom=True)
]

"""What quotes bring to the account page."""

from caudal.access import policy
from caudal.kernel.menu import Action

ACCOUNT_ACTIONS = [
    Action("Cotizar", "report-analytics", "quote", policy.CHARGE_FEES, order=40),
    Action("Meses adelantados", "calendar", "prepaid_months", policy.READ_ACCOUNTS, order=45, is_seldom=True),
]

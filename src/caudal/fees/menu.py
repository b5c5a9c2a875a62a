"""What the counter's services bring to the side menu and to the page of an account."""

from caudal.access import policy
from caudal.kernel.menu import Action, Entry

ENTRIES = [
    Entry(
        "Trámites",
        "file-invoice",
        "counter_services",
        policy.READ_ACCOUNTS,
        group="Trámites y apoyos",
        order=35,
    )
]
ACCOUNT_ACTIONS = [Action("Trámites", "file-invoice", "account_services", policy.CHARGE_FEES, order=40)]

"""What benefits bring to the side menu and to the page of an account."""

from caudal.access import policy
from caudal.kernel.menu import Action, Entry

ENTRIES = [
    Entry(
        "Beneficiarios",
        "heart-handshake",
        "beneficiaries",
        policy.READ_ACCOUNTS,
        group="Trámites y apoyos",
        order=38,
    )
]
ACCOUNT_ACTIONS = [Action("Beneficio", "heart-handshake", "account_benefit", policy.GRANT_BENEFITS, order=50)]

"""What payment agreements bring to the side menu and to the page of an account."""

from caudal.access import policy
from caudal.kernel.menu import Action, Entry

ENTRIES = [
    Entry("Convenios", "calendar", "arrangements", policy.READ_ACCOUNTS, group="Trámites y apoyos", order=36)
]
ACCOUNT_ACTIONS = [Action("Convenio", "calendar", "arrangement_new", policy.SIGN_ARRANGEMENTS, order=30)]

"""What messages bring to the side menu and to the page of an account."""

from caudal.access import policy
from caudal.kernel.menu import Action, Entry

ENTRIES = [Entry("Mensajes", "message", "messages", policy.READ_MESSAGES, group="Ciudadanía", order=65)]
ACCOUNT_ACTIONS = [
    Action("Mensajes", "message", "account_messages", policy.READ_MESSAGES, order=66, is_seldom=True)
]

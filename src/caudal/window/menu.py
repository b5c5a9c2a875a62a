"""What the window brings to the side menu, and to the page of an account."""

from caudal.access import policy
from caudal.kernel.menu import Action, Entry

ENTRIES = [Entry("Ventanilla", "cash", "window", policy.TAKE_PAYMENTS, order=15)]
ACCOUNT_ACTIONS = [Action("Cobrar", "cash", "window_charge_of", policy.TAKE_PAYMENTS, order=10)]

"""What campaigns bring to the side menu."""

from caudal.access import policy
from caudal.kernel.menu import Entry

ENTRIES = [
    Entry("Campañas", "percentage", "campaigns", policy.READ_CAMPAIGNS, group="Trámites y apoyos", order=46)
]

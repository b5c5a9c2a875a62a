"""What the reports bring to the side menu."""

from caudal.access import policy
from caudal.kernel.menu import Entry

ENTRIES = [
    Entry("Listados", "report-analytics", "listings", policy.READ_REPORTS, order=81),
]

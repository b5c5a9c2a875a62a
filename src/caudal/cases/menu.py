"""What reports bring to the side menu."""

from caudal.access import policy
from caudal.kernel.menu import Entry

ENTRIES = [Entry("Reportes", "message-report", "cases", policy.READ_CASES, order=64)]

"""What metering brings to the side menu."""

from caudal.access import policy
from caudal.kernel.menu import Entry

ENTRIES = [
    Entry(
        "Crítica", "gauge", "reading_review", policy.REVIEW_READINGS, group="Medición y facturación", order=45
    )
]

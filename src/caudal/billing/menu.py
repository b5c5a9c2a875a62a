"""What billing brings to the side menu."""

from caudal.access import policy
from caudal.kernel.menu import Entry

ENTRIES = [
    Entry(
        "Facturación",
        "file-invoice",
        "billing_runs",
        policy.READ_BILLING,
        group="Medición y facturación",
        order=50,
    )
]

"""What the tariff books bring to the side menu."""

from caudal.access import policy
from caudal.kernel.menu import Entry

ENTRIES = [
    Entry("Tarifas", "scale", "tariff_books", policy.READ_TARIFFS, group="Medición y facturación", order=52)
]

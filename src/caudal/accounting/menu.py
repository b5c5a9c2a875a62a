"""What accounting brings to the side menu."""

from caudal.access import policy
from caudal.kernel.menu import Entry

ENTRIES = [
    Entry(
        "Contabilidad", "book-2", "accounting", policy.READ_ACCOUNTING, group="Informes y libros", order=85
    ),
    Entry(
        "Semáforo",
        "circle-dot",
        "completeness_light",
        policy.READ_ACCOUNTING,
        group="Informes y libros",
        order=86,
    ),
]

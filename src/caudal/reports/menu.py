"""What the reports bring to the side menu."""

from caudal.access import policy
from caudal.kernel.menu import Entry

ENTRIES = [
    Entry(
        "Tablero",
        "gauge",
        "management_board",
        policy.READ_REPORTS,
        order=15,
        first_for=policy.PUBLISH_REPORTS,
    ),
    Entry("Informes", "book-2", "activity_report", policy.READ_REPORTS, group="Informes y libros", order=80),
    Entry(
        "Listados", "report-analytics", "listings", policy.READ_REPORTS, group="Informes y libros", order=81
    ),
    Entry("Indicadores", "chart-bar", "indicators", policy.READ_REPORTS, group="Informes y libros", order=82),
]

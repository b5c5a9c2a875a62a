"""The months of a report side by side: one row a month, the figures that a council asks for first, and their sums."""

from dataclasses import dataclass
from typing import Final

from caudal.reports.activities.campaigns import PREFIX
from caudal.reports.activities.report import ActivityReport, Month, figure_text
from caudal.reports.listing import Kind


@dataclass(frozen=True, slots=True)
class SummaryColumn:
    """One figure of every month. `of` are the activities and figures that add up to it."""

    title: str
    kind: Kind
    of: tuple[tuple[str, str], ...]

    def value(self, month: Month) -> int:
        """What a month had of it; a code that ends in a colon is every activity that begins so."""
        return sum(
            each.value(name)
            for each in month.activities
            for code, name in self.of
            if each.code == code or (code.endswith(":") and each.code.startswith(code))
        )


_SERVED: Final = (
    ("demands", "demands"), ("demands", "second_demands"), ("notices", "slips"), ("notices", "letters"),
)  # fmt: skip
COLUMNS: Final = (
    SummaryColumn("Personas", Kind.COUNT, (("counter", "people"),)),
    SummaryColumn("Cobrado", Kind.CENTS, (("counter", "collected_cents"),)),
    SummaryColumn("Convenios", Kind.COUNT, (("arrangements", "signed"),)),
    SummaryColumn("Lecturas", Kind.COUNT, (("meter_work", "readings"),)),
    SummaryColumn("Recibos", Kind.COUNT, (("meter_work", "bills"),)),
    SummaryColumn("Descuentos", Kind.CENTS, ((PREFIX, "granted_cents"), (PREFIX, "ahead_cents"))),
    SummaryColumn("Notificaciones", Kind.COUNT, _SERVED),
    SummaryColumn("Cortes", Kind.COUNT, (("cuts", "cuts"), ("cuts", "restrictions"))),
    SummaryColumn("Reconexiones", Kind.COUNT, (("reconnections", "done"),)),
    SummaryColumn("Reportes", Kind.COUNT, (("cases", "answered"),)),
)


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A month, or the sum of all."""

    month: Month | None
    values: tuple[int, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """The columns of which there was any."""

    columns: tuple[SummaryColumn, ...]
    rows: tuple[SummaryRow, ...]
    sums: SummaryRow


def summary(*, report: ActivityReport) -> Summary | None:
    """The months side by side; None for one month alone, which needs no table."""
    if len(report.months) < 2:
        return None
    columns = tuple(each for each in COLUMNS if any(each.value(month) for month in report.months))
    rows = [_row(month, columns, [each.value(month) for each in columns]) for month in report.months]
    sums = [sum(row.values[place] for row in rows) for place in range(len(columns))]
    return Summary(columns, tuple(rows), _row(None, columns, sums)) if columns else None


def _row(month: Month | None, columns: tuple[SummaryColumn, ...], values: list[int]) -> SummaryRow:
    texts = tuple(
        figure_text(value, each.kind) if value else "—" for each, value in zip(columns, values, strict=True)
    )
    return SummaryRow(month, tuple(values), texts)

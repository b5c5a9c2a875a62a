"""What one report tells otherwise than another, figure by figure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from caudal.kernel.wording import month_name
from caudal.reports.activities.report import ActivityReport, figure_text
from caudal.reports.listing import Kind

BOOKS: Final = "Libros del mes"


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure, before and after; None where it is not told. Without a figure, the sentence of an activity."""

    period: int
    activity: str
    label: str
    before: str | None
    after: str | None

    @property
    def month(self) -> str:
        return month_name(self.period)

    def as_json(self) -> dict[str, Any]:
        return {
            "period": self.period, "activity": self.activity, "label": self.label, "before": self.before,
            "after": self.after,
        }  # fmt: skip


def differences(*, before: ActivityReport, after: ActivityReport) -> list[Difference]:
    """Every month whose books were closed since, then every figure and sentence that changed, came or went, in order."""
    old, new = dict(_told(before)), dict(_told(after))
    return [
        Difference(key[0], activity, label, _said(old.get(key)), _said(new.get(key)))
        for key, (activity, label, *_) in (old | new).items()
        if _said(old.get(key)) != _said(new.get(key))
    ]


_Key = tuple[int, str, str]
_Said = tuple[str, str, str]


def _told(report: ActivityReport) -> Iterator[tuple[_Key, _Said]]:
    for month in report.months:
        state = "sin cerrar" if month.period in report.open_months else "cerrados"
        yield (month.period, "", ""), ("Cifras preliminares hasta que se cierran.", BOOKS, state)
    for month in report.months:
        for each in month.activities:
            yield (month.period, each.code, ""), (each.sentence, "Actividad", each.sentence)
            for figure in each.figures:
                text = figure_text(figure.value, Kind(figure.kind))
                yield (month.period, each.code, figure.name), (each.sentence, figure.label, text)


def _said(told: _Said | None) -> str | None:
    return told[2] if told else None

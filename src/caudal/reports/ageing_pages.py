"""What is owed by age, month by month, ready for the page of the indicators and for its file."""

from collections.abc import Sequence
from typing import Any

from caudal.kernel.wording import MONTHS_SHORT, month_name, pesos
from caudal.reports import ageing, charts
from caudal.reports.ageing import OLD_DEBT, MonthEnd
from caudal.reports.charts import Mark, Pile
from caudal.reports.targets import Targets
from caudal.rules import money


def page(*, ends: Sequence[MonthEnd], aims: Targets) -> dict[str, Any]:
    """The picture, wide and for a phone, its table, and the last month in words before its target."""
    last = ends[-1] if ends else None
    ppm = last.old_ppm if last and last.total_cents else None
    aim = aims.of(OLD_DEBT.code, last.period) if last else None
    return {
        "ageing": {
            "names": list(enumerate(ageing.NAMES)), "last": last, "ends": list(reversed(ends)), "indicator": OLD_DEBT,
            "old": OLD_DEBT.said(ppm), "target": OLD_DEBT.said(aim) if aim else "", "light": OLD_DEBT.light(ppm, aim),
            "year_ago": _year_ago(ends), "chart": _chart(ends, width=charts.WIDE),
            "chart_narrow": _chart(ends, width=charts.NARROW),
        }
    }  # fmt: skip


def lines(*, ends: Sequence[MonthEnd]) -> list[list[str]]:
    """A line of the file for each age of each month: how much it is, and of how much."""
    return [
        [
            f"Adeudo {name[:1].lower()}{name[1:]}", month_name(each.period),
            OLD_DEBT.said(_share(cents, each.total_cents)),
            "adeudo de esa edad", pesos(cents), "adeudo en todo", pesos(each.total_cents), "", OLD_DEBT.formula,
        ]
        for place, name in enumerate(ageing.NAMES)
        for each in ends
        for cents in [each.cents[place]]
    ]  # fmt: skip


def _chart(ends: Sequence[MonthEnd], *, width: int) -> str:
    piles = [
        Pile(
            Mark(
                f"{MONTHS_SHORT[each.period % 100 - 1]} {each.period // 100}" if place in (0, len(ends) - 1)
                else MONTHS_SHORT[each.period % 100 - 1],
                each.total_cents, pesos(each.total_cents), charts.short_pesos(each.total_cents), href=each.href,
            ),
            each.cents, tuple(pesos(cents) for cents in each.cents),
        )
        for place, each in enumerate(ends)
    ]  # fmt: skip
    return charts.piles(
        piles=piles, names=ageing.NAMES, title="Adeudo al terminar cada mes, por antigüedad", width=width
    )


def _year_ago(ends: Sequence[MonthEnd]) -> str:
    """How much more or less than a year before; nothing when there was no debt, or no book of it."""
    if len(ends) <= ageing.YEAR or not ends[-1 - ageing.YEAR].total_cents:
        return ""
    before, now = ends[-1 - ageing.YEAR].total_cents, ends[-1].total_cents
    share = OLD_DEBT.said(_share(abs(now - before), before))
    return f"{share} {'más' if now >= before else 'menos'} que un año antes"


def _share(part_cents: int, whole_cents: int) -> int | None:
    """In parts per million; None of nothing."""
    return money.divide_half_away(part_cents * money.PPM, whole_cents) if whole_cents else None

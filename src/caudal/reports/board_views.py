"""The board: the first page of who directs."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from caudal.access import gates, policy
from caudal.kernel import clock
from caudal.kernel.wording import MONTHS_SHORT, pesos
from caudal.reports import board, board_relief, charts, targets, town_plan
from caudal.reports.board import Collected, Debt
from caudal.reports.board_relief import Agreements, Cost
from caudal.reports.charts import Mark
from caudal.reports.figures import Named
from caudal.reports.town_plan import Bubble
from caudal.rules import money
from caudal.rules.periods import Period

MOST_TILES: Final = 24
MOST_ROUTES: Final = 8
FEWEST_PLACES: Final = 3
SHADES: Final = 5
WEEKDAYS: Final = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")


@gates.requires(policy.READ_REPORTS)
def management_board(request: HttpRequest) -> HttpResponse:
    """Yesterday and this month at a glance; each figure opens its list."""
    today, now = clock.today(), clock.now()
    collected = board.collected(today=today, aims=targets.all_targets())
    debt, costs = board.debt(today=today), board_relief.campaign_costs(today=today)
    whole = board_relief.campaigns_whole(costs=costs, today=today)
    agreements = board_relief.survival(today=today)
    reductions = board_relief.reductions_by_clerk(today=today)
    page: dict[str, Any] = {
        "collected": collected,
        "weekday": WEEKDAYS[collected.yesterday_on.weekday()],
        "month_days": (today.day, Period.of(today).last_day.day),
        "days_chart": _days(collected, most=board.DAYS, width=charts.WIDE),
        "days_chart_narrow": _days(collected, most=charts.MOST_WITH_VALUES, width=charts.NARROW),
        "has_year_ago": any(each.year_ago.value for each in collected.days),
        "concepts_chart": _concepts(collected),
        **_ages(debt),
        "tiles": _tiles(debt),
        "town_plan": _plan(debt),
        "routes": board.routes(at=now, today=today),
        "most_routes": MOST_ROUTES,
        "waiting": board.waiting(today=today, at=now),
        "costs": costs,
        "costs_whole": whole,
        "costs_chart": _costs(whole) if whole else "",
        "agreements": agreements,
        "survival_chart": _survival(agreements),
        "reductions": reductions,
        "reductions_chart": charts.rows(marks=_named(reductions), title="Condonado este mes por persona"),
        "targets_href": reverse("targets"),
    }  # fmt: skip
    return render(request, "reports/board.html", page)


def _days(collected: Collected, *, most: int, width: int) -> str:
    """The last days; on a phone, fewer."""
    last = collected.days[-1].on
    marks = [
        Mark(
            f"{each.on.day} {MONTHS_SHORT[each.on.month - 1]}", each.collected.value, pesos(each.collected.value),
            charts.short_pesos(each.collected.value), href=each.collected.href, year_ago=each.year_ago.value or None,
            mean=each.mean_cents, is_now=each.on == last,
        )
        for each in collected.days[-most:]
    ]  # fmt: skip
    return charts.columns(marks=marks, title="Cobrado por día", width=width)


def _concepts(collected: Collected) -> str:
    marks = [
        Mark(each.label, each.month.value, pesos(each.month.value), href=each.month.href)
        for each in collected.by_concept
    ]
    return charts.rows(marks=marks, title="Cobrado en el mes por concepto")


def _ages(debt: Debt) -> dict[str, Any]:
    return {
        "debt": debt,
        "ages_chart": charts.stacked(marks=_named(debt.ages), title="Adeudo vencido por antigüedad"),
        "ages": list(enumerate(debt.ages, 1)),
    }


def _plan(debt: Debt) -> str:
    """A plan of the town when most neighborhoods that owe have a place; otherwise the tiles say it."""
    spots = board.places()
    found = [
        Bubble(
            Mark(each.name, each.figure.value, pesos(each.figure.value), href=each.figure.href), east, north
        )
        for each in debt.neighborhoods
        if (spot := spots.get(each.name))
        for north, east in [spot]
    ]
    is_known = len(found) >= FEWEST_PLACES and len(found) * 2 > len(debt.neighborhoods)
    return town_plan.bubbles(places=found, title="Adeudo por colonia") if is_known else ""


def _named(found: tuple[Named, ...]) -> list[Mark]:
    return [
        Mark(each.name, each.figure.value, pesos(each.figure.value), href=each.figure.href) for each in found
    ]


def _costs(whole: Cost) -> str:
    """The campaigns of the year together: from what was owed to what came in."""
    steps = (
        ("Debían", whole.owed, whole.owed.value, True),
        ("Se redujo", whole.reduced, -whole.reduced.value, False),
        ("Pagaron", whole.collected, whole.collected.value, True),
    )
    marks = [
        Mark(
            label,
            cents,
            pesos(figure.value),
            charts.short_pesos(figure.value),
            href=figure.href,
            is_now=is_sum,
        )
        for label, figure, cents, is_sum in steps
    ]
    return charts.waterfall(marks=marks, title="Campañas del año")


def _survival(agreements: Agreements) -> str:
    """The share of the agreements that still stood at each payment; a column of full height is all of them."""
    marks = [
        Mark(
            str(each.number) if each.number else "inicial", each.kept_ppm,
            f"{each.percent} % ({each.stands.value} de {each.decided})", f"{each.percent} %", href=each.stands.href,
        )
        for each in agreements.payments
    ]  # fmt: skip
    return charts.columns(marks=marks, title="Convenios en pie en cada pago", whole=money.PPM)


def _tiles(debt: Debt) -> list[tuple[int | None, Named]]:
    """The neighborhoods that owe most, each with a shade: five, from the largest debt down.

    What has no neighborhood is no place to compare with: it goes last and has no shade.
    """
    places = [each for each in debt.neighborhoods if each.name != board.NOWHERE]
    highest = max((each.figure.value for each in places), default=0) or 1
    shaded: list[tuple[int | None, Named]] = [
        (min(SHADES - 1, max(each.figure.value, 0) * SHADES // (highest + 1)), each)
        for each in places[:MOST_TILES]
    ]
    return shaded + [(None, each) for each in debt.neighborhoods if each.name == board.NOWHERE]

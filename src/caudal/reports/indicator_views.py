"""Pages of the indicators, of what should be reached, and of the volume produced."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from caudal.access import gates, policy
from caudal.access.models import Clerk
from caudal.cashier import queries as cashier
from caudal.cashier.models import PaymentChannel
from caudal.kernel import clock, tables
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import MONTHS_SHORT, month_name, pesos
from caudal.reports import ageing, ageing_pages, charts, indicators, targets
from caudal.reports.charts import Mark
from caudal.reports.indicators import Indicator, Value
from caudal.reports.target_forms import TargetForm, VolumeForm
from caudal.rules.bounds import OutOfBounds
from caudal.rules.periods import Period

LIGHTS: Final = {
    "good": ("good", "circle-check", "en meta"),
    "watch": ("watch", "alert-triangle", "cerca de la meta"),
    "bad": ("bad", "alert-triangle", "lejos de la meta"),
}
FILES: Final = {"xlsx": (tables.XLSX, tables.as_xlsx), "csv": (tables.CSV, tables.as_csv)}


@gates.requires(policy.READ_REPORTS)
def indicators_page(request: HttpRequest) -> HttpResponse:
    """Every indicator of a month, with its last thirteen."""
    period = _period(request)
    found = indicators.series(until=period, today=clock.today())
    cards = [_card(values) for values in found.values()]
    debts = ageing_pages.page(
        ends=ageing.series(until=period, today=clock.today()), aims=targets.all_targets()
    )
    page = {
        **_months(period), **debts, "cards": cards, "missing_volume": _missing_volume(found),
        "debts_light": _light(debts["ageing"]["light"]),
    }  # fmt: skip
    return render(request, "reports/indicators.html", page)


@gates.requires(policy.READ_REPORTS)
def indicator_page(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator: its formula, its two numbers with their lists, its months."""
    indicator = indicators.BY_CODE.get(code)
    if indicator is None:
        refusal = Refusal("No hay ningún indicador con esa clave.", "Elija uno de «Indicadores».")
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
    period = _period(request)
    values = indicators.series(until=period, today=clock.today())[code]
    page = {
        **_months(period), **_card(values), "values": [_row(each) for each in reversed(values)],
        "year": _year(values), "large": _chart(values, is_small=False),
    }  # fmt: skip
    return render(request, "reports/indicator.html", page)


@gates.requires(policy.READ_REPORTS)
def indicators_file(request: HttpRequest, kind: str) -> HttpResponse:
    """Thirteen months of every indicator, as a sheet or as CSV."""
    if kind not in FILES:
        refusal = Refusal("No hay archivos de ese tipo.", "Pida XLSX o CSV.")
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
    period = _period(request)
    found = indicators.series(until=period, today=clock.today())
    content_type, write = FILES[kind]
    body = write(
        title="Indicadores", filters=(("Hasta", month_name(period)), ("Sacado el", clock.today().isoformat())),
        columns=(
            tables.Column("Indicador", width=24), tables.Column("Mes"), tables.Column("Valor"),
            tables.Column("Numerador", width=30), tables.Column("Cantidad"), tables.Column("Denominador", width=30),
            tables.Column("Cantidad del denominador"), tables.Column("Meta"), tables.Column("Fórmula", width=60),
        ),
        rows=[
            *(_line(each) for values in found.values() for each in values),
            *ageing_pages.lines(ends=ageing.series(until=period, today=clock.today())),
        ],
    )  # fmt: skip
    answer = HttpResponse(body, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="indicadores-{period}.{kind}"'
    return answer


def _line(value: Value) -> list[str]:
    each = value.indicator
    if each.of:
        first, second = (indicators.BY_CODE[code].name for code in each.of)
        parts = [first, "", second, ""]
    else:
        parts = [
            words
            for part, figure in ((each.numerator, value.numerator), (each.denominator, value.denominator))
            for words in (part.words, "" if figure is None else part.said(figure))
        ]
    aim = each.said(value.target_ppm) if value.target_ppm else ""
    return [
        each.name,
        month_name(value.period),
        value.said if value.ppm is not None else value.missing,
        *parts,
        aim,
        each.formula,
    ]


@gates.requires(policy.READ_REPORTS)
def targets_page(request: HttpRequest) -> HttpResponse:
    """What should be reached, and since when, who said it and why."""
    return render(
        request, "reports/targets.html", _targets(TargetForm(choices=_choices(), initial=_next_month()))
    )


@gates.requires(policy.PREPARE_POLICIES)
@require_POST
def target_new(request: HttpRequest) -> HttpResponse:
    """Say what should be reached from a month on."""
    form = TargetForm(request.POST, choices=_choices())
    if form.is_valid():
        asked = form.cleaned_data
        indicator, _, channel = asked["indicator"].partition(":")
        try:
            targets.set_target(
                indicator=indicator, channel=channel, period=asked["period"], reason=asked["reason"],
                value=form.value, at=clock.now(), by=cast(Clerk, request.user).username, known=ageing.TARGETED,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, "Meta guardada.")
            return redirect("targets")
    return render(request, "reports/targets.html", _targets(form), status=422)


@gates.requires(policy.READ_REPORTS)
def produced_volumes(request: HttpRequest) -> HttpResponse:
    """The volume produced, month by month."""
    form = VolumeForm(initial={"period": _of_month(Period.of(clock.today()).shift(-1))})
    return render(request, "reports/volumes.html", _volumes(form))


@gates.requires(policy.PREPARE_POLICIES)
@require_POST
def produced_volume_new(request: HttpRequest) -> HttpResponse:
    """Write the volume that the sources gave in a month."""
    form = VolumeForm(request.POST)
    if form.is_valid():
        try:
            targets.record_volume(**form.cleaned_data, at=clock.now(), by=cast(Clerk, request.user).username)
        except Refusal as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, f"Volumen de {month_name(form.cleaned_data['period'])} guardado.")
            return redirect("produced_volumes")
    return render(request, "reports/volumes.html", _volumes(form), status=422)


def _card(values: Sequence[Value]) -> dict[str, Any]:
    last = values[-1]
    each = last.indicator
    return {
        "indicator": each, "value": last, "light": _light(last.light),
        "target": each.said(last.target_ppm) if last.target_ppm else "", "parts": _parts(last),
        "chart": _chart(values, is_small=True),
    }  # fmt: skip


def _light(light: str) -> dict[str, str] | None:
    """Its colour, its picture and its words; None without a target."""
    kind, icon, words = LIGHTS.get(light, ("", "", ""))
    return {"kind": kind, "icon": icon, "words": words} if kind else None


def _parts(value: Value) -> list[dict[str, str]]:
    each = value.indicator
    if each.of:
        return []
    return [
        {
            "words": part.words,
            "said": "—" if figure is None else part.said(figure),
            "href": value.href(part) if figure is not None else "",
        }
        for part, figure in ((each.numerator, value.numerator), (each.denominator, value.denominator))
    ]


def _row(value: Value) -> dict[str, Any]:
    each = value.indicator
    return {
        "period": value.period, "said": value.said, "missing": value.missing, "parts": _parts(value),
        "target": each.said(value.target_ppm) if value.target_ppm else "",
    }  # fmt: skip


def _chart(values: Sequence[Value], *, is_small: bool) -> str:
    each: Indicator = values[-1].indicator
    marks = [
        Mark(
            _label(value.period, is_small=is_small, is_end=place in (0, len(values) - 1)),
            value.ppm, value.said, " " if is_small else value.said.removesuffix(" %").removesuffix(" por mil"),
            href=f"{reverse('indicator', args=[each.code])}?mes={_of_month(Period(value.period))}",
            is_now=place == len(values) - 1,
        )
        for place, value in enumerate(values)
    ]  # fmt: skip
    return charts.columns(
        marks=marks,
        title=f"{each.name}, trece meses",
        target=values[-1].target_ppm,
        width=charts.SMALL if is_small else charts.NARROW,
    )


def _label(period: int, *, is_small: bool, is_end: bool) -> str:
    """The month; of a small picture, only its ends, with their year."""
    month = MONTHS_SHORT[period % 100 - 1]
    return month if not is_small else f"{month} {period // 100}" if is_end else ""


def _year(values: Sequence[Value]) -> dict[str, str] | None:
    found = indicators.in_a_year(values=values)
    if found is None:
        return None
    above, below, ppm = found
    each = values[-1].indicator
    return {
        "said": each.said(ppm), "above": each.numerator.said(above), "below": each.denominator.said(below),
    }  # fmt: skip


def _missing_volume(found: Mapping[str, Sequence[Value]]) -> bool:
    return found["physical_2"][-1].denominator is None


def _months(period: Period) -> dict[str, Any]:
    today = Period.of(clock.today())
    return {
        "period": int(period), "before": _of_month(period.shift(-1)), "after": _of_month(period.next()) if period < today else "",
        "asked": _of_month(period),
    }  # fmt: skip


def _period(request: HttpRequest) -> Period:
    """The month asked for as 2019-01; without one, the last that ended."""
    try:
        return Period(int(request.GET.get("mes", "").replace("-", "")))
    except (ValueError, OutOfBounds):
        return Period.of(clock.today()).shift(-1)


def _of_month(period: Period) -> str:
    return f"{period.year}-{period.month:02d}"


def _next_month() -> dict[str, str]:
    return {"period": _of_month(Period.of(clock.today()))}


def _choices() -> list[tuple[str, str]]:
    """What there may be a target for: money in all, of each till and of each channel, and each indicator."""
    tills = [
        (f"{targets.COLLECTED}:{each.pk}", f"Cobrado en caja {each.pk}, al mes")
        for each in cashier.tills(on=clock.today())
    ]
    channels = [
        (f"{targets.COLLECTED}:{each.code}", f"Cobrado por {each.name}, al mes")
        for each in PaymentChannel.objects.filter(closed_on=None).order_by("name")
    ]
    return [
        (targets.COLLECTED, "Cobrado en todo, al mes"), *tills, *channels,
        *((each.code, each.name) for each in ageing.TARGETED.values()),
    ]  # fmt: skip


def _targets(form: forms.Form) -> dict[str, Any]:
    names = dict(_choices())
    rows = []
    for each in sorted(targets.all_targets().rows, key=lambda row: (-row.period, -row.pk)):
        key = f"{each.indicator}:{each.channel}" if each.channel else each.indicator
        indicator = ageing.TARGETED.get(each.indicator)
        said = indicator.said(each.value) if indicator else pesos(each.value)
        rows.append({"name": names.get(key, key), "said": said, "row": each})
    return {"form": form, "rows": rows}


def _volumes(form: forms.Form) -> dict[str, Any]:
    return {"form": form, "rows": sorted(targets.produced().values(), key=lambda each: -each.period)}

"""Pages of revenue by day and concept, and of the registers; each whole as a file."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from caudal.access import gates, policy
from caudal.accounting import files, registers, revenue
from caudal.accounting.forms import SpanForm
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.tables import Column, Kind

MOST_SHOWN = 200


@gates.requires(policy.READ_ACCOUNTING)
def revenue_page(request: HttpRequest) -> HttpResponse:
    """What was accrued and collected, by line of the CRI, by concept and by day."""
    form, since, last = _span(request)
    found = revenue.revenue(since=since, last=last)
    page = {"form": form, "found": found, "query": request.GET.urlencode()}
    return render(request, "accounting/revenue.html", page)


@gates.requires(policy.READ_ACCOUNTING)
def revenue_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The same by day and concept."""
    _, since, last = _span(request)
    found = revenue.revenue(since=since, last=last)
    return files.answer(
        kind=kind, name=f"ingresos-{since}-{last}", title="Ingresos por día y concepto", columns=revenue.COLUMNS,
        rows=found.table, totals=found.totals, filters=[("Desde", since.isoformat()), ("Hasta", last.isoformat())],
    )  # fmt: skip


@gates.requires(policy.READ_ACCOUNTING)
def registers_page(request: HttpRequest) -> HttpResponse:
    """Which registers there are."""
    return render(request, "accounting/registers.html", {"registers": registers.REGISTERS})


@gates.requires(policy.READ_ACCOUNTING)
def register_page(request: HttpRequest, code: str) -> HttpResponse:
    """A register of some days, and what the books say of the same."""
    try:
        register = registers.find(code=code)
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
    form, since, last = _span(request)
    found = registers.fill(register=register, since=since, last=last)
    page = {
        "form": form,
        "found": found,
        "registers": registers.REGISTERS,
        "rows": [_cells(register, row) for row in found.rows[:MOST_SHOWN]],
        "totals": _cells(register, found.totals),
        "heads": [_head(column) for column in register.columns],
        "n": len(found.rows),
        "query": request.GET.urlencode(),
    }
    return render(request, "accounting/register.html", page)


@gates.requires(policy.READ_ACCOUNTING)
def register_file(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The same register, whole."""
    try:
        register = registers.find(code=code)
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
    _, since, last = _span(request)
    found = registers.fill(register=register, since=since, last=last)
    return files.answer(
        kind=kind, name=f"{code}-{since}-{last}", title=register.title, columns=register.columns, rows=found.rows,
        filters=found.filters, totals=found.totals,
    )  # fmt: skip


def _head(column: Column) -> dict[str, Any]:
    return {"title": column.title, "is_amount": column.kind == Kind.CENTS}


def _cells(register: registers.Register, row: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [
        {
            "value": value,
            "is_amount": column.kind == Kind.CENTS,
            "is_day": column.kind == Kind.DAY,
            "is_account": place == register.route_column and value != "Total",
        }
        for place, (value, column) in enumerate(zip(row, register.columns, strict=True))
    ]


def _span(request: HttpRequest) -> tuple[SpanForm, date, date]:
    """The days asked for, both included; the month until today, if nobody says which."""
    today = clock.today()
    first = today.replace(day=1)
    form = SpanForm(
        request.GET if request.GET else None,
        initial={"since": f"{first:%d/%m/%Y}", "until": f"{today:%d/%m/%Y}"},
    )
    typed = form.cleaned_data if form.is_bound and form.is_valid() else {}
    last: date = typed.get("until") or today
    since: date = min(typed.get("since") or last.replace(day=1), last)
    if typed:
        # what was not typed is said too
        form = SpanForm({"since": f"{since:%d/%m/%Y}", "until": f"{last:%d/%m/%Y}"})
    return form, since, last

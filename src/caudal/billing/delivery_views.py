"""Who takes the bills of a run to their doors, route by route, and how far they are."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from caudal.access import gates, policy
from caudal.billing import commands, delivery_pages, pages, queries
from caudal.billing.forms import DeliveryDayForm
from caudal.billing.models import BillingRun
from caudal.fieldwork import queries as fieldwork
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import short_date, thousands

ROUTE = "ruta-"


@gates.requires(policy.PLAN_FIELDWORK)
def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who takes the bills of each route, and on which day."""
    found = get_object_or_404(BillingRun.objects.select_related("cycle", "book"), pk=pk)
    today = clock.today()
    form = DeliveryDayForm(request.POST if request.method == "POST" else None, today=today)
    if request.method != "POST" or not form.is_valid():
        return _page(request, found, form)
    try:
        rounds = commands.plan_delivery_of_routes(
            run=found, on=form.cleaned_data["on"], carriers=_carriers(request), at=clock.now(),
            by=request.user.get_username(),
        )  # fmt: skip
    except Refusal as refusal:
        return _page(request, found, form, refusal)
    on: date = form.cleaned_data["on"]
    bills = sum(each.stops.count() for each in rounds)
    words = "1 recorrido" if len(rounds) == 1 else f"{len(rounds)} recorridos"
    messages.success(request, f"{words} para el {short_date(on)}, con {thousands(bills)} recibos.")
    return redirect(f"/recorridos/?dia={on:%d/%m/%Y}")


def _carriers(request: HttpRequest) -> dict[str, str]:
    """Whom each route was given to; those that were given to nobody wait."""
    return {
        name.removeprefix(ROUTE): str(value)[:150]
        for name, value in request.POST.items()
        if name.startswith(ROUTE) and value
    }


def _page(
    request: HttpRequest, found: BillingRun, form: DeliveryDayForm, refusal: Refusal | None = None
) -> HttpResponse:
    routes = queries.delivery_by_route(run=found)
    page: dict[str, Any] = {
        "run": pages.run_row(run=found),
        "form": form,
        "refusal": refusal,
        "routes": [
            {"row": each, "words": delivery_pages.delivery_words(row=each), "field": f"{ROUTE}{each.code}",
             "carrier": request.POST.get(f"{ROUTE}{each.code}", "")}
            for each in routes
        ],
        "waiting": sum(each.waiting for each in routes),
        "workers": fieldwork.workers(on=clock.today()),
    }  # fmt: skip
    return render(request, "billing/delivery.html", page, status=422 if refusal or form.errors else 200)

"""Pages of the front desk: today, the search, the account."""

from typing import Any, Final, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from caudal.access import gates, policy
from caudal.access.models import Clerk
from caudal.frontdesk import account_page, queries
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import month_name, pesos, short_date, thousands
from caudal.registry import queries as registry

MOST_FOUND: Final = 50
MOST_SUGGESTED: Final = 8
LEAST_TYPED: Final = 2


@gates.requires(policy.READ_ACCOUNTS)
def today(request: HttpRequest) -> HttpResponse:
    """What a person who just arrived wants to know."""
    day = queries.day(on=clock.today())
    figures = [
        {
            "label": "Cobrado hoy",
            "value": pesos(day["collected_cents"]),
            "note": _counted(day["n_payments"], "pago", "pagos"),
        },
        {
            "label": "Cobrado en el mes",
            "value": pesos(day["month_cents"]),
            "note": _counted(day["n_month"], "pago", "pagos"),
        },
    ]
    waiting: list[dict[str, Any]] = []
    for run in day["runs"]:
        if run.state == "issued" and len(figures) < 4:
            summary = run.summary
            figures.append(
                {
                    "label": f"Facturado en {month_name(run.period)}",
                    "value": pesos(summary.get("total_cents", 0)),
                    "note": f"{_counted(summary.get('bills', 0), 'recibo', 'recibos')} · vencen el {short_date(run.due_on)}",
                }
            )
        elif run.state != "issued":
            href = reverse("billing_run", args=[run.pk])
            words = f"Facturación de {month_name(run.period)} {run.get_state_display()}"
            waiting.append({"href": href, "words": words, "where": f"ciclo {run.cycle.code}", "figure": ""})
        if held := day["held"][run.pk]:
            href = reverse("billing_held", args=[run.pk])
            words = f"Recibos detenidos de {month_name(run.period)}"
            waiting.append(
                {"href": href, "words": words, "where": "por liberar o releer", "figure": f"{held:,}"}
            )
    page = {"figures": figures, "waiting": waiting, "payments": day["payments"]}
    return render(request, "frontdesk/today.html", page)


@gates.requires(policy.READ_ACCOUNTS)
def search(request: HttpRequest) -> HttpResponse:
    """One box for everything; what names one account beyond doubt goes straight to its page."""
    text = request.GET.get("q", "").strip()
    if number := queries.resolve(text=text):
        return redirect("account", number=number)
    rows = queries.search(text=text, limit=MOST_FOUND) if text else []
    first = "Las primeras " if len(rows) == MOST_FOUND else ""
    counted = _counted(len(rows), "cuenta", "cuentas")
    heading = f"{first}{counted} para «{text}»" if text else "Busque una cuenta"
    return render(
        request,
        "frontdesk/search.html",
        {"rows": rows, "heading": heading, "asked": text},
    )


@gates.requires(policy.READ_ACCOUNTS)
def search_suggestions(request: HttpRequest) -> HttpResponse:
    """The options under a search box while one types: a piece of a page, for any box that asks."""
    text = request.GET.get("q", "").strip()
    asked = text if len(text) >= LEAST_TYPED else ""
    rows = queries.search(text=asked, limit=MOST_SUGGESTED) if asked else []
    return render(request, "frontdesk/suggestions.html", {"rows": rows, "asked": asked})


@gates.requires(policy.READ_ACCOUNTS)
def account(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about an account on one page."""
    try:
        found = registry.account_by_number(number=number)
        acts = policy.acts_of(clerk=cast(Clerk, request.user))
        page = account_page.context(account=found, on=clock.today(), acts=acts)
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
    return render(request, "frontdesk/account.html", page)


def _counted(n: int, one: str, many: str) -> str:
    """`1 pago`, `12,304 pagos`."""
    return f"{thousands(n)} {one if n == 1 else many}"

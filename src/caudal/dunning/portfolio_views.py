"""Pages of the overdue portfolio: how old it is, and the accounts behind each figure."""

from typing import Final, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from caudal.access import gates, policy
from caudal.access.models import Clerk
from caudal.dunning import pages, queries
from caudal.dunning.policy import BUCKET_NAMES
from caudal.dunning.queries import Cut
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import thousands

MOST_SHOWN: Final = 500
TABS: Final = {
    "uso": ("use", "Por uso"),
    "localidad": ("locality", "Por localidad"),
    "ruta": ("route", "Por ruta"),
}


@gates.requires(policy.READ_DUNNING)
def portfolio(request: HttpRequest) -> HttpResponse:
    """Ageing of what is past due, by use, locality or route, and what each stage brought."""
    today = clock.today()
    key = request.GET.get("por", "")
    key = key if key in TABS else "uso"
    by = TABS[key][0]
    asked = _asked(request)
    try:
        found = queries.portfolio(on=today, by=by, cut=_cut(asked))
    except Refusal as refusal:
        return render(request, "dunning/portfolio.html", {"refusal": refusal}, status=422)
    page = {
        "tabs": [
            {"key": each, "label": label, "is_current": each == key} for each, (_, label) in TABS.items()
        ],
        "title": TABS[key][1],
        "heads": pages.SHORT_BUCKETS,
        "rows": pages.portfolio_rows(found=found, by=by, asked=asked),
        "total": pages.portfolio_total(found=found, asked=asked),
        "found": found,
        "over_year": found.cents[-1],
        "rates": pages.rates(rates_ppm=found.rates_ppm),
        "recovery": queries.recovered_by_stage(on=today),
        "may_prepare": policy.may(clerk=cast(Clerk, request.user), act=policy.PREPARE_NOTICES),
    }
    return render(request, "dunning/portfolio.html", page)


@gates.requires(policy.READ_DUNNING)
def debtors(request: HttpRequest) -> HttpResponse:
    """The accounts behind a figure, those from which most may be expected first."""
    asked = _asked(request)
    age = request.GET.get("edad", "")
    bucket = int(age) if age.isdecimal() and int(age) < len(BUCKET_NAMES) else None
    try:
        rows = queries.debtor_rows(on=clock.today(), cut=_cut(asked, bucket))
    except Refusal as refusal:
        return render(request, "dunning/debtors.html", {"refusal": refusal}, status=422)
    told = [pages.use_name(asked["use"]) if asked["use"] else "", asked["locality"], asked["route"],
            BUCKET_NAMES[bucket] if bucket is not None else ""]  # fmt: skip
    page = {
        "rows": [{"row": each, "use": pages.use_name(each.use)} for each in rows[:MOST_SHOWN]],
        "title": " · ".join(filter(None, told)) or "Toda la cartera vencida",
        "bucket": bucket,
        "cents": sum(each.cents for each in rows),
        "expected_cents": sum(each.expected_cents for each in rows),
        "count": len(rows),
        "note": f"mostrando {MOST_SHOWN} de {thousands(len(rows))}" if len(rows) > MOST_SHOWN else "",
    }
    return render(request, "dunning/debtors.html", page)


def _asked(request: HttpRequest) -> dict[str, str]:
    return {
        "use": request.GET.get("uso", ""),
        "locality": request.GET.get("localidad", ""),
        "route": request.GET.get("ruta", ""),
    }


def _cut(asked: dict[str, str], bucket: int | None = None) -> Cut:
    return Cut(use=asked["use"], locality=asked["locality"], route=asked["route"], bucket=bucket)

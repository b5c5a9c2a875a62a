"""The Crítica, card by card, and the rounds in which the routes are read."""

from datetime import date
from urllib.parse import urlencode

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from caudal.access import gates, policy
from caudal.access.models import Clerk
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.metering import commands, queries, review_pages
from caudal.metering.models import Consumption
from caudal.registry.models import BillingCycle, Route, ServicePoint
from caudal.rules.bounds import OutOfBounds
from caudal.rules.periods import Period

NOT_A_NUMBER = Refusal(
    "La lectura se escribe con números.", "Escriba la que se ve en la carátula.", field="value"
)


@gates.requires(policy.REVIEW_READINGS)
def review(request: HttpRequest) -> HttpResponse:
    """What is doubtful of a period, one case at a time."""
    return _page(request)


@gates.requires(policy.REVIEW_READINGS)
@require_POST
def decision(request: HttpRequest, period: int, point: int) -> HttpResponse:
    """Decide of a case, with its reason; then the next one."""
    found = _point(point)
    chosen = request.POST.get("decision", "")
    reason = request.POST.get("reason", "").strip() or review_pages.REASONS.get(chosen, "")
    try:
        commands.review_reading(
            service_point=found, period=_period(period), decision=chosen, reason=reason,
            by=request.user.get_username(), at=clock.now(), value=_value(request), seen=request.POST.get("seen", ""),
        )  # fmt: skip
    except Refusal as refusal:
        return _page(request, refusal=refusal, period=period, cycle=found.route.cycle, point=point)
    return redirect(_address(request, found.route.cycle, period))


@gates.requires(policy.REVIEW_READINGS)
@require_POST
def reopening(request: HttpRequest, period: int, point: int) -> HttpResponse:
    """Take back the last decision; its case is shown again."""
    found = _point(point)
    last = queries.last_review(service_point_id=point, period=_period(period))
    if last is None:
        raise Http404
    try:
        commands.reopen_review(review=last, by=request.user.get_username(), at=clock.now())
    except Refusal as refusal:
        return _page(request, refusal=refusal, period=period, cycle=found.route.cycle, point=point)
    return redirect(_address(request, found.route.cycle, period, toma=str(point)))


@gates.requires(policy.REVIEW_READINGS)
@require_POST
def assessment(request: HttpRequest) -> HttpResponse:
    """Turn the readings of a period into m³, so that what is doubtful of them is seen."""
    cycle = get_object_or_404(BillingCycle, code=request.POST.get("ciclo", ""))
    period = _period(request.POST.get("periodo", ""))
    try:
        commands.assess_period(cycle=cycle, period=period, by=request.user.get_username(), at=clock.now())
    except Refusal as refusal:
        return _page(request, refusal=refusal, period=period, cycle=cycle)
    return redirect(_address(request, cycle, period))


@gates.requires(policy.PLAN_FIELDWORK)
def rounds(request: HttpRequest) -> HttpResponse:
    """Say who reads each route of a period, and plan it."""
    said = request.POST if request.method == "POST" else request.GET
    cycle = _cycle(said.get("ciclo", ""))
    period = _period(said.get("periodo") or _newest())
    refusal = None
    if request.method == "POST":
        try:
            commands.plan_reading_rounds(
                cycle=cycle, period=period, on=_day(said.get("dia", "")), readers=_readers(request, cycle),
                by=request.user.get_username(), at=clock.now(),
            )  # fmt: skip
            return redirect("rounds")
        except Refusal as told:
            refusal = told
    page = {
        "cycle": cycle, "period": int(period), "on": said.get("dia") or clock.today().isoformat(), "refusal": refusal,
        "routes": _routes(cycle, period), "readers": _people(),
    }  # fmt: skip
    return render(request, "metering/rounds.html", page, status=422 if refusal else 200)


def _page(
    request: HttpRequest,
    *,
    refusal: Refusal | None = None,
    cycle: BillingCycle | None = None,
    period: int = 0,
    point: int = 0,
) -> HttpResponse:
    said = request.POST if request.method == "POST" else request.GET
    shown = review_pages.page(
        cycle=cycle or _cycle(said.get("ciclo", "")), period=_period(period or said.get("periodo") or _newest()),
        doubt=_whole(said.get("duda", "")), route=said.get("ruta", ""), point=point or _whole(said.get("toma", "")),
        clerk=request.user.get_username(),
    )  # fmt: skip
    shown |= {
        "refusal": refusal, "typed": request.POST.get("value", ""), "typed_reason": request.POST.get("reason", ""),
    }  # fmt: skip
    return render(request, "metering/critica.html", shown, status=422 if refusal else 200)


def _address(request: HttpRequest, cycle: BillingCycle, period: int, **more: str) -> str:
    """The same list, with its filters."""
    kept = {name: request.POST[name] for name in ("duda", "ruta") if request.POST.get(name)}
    words = {"ciclo": cycle.code, "periodo": str(int(period))} | kept | more
    return f"{reverse('reading_review')}?{urlencode(words)}"


def _cycle(code: str) -> BillingCycle:
    cycles = BillingCycle.objects.order_by("code")
    found = cycles.filter(code=code).first() if code else cycles.first()
    if found is None:
        raise Http404
    return found


def _point(point: int) -> ServicePoint:
    return get_object_or_404(ServicePoint.objects.select_related("route__cycle"), pk=point)


def _period(said: object) -> Period:
    try:
        return Period(int(str(said)))
    except (ValueError, OutOfBounds):
        raise Http404 from None


def _newest() -> int:
    """The last period with consumption; the present one, before there is any."""
    return Consumption.objects.aggregate(newest=Max("period"))["newest"] or int(Period.of(clock.today()))


def _whole(text: str) -> int:
    return int(text) if text.removeprefix("-").isdecimal() and len(text) < 10 else 0


def _value(request: HttpRequest) -> int | None:
    text = request.POST.get("value", "").replace(",", "").replace(" ", "")
    if not text or request.POST.get("decision") != "corrected":
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise NOT_A_NUMBER
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise commands.CannotPlanReading("Falta el día.", "Elija cuándo se lee.", field="dia") from None


def _people() -> list[Clerk]:
    return [
        each
        for each in Clerk.objects.filter(is_active=True).order_by("first_name", "username")
        if policy.may(clerk=each, act=policy.WORK_IN_FIELD)
    ]


def _readers(request: HttpRequest, cycle: BillingCycle) -> dict[str, Clerk]:
    known = {each.username: each for each in _people()}
    codes = Route.objects.filter(cycle=cycle).values_list("code", flat=True)
    chosen = {code: request.POST.get(f"ruta-{code}", "") for code in codes}
    return {code: known[name] for code, name in chosen.items() if name in known}


def _routes(cycle: BillingCycle, period: int) -> list[dict[str, object]]:
    """Each route, and how many of its meters are left to read."""
    left: dict[str, int] = {}
    for row in queries.unread(cycle=cycle, period=period, on=clock.today()):
        left[row["route"]] = left.get(row["route"], 0) + 1
    return [
        {"code": each.code, "name": each.name, "left": left.get(each.code, 0)}
        for each in Route.objects.filter(cycle=cycle).order_by("code")
    ]

"""Pages of the months and the days: what agrees, what is missing, closing; and the light."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from caudal.access import gates, policy
from caudal.access.models import Clerk
from caudal.accounting import closing, commands, pages, reconciling
from caudal.accounting import light as lights
from caudal.accounting.reconciling import Finding
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import month_name
from caudal.rules.bounds import OutOfBounds
from caudal.rules.periods import Period


@gates.requires(policy.READ_ACCOUNTING)
def accounting(request: HttpRequest) -> HttpResponse:
    """The month of today."""
    return _month_page(request, Period.of(clock.today()))


@gates.requires(policy.READ_ACCOUNTING)
def month(request: HttpRequest, period: int) -> HttpResponse:
    """A month: its days, its figures, what it lacks, its close."""
    return _month_page(request, _period(period))


@require_POST
@gates.requires(policy.REVIEW_MONTHS)
def review(request: HttpRequest, period: int) -> HttpResponse:
    """Say that the figures of a month are right."""
    asked = _period(period)
    try:
        commands.review_month(
            month=asked, at=clock.now(), by=request.user.get_username(), note=request.POST.get("note", "")
        )
    except Refusal as refusal:
        return _month_page(request, asked, refusal=refusal)
    messages.success(
        request,
        f"{month_name(asked).capitalize()} está revisado: puede cerrarlo otra persona.",
        extra_tags="good",
    )
    return redirect("accounting_month", asked)


@require_POST
@gates.requires(policy.CLOSE_MONTHS)
def closing_of_month(request: HttpRequest, period: int) -> HttpResponse:
    """Close a month for ever."""
    asked = _period(period)
    try:
        commands.close_month(month=asked, at=clock.now(), by=request.user.get_username())
    except Refusal as refusal:
        return _month_page(request, asked, refusal=refusal)
    messages.success(request, f"{month_name(asked).capitalize()} quedó cerrado.", extra_tags="good")
    return redirect("accounting_month", asked)


@gates.requires(policy.READ_ACCOUNTING)
def day(request: HttpRequest, on: str) -> HttpResponse:
    """A day three ways: what the tills and banks say, what the receipts say, what the books say."""
    try:
        asked = date.fromisoformat(on)
        before, after = asked - timedelta(days=1), asked + timedelta(days=1)
    except (ValueError, OverflowError):
        raise Http404 from None
    page = {
        "found": reconciling.day(on=asked),
        "on": asked,
        "period": Period.of(asked),
        "before": before,
        "after": after if after <= clock.today() else None,
    }
    return render(request, "accounting/day.html", page)


@gates.requires(policy.READ_ACCOUNTING)
def completeness_light(request: HttpRequest) -> HttpResponse:
    """Green, or the list of what is not."""
    return render(request, "accounting/light.html", {"light": lights.light(today=clock.today())})


def _period(period: int) -> Period:
    try:
        return Period(period)
    except OutOfBounds:
        raise Http404 from None


def _month_page(request: HttpRequest, asked: Period, *, refusal: Refusal | None = None) -> HttpResponse:
    today = clock.today()
    clerk = request.user
    assert isinstance(clerk, Clerk)
    found = closing.state_of(month=asked, today=today)
    page = pages.month_page(found=found, today=today) | {
        "refusal": refusal,
        "missing": _missing(refusal) or found.missing,
        "may_review": policy.may(clerk=clerk, act=policy.REVIEW_MONTHS),
        "may_close": policy.may(clerk=clerk, act=policy.CLOSE_MONTHS)
        and (found.review is None or found.review.by != clerk.username),
    }
    return render(request, "accounting/month.html", page, status=422 if refusal else 200)


def _missing(refusal: Refusal | None) -> list[Finding]:
    return list(refusal.missing) if isinstance(refusal, commands.CannotReviewMonth) else []

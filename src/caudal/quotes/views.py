"""Pages of a quote: what it would cost, and its paper."""

from datetime import date
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from caudal.access import gates, policy
from caudal.access.models import Clerk
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import in_reading_case
from caudal.quotes import commands, paper, queries
from caudal.quotes import policy as ways
from caudal.quotes.forms import QuoteForm
from caudal.registry import queries as registry
from caudal.registry.models import Account


@gates.requires(policy.CHARGE_FEES)
def quote(request: HttpRequest, number: str) -> HttpResponse:
    """What the account would pay today, at once and in payments; posting it takes a folio and prints it."""
    on = clock.today()
    asked = request.POST if request.method == "POST" else request.GET
    form = (
        QuoteForm(asked)
        if "count" in asked
        else QuoteForm(initial={"count": 6, "down": queries.usual_down_percent(on=on)})
    )
    try:
        account = registry.account_by_number(number=number)
        words = _asked(form) if form.is_bound and form.is_valid() else {}
        if request.method == "POST" and (not form.is_bound or form.is_valid()):
            issued = commands.issue_quote(
                account=account, on=on, at=clock.now(), by=cast(Clerk, request.user).username, **words
            )
            return redirect("quote_paper", folio=issued.folio)
        standing = queries.standing(account=account, on=on, at=clock.now(), **words)
    except queries.CannotQuotePayment as refusal:
        if refusal.field not in form.fields:
            return render(request, "kernel/refusal.html", {"refusal": refusal}, status=422)
        form.add_error(refusal.field, str(refusal))
        standing = queries.standing(account=account, on=on, at=clock.now())
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
    page = _page(account, standing, form, words)
    return render(request, "quotes/quote.html", page, status=422 if form.errors else 200)


def _asked(form: QuoteForm) -> dict[str, Any]:
    """The number of payments that was asked for goes first, beside the usual ones."""
    count = form.cleaned_data["count"]
    counts = tuple(dict.fromkeys((count, *ways.COUNTS)))[:3]
    return {"counts": counts, "down_ppm": form.cleaned_data["down"] * 10_000}


def _page(
    account: Account, standing: queries.Standing, form: QuoteForm, words: dict[str, Any]
) -> dict[str, Any]:
    card = registry.account_card(account=account, on=standing.on)
    return {
        "card": card,
        "holder": in_reading_case(card.holder),
        "standing": standing,
        "periods": [
            {"period": each.period, "debt_cents": each.debt_cents, "surcharge_cents": each.surcharge_cents,
             "total_cents": each.debt_cents + each.surcharge_cents}
            for each in standing.periods
        ],
        "ways": [
            {"count": way.count, "down_cents": way.down_payment_cents,
             "first": next(each for each in way.installments if each.number),
             "last": way.installments[-1], "last_on": date.fromisoformat(way.installments[-1].due_on)}
            for way in standing.ways
        ],
        "form": form,
        "is_asked": bool(words),
    }  # fmt: skip


@gates.requires(policy.CHARGE_FEES)
def quote_paper(request: HttpRequest, folio: str) -> HttpResponse:
    """The paper of a quote, as it was issued."""
    try:
        found = queries.quote_by_folio(folio=folio)
    except queries.UnknownQuote as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
    answer = HttpResponse(paper.quote_pdf(quote=found), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="cotizacion-{found.folio}.pdf"'
    return answer

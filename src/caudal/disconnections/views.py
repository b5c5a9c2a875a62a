"""Pages of cuts: how they stand, who may be cut and why not, and the proposal of a batch."""

from collections.abc import Sequence
from typing import Final, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from caudal.access import gates, policy
from caudal.access.models import Clerk
from caudal.disconnections import commands, pages, queries
from caudal.disconnections.forms import SegmentForm
from caudal.disconnections.policy import LIVE, STATE_NAMES, State
from caudal.disconnections.queries import Candidate
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.registry.models import Account

MOST_SHOWN: Final = 200
FEW: Final = 8


@gates.requires(policy.READ_CUTS)
def cuts(request: HttpRequest) -> HttpResponse:
    """How cuts stand: orders by state, batches that wait for a yes, water that has to come back."""
    now, today = clock.now(), clock.today()
    told = queries.figures(at=now)
    waiting = list(queries.batches().filter(orders__state=State.PROPOSED).distinct()[:FEW])
    water = list(queries.reconnections().filter(state="open")[:FEW])
    places = queries.where_of(account_ids=[each.account_id for each in water], on=today)
    page = {
        "told": told,
        "states": [(str(state), STATE_NAMES[state], told.orders.get(state, 0)) for state in State],
        "n_under_way": sum(told.orders.get(state, 0) for state in LIVE),
        "n_done": told.orders.get(State.DONE, 0),
        "waiting": pages.batch_rows(batches=queries.counted(batches=waiting)),
        "water": pages.water_rows(orders=water, places=places, at=now),
        "rules": queries.policies().filter(effective_from__lte=today).first(),
    }
    return render(request, "disconnections/cuts.html", page)


@gates.requires(policy.READ_CUTS)
def candidates(request: HttpRequest) -> HttpResponse:
    """Who owes: those that may be cut, to be chosen; and those that may not, with every reason."""
    return _candidates_page(request, SegmentForm(request.GET))


@gates.requires(policy.PREPARE_CUTS)
@require_POST
def proposal(request: HttpRequest) -> HttpResponse:
    """Propose the chosen accounts, or all that may be cut of what is shown, as a batch."""
    form, now, today = SegmentForm(request.POST), clock.now(), clock.today()
    if not form.is_valid():
        return _candidates_page(request, form)
    try:
        batch = commands.propose_batch(
            title=request.POST.get("title", ""), account_ids=_chosen(request, form), segment=form.said(), on=today,
            at=now, by=request.user.get_username(),
        )  # fmt: skip
    except Refusal as refusal:
        return _candidates_page(request, form, refusal=refusal)
    messages.success(request, f"Se propuso el lote {batch.folio}. Falta que lo apruebe otra persona.")
    return redirect("cut_batch", folio=batch.folio)


def _candidates_page(request: HttpRequest, form: SegmentForm, refusal: Refusal | None = None) -> HttpResponse:
    found: Sequence[Candidate] = ()
    is_sound = form.is_valid()
    if is_sound:
        try:
            found = queries.candidates(segment=form.said(), on=clock.today(), at=clock.now())
        except Refusal as missing:
            refusal = missing
    eligible = [each for each in found if each.is_go]
    others = [each for each in found if not each.is_go]
    shown, kept = eligible[:MOST_SHOWN], others[:MOST_SHOWN]
    # a whole town may owe: only what is shown is looked up
    places = queries.where_of(
        account_ids=[each.judged.account_id for each in (*shown, *kept)], on=clock.today()
    )
    page = {
        "form": form,
        "eligible": pages.candidate_rows(found=shown, places=places),
        "n_eligible": len(eligible),
        "eligible_cents": sum(each.judged.verdict.due_cents for each in eligible),
        "others": pages.candidate_rows(found=kept, places=places),
        "n_others": len(others),
        "why_not": pages.why_not(found=others),
        "most": MOST_SHOWN,
        "chosen": request.POST.getlist("cuenta"),
        "title": request.POST.get("title", ""),
        "may_prepare": policy.may(clerk=cast(Clerk, request.user), act=policy.PREPARE_CUTS),
        "refusal": refusal,
    }
    is_wrong = refusal is not None or not is_sound
    return render(request, "disconnections/candidates.html", page, status=422 if is_wrong else 200)


def _chosen(request: HttpRequest, form: SegmentForm) -> list[int]:
    """The accounts that were ticked; or all of the segment that may be cut."""
    if "todas" in request.POST:
        found = queries.candidates(segment=form.said(), on=clock.today(), at=clock.now())
        return [each.judged.account_id for each in found if each.is_go]
    numbers = request.POST.getlist("cuenta")
    return list(Account.objects.filter(number__in=numbers).values_list("pk", flat=True))

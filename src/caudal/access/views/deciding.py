"""«Por aprobar»: what others ask, with how it is and how it would be; one tap says yes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from caudal.access import approvals, devices, gates, policy, queries
from caudal.access.models import ApprovalRequest, Clerk
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal


@gates.requires(policy.DECIDE_REQUESTS)
def approval_requests(request: HttpRequest) -> HttpResponse:
    """What waits for an answer."""
    return _page(request)


@gates.requires(policy.DECIDE_REQUESTS)
@require_POST
def approval_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Say yes or no."""
    asked = get_object_or_404(ApprovalRequest, pk=pk)
    is_granted = request.POST.get("decision") == "granted"
    try:
        approvals.decide(
            request=asked, is_granted=is_granted, by=request.user.get_username(), at=clock.now(),
            device=devices.of(request), reason=request.POST.get("reason", ""),
        )  # fmt: skip
    except Refusal as refusal:
        return _page(request, refused=pk, refusal=refusal)
    messages.success(request, "Aprobado." if is_granted else "No se aprobó; quien lo pidió lo puede ver.")
    return redirect("approval_requests")


def _page(request: HttpRequest, *, refused: int = 0, refusal: Refusal | None = None) -> HttpResponse:
    assert isinstance(request.user, Clerk)
    waiting = queries.requests(clerk=request.user, at=clock.now())
    page = {
        "waiting": waiting,
        "refused": refused,
        "refusal": refusal,
        "is_refused_unlisted": bool(refusal) and refused not in [each.id for each in waiting],
    }
    return render(request, "access/approval_requests.html", page, status=422 if refusal else 200)

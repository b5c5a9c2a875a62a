"""The page that says whether a receipt is real, for whoever holds it: no sign-in, no names."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from caudal.access import gates
from caudal.cashier import verification
from caudal.kernel import clock


@gates.open_to_all
@require_safe
def form(request: HttpRequest) -> HttpResponse:
    """A place to type the code of a receipt."""
    code = verification.read_code(request.GET.get("codigo", ""))[:40]
    if code and code.isascii() and code.isalnum():
        return redirect("receipt_verification", code=code)
    is_wrong = "codigo" in request.GET
    return _page(request, {"is_wrong": is_wrong, "asked": code}, 422 if is_wrong else 200)


@gates.open_to_all
@require_safe
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """What a code says: valid, canceled, or that there is no such receipt."""
    wait = verification.wait_for(address=verification.address_of(request), at=clock.now())
    if wait:
        answer = _page(request, {"wait": wait}, 429)
        answer["Retry-After"] = str(wait)
        return answer
    found = verification.look_up(code=verification.read_code(code))
    return _page(request, {"found": found, "is_unknown": found is None}, 200 if found else 404)


def _page(request: HttpRequest, shown: dict[str, object], status: int) -> HttpResponse:
    answer = render(request, "cashier/verification.html", shown, status=status)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Cache-Control"] = "no-store"
    return answer

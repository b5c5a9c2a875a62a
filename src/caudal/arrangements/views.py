"""Pages of payment agreements: one of them with its papers, all of them with how far they live."""

from typing import Final, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from caudal.access import gates, policy
from caudal.access.models import Clerk
from caudal.arrangements import calendar, commands, pages, papers, queries
from caudal.arrangements.models import ArrangementEnd, PaymentArrangement
from caudal.arrangements.policy import State
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import pesos

MOST_SHOWN: Final = 200
# address → its label, its title, which states, and what is said when there is none
TABS: Final = {
    "al-corriente": ("Al corriente", "Al corriente", (State.LIVE,), "Ningún convenio al corriente"),
    "atrasados": ("Atrasados", "Con pagos vencidos", (State.LATE,), "Ningún convenio atrasado"),
    "incumplidos": ("Incumplidos", "Incumplidos", (State.DEFAULTED,), "Ningún convenio incumplido"),
    "terminados": (
        "Terminados", "Cumplidos o cancelados", (State.PAID, State.FINISHED, State.CANCELED),
        "Ningún convenio terminado",
    ),
}  # fmt: skip


@gates.requires(policy.READ_ACCOUNTS)
def arrangements(request: HttpRequest) -> HttpResponse:
    """Every agreement by how far it is, and how many come to each payment."""
    today = clock.today()
    found = queries.find(on=today)
    asked = request.GET.get("estado", "")
    key = asked if asked in TABS else "al-corriente"
    of_tab = {each: [one for one in found if one.state in TABS[each][2]] for each in TABS}
    shown = of_tab[key][:MOST_SHOWN]
    total = len(of_tab[key])
    page = {
        "tabs": [
            {"key": each, "label": TABS[each][0], "count": len(of_tab[each]), "is_current": each == key}
            for each in TABS
        ],
        "current": {"title": TABS[key][1], "empty": TABS[key][3]},
        "rows": pages.list_rows(standings=shown),
        "left_cents": sum(each.open_cents for each in shown),
        "note": f"mostrando {len(shown)} de {total:,}" if total > len(shown) else "",
        "survival": pages.survival(rows=queries.survival(on=today)),
    }
    return render(request, "arrangements/arrangements.html", page)


@gates.requires(policy.READ_ACCOUNTS)
def arrangement(request: HttpRequest, folio: str) -> HttpResponse:
    """One agreement: its payments, what was agreed, its papers, and how it may end."""
    try:
        found = queries.arrangement_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    return _arrangement_page(request, found)


@gates.requires(policy.READ_ACCOUNTS)
def contract_pdf(request: HttpRequest, folio: str) -> HttpResponse:
    """The contract to sign."""
    try:
        found = queries.arrangement_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    return _file(papers.contract_pdf(arrangement=found), f"{found.folio}.pdf", "application/pdf")


@gates.requires(policy.READ_ACCOUNTS)
def promissory_notes_pdf(request: HttpRequest, folio: str) -> HttpResponse:
    """A promissory note for each installment."""
    try:
        found = queries.arrangement_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    body = papers.promissory_notes_pdf(arrangement=found)
    return _file(body, f"{found.folio}-pagares.pdf", "application/pdf")


@gates.requires(policy.READ_ACCOUNTS)
def due_dates_ics(request: HttpRequest, folio: str) -> HttpResponse:
    """The dates for the calendar of a telephone."""
    try:
        found = queries.arrangement_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    return _file(papers.due_dates_ics(arrangement=found), f"{found.folio}.ics", calendar.CONTENT_TYPE)


@gates.requires(policy.DEFAULT_ARRANGEMENTS)
@require_POST
def default(request: HttpRequest, folio: str) -> HttpResponse:
    """Say that an agreement was not kept: the debt comes back."""
    return _ended(request, folio, act="incumplimiento")


@gates.requires(policy.DEFAULT_ARRANGEMENTS)
@require_POST
def cancellation(request: HttpRequest, folio: str) -> HttpResponse:
    """Take back an agreement signed by mistake today."""
    return _ended(request, folio, act="cancelacion")


def _ended(request: HttpRequest, folio: str, *, act: str) -> HttpResponse:
    end_it = commands.default_arrangement if act == "incumplimiento" else commands.cancel_arrangement
    reason = request.POST.get("reason", "")
    try:
        found = queries.arrangement_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    try:
        end = end_it(
            arrangement=found, reason=reason, on=clock.today(), at=clock.now(), by=request.user.get_username()
        )
    except Refusal as refusal:
        return _arrangement_page(request, found, refusal, act=act, typed=reason)
    messages.success(request, _end_said(found, end), extra_tags="good")
    return redirect("arrangement", folio=found.folio)


def _arrangement_page(
    request: HttpRequest,
    found: PaymentArrangement,
    refusal: Refusal | None = None,
    *,
    act: str = "",
    typed: str = "",
) -> HttpResponse:
    standing = queries.standing(arrangement=found, on=clock.today())
    is_reason = refusal is not None and refusal.field == "reason"
    page = {
        "page": pages.arrangement_page(standing=standing, shows_ability=_may(request, policy.READ_SENSITIVE)),
        "may_end": _may(request, policy.DEFAULT_ARRANGEMENTS),
        "may_cancel": found.signed_on == standing.on and standing.paid_cents == 0,
        "refusal": refusal,
        "act": act,
        "default_is_wrong": is_reason and act == "incumplimiento",
        "cancellation_is_wrong": is_reason and act == "cancelacion",
        "default_typed": typed if act == "incumplimiento" else "",
        "cancellation_typed": typed if act == "cancelacion" else "",
    }
    return render(request, "arrangements/arrangement.html", page, status=422 if refusal else 200)


def _end_said(found: PaymentArrangement, end: ArrangementEnd) -> str:
    return f"Convenio {found.folio} {end.get_kind_display()}. Vuelven a deberse {pesos(end.reopened_cents)}."


def _file(body: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _refused(request: HttpRequest, refusal: Refusal, status: int = 404) -> HttpResponse:
    return render(request, "kernel/refusal.html", {"refusal": refusal}, status=status)


def _may(request: HttpRequest, act: str) -> bool:
    return policy.may(clerk=cast(Clerk, request.user), act=act)

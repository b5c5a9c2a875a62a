"""Pages of reports for who works here: the list, a new one, one of them and what may be done with it."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID, uuid4

from django.contrib import messages
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from caudal.access import gates, policy
from caudal.cases import claims, commands, keys, pages, queries
from caudal.cases.forms import CaseForm, OrderForm, ResolutionForm, TextForm
from caudal.cases.models import Case, CasePhoto, CaseType
from caudal.cases.policy import FINISHED, State
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.messaging import queries as told
from caudal.registry import queries as accounts
from caudal.registry.models import Account

MOST_SHOWN: Final = 200
# what each text of the page is
LABELS: Final = {"answer": "Respuesta", "note": "Nota", "resolution": "Cómo quedó"}
# address → its label and which states
TABS: Final = {
    "abiertos": ("Abiertos", tuple(state for state in State if state not in FINISHED)),
    "resueltos": ("Resueltos", (State.RESOLVED, State.CLOSED)),
    "unidos": ("Unidos", (State.MERGED,)),
    "todos": ("Todos", ()),
}


@gates.requires(policy.READ_CASES)
def cases(request: HttpRequest) -> HttpResponse:
    """Every report by state, kind, channel and neighborhood; what is due first on top."""
    asked = {
        name: request.GET.get(name, "") for name in ("estado", "tipo", "canal", "colonia", "tarde", "folio")
    }
    if asked["folio"].strip():
        try:
            return redirect("case", folio=queries.case_by_folio(folio=asked["folio"]).folio)
        except Refusal as refusal:
            messages.error(request, str(refusal))
    tab = asked["estado"] if asked["estado"] in TABS else "abiertos"
    type = CaseType.objects.filter(code=asked["tipo"]).first()
    shown = queries.find(
        at=clock.now(), type=type, states=TABS[tab][1], channel=asked["canal"], neighborhood=asked["colonia"],
        is_late=bool(asked["tarde"]), most=MOST_SHOWN,
    )  # fmt: skip
    page = {
        "rows": pages.rows(shown=shown), "asked": asked, "n_late": sum(each.standing.clock.is_late for each in shown),
        "is_cut": len(shown) == MOST_SHOWN,
        "tabs": [{"key": key, "label": label, "is_current": key == tab} for key, (label, _) in TABS.items()],
        "tab": tab, "types": CaseType.objects.order_by("sequence"), "channels": Case.Channel.choices,
        "neighborhoods": Case.objects.exclude(neighborhood="").values_list("neighborhood", flat=True)
        .distinct().order_by("neighborhood"),
        "may_open": _may(request, policy.OPEN_CASES),
    }  # fmt: skip
    return render(request, "cases/cases.html", page)


@gates.requires(policy.OPEN_CASES)
def case_new(request: HttpRequest) -> HttpResponse:
    """Take a report at the desk."""
    return _new(request, None)


@gates.requires(policy.OPEN_CASES)
def account_case(request: HttpRequest, number: str) -> HttpResponse:
    """Take a report of an account: its place is known, and what it may claim is listed."""
    try:
        return _new(request, accounts.account_by_number(number=number))
    except accounts.AccountNotFound as refusal:
        return _refused(request, refusal)


@gates.requires(policy.READ_CASES)
def case(request: HttpRequest, folio: str) -> HttpResponse:
    """One report: where, what happened, what may be done."""
    try:
        found = queries.case_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    return _page(request, found)


@gates.requires(policy.READ_CASES)
def case_photo(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A picture of a report."""
    photo = get_object_or_404(CasePhoto, pk=pk)
    try:
        return FileResponse(photo.file.open("rb"), content_type="image/jpeg")
    except FileNotFoundError as gone:
        raise Http404 from gone


@gates.requires(policy.ANSWER_CASES)
@require_POST
def case_order(request: HttpRequest, folio: str) -> HttpResponse:
    """Order the work that a report needs."""
    form = OrderForm(request.POST)

    def act(found: Case) -> str:
        order = commands.order_for_case(case=found, at=clock.now(), by=_who(request), **form.cleaned_data)
        return f"Orden {order.folio} pedida."

    return _acted(request, folio, "order", form, act)


@gates.requires(policy.ANSWER_CASES)
@require_POST
def case_answer(request: HttpRequest, folio: str) -> HttpResponse:
    """Answer whoever reported."""
    form = TextForm(request.POST)

    def act(found: Case) -> str:
        commands.answer_case(case=found, at=clock.now(), by=_who(request), **form.cleaned_data)
        return "Respuesta guardada."

    return _acted(request, folio, "answer", form, act)


@gates.requires(policy.OPEN_CASES)
@require_POST
def case_note(request: HttpRequest, folio: str) -> HttpResponse:
    """Write something for the house."""
    form = TextForm(request.POST)

    def act(found: Case) -> str:
        commands.note_case(case=found, at=clock.now(), by=_who(request), **form.cleaned_data)
        return "Anotación guardada."

    return _acted(request, folio, "note", form, act)


@gates.requires(policy.ANSWER_CASES)
@require_POST
def case_resolution(request: HttpRequest, folio: str) -> HttpResponse:
    """Say how a report was resolved."""
    form = ResolutionForm(request.POST)

    def act(found: Case) -> str:
        commands.resolve_case(case=found, at=clock.now(), by=_who(request), **form.cleaned_data)
        return f"El reporte {found.folio} quedó resuelto."

    return _acted(request, folio, "resolution", form, act)


@gates.requires(policy.ANSWER_CASES)
@require_POST
def case_merge(request: HttpRequest, folio: str) -> HttpResponse:
    """Attend a report together with another."""
    try:
        found = queries.case_by_folio(folio=folio)
        into = queries.case_by_folio(folio=request.POST.get("into", ""))
        commands.merge_cases(case=found, into=into, at=clock.now(), by=_who(request))
    except queries.CaseNotFound as refusal:
        return _refused(request, refusal)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _page(request, found, status=422)
    messages.success(request, f"El reporte {found.folio} se atiende junto con el {into.folio}.")
    return redirect("case", folio=into.folio)


def _new(request: HttpRequest, account: Account | None) -> HttpResponse:
    form = CaseForm(
        _posted(request), request.FILES or None, periods=pages.period_choices(account=account),
        initial={"key": uuid4(), "account": account.number if account else ""},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            opened = _opened(request, form)
        except Refusal as refusal:
            _say(form, refusal)
        else:
            messages.success(
                request, f"Reporte {opened.folio}. Clave para seguirlo: {keys.key_of(opened.folio)}."
            )
            return redirect("case", folio=opened.folio)
    page = {"form": form.with_focus(), "account": account}
    return render(request, "cases/case_new.html", page, status=422 if form.errors else 200)


def _opened(request: HttpRequest, form: CaseForm) -> Case:
    typed = form.cleaned_data
    number = typed["account"].strip()
    try:
        account = accounts.account_by_number(number=number) if number else None
    except accounts.AccountNotFound as refusal:
        raise commands.CannotOpenCase(refusal.what, refusal.remedy, field="account") from refusal
    return commands.open_case(
        type=typed["type"], channel=typed["channel"], account=account, place=form.place(), address=typed["address"],
        description=typed["description"], reporter_phone=typed["phone"], photos=form.photos(),
        claimed_periods=[int(period) for period in typed["claimed_periods"]], key=typed["key"], at=clock.now(),
        by=_who(request),
    )  # fmt: skip


def _acted(
    request: HttpRequest, folio: str, name: str, form: Form, act: Callable[[Case], str]
) -> HttpResponse:
    """Do something with a case → its page; what is refused, beside its field."""
    try:
        found = queries.case_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    if form.is_valid():
        try:
            done = act(found)
        except Refusal as refusal:
            _say(form, refusal)
        else:
            messages.success(request, done)
            return redirect("case", folio=found.folio)
    return _page(request, found, forms={name: form}, status=422)


def _page(
    request: HttpRequest, found: Case, *, forms: Mapping[str, Form] | None = None, status: int = 200
) -> HttpResponse:
    at = clock.now()
    standing = queries.standing(case=found, at=at)
    near = (
        queries.near(
            place=(found.latitude_e6, found.longitude_e6), type=found.type, at=found.opened_at, but=found
        )
        if found.latitude_e6 is not None and found.longitude_e6 is not None
        else []
    )
    ready: dict[str, Form] = {
        "order": OrderForm(auto_id="order_%s", initial={"kind": found.type.order_kind or "other"}),
        **{name: form(auto_id=f"{name}_%s") for name, form in (("answer", TextForm), ("note", TextForm))},
        "resolution": ResolutionForm(auto_id="resolution_%s"),
    }
    for name, form in (forms or {}).items():
        form.auto_id = f"{name}_%s"
        ready[name] = form
    for name, label in LABELS.items():
        ready[name].fields["text"].label = label
    claim = claims.open_claim(case=found)
    page = {
        "case": found, "state": pages.pill(standing.state), "ring": pages.ring(standing.clock),
        "is_finished": standing.is_finished, "lines": pages.timeline(case=found), "near": near,
        "map": pages.map_of(case=found, near=near), "photos": found.photos.order_by("at"), "forms": ready,
        "claim": claim, "claimed": list(claim.periods.order_by("period")) if claim else [],
        "told": told.about(kind="case", folio=found.folio), "key": keys.key_of(found.folio),
        "is_attended": standing.state == State.ATTENDED, "may_answer": _may(request, policy.ANSWER_CASES),
        "may_note": _may(request, policy.OPEN_CASES), "survivor": queries.survivor(case=found),
    }  # fmt: skip
    return render(request, "cases/case.html", page, status=status)


def _posted(request: HttpRequest) -> Mapping[str, Any] | None:
    return request.POST if request.method == "POST" else None


def _may(request: HttpRequest, act: str) -> bool:
    return policy.may(clerk=request.user, act=act)  # type: ignore[arg-type]


def _who(request: HttpRequest) -> str:
    return request.user.get_username()


def _say(form: Form, refusal: Refusal) -> None:
    """Put a refusal beside its field, or at the head of the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)

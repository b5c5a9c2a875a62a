"""Pages of benefits: the registry, the renewals, the registration at the window, and one benefit with its ends."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from caudal.access import gates, policy
from caudal.benefits import commands, pages, queries
from caudal.benefits import policy as rules
from caudal.benefits.forms import EvidenceForm, LookForm, LossForm, RegistrationForm, VisitForm
from caudal.benefits.models import EvidenceReading
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import in_reading_case
from caudal.registry import queries as accounts
from caudal.registry.models import Benefit, Locality

MOST_SHOWN: Final = 200
MOST_DAYS: Final = 366


@gates.requires(policy.READ_ACCOUNTS)
def beneficiaries(request: HttpRequest) -> HttpResponse:
    """Who holds a benefit, by category, locality and state."""
    asked = _asked(request)
    held = queries.beneficiaries(on=clock.today(), **asked)
    page = {
        "rows": pages.rows(held=held[:MOST_SHOWN]),
        "n": len(held),
        "is_cut": len(held) > MOST_SHOWN,
        "counts": queries.counted(rows=held),
        "asked": asked,
        "categories": Benefit.Category.choices,
        "localities": Locality.objects.order_by("name"),
        "states": queries.STATES.items(),
        "may_export": _may(request, policy.READ_SENSITIVE),
        "words": request.GET.urlencode(),
    }
    return render(request, "benefits/beneficiaries.html", page)


@gates.requires(policy.READ_SENSITIVE)
def beneficiaries_csv(request: HttpRequest) -> HttpResponse:
    """The same list for a spreadsheet. It leaves the building: who took it stays written."""
    return _csv(request, queries.beneficiaries(on=clock.today(), **_asked(request)), "beneficiarios")


@gates.requires(policy.READ_ACCOUNTS)
def benefit_renewals(request: HttpRequest) -> HttpResponse:
    """Whose benefit ends soon, the first to end first: whom to call."""
    days = _days(request)
    held = queries.renewals(on=clock.today(), days=days)
    page = {
        "rows": pages.rows(held=held[:MOST_SHOWN]), "n": len(held), "is_cut": len(held) > MOST_SHOWN, "days": days,
        "may_export": _may(request, policy.READ_SENSITIVE),
    }  # fmt: skip
    return render(request, "benefits/renewals.html", page)


@gates.requires(policy.READ_SENSITIVE)
def benefit_renewals_csv(request: HttpRequest) -> HttpResponse:
    """The renewal list for a spreadsheet."""
    return _csv(request, queries.renewals(on=clock.today(), days=_days(request)), "renovaciones")


@gates.requires(policy.GRANT_BENEFITS)
def account_benefit(request: HttpRequest, number: str) -> HttpResponse:
    """Register a benefit for the holder of an account, with the document on the counter."""
    on = clock.today()
    try:
        account = accounts.account_by_number(number=number)
        policies = queries.policies(on=on)
        rights = {each.category: queries.right_of(category=each.category, on=on) for each in policies}
    except Refusal as refusal:
        return _refused(request, refusal)
    form = RegistrationForm(
        _posted(request), request.FILES or None, policies=policies, initial={"key": uuid4()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            given = commands.register_benefit(
                account=account, category=form.cleaned_data["category"], shown=form.shown(),
                lives_there=form.cleaned_data["lives_there"], on=on, at=clock.now(), by=_who(request),
                key=form.cleaned_data["key"],
            )  # fmt: skip
        except Refusal as refusal:
            _say(form, refusal)
        else:
            messages.success(request, f"Beneficio registrado: {given.get_category_display()}.")
            return redirect("benefit", pk=given.pk)
    card = accounts.account_card(account=account, on=on)
    page = {
        "card": card, "holder": in_reading_case(card.holder), "form": form.with_focus(),
        "focus_category": "autofocus" in form.fields["category"].widget.attrs,
        "categories": [{"policy": each, "right": rights[each.category]} for each in policies],
        "promises": pages.promises(rights=[right for right in rights.values() if right]),
        "held": pages.rows(held=queries.of_account(account=account, on=on)),
        "counts": pages.counts_words(since=on),
    }  # fmt: skip
    return render(request, "benefits/registration.html", page, status=422 if form.errors else 200)


@gates.requires(policy.READ_ACCOUNTS)
def benefit(request: HttpRequest, pk: int) -> HttpResponse:
    """One benefit: whose, until when, and what may be done with it."""
    return _benefit_page(request, pk)


@gates.requires(policy.GRANT_BENEFITS)
def benefit_renewal(request: HttpRequest, pk: int) -> HttpResponse:
    """Renew a benefit with the document on the counter."""
    on = clock.today()
    try:
        found = queries.benefit_by_id(pk=pk)
        policies = [queries.policy_of(category=found.category, on=on)]
    except Refusal as refusal:
        return _refused(request, refusal)
    form = EvidenceForm(_posted(request), request.FILES or None, policies=policies, initial={"key": uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            commands.renew_benefit(
                benefit=found, shown=form.shown(), lives_there=form.cleaned_data["lives_there"], on=on,
                at=clock.now(), by=_who(request), key=form.cleaned_data["key"],
            )  # fmt: skip
        except Refusal as refusal:
            _say(form, refusal)
        else:
            messages.success(request, "Beneficio renovado.")
            return redirect("benefit", pk=pk)
    row = pages.row(held=queries.held_of(benefit=found, on=on))
    page = {"row": row, "form": form.with_focus(), "months": policies[0].months_valid}
    return render(request, "benefits/renewal.html", page, status=422 if form.errors else 200)


@gates.requires(policy.GRANT_BENEFITS)
@require_POST
def benefit_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what a visit found."""
    form = VisitForm(request.POST, auto_id="id_visit_%s")
    if form.is_valid():
        said = form.cleaned_data
        try:
            commands.note_visit(
                benefit=queries.benefit_by_id(pk=pk), lives_there=said["lives_there"] == "1", note=said["note"],
                on=said["on"], today=clock.today(), at=clock.now(), by=_who(request),
            )  # fmt: skip
        except Refusal as refusal:
            _say(form, refusal)
        else:
            messages.success(request, "Visita anotada.")
            return redirect("benefit", pk=pk)
    return _benefit_page(request, pk, visit_form=form)


@gates.requires(policy.GRANT_BENEFITS)
@require_POST
def benefit_loss(request: HttpRequest, pk: int) -> HttpResponse:
    """End a benefit, saying why."""
    form = LossForm(request.POST, auto_id="id_loss_%s")
    if form.is_valid():
        try:
            loss = commands.lose_benefit(
                benefit=queries.benefit_by_id(pk=pk), on=clock.today(), at=clock.now(), by=_who(request),
                **form.cleaned_data,
            )  # fmt: skip
        except Refusal as refusal:
            _say(form, refusal)
        else:
            messages.success(request, f"El beneficio termina: {loss.get_kind_display()}.")
            return redirect("benefit", pk=pk)
    return _benefit_page(request, pk, loss_form=form)


@gates.requires(policy.READ_SENSITIVE)
@require_POST
def benefit_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Look at the documents, saying what for: the answer shows them, and the log keeps it."""
    form = LookForm(request.POST, auto_id="id_look_%s")
    readings: list[EvidenceReading] = []
    if form.is_valid():
        try:
            readings = commands.read_evidence(
                benefit=queries.benefit_by_id(pk=pk), reason=form.cleaned_data["reason"], at=clock.now(),
                by=_who(request),
            )  # fmt: skip
        except Refusal as refusal:
            _say(form, refusal)
    return _benefit_page(request, pk, look_form=form, readings=readings)


@gates.requires(policy.READ_SENSITIVE)
def evidence_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture of a document, for who has just said what for."""
    reading = EvidenceReading.objects.select_related("evidence").filter(pk=pk).first()
    try:
        drawn = commands.open_photo(reading=reading, at=clock.now(), by=_who(request))
    except Refusal as refusal:
        return _refused(request, refusal)
    answer = HttpResponse(drawn, content_type="image/jpeg")
    answer["Cache-Control"] = "no-store"
    return answer


def _benefit_page(request: HttpRequest, pk: int, **shown: Any) -> HttpResponse:
    on = clock.today()
    try:
        found = queries.benefit_by_id(pk=pk)
    except Refusal as refusal:
        return _refused(request, refusal)
    held = queries.held_of(benefit=found, on=on)
    may_grant, may_look = _may(request, policy.GRANT_BENEFITS), _may(request, policy.READ_SENSITIVE)
    page: dict[str, Any] = {
        "row": pages.row(held=held), "found": found, "is_live": held.state is not queries.State.ENDED,
        "right": queries.right_of(category=found.category, on=on), "may_grant": may_grant, "may_look": may_look,
        "visits": found.lived_in_visits.order_by("-id"), "is_new": found.effective_from == on,
        "counts": pages.counts_words(since=found.effective_from),
        "log": queries.readings_of(benefit=found)[:20] if may_look else (),
        "loss_form": LossForm(auto_id="id_loss_%s"), "look_form": LookForm(auto_id="id_look_%s"),
        "visit_form": VisitForm(auto_id="id_visit_%s", initial={"on": f"{on:%d/%m/%Y}"}), "readings": (),
    }  # fmt: skip
    page |= shown
    wrong = [each for each in (page["loss_form"], page["look_form"], page["visit_form"]) if each.errors]
    return render(request, "benefits/benefit.html", page | {"wrong": wrong}, status=422 if wrong else 200)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """The filters of the list; what is not one of ours filters nothing."""
    state, category = request.GET.get("estado", ""), request.GET.get("categoria", "")
    return {
        "state": rules.State(state) if state in set(rules.State) else None,
        "category": category if category in Benefit.Category.values else "",
        "locality": request.GET.get("localidad", ""),
    }


def _days(request: HttpRequest) -> int:
    typed = request.GET.get("dias", "")
    return (
        min(int(typed), MOST_DAYS)
        if typed.isascii() and typed.isdigit() and typed != "0"
        else rules.SOON_DAYS
    )


def _csv(request: HttpRequest, held: list[queries.Held], name: str) -> HttpResponse:
    commands.note_export(name=name, n=len(held), at=clock.now(), by=_who(request))
    answer = HttpResponse(pages.csv_text(held=held), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}-{clock.today():%Y-%m-%d}.csv"'
    return answer


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

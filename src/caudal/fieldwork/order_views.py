"""Field orders: which wait, one of them, a new one, a day of them for a crew, and what the desk is told."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import make_aware
from django.views.decorators.http import require_POST

from caudal.access import gates, policy
from caudal.access.models import Clerk
from caudal.fieldwork import commands, pages, queries
from caudal.fieldwork.forms import ANSWER, OrderFilter, OrderForm, OrdersRoundForm, ResultForm
from caudal.fieldwork.models import FieldOrder, Round
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.registry import queries as accounts

_MOST_SHOWN: Final = 300
_MOST_IN_A_DAY: Final = 200
_DAYS_BACK: Final = 30
_DESK: Final = "desk"


@gates.requires(policy.READ_FIELDWORK)
def field_orders(request: HttpRequest) -> HttpResponse:
    """The orders that wait, or those told lately; by kind, urgency, age and due day."""
    form, today, now = OrderFilter(request.GET), clock.today(), clock.now()
    found = _filtered(form.asked(), today, now)
    rows = queries.order_rows(orders=list(found[:_MOST_SHOWN]), at=now)
    n = found.count()
    page = {
        "form": form,
        "lines": pages.order_lines(rows=rows),
        "n": n,
        "hidden": n - len(rows),
        "is_finished": form.asked()["estado"] == "hechas",
        "overdue": sum(row.is_overdue for row in rows),
    }
    return render(request, "fieldwork/orders.html", page)


@gates.requires(policy.PLAN_FIELDWORK)
def field_order_new(request: HttpRequest) -> HttpResponse:
    """Order something by hand, at an account or anywhere."""
    form = OrderForm(_posted(request), initial={"account": request.GET.get("cuenta", ""), "priority": 3})
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        number, due_on = said.pop("account"), said.pop("due_on")
        try:
            order = commands.order_field_work(
                account=accounts.account_by_number(number=number) if number else None,
                due_at=_end_of(due_on) if due_on else None, origin_kind=_DESK, origin_folio="",
                at=clock.now(), by=request.user.get_username(), **said,
            )  # fmt: skip
        except Refusal as refusal:
            field = "account" if isinstance(refusal, accounts.AccountNotFound) else refusal.field
            form.add_error(field if field in form.fields else None, str(refusal))
        else:
            messages.success(request, f"Orden {order.folio}: {order.get_kind_display()}, {order.address}.")
            return redirect("field_order", folio=order.folio)
    return render(
        request, "fieldwork/order_new.html", {"form": form.with_focus()}, status=422 if form.errors else 200
    )


@gates.requires(policy.PLAN_FIELDWORK)
def account_order_new(request: HttpRequest, number: str) -> HttpResponse:
    """From the page of an account to a new order at its service."""
    return redirect(f"/ordenes/nueva/?cuenta={number}")


@gates.requires(policy.PLAN_FIELDWORK)
def orders_round_new(request: HttpRequest) -> HttpResponse:
    """Some orders in the order they would be done, and who does them."""
    sent = request.POST if request.method == "POST" else request.GET
    orders = _chosen(sent)
    if not orders:
        messages.warning(request, "Elija al menos una orden que esté por programar.")
        return redirect("field_orders")
    today = clock.today()
    form = OrdersRoundForm(
        _posted(request), workers=queries.workers(on=today),
        initial={"on": today, "name": pages.round_name(kind=Round.Kind.ORDERS, on=today)},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            planned = commands.plan_order_round(
                orders=orders, name=said["name"], on=said["on"], at=clock.now(), by=request.user.get_username(),
                assigned_to=Clerk.objects.get(username=said["to"]),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, f"Recorrido {planned.folio}: {len(orders)} órdenes para {said['to']}.")
            return redirect("round", folio=planned.folio)
    rows = queries.order_rows(orders=orders, at=clock.now())
    page = {
        "form": form.with_focus(),
        "lines": pages.order_lines(rows=rows),
        "map": pages.tour_map(rows=rows),
        "words": pages.tour_words(rows=rows),
    }
    return render(request, "fieldwork/orders_round.html", page, status=422 if form.errors else 200)


@gates.requires(policy.READ_FIELDWORK)
def field_order(request: HttpRequest, folio: str) -> HttpResponse:
    """One order: what, where, why; what was done, with its photographs before and after."""
    try:
        order = queries.order_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    return _order_page(request, order)


@gates.requires(policy.PLAN_FIELDWORK)
def field_order_result(request: HttpRequest, folio: str) -> HttpResponse:
    """What somebody tells at the desk of an order, when no phone told it."""
    try:
        order = queries.order_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    if order.canceled_at or hasattr(order, "result"):
        return redirect("field_order", folio=order.folio)
    form = ResultForm(_posted(request), checklist=order.checklist, initial={"done_at": clock.now()})
    if request.method == "POST" and form.is_valid():
        try:
            commands.record_order_result(
                order=order, told=form.told(), done_at=form.cleaned_data["done_at"], at=clock.now(),
                by=request.user.get_username(),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(_field_of(refusal, form), str(refusal))
        else:
            messages.success(request, f"Orden {order.folio}: quedó registrado lo que se hizo.")
            return redirect("field_order", folio=order.folio)
    page = {"order": order, "form": form.with_focus()}
    return render(request, "fieldwork/order_result.html", page, status=422 if form.errors else 200)


@gates.requires(policy.PLAN_FIELDWORK)
@require_POST
def field_order_cancellation(request: HttpRequest, folio: str) -> HttpResponse:
    """Call off an order that is not done."""
    try:
        order = queries.order_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    reason = request.POST.get("reason", "")
    try:
        commands.cancel_order(order=order, reason=reason, at=clock.now(), by=request.user.get_username())
    except Refusal as refusal:
        return _order_page(request, order, refusal, reason=reason)
    messages.success(request, f"Orden {order.folio} cancelada.")
    return redirect("field_order", folio=order.folio)


def _order_page(
    request: HttpRequest, order: FieldOrder, refusal: Refusal | None = None, *, reason: str = ""
) -> HttpResponse:
    result = getattr(order, "result", None)
    row = queries.order_rows(orders=[order], at=clock.now())[0]
    page: dict[str, Any] = {
        "order": order,
        "line": pages.order_lines(rows=[row])[0],
        "result": result,
        "done_words": pages.done_words(result=result) if result else "",
        "teller": pages.name_of(username=result.by) if result else "",
        "orderer": pages.name_of(username=order.created_by),
        "answers": pages.answers(order=order, result=result) if result else [],
        "pictures": pages.pictures(shots=queries.photos_of_subject(kind="order", folio=order.folio)),
        "last_round": queries.last_round_of(order=order),
        "map": pages.tour_map(rows=[row]),
        "refusal": refusal,
        "reason": reason,
    }
    return render(request, "fieldwork/order.html", page, status=422 if refusal else 200)


def _filtered(asked: dict[str, Any], today: date, now: datetime) -> Any:
    if asked["estado"] == "hechas":
        found = queries.finished_orders(since=now - timedelta(days=_DAYS_BACK))
        return found.filter(kind=asked["trabajo"]) if asked["trabajo"] else found
    due_by = {"vencidas": now, "hoy": _end_of(today)}.get(asked["vence"])
    return queries.pending_orders(
        kinds=[asked["trabajo"]] if asked["trabajo"] else [], priority=asked["prioridad"] or 0,
        older_than_days=asked["edad"] or 0, due_by=due_by, only_waiting=asked["estado"] == "por-programar", on=today,
    )  # fmt: skip


def _chosen(sent: QueryDict) -> list[FieldOrder]:
    """The orders ticked that still wait, as they would be done."""
    folios = sent.getlist("ot")[:_MOST_IN_A_DAY]
    return queries.in_order_of_tour(
        orders=list(queries.pending_orders(only_waiting=True).filter(folio__in=folios))
    )


def _field_of(refusal: Refusal, form: ResultForm) -> str | None:
    names = (refusal.field, f"{ANSWER}{refusal.field}")
    return next((name for name in names if name in form.fields), None)


def _end_of(on: date) -> datetime:
    return make_aware(datetime.combine(on, time(23, 59)))


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)

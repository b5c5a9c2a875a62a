"""Field orders: which wait, since when, and what was done about each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.timezone import localtime

from caudal.fieldwork import policy, touring
from caudal.fieldwork.models import FieldOrder, Stop
from caudal.kernel.places import Spot, spot_of
from caudal.kernel.refusals import Refusal

WAITING, OUT, DONE, NOT_DONE, CANCELED = "por programar", "en recorrido", "hecha", "no se pudo", "cancelada"


class UnknownOrder(Refusal):
    """No field order has that folio."""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A field order as lists show it."""

    folio: str
    kind: str
    kind_word: str
    address: str
    account: str
    instructions: str
    priority: int
    priority_word: str
    created_at: datetime
    age_days: int
    due_at: datetime | None
    is_overdue: bool
    state: str
    round_folio: str
    place: Spot | None


def order_by_folio(*, folio: str) -> FieldOrder:
    """The order of a folio such as `OT-000001`; `ot 1` and `1` are understood.

    :raises UnknownOrder: if there is none
    """
    found = (
        FieldOrder.objects.select_related("account", "service_point__premise", "result__event__device__clerk")
        .filter(folio=policy.read_folio(folio, "OT-"))
        .first()
    )
    if found is None:
        raise UnknownOrder(
            f"No hay una orden con el folio {folio.strip()}.",
            "Búsquela en «Órdenes de campo».",
            field="folio",
        )
    return found


def pending_orders(
    *,
    kinds: Collection[str] = (),
    priority: int = 0,
    older_than_days: int = 0,
    due_by: datetime | None = None,
    only_waiting: bool = False,
    on: date | None = None,
) -> QuerySet[FieldOrder]:
    """Orders with no result and not canceled: the most urgent first, then those due sooner, then the oldest.

    :param priority: this one and the more urgent; 0 for any
    :param older_than_days: ordered at least so many days before `on`
    :param only_waiting: those in no live round
    """
    found = orders().filter(canceled_at=None, result=None)
    if kinds:
        found = found.filter(kind__in=kinds)
    if priority:
        found = found.filter(priority__lte=priority)
    if older_than_days and on:
        found = found.filter(created_at__date__lte=on - timedelta(days=older_than_days))
    if due_by:
        found = found.filter(due_at__lte=due_by)
    if only_waiting:
        found = found.filter(out_in=None)  # type: ignore[misc]  # annotated by orders()
    return found.order_by("priority", "due_at", "created_at", "pk")


def orders() -> QuerySet[FieldOrder]:
    """Every order, with its result and the live round it is out in (`out_in`, a folio)."""
    out = Stop.objects.filter(
        subject_kind=policy.ORDER, subject_folio=OuterRef("folio"), outcome="", round__canceled_at=None
    )
    return FieldOrder.objects.select_related("account", "result").annotate(
        out_in=Subquery(out.values("round__folio")[:1]), is_out=Exists(out)
    )


def finished_orders(*, since: datetime) -> QuerySet[FieldOrder]:
    """Orders with a result told since a moment, the newest first."""
    return orders().filter(result__done_at__gte=since).order_by("-result__done_at")


def orders_of(*, origin_kind: str, origin_folio: str) -> list[FieldOrder]:
    """The orders a case, a cut or anything else asked for, the oldest first."""
    return list(orders().filter(origin_kind=origin_kind, origin_folio=origin_folio).order_by("pk"))


def orders_of_account(*, account_id: int) -> list[FieldOrder]:
    """The orders at an account, the newest first."""
    return list(orders().filter(account_id=account_id).order_by("-pk"))


def in_order_of_tour(*, orders: Sequence[FieldOrder]) -> list[FieldOrder]:
    """Orders as they would be done in a day: the urgent first, each part by the shortest way."""
    urgent = [each for each in orders if each.priority == 1]
    rest = [each for each in orders if each.priority != 1]
    walked = [urgent[each] for each in touring.tour(places=[spot_of(order) for order in urgent])]
    last = next((place for each in reversed(walked) if (place := spot_of(each))), None)
    return walked + [
        rest[each] for each in touring.tour(places=[spot_of(order) for order in rest], start=last)
    ]


def order_rows(*, orders: Collection[FieldOrder], at: datetime) -> list[OrderRow]:
    """Orders as lists show them, on a moment."""
    return [_row(each, at) for each in orders]


def state_of(*, order: FieldOrder) -> str:
    """How far an order is, in a word."""
    if order.canceled_at:
        return CANCELED
    result = getattr(order, "result", None)
    if result:
        return DONE if result.is_done else NOT_DONE
    return OUT if round_of(order=order) else WAITING


def round_of(*, order: FieldOrder) -> str:
    """The folio of the live round an order is out in; nothing while it waits."""
    if hasattr(order, "out_in"):
        return order.out_in or ""
    return orders().filter(pk=order.pk).values_list("out_in", flat=True).get() or ""  # type: ignore[misc]  # annotated by orders()


def last_round_of(*, order: FieldOrder) -> str:
    """The folio of the last round an order was in, live or not."""
    stops = Stop.objects.filter(subject_kind=policy.ORDER, subject_folio=order.folio, round__canceled_at=None)
    return stops.order_by("-pk").values_list("round__folio", flat=True).first() or ""


def _row(order: FieldOrder, at: datetime) -> OrderRow:
    state = state_of(order=order)
    return OrderRow(
        folio=order.folio,
        kind=order.kind,
        kind_word=order.get_kind_display(),
        address=order.address,
        account=order.account.number if order.account else "",
        instructions=order.instructions,
        priority=order.priority,
        priority_word=policy.PRIORITIES[order.priority],
        created_at=order.created_at,
        age_days=max((localtime(at).date() - localtime(order.created_at).date()).days, 0),
        due_at=order.due_at,
        is_overdue=bool(order.due_at and order.due_at < at and state in (WAITING, OUT)),
        state=state,
        round_folio=round_of(order=order),
        place=spot_of(order),
    )

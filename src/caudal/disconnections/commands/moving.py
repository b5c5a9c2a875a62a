"""How an order moves: every look is written, every step has its author, and what no longer proceeds is called off."""

from collections.abc import Iterable
from datetime import datetime

from caudal.disconnections.models import DisconnectionOrder, OrderCheck, OrderStep
from caudal.disconnections.policy import LIVE, Reason
from caudal.disconnections.queries.eligibility import OrderJudged, judge_orders
from caudal.fieldwork import commands as fieldwork
from caudal.kernel import audit

State = DisconnectionOrder.State


def reasons_told(*, reasons: Iterable[Reason]) -> list[dict[str, str]]:
    """Reasons as they are kept: the cause a rule knows, the words a person reads."""
    return [{"cause": each.cause.value, "words": each.words} for each in reasons]


def locked(*, orders: Iterable[DisconnectionOrder]) -> list[DisconnectionOrder]:
    """These orders as they are now, held until the transaction ends, in order of folio."""
    ids = [each.pk for each in orders]
    held = DisconnectionOrder.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    return list(held.select_related("account", "field_order", "service_point").order_by("number"))


def look(
    *, orders: Iterable[DisconnectionOrder], stage: str, at: datetime, by: str, are_proposed: bool = False
) -> dict[int, OrderJudged]:
    """Look again at orders that are held, write what was seen, and call off those that no longer proceed.

    :param are_proposed: nobody has approved them yet, and that is no reason against
    """
    held = list(orders)
    judged = judge_orders(orders=held, at=at, are_proposed=are_proposed) if held else {}
    checks = [
        OrderCheck(
            order=each, stage=stage, is_go=judged[each.pk].is_go, due_cents=judged[each.pk].due_cents, at=at, by=by,
            reasons=reasons_told(reasons=judged[each.pk].reasons),
        )
        for each in held
    ]  # fmt: skip
    OrderCheck.objects.bulk_create(checks, batch_size=1000)
    for each in held:
        if not judged[each.pk].is_go and each.state in LIVE:
            why = " ".join(reason.words for reason in judged[each.pk].reasons)
            call_off(order=each, reason=why, at=at, by=by)
    return judged


def step(*, order: DisconnectionOrder, state: str, at: datetime, by: str, reason: str = "") -> None:
    """Move an order that is held, with who, when and why."""
    order.state = state
    if state == State.APPROVED:
        order.approved_at = at
    elif state == State.DISPATCHED:
        order.dispatched_at = at
    elif state == State.CANCELED:
        order.canceled_at = at
    order.save(update_fields=["state", "approved_at", "dispatched_at", "canceled_at", "field_order"])
    OrderStep.objects.create(order=order, state=state, at=at, by=by, reason=reason[:300])


def call_off(*, order: DisconnectionOrder, reason: str, at: datetime, by: str) -> None:
    """Cancel an order that is held, and what the crew carries of it."""
    field_order = order.field_order
    if field_order is not None:
        field_order.refresh_from_db()
        if field_order.canceled_at is None and not hasattr(field_order, "result"):
            fieldwork.cancel_order(
                order=field_order, reason=f"{order.folio}: {reason}"[:200], at=at, by=by, of=order.folio
            )
    step(order=order, state=State.CANCELED, at=at, by=by, reason=reason)
    audit.record(
        act="cancel_disconnection", by=by, at=at, object_kind="account", object_id=order.account.number,
        reason=reason[:200], after={"folio": order.folio},
    )  # fmt: skip

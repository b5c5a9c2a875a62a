"""Order something to be done at a place, call it off, and write down at the desk what was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from caudal.fieldwork import policy
from caudal.fieldwork.events import OrderDone
from caudal.fieldwork.models import FieldEvent, FieldOrder, OrderResult, Stop
from caudal.kernel import audit, events, folios
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger
from caudal.registry.models import Account, ServicePoint


class CannotOrderFieldWork(Refusal): ...


class CannotCancelOrder(Refusal): ...


# what has its own life above, and would go on without its crew
PARTS_OF_A_CUT: Final = frozenset(
    {FieldOrder.Kind.DISCONNECTION, FieldOrder.Kind.RESTRICTION, FieldOrder.Kind.RECONNECTION}
)


class CannotRecordResult(Refusal): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What somebody tells of an order: done or why not, and the answers to its checklist."""

    is_done: bool
    reason: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    reading: int | None = None
    seal_number: str = ""
    notes: str = ""


@transaction.atomic
def order_field_work(  # noqa: PLR0913 - an order says a lot, and each thing by its name
    *,
    kind: str,
    origin_kind: str,
    origin_folio: str,
    at: datetime,
    by: str,
    address: str = "",
    service_point: ServicePoint | None = None,
    account: Account | None = None,
    place: tuple[int, int] | None = None,
    instructions: str = "",
    priority: int = 3,
    due_at: datetime | None = None,
    checklist: Sequence[Mapping[str, Any]] | None = None,
) -> FieldOrder:
    """Order something to be done. It waits until somebody puts it in a round.

    Of an account, the point, the address and the coordinates it needs are taken from the registry when not said.

    :param place: latitude and longitude, in millionths of a degree
    :param checklist: what has to be told; by default, what its kind asks for
    :raises CannotOrderFieldWork: without a place anybody can find, or with a kind or priority there is not
    """
    point = service_point or _point_of(account)
    address = address.strip() or (point.premise.address if point else "")
    _require_sound_order(kind, address, priority)
    if place is None and point and point.latitude_e6 is not None and point.longitude_e6 is not None:
        place = (point.latitude_e6, point.longitude_e6)
    order = FieldOrder.objects.create(
        kind=kind, service_point=point, account=account, address=address[:200],
        instructions=instructions.strip()[:500], priority=priority, due_at=due_at, origin_kind=origin_kind,
        origin_folio=origin_folio, latitude_e6=place[0] if place else None, longitude_e6=place[1] if place else None,
        checklist=[dict(each) for each in (policy.CHECKLISTS[kind] if checklist is None else checklist)],
        created_at=at, created_by=by, folio=policy.order_folio(folios.take(series=policy.ORDER_SERIES)),
    )  # fmt: skip
    audit.record(
        act="order_field_work", by=by, at=at, object_kind="field_order", object_id=order.folio,
        after={"kind": kind, "origin": origin_folio, "account": account.number if account else "", "priority": priority},
    )  # fmt: skip
    return order


@transaction.atomic
def cancel_order(*, order: FieldOrder, reason: str, at: datetime, by: str, of: str = "") -> FieldOrder:
    """Call off an order that is not done; whoever carries it sees it leave their round.

    :param of: the folio of the cut or the reconnection it is part of, from whoever calls that off
    :raises CannotCancelOrder: without a reason, if it was canceled or told before, or it is part of a cut or a
        reconnection that goes on
    """
    if not reason.strip():
        raise CannotCancelOrder("Falta el motivo.", "Escriba por qué se cancela.", field="reason")
    held = _live(order, CannotCancelOrder)
    if held.kind in PARTS_OF_A_CUT and held.origin_folio not in ("", of):
        raise CannotCancelOrder(
            f"La orden {held.folio} es parte de {held.origin_folio}.",
            f"Cancele {held.origin_folio} en «Cortes»: así no queda la una sin la otra.",
            field="reason",
        )
    held.canceled_at, held.canceled_by, held.canceled_reason = at, by, reason.strip()[:200]
    held.save(update_fields=["canceled_at", "canceled_by", "canceled_reason"])
    _finish_stops(held, Stop.Outcome.NOT_DONE, at)
    audit.record(
        act="cancel_order", by=by, at=at, object_kind="field_order", object_id=held.folio,
        reason=held.canceled_reason,
    )  # fmt: skip
    return held


@transaction.atomic
def record_order_result(
    *,
    order: FieldOrder,
    told: Told,
    done_at: datetime,
    at: datetime,
    by: str,
    event: FieldEvent | None = None,
) -> OrderResult:
    """Write what was done about an order: once. At the desk, or from the event of a phone.

    :param done_at: when it was done in the street
    :raises CannotRecordResult: if it was told or canceled before, says nothing of why it was not done, or leaves
        out what its checklist cannot do without (the photographs are the phone's)
    """
    held = _live(order, CannotRecordResult)
    _require_sound_result(held, told)
    if done_at > at:
        raise CannotRecordResult("La hora en que se hizo todavía no llega.", "Revísela.", field="done_at")
    result = OrderResult(
        order=held, is_done=told.is_done, reason="" if told.is_done else told.reason.strip()[:200],
        answers=dict(told.answers), reading=told.reading, seal_number=told.seal_number.strip()[:40],
        notes=told.notes.strip()[:500], event=event, done_at=done_at, by=by,
    )  # fmt: skip
    result.save(force_insert=True)
    _finish_stops(held, Stop.Outcome.DONE if told.is_done else Stop.Outcome.NOT_DONE, done_at)
    audit.record(
        act="record_order_result", by=by, at=at, object_kind="field_order", object_id=held.folio, reason=result.reason,
        after={"is_done": told.is_done, "seal": result.seal_number, "reading": told.reading},
    )  # fmt: skip
    events.announce(OrderDone(order=held, result=result))
    return result


def _point_of(account: Account | None) -> ServicePoint | None:
    """Where an account's newest agreement is served."""
    agreement = account and account.agreements.select_related("service_point__premise").order_by(
        "effective_from"
    ).last()  # fmt: skip
    return agreement.service_point if agreement else None


def _live(order: FieldOrder, refusal: type[Refusal]) -> FieldOrder:
    if order.account_id:  # the account before the order: a payment that calls it off comes by the same way
        ledger.lock_accounts(account_ids=[order.account_id])
    held: FieldOrder = FieldOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if held.canceled_at:
        raise refusal(
            f"La orden {held.folio} está cancelada.", "Si hace falta, pida una nueva.", field="order"
        )
    result = OrderResult.objects.filter(pk=held.pk).first()
    if result:
        raise refusal(
            f"La orden {held.folio} ya tiene resultado, de {result.by}.", "Si hace falta, pida una nueva.",
            field="order",
        )  # fmt: skip
    return held


def _finish_stops(order: FieldOrder, outcome: str, at: datetime) -> None:
    """What somebody carries of this order is no longer to be done."""
    Stop.objects.filter(
        subject_kind=policy.ORDER, subject_folio=order.folio, outcome="", round__canceled_at=None
    ).update(outcome=outcome, done_at=at)


def _require_sound_order(kind: str, address: str, priority: int) -> None:
    if kind not in FieldOrder.Kind.values:
        raise CannotOrderFieldWork(f"No hay trabajo de «{kind}».", "Elija uno de la lista.", field="kind")
    if not address:
        raise CannotOrderFieldWork(
            "Falta el lugar.", "Escriba calle, número y una referencia, o la cuenta.", field="address"
        )
    if not policy.is_priority(priority):
        raise CannotOrderFieldWork("La prioridad va de 1 a 5.", "1 es la más urgente.", field="priority")


def _require_sound_result(order: FieldOrder, told: Told) -> None:
    if not told.is_done:
        if not told.reason.strip():
            raise CannotRecordResult("Falta por qué no se hizo.", "Escriba el motivo.", field="reason")
        return
    given = {**told.answers, "seal": told.seal_number, "reading": told.reading}
    for asked in order.checklist:
        if not asked.get("must") or asked["answer"] == "photo":
            continue
        if told.answers.get(asked["code"], given.get(asked["code"])) in (None, ""):
            raise CannotRecordResult(f"Falta: {asked['text'].lower()}.", "Contéstelo.", field=asked["code"])

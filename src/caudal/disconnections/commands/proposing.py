"""Propose a batch of cuts, have another person approve it, and hand it to the crews: judged anew each time."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from caudal.access import approvals
from caudal.access import policy as acts
from caudal.access.models import Approval, ApprovalRequest
from caudal.disconnections import policy
from caudal.disconnections.commands import moving
from caudal.disconnections.models import (
    BatchApproval,
    DisconnectionBatch,
    DisconnectionOrder,
    OrderCheck,
    OrderStep,
)
from caudal.disconnections.queries.eligibility import Judged, Segment, eligibility
from caudal.disconnections.queries.policies import policy_on
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.models import FieldOrder
from caudal.kernel import audit, folios
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger
from caudal.registry.models import ServiceAgreement

OBJECT: Final = "disconnection_batch"
ORIGIN: Final = "disconnection"
State = DisconnectionOrder.State


class CannotProposeCuts(Refusal): ...


class CannotApproveCuts(Refusal): ...


class CannotDispatchCuts(Refusal): ...


class CannotCancelCut(Refusal): ...


@transaction.atomic
def propose_batch(
    *, title: str, account_ids: Sequence[int], segment: Segment, on: date, at: datetime, by: str
) -> DisconnectionBatch:
    """Propose that these accounts be cut or restricted, as the law of the day allows of each.

    :raises CannotProposeCuts: without a title or accounts, if one may not be cut, or has an order under way
    """
    ids = sorted(set(account_ids))
    if not title.strip():
        raise CannotProposeCuts("Falta el nombre del lote.", "Escriba cuál es: ruta, colonia…", field="title")
    if not ids:
        raise CannotProposeCuts("No hay cuentas en el lote.", "Elija al menos una.", field="accounts")
    ledger.lock_accounts(account_ids=ids)
    judged = eligibility(account_ids=ids, on=on, at=at)
    agreements = {
        each.account_id: each
        for each in ServiceAgreement.objects.in_effect(on=on)
        .filter(account_id__in=ids)
        .select_related("account", "service_point")
    }
    _require_eligible(judged, agreements)
    batch = DisconnectionBatch.objects.create(
        title=title.strip()[:120], segment=asdict(segment), policy=policy_on(on=on), proposed_on=on, proposed_at=at,
        proposed_by=by, number=folios.take(series=policy.BATCH_SERIES),
    )  # fmt: skip
    first = folios.take_run(series=policy.ORDER_SERIES, n=len(ids))
    orders = DisconnectionOrder.objects.bulk_create(
        [
            _order(batch, first + place, judged[account], agreements[account])
            for place, account in enumerate(ids)
        ],
        batch_size=1000,
    )
    _write_beginnings(orders, judged, at, by)
    audit.record(
        act="propose_cuts", by=by, at=at, object_kind=OBJECT, object_id=batch.folio,
        after={"orders": len(orders), "due_cents": sum(each.due_cents for each in orders)},
    )  # fmt: skip
    return batch


def told(*, batch: DisconnectionBatch) -> dict[str, Any]:
    """What is approved: these orders, no more and no other."""
    live = batch.orders.filter(state=State.PROPOSED).order_by("number")
    return {"orders": [policy.order_folio(number) for number in live.values_list("number", flat=True)]}


@transaction.atomic
def ask_to_approve(
    *, batch: DisconnectionBatch, reason: str, at: datetime, by: str, device: str = ""
) -> ApprovalRequest:
    """Leave a batch waiting in «Por aprobar»; a yes carries it out.

    :raises CannotApproveCuts: if nothing of it waits
    :raises CannotAsk: if it is waiting already
    """
    _require_waiting(batch)
    return approvals.ask(
        act=acts.APPROVE_CUTS, asked_by=by, object_kind=OBJECT, object_id=batch.folio, reason=reason, at=at,
        device=device, after=told(batch=batch),
    )  # fmt: skip


def approve_present(
    *,
    batch: DisconnectionBatch,
    approver: str,
    pin: str,
    reason: str,
    at: datetime,
    by: str,
    device: str = "",
) -> Approval:
    """Somebody who stands here approves the batch with their PIN.

    :raises CannotApproveCuts: if nothing of it waits, or whoever approves proposed it
    :raises CannotApprove: as `approvals.approve_present`
    """
    _require_waiting(batch)
    _require_another(batch, approver)
    return approvals.approve_present(
        act=acts.APPROVE_CUTS, approver=approver, pin=pin, asked_by=by, object_kind=OBJECT, object_id=batch.folio,
        reason=reason, at=at, device=device, after=told(batch=batch),
    )  # fmt: skip


@transaction.atomic
def approve_batch(
    *, batch: DisconnectionBatch, approval: Approval | None, at: datetime, by: str
) -> list[DisconnectionOrder]:
    """Approve what still proceeds of a batch, by the yes of whoever did not propose it; the rest is called off.

    :raises CannotApproveCuts: if nothing waits, it is not what was approved, or whoever approves proposed it
    :raises NeedsApproval: without the yes of another person
    """
    _require_waiting(batch)
    # accounts before orders, as a payment does
    ledger.lock_accounts(account_ids=sorted(batch.orders.values_list("account_id", flat=True)))
    held = moving.locked(orders=batch.orders.filter(state=State.PROPOSED))
    if approval is not None:
        _require_another(batch, approval.approver)
        asked = set((approval.after or {}).get("orders", ()))
        if not {each.folio for each in held} <= asked:
            raise CannotApproveCuts("El lote cambió después de aprobarse.", "Pida otra aprobación.")
    approvals.use(
        approval=approval, act=acts.APPROVE_CUTS, object_kind=OBJECT, object_id=batch.folio, asked_by=by, at=at
    )  # fmt: skip
    assert approval is not None
    BatchApproval.objects.create(batch=batch, approval=approval, at=at, by=approval.approver)
    for each in held:
        moving.step(order=each, state=State.APPROVED, at=at, by=approval.approver)
    judged = moving.look(orders=held, stage=OrderCheck.Stage.APPROVAL, at=at, by=approval.approver)
    gone = [each for each in held if judged[each.pk].is_go]
    audit.record(
        act="approve_cuts", by=approval.approver, at=at, object_kind=OBJECT, object_id=batch.folio,
        after={"approved": len(gone), "canceled": len(held) - len(gone)},
    )  # fmt: skip
    return gone


@transaction.atomic
def dispatch_orders(
    *, orders: Sequence[DisconnectionOrder], at: datetime, by: str
) -> list[DisconnectionOrder]:
    """Hand approved orders to the crews, those that still proceed; the rest is called off.

    :raises CannotDispatchCuts: if none of them is approved and waiting
    """
    ledger.lock_accounts(account_ids=sorted({each.account_id for each in orders}))
    held = [each for each in moving.locked(orders=orders) if each.state == State.APPROVED]
    if not held:
        raise CannotDispatchCuts(
            "No hay órdenes aprobadas por entregar.", "Primero tiene que aprobarlas otra persona.", field="orders"
        )  # fmt: skip
    judged = moving.look(orders=held, stage=OrderCheck.Stage.DISPATCH, at=at, by=by)
    gone = [each for each in held if judged[each.pk].is_go]
    for each in gone:
        each.field_order = fieldwork.order_field_work(
            kind=FieldOrder.Kind.DISCONNECTION if each.measure == "cut" else FieldOrder.Kind.RESTRICTION,
            origin_kind=ORIGIN, origin_folio=each.folio, service_point=each.service_point, account=each.account,
            instructions="Verifique en la puerta que proceda. Si alguien enseña un pago, no la haga.", priority=3,
            at=at, by=by,
        )  # fmt: skip
        moving.step(order=each, state=State.DISPATCHED, at=at, by=by)
    return gone


@transaction.atomic
def cancel_cut(*, order: DisconnectionOrder, reason: str, at: datetime, by: str) -> DisconnectionOrder:
    """Call off an order by decision of a person.

    :raises CannotCancelCut: without a reason, or if it ended before
    """
    if not reason.strip():
        raise CannotCancelCut("Falta el motivo.", "Escriba por qué se cancela.", field="reason")
    ledger.lock_accounts(account_ids=[order.account_id])
    [held] = moving.locked(orders=[order])
    if held.state not in policy.LIVE:
        raise CannotCancelCut(
            f"La orden {held.folio} ya está {held.get_state_display()}.", "No hay nada que cancelar."
        )
    moving.call_off(order=held, reason=reason.strip(), at=at, by=by)
    return held


def _require_eligible(judged: dict[int, Judged], agreements: dict[int, ServiceAgreement]) -> None:
    for account, each in judged.items():
        if each.verdict.is_go:
            continue
        number = agreements[account].account.number if account in agreements else str(account)
        raise CannotProposeCuts(
            f"La cuenta {number} no procede: {each.verdict.words}", "Quítela del lote.", field="accounts"
        )
    busy = DisconnectionOrder.objects.filter(account_id__in=judged, state__in=list(policy.LIVE))
    if found := busy.select_related("account").first():
        raise CannotProposeCuts(
            f"La cuenta {found.account.number} ya tiene la orden {found.folio}.", "Quítela del lote.",
            field="accounts",
        )  # fmt: skip


def _order(
    batch: DisconnectionBatch, number: int, judged: Judged, agreement: ServiceAgreement
) -> DisconnectionOrder:
    return DisconnectionOrder(
        batch=batch, number=number, account=agreement.account, service_point=agreement.service_point,
        measure=judged.verdict.measure.value, due_cents=judged.verdict.due_cents,
        due_periods=judged.facts.due_periods, oldest_due_on=judged.facts.oldest_due_on,
    )  # fmt: skip


def _write_beginnings(
    orders: Sequence[DisconnectionOrder], judged: dict[int, Judged], at: datetime, by: str
) -> None:
    OrderStep.objects.bulk_create(OrderStep(order=each, state=each.state, at=at, by=by) for each in orders)
    OrderCheck.objects.bulk_create(
        OrderCheck(
            order=each,
            stage=OrderCheck.Stage.PROPOSAL,
            is_go=True,
            due_cents=judged[each.account_id].verdict.due_cents,
            at=at,
            by=by,
        )
        for each in orders
    )


def _require_waiting(batch: DisconnectionBatch) -> None:
    if not batch.orders.filter(state=State.PROPOSED).exists():
        raise CannotApproveCuts(
            f"En el lote {batch.folio} no hay nada por aprobar.", "Proponga un lote nuevo."
        )


def _require_another(batch: DisconnectionBatch, approver: str) -> None:
    if approver == batch.proposed_by:
        raise CannotApproveCuts(
            "Nadie aprueba los cortes que propuso.", "Pídalo a otra persona.", field="approver"
        )

"""A whole batch at once: handed to a person with its round of the day, or called off."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from caudal.access.models import Clerk
from caudal.disconnections import policy
from caudal.disconnections.commands import moving
from caudal.disconnections.commands.proposing import CannotCancelCut, CannotDispatchCuts, dispatch_orders
from caudal.disconnections.models import DisconnectionBatch, DisconnectionOrder
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.models import Round
from caudal.ledger import commands as ledger


@transaction.atomic
def hand_over(
    *, batch: DisconnectionBatch, to: Clerk | None, on: date, at: datetime, by: str
) -> tuple[list[DisconnectionOrder], Round | None]:
    """Hand what is approved of a batch to the crews, in a round of one person if it is said whose.

    :raises CannotDispatchCuts: if nothing of it is approved and waiting, or that day is over
    :raises CannotPlanRound: if that person cannot do it that day
    """
    if on < localdate(at):
        raise CannotDispatchCuts("Ese día ya pasó.", "Elija hoy o uno que venga.", field="on")
    gone = dispatch_orders(orders=list(batch.orders.order_by("number")), at=at, by=by)
    if to is None or not gone:
        return gone, None
    work = [each.field_order for each in gone if each.field_order]
    name = f"{batch.folio} {batch.title}"[:80]
    return gone, fieldwork.plan_order_round(orders=work, name=name, on=on, assigned_to=to, at=at, by=by)


@transaction.atomic
def cancel_batch(
    *, batch: DisconnectionBatch, reason: str, at: datetime, by: str
) -> Sequence[DisconnectionOrder]:
    """Call off everything of a batch that is under way, and what the crews carry of it.

    :raises CannotCancelCut: without a reason, or if nothing is under way
    """
    if not reason.strip():
        raise CannotCancelCut("Falta el motivo.", "Escriba por qué se cancela.", field="reason")
    live = batch.orders.filter(state__in=list(policy.LIVE))
    ledger.lock_accounts(account_ids=sorted(live.values_list("account_id", flat=True)))
    held = [each for each in moving.locked(orders=live) if each.state in policy.LIVE]
    if not held:
        raise CannotCancelCut(f"Del lote {batch.folio} no hay nada en marcha.", "No hay nada que cancelar.")
    for each in held:
        moving.call_off(order=each, reason=reason.strip(), at=at, by=by)
    return held

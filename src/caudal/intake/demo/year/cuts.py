"""July: who owes for long and was told is cut, by the law of that year; who pays or signs gets the water back."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from caudal.access import approvals
from caudal.disconnections import commands as cuts
from caudal.disconnections import queries as eligible
from caudal.disconnections.models import DisconnectionBatch, DisconnectionOrder, ReconnectionOrder
from caudal.fieldwork.models import FieldOrder
from caudal.intake.demo.stage import moment
from caudal.intake.demo.year import field
from caudal.intake.demo.year.phone import Phone
from caudal.intake.demo.year.town import Household, Town

TITLE: Final = "Cortes de julio: adeudos de varios meses"


def propose(*, town: Town, most: int, on: date) -> tuple[DisconnectionBatch | None, list[Household]]:
    """Laura proposes those who owe most and may be cut; engineer Salas looks at them and says yes."""
    at = moment(on, 9)
    judged = eligible.portfolio(segment=eligible.Segment(), on=on, at=at)
    chosen = [
        town.households[each.account_id] for each in judged if each.verdict.is_go and each.account_id in town.households
    ][:most]  # fmt: skip
    if not chosen:
        return None, []
    batch = cuts.propose_batch(
        title=TITLE, account_ids=[each.account.pk for each in chosen], segment=eligible.Segment(), on=on, at=at, by="laura"
    )  # fmt: skip
    request = cuts.ask_to_approve(
        batch=batch, reason="Adeudos notificados", at=at + timedelta(minutes=5), by="laura"
    )
    approvals.decide(request=request, is_granted=True, by="salas", at=at + timedelta(minutes=40))
    return batch, chosen


def cut(*, batch: DisconnectionBatch, on: date, phone: Phone, rng: Random) -> int:
    """The orders go to the crew, who asks at each door if it still proceeds, and seals → how many were cut."""
    approved = list(batch.orders.filter(state=DisconnectionOrder.State.APPROVED))
    gone = cuts.dispatch_orders(orders=approved, at=moment(on, 7, 30), by="laura")

    def door(order: FieldOrder, at: datetime) -> dict[str, Any] | None:
        verdict = cuts.revalidate(orders=[order], at=at)[order.folio]
        if not verdict.go:
            return None
        return {"seal": f"S{rng.randrange(10**6):06d}", "checked_at": at.isoformat()}

    orders = [each.field_order for each in gone if each.field_order is not None]
    return field.walk(
        orders=orders, name="Cortes del día", on=on, phone=phone, notes="Cerrada y sellada", door=door
    )


def reconnect(*, on: date, phone: Phone) -> int:
    """The crew opens every water that was earned → how many."""
    waiting = ReconnectionOrder.objects.filter(
        state=ReconnectionOrder.State.OPEN, disconnection__isnull=False
    ).select_related("field_order__service_point")
    return field.walk(
        orders=[each.field_order for each in waiting], name="Reconexiones del día", on=on, phone=phone,
        notes="Servicio restablecido",
    )  # fmt: skip

"""What stories of cuts say again and again: an order in the street, a cut made by it."""

from datetime import date

from tests.town import counter
from tests.town.cast import moment

from caudal.disconnections import commands
from caudal.disconnections.models import Disconnection, DisconnectionOrder
from caudal.disconnections.queries import Segment
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork import verdicts
from caudal.registry.models import Account

DAY = date(2019, 7, 20)
AT = moment(DAY, 9)


def dispatched(account: Account) -> DisconnectionOrder:
    """Laura proposes it, engineer Salas approves it, and the crew takes it at 9:00."""
    batch = commands.propose_batch(
        title="Ruta 01-001", account_ids=[account.pk], segment=Segment(), on=DAY, at=AT, by="laura"
    )
    given = counter.approve(
        "disconnections.approve", "disconnection_batch", batch.folio, on=DAY, by="laura", hour=9,
        after={"orders": [each.folio for each in batch.orders.all()]},
    )  # fmt: skip
    order = batch.orders.get()
    if order.state == "proposed":
        commands.approve_batch(batch=batch, approval=given, at=AT, by="laura")
    commands.dispatch_orders(orders=[batch.orders.get()], at=AT, by="laura")
    return batch.orders.get()


def cut(account: Account, hour: int = 11) -> Disconnection:
    """The crew asks at the door, cuts, and tells it at the desk."""
    order = dispatched(account)
    assert verdicts.of(orders=[order.field_order], at=moment(DAY, hour - 1))[order.field_order.folio].go
    fieldwork.record_order_result(
        order=order.field_order, done_at=moment(DAY, hour), at=moment(DAY, hour), by="julian",
        told=fieldwork.Told(is_done=True, seal_number="S-77", answers={"seal": "S-77"}),
    )  # fmt: skip
    return Disconnection.objects.get(order=order)

"""Water that comes back: its order, its fee and its clock, until it flows or nothing sustains it."""

from datetime import datetime, timedelta
from typing import Final
from uuid import NAMESPACE_OID, uuid5

from django.db import transaction
from django.utils.timezone import localdate

from caudal.disconnections import neighbors, policy
from caudal.disconnections.models import Disconnection, ReconnectionOrder
from caudal.disconnections.queries.policies import policy_on
from caudal.fees import commands as fees
from caudal.fees import queries as services
from caudal.fees.models import CounterService
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.models import FieldOrder
from caudal.kernel import audit, folios
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import pesos, short_date
from caudal.ledger.models import Concept
from caudal.registry import commands as registry
from caudal.registry.models import Account, ServiceInterruption
from caudal.tariffs import queries as tariffs

ORIGIN: Final = "reconnection"
FEE: Final = "reconnection_fee"
# a cut that was wrong is undone the same day
URGENT_HOURS: Final = 4
Cause = ReconnectionOrder.Cause
FOR_DEBT: Final = (ServiceInterruption.Kind.CUT, ServiceInterruption.Kind.RESTRICTION)


class CannotReconnect(Refusal): ...


@transaction.atomic
def open_reconnection(
    *, account: Account, cause: str, document: str, disconnection: Disconnection | None, at: datetime, by: str
) -> ReconnectionOrder:
    """Order that the water come back, with its fee by rule, its clock, its crew's order and word to the citizen.

    :raises CannotReconnect: if it is ordered already
    """
    if ReconnectionOrder.objects.filter(account=account, state="open").exists():
        raise CannotReconnect(
            f"La cuenta {account.number} ya tiene su reconexión ordenada.",
            "Sígala con «caudal cut reconnections».",
        )
    rules = policy_on(on=localdate(at))
    is_wrongful = cause == Cause.WRONGFUL
    charged = (
        ask_fee(account=account, document=document, at=at, by=by)
        if disconnection and cause in (Cause.PAYMENT, Cause.ARRANGEMENT) and rules.fee_at != rules.FeeAt.NEVER
        else None
    )
    due_at = at + timedelta(hours=URGENT_HOURS if is_wrongful else rules.reconnection_hours)
    number = folios.take(series=policy.RECONNECTION_SERIES)
    folio = policy.reconnection_folio(number)
    work = _order_work(account, folio, is_wrongful=is_wrongful, due_at=due_at, at=at, by=by)
    order = ReconnectionOrder.objects.create(
        number=number, account=account, disconnection=disconnection, cause=cause, document=document[:60],
        created_at=at, created_by=by, due_at=due_at, fee_folio=charged.folio if charged else "",
        fee_cents=charged.total_cents if charged else 0, field_order=work,
    )  # fmt: skip
    audit.record(
        act="order_reconnection", by=by, at=at, object_kind="account", object_id=account.number,
        after={"folio": folio, "cause": cause, "document": document, "fee_cents": order.fee_cents},
    )  # fmt: skip
    neighbors.tell(account=account, text=_words_of_birth(order), folio=folio, at=at, by=by)
    return order


def ask_fee(*, account: Account, document: str, at: datetime, by: str) -> CounterService | None:
    """Charge the reconnection at the price of the book, once: one asked for at the counter is that one. None if the
    book has no price for this account."""
    live = live_fee(account=account)
    if live is not None:
        return live
    try:
        return fees.ask_service(
            account=account, code=FEE, on=localdate(at), at=at, by=by, note=document[:200],
            key=uuid5(NAMESPACE_OID, f"reconnection {account.number} {document} {at.isoformat()}"),
        )  # fmt: skip
    except tariffs.UnknownFee:
        return None


@transaction.atomic
def finish_reconnection(
    *, order: ReconnectionOrder, done_at: datetime, at: datetime, by: str
) -> ReconnectionOrder:
    """Write that the water is back.

    :raises CannotReconnect: if it ended before
    """
    held = _held(order)
    cut = (
        ServiceInterruption.objects.in_effect(on=localdate(at))
        .filter(agreement__account=held.account, kind__in=FOR_DEBT)
        .first()
    )
    if cut is not None:
        day = max(localdate(done_at), cut.effective_from)
        registry.restore_service(account=held.account, on=day, by=by, at=at, reason=held.folio)
    _end(held, ReconnectionOrder.State.DONE, "", at, by)
    service = live_fee(account=held.account)
    if service is not None and not services.open_cents(service=service):
        fees.deliver_service(service=service, on=localdate(at), at=at, by=by, note=held.folio)
    neighbors.tell(
        account=held.account, text=f"Su servicio de agua quedó restablecido. Orden {held.folio}.",
        folio=held.folio, at=at, by=by,
    )  # fmt: skip
    return held


@transaction.atomic
def repeat_reconnection(*, order: ReconnectionOrder, reason: str, at: datetime, by: str) -> ReconnectionOrder:
    """A crew could not: another field order at once, the clock goes on.

    :raises CannotReconnect: if it ended before
    """
    held = _held(order)
    held.field_order = _order_work(
        held.account, held.folio, is_wrongful=True, due_at=held.due_at, at=at, by=by
    )
    held.save(update_fields=["field_order"])
    audit.record(
        act="repeat_reconnection", by=by, at=at, object_kind="account", object_id=held.account.number,
        reason=reason[:200], after={"folio": held.folio, "field_order": held.field_order.folio},
    )  # fmt: skip
    return held


@transaction.atomic
def withdraw_reconnection(
    *, order: ReconnectionOrder, reason: str, at: datetime, by: str
) -> ReconnectionOrder:
    """Call off a reconnection that nothing sustains any more, and its fee if nobody paid it.

    :raises CannotReconnect: without a reason, or if it ended before
    """
    if not reason.strip():
        raise CannotReconnect("Falta el motivo.", "Escriba por qué se retira.", field="reason")
    held = _held(order)
    work = held.field_order
    if work.canceled_at is None and not hasattr(work, "result"):
        fieldwork.cancel_order(
            order=work, reason=f"{held.folio}: {reason}"[:200], at=at, by=by, of=held.folio
        )
    _end(held, ReconnectionOrder.State.WITHDRAWN, reason.strip(), at, by)
    service = (
        CounterService.objects.filter(account=held.account, end=None).first() if held.fee_folio else None
    )
    if service is not None and service.folio == held.fee_folio:
        try:
            with transaction.atomic():
                fees.cancel_service(
                    service=service, reason=f"{held.folio} retirada", on=localdate(at), at=at, by=by
                )
        except fees.CannotCancelService:
            # it was paid: it waits for the next one
            return held
    return held


@transaction.atomic
def withdraw_open(*, account: Account, reason: str, at: datetime, by: str) -> None:
    """Call off the reconnection of an account that another one takes the place of, if there is one."""
    waiting = ReconnectionOrder.objects.filter(account=account, state="open").first()
    if waiting is not None:
        withdraw_reconnection(order=waiting, reason=reason, at=at, by=by)


def _held(order: ReconnectionOrder) -> ReconnectionOrder:
    held = (
        ReconnectionOrder.objects.select_for_update(of=("self",))
        .select_related("account", "field_order")
        .get(pk=order.pk)
    )
    if held.state != ReconnectionOrder.State.OPEN:
        raise CannotReconnect(
            f"La reconexión {held.folio} ya está {held.get_state_display()}.", "No hay más."
        )
    return held


def _end(held: ReconnectionOrder, state: str, reason: str, at: datetime, by: str) -> None:
    held.state, held.ended_at, held.ended_by, held.end_reason = state, at, by, reason[:300]
    held.save(update_fields=["state", "ended_at", "ended_by", "end_reason"])
    act = "finish_reconnection" if state == ReconnectionOrder.State.DONE else "withdraw_reconnection"
    audit.record(
        act=act, by=by, at=at, object_kind="account", object_id=held.account.number, reason=reason[:200],
        after={"folio": held.folio},
    )  # fmt: skip


def _order_work(
    account: Account, folio: str, *, is_wrongful: bool, due_at: datetime, at: datetime, by: str
) -> FieldOrder:
    return fieldwork.order_field_work(
        kind=FieldOrder.Kind.RECONNECTION, origin_kind=ORIGIN, origin_folio=folio, account=account,
        instructions="Deje el agua corriendo y retire el sello.", priority=1 if is_wrongful else 2, due_at=due_at,
        at=at, by=by,
    )  # fmt: skip


def live_fee(*, account: Account) -> CounterService | None:
    """A reconnection asked for at the counter or charged here, that has not ended."""
    concept = Concept.objects.get(code=FEE)
    return services.services_of(account_id=account.pk).filter(concept=concept, end=None).first()


def _words_of_birth(order: ReconnectionOrder) -> str:
    until = f"{short_date(localdate(order.due_at))}"
    if order.cause == Cause.WRONGFUL:
        return f"Su servicio se restablece hoy sin costo. Disculpe la molestia. Orden {order.folio}."
    fee = f" El derecho de reconexión es de {pesos(order.fee_cents)}." if order.fee_cents else ""
    return f"Su reconexión está ordenada, a más tardar el {until}. Orden {order.folio}.{fee}"

"""At the door and after it: may it still be done; what was done; and if it was wrong, the water back at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from caudal.disconnections import neighbors, policy
from caudal.disconnections.commands import earning, moving, reconnecting
from caudal.disconnections.models import Disconnection, DisconnectionOrder, OrderCheck
from caudal.disconnections.policy import Measure, Reason
from caudal.disconnections.queries.eligibility import order_facts
from caudal.disconnections.queries.gathering import facts_of
from caudal.disconnections.queries.policies import policy_on
from caudal.fieldwork import verdicts
from caudal.fieldwork.models import FieldEvent, FieldOrder
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger
from caudal.metering import commands as metering
from caudal.metering.models import Reading
from caudal.registry import commands as registry
from caudal.registry.models import ServiceInterruption

State = DisconnectionOrder.State
CREW = "cuadrilla"


class CannotRecordCut(Refusal): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What the crew tells of a cut it made."""

    done_at: datetime
    seal_number: str = ""
    reading: int | None = None
    # when the phone says it last read that it proceeded; nothing, if nobody says
    checked_at: datetime | None = None
    # when it set to work, and whether there was network at the door: then it had to ask a moment ago
    begun_at: datetime | None = None
    was_online: bool = False
    event: FieldEvent | None = None


@transaction.atomic
def revalidate(*, orders: Sequence[FieldOrder], at: datetime) -> Mapping[str, verdicts.Verdict]:
    """Whether cuts that a crew carries may still be done, by the folio of their field order. Never an amount.

    Each look is kept, and what no longer proceeds is called off here.
    """
    mine = DisconnectionOrder.objects.filter(field_order_id__in=[each.pk for each in orders])
    held = moving.locked(orders=mine)
    judged = moving.look(orders=held, stage=OrderCheck.Stage.DOOR, at=at, by=CREW)
    return {
        each.field_order.folio: verdicts.Verdict(
            judged[each.pk].is_go, verdicts.GO if judged[each.pk].is_go else verdicts.NO_GO, at
        )
        for each in held
        if each.field_order
    }


@transaction.atomic
def record_cut(*, order: DisconnectionOrder, done: Done, at: datetime, by: str) -> Disconnection:
    """Write that a service was cut or restricted. What was done is never refused: if it was wrong, the water comes
    back at once, without a fee, and a case is opened.

    :raises CannotRecordCut: if it was told before, or says to be of a time to come
    """
    ledger.lock_accounts(account_ids=[order.account_id])
    [held] = moving.locked(orders=[order])
    if Disconnection.objects.filter(pk=held.pk).exists() or held.state == State.NOT_DONE:
        raise CannotRecordCut(f"La orden {held.folio} ya tiene resultado.", "Si hay otro, abra un reporte.")
    if done.done_at > at:
        raise CannotRecordCut("La hora en que se hizo todavía no llega.", "Revísela.", field="done_at")
    incidents, due_cents = _what_was_wrong(held, done, at)
    result = Disconnection.objects.create(
        order=held, measure=held.measure, done_at=done.done_at, told_at=at, told_by=by, event=done.event,
        seal_number=done.seal_number, reading=done.reading, debt_cents=due_cents,
        incidents=moving.reasons_told(reasons=incidents),
    )  # fmt: skip
    if held.state == State.DISPATCHED:
        moving.step(order=held, state=State.DONE, at=at, by=by)
    _interrupt(held, done, at, by)
    _read(held, done, at, by)
    audit.record(
        act="record_cut", by=by, at=at, object_kind="account", object_id=held.account.number,
        after={"folio": held.folio, "measure": held.measure, "incidents": [each.words for each in incidents]},
    )  # fmt: skip
    if incidents:
        _restore_at_once(result, incidents, at, by)
    else:
        _charge_fee(held, at, by)
        # somebody may have paid between the cut and the news of it
        earning.reconnect_if_earned(account_ids=[held.account_id], at=at, by=by)
    return result


@transaction.atomic
def record_not_done(*, order: DisconnectionOrder, reason: str, at: datetime, by: str) -> None:
    """Write that a crew could not cut, or found that it should not."""
    [held] = moving.locked(orders=[order])
    if held.state == State.DISPATCHED:
        moving.step(order=held, state=State.NOT_DONE, at=at, by=by, reason=reason)


def _what_was_wrong(held: DisconnectionOrder, done: Done, at: datetime) -> tuple[tuple[Reason, ...], int]:
    """What was wrong with a cut that was made, and what was owed (centavos): by the law of the day it was made."""
    day = localdate(done.done_at)
    rules = policy_on(on=day)
    facts = facts_of(account_ids=[held.account_id], rules=rules, on=day, at=done.done_at)[held.account_id]
    if facts.protected_reason:
        facts = replace(facts, protected_at=neighbors.protected_since(service_point=held.service_point))
    verdict = policy.judge(facts=facts, rules=rules, on=day, asked=Measure(held.measure))
    check = _check_before(held, done)
    incidents = policy.judge_execution(
        order=order_facts(order=held, check=check), verdict=verdict, rules=rules, done_at=done.done_at,
        begun_at=done.begun_at, was_online=done.was_online,
    )  # fmt: skip
    kept = OrderCheck.Stage.RESULT
    OrderCheck.objects.create(
        order=held, stage=kept, is_go=not incidents, reasons=moving.reasons_told(reasons=incidents),
        due_cents=verdict.due_cents, at=at, by=CREW,
    )  # fmt: skip
    # what came between the cut and the news of it was owed when the water went
    return incidents, verdict.due_cents + earning.paid_since(account_id=held.account_id, moment=done.done_at)


def _check_before(held: DisconnectionOrder, done: Done) -> OrderCheck | None:
    """The last look the crew can have known of when it cut."""
    last = min(done.done_at, done.checked_at) if done.checked_at else done.done_at
    seen = held.checks.filter(
        stage__in=[OrderCheck.Stage.DISPATCH, OrderCheck.Stage.DOOR], at__lte=last + timedelta(seconds=1)
    )
    found: OrderCheck | None = seen.order_by("-at", "-id").first()
    return found


def _interrupt(held: DisconnectionOrder, done: Done, at: datetime, by: str) -> None:
    """The registry says that the water does not flow; if it said so already, or there is no service, it stays."""
    kind = ServiceInterruption.Kind.CUT if held.measure == "cut" else ServiceInterruption.Kind.RESTRICTION
    try:
        with transaction.atomic():
            registry.interrupt_service(
                account=held.account, on=localdate(done.done_at), kind=kind, reason=held.folio, by=by, at=at
            )
    except registry.CannotInterruptService as refused:
        audit.record(
            act="interrupt_refused", by=by, at=at, object_kind="account", object_id=held.account.number,
            reason=str(refused)[:200], after={"folio": held.folio},
        )  # fmt: skip


def _read(held: DisconnectionOrder, done: Done, at: datetime, by: str) -> None:
    """The dial as it was left, to see later whether water went through. What does not fit stays in the result."""
    if done.reading is None:
        return
    day = localdate(done.done_at)
    try:
        with transaction.atomic():
            metering.record_reading(
                service_point=held.service_point, period=day.year * 100 + day.month, value=done.reading, read_on=day,
                observer=by, by=by, at=at, kind=Reading.Kind.CHECK,
            )  # fmt: skip
    except Refusal as refused:
        audit.record(
            act="check_reading_refused", by=by, at=at, object_kind="account", object_id=held.account.number,
            reason=str(refused)[:200], after={"folio": held.folio, "value": done.reading},
        )  # fmt: skip


def _charge_fee(held: DisconnectionOrder, at: datetime, by: str) -> None:
    rules = policy_on(on=localdate(at))
    if rules.fee_at == rules.FeeAt.CUT:
        reconnecting.ask_fee(account=held.account, document=held.folio, at=at, by=by)


def _restore_at_once(result: Disconnection, incidents: Sequence[Reason], at: datetime, by: str) -> None:
    """A cut that was wrong: urgent, free, told to the citizen, and somebody has to answer for it."""
    held = result.order
    why = " ".join(each.words for each in incidents)
    reconnecting.withdraw_open(account=held.account, reason=f"La sustituye la de {held.folio}.", at=at, by=by)
    reconnecting.open_reconnection(
        account=held.account, cause="wrongful", document=held.folio, disconnection=result, at=at, by=by
    )
    neighbors.open_case(
        type="reconnection", account=held.account, description=f"Corte que no procedía, {held.folio}: {why}"[:500],
        origin=held.folio, at=at, by=by,
    )  # fmt: skip
    audit.record(
        act="wrongful_cut", by=by, at=at, object_kind="account", object_id=held.account.number, reason=why[:200],
        after={"folio": held.folio},
    )  # fmt: skip

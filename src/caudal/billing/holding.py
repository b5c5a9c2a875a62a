"""What a person decides of a held bill: it goes out as computed, or its meter is read again."""

from datetime import date, datetime

from django.db import connection, transaction

from caudal.billing import posting, singles
from caudal.billing.computing import Computed
from caudal.billing.models import BillingRun, HeldBill, UnbilledAccount
from caudal.billing.policy import Cause, Hold
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.metering import commands as metering
from caudal.registry.models import ServiceAgreement

State, Decision = BillingRun.State, HeldBill.Decision


class CannotDecide(Refusal): ...


@transaction.atomic
def release_held(*, held: HeldBill, reason: str, by: str, on: date, at: datetime) -> HeldBill:
    """Let a held bill go out. Before issue it joins its run; afterwards it is issued alone, on this day.

    Released again, it is given back as it stands.

    :raises CannotDecide: without a reason, in a discarded run, or if the account can no longer be billed
    """
    held = _locked(held)
    if held.decision == Decision.RELEASED and (held.issued_at or held.run.state != State.ISSUED):
        return held
    _require_decidable(held, reason)
    _decide(held, Decision.RELEASED, reason, by, at)
    if held.run.state == State.ISSUED:
        computed = singles.compute_again(run=held.run, account=held.account, on=on)
        _require_bill(computed, held)
        singles.post_now(run=held.run, account=held.account, computed=computed, by=by, at=at)
        metering.settle_reread(service_point=_point(held), period=int(held.run.period), by=by, at=at)
        held.issued_at = at
        held.save(update_fields=["issued_at"])
    return held


@transaction.atomic
def send_to_reread(*, held: HeldBill, reason: str, by: str, at: datetime) -> HeldBill:
    """Ask for the meter of a held bill to be read again; until then nothing is issued to the account.

    :raises CannotDecide: without a reason, in a discarded run, or if it is issued already
    """
    held = _locked(held)
    _require_decidable(held, reason)
    _decide(held, Decision.REREAD, reason, by, at)
    metering.request_reread(
        service_point=_point(held), period=int(held.run.period), reason=reason, by=by, at=at
    )
    return held


@transaction.atomic
def recompute_held(*, held: HeldBill, by: str, on: date, at: datetime) -> HeldBill:
    """Assess a re-read service again and compute its bill. If nothing is odd any more, it is released.

    :raises CannotDecide: if it was not sent to be read again, or is issued already
    """
    held = _locked(held)
    if held.decision != Decision.REREAD:
        raise CannotDecide(
            f"El recibo de la cuenta {held.account.number} no está a releer.",
            "Mándelo a releer primero, o libérelo.",
        )
    metering.assess_one(service_point=_point(held), period=int(held.run.period), by=by, at=at)
    return _compute_again(held, "Releída: ya no hay motivo para detenerla", by, on, at)


@transaction.atomic
def follow_review(*, held: HeldBill, reason: str, by: str, on: date, at: datetime) -> HeldBill:
    """Compute again what was held for a reading that the Crítica settled; if nothing else is odd, it is released.

    What somebody decided before, or is issued already, stays as it is.
    """
    held = _locked(held)
    if held.decision or held.issued_at or held.run.state == State.ISSUED:
        return held
    return _compute_again(held, reason, by, on, at)


@transaction.atomic
def take_back(*, held: HeldBill, reason: str, by: str, at: datetime) -> HeldBill:
    """A bill let out by the Crítica waits again: its decision was taken back before it was issued."""
    held = _locked(held)
    if held.decision != Decision.RELEASED or held.issued_at:
        return held
    computed = singles.compute_again(run=held.run, account=held.account)
    if not computed.bills["account_id"].size:
        return _goes_without(held, computed)
    _take_figures(held, computed)
    held.decision, held.decision_reason, held.decided_by, held.decided_at = "", "", "", None
    held.save()
    _replace(held, computed)
    audit.record(
        act="billing.take_back", by=by, at=at, object_kind="account", object_id=held.account.number, reason=reason,
        after={"run": held.run_id, "total_cents": held.total_cents},
    )  # fmt: skip
    return held


def _compute_again(held: HeldBill, reason: str, by: str, on: date, at: datetime, /) -> HeldBill:
    computed = singles.compute_again(run=held.run, account=held.account)
    if not computed.bills["account_id"].size:
        return _goes_without(held, computed)
    hold = _take_figures(held, computed)
    held.decision = ""
    held.save()
    if held.run.state != State.ISSUED:
        _replace(held, computed)
    if hold == Hold.NONE:
        return release_held(held=held, reason=reason, by=by, on=on, at=at)
    return held


def _take_figures(held: HeldBill, computed: Computed) -> Hold:
    hold = Hold(int(computed.hold[0]))
    held.consumption_m3 = int(computed.bills["consumption_m3"][0])
    held.mean_m3 = int(computed.bills["mean_m3"][0])
    held.total_cents = int(computed.real_total_cents[0])
    held.surplus = computed.surplus.get(held.account_id, [])
    if hold != Hold.NONE:
        held.reason = hold.name.lower()
    return hold


def _locked(held: HeldBill) -> HeldBill:
    return (
        HeldBill.objects.select_for_update(of=("self",))
        .select_related("run__cycle", "run__book", "account")
        .get(pk=held.pk)
    )


def _require_decidable(held: HeldBill, reason: str) -> None:
    if not reason.strip():
        raise CannotDecide("Falta el motivo.", "Escriba por qué lo decide.", field="reason")
    if held.issued_at:
        raise CannotDecide(
            f"El recibo de la cuenta {held.account.number} ya se emitió.",
            "Si está mal, cancélelo y refactúrelo.",
        )
    if held.run.state == State.DISCARDED:
        raise CannotDecide(
            f"La facturación {held.run_id} se descartó.", "Busque la cuenta en la que está en curso."
        )


def _decide(held: HeldBill, decision: str, reason: str, by: str, at: datetime) -> None:
    held.decision, held.decision_reason, held.decided_by, held.decided_at = decision, reason, by, at
    held.save(update_fields=["decision", "decision_reason", "decided_by", "decided_at"])
    audit.record(
        act=f"billing.{'release' if decision == Decision.RELEASED else 'reread'}", by=by, at=at,
        object_kind="account", object_id=held.account.number, reason=reason,
        after={"run": held.run_id, "total_cents": held.total_cents, "reason": held.reason},
    )  # fmt: skip


def _require_bill(computed: Computed, held: HeldBill) -> None:
    if not computed.bills["account_id"].size:
        cause = (
            UnbilledAccount.Cause(Cause(int(computed.cause[0])).name.lower()) if computed.cause.size else None
        )
        raise CannotDecide(
            f"La cuenta {held.account.number} ya no se puede facturar: {cause.label if cause else 'sin servicio'}.",
            "Revise su servicio y sus lecturas.",
        )


def _goes_without(held: HeldBill, computed: Computed) -> HeldBill:
    """After reading again there is nothing to bill: the account gets its cause, and stops being held."""
    _require_cause(held, computed)
    UnbilledAccount.objects.create(
        run=held.run, account=held.account, cause=Cause(int(computed.cause[0])).name.lower(),
        detail="Después de releer",
    )  # fmt: skip
    if held.run.state != State.ISSUED:
        _erase(held)
    held.delete()
    return held


def _require_cause(held: HeldBill, computed: Computed) -> None:
    if not computed.cause.size:
        raise CannotDecide(
            f"La cuenta {held.account.number} ya no tiene servicio en este ciclo.", "Revise su servicio."
        )


def _replace(held: HeldBill, computed: Computed) -> None:
    """Put the new rows of a held bill in place of the old ones, among those that are held."""
    _erase(held)
    packed = posting.pack(run=held.run, computed=computed, holds_all=True)
    posting.keep_workings(bodies=computed.workings)
    posting.send_bytes(run=held.run, bodies=packed.held, is_held=True)


def _erase(held: HeldBill) -> None:
    with connection.cursor() as cursor:
        for parent in posting.TABLES:
            name = posting.table(run=held.run, parent=parent, is_held=True)
            cursor.execute(f"DELETE FROM {name} WHERE account_id = %s", [held.account_id])


def _point(held: HeldBill):  # type: ignore[no-untyped-def]
    on = held.run.period.last_day
    agreements = ServiceAgreement.objects.select_related("service_point__route").filter(
        account_id=held.account_id, effective_from__lte=on
    )
    return agreements.latest("effective_from").service_point

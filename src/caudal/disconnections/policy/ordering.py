"""May this order be carried out, and was it carried out well."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from caudal.disconnections.policy.facts import Cause, Measure, Reason, Rules, Verdict


class State(StrEnum):
    """How far an order to cut is."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DISPATCHED = "dispatched"
    DONE = "done"
    NOT_DONE = "not_done"
    CANCELED = "canceled"


STATE_NAMES: Final = {
    State.PROPOSED: "por aprobar", State.APPROVED: "aprobada", State.DISPATCHED: "con la cuadrilla",
    State.DONE: "hecha", State.NOT_DONE: "no se pudo", State.CANCELED: "cancelada",
}  # fmt: skip
LIVE: Final = frozenset({State.PROPOSED, State.APPROVED, State.DISPATCHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is known of an order to cut; the check is the last one made before going."""

    state: str
    measure: Measure
    approved_at: datetime | None = None
    dispatched_at: datetime | None = None
    canceled_at: datetime | None = None
    checked_at: datetime | None = None
    check_is_go: bool = False


def judge_order(*, order: Order, verdict: Verdict, rules: Rules, at: datetime) -> tuple[Reason, ...]:
    """Whether an order may go on now: its own reasons against, then those of its account."""
    return (*_order_reasons(order, rules, at), *verdict.reasons)


def _order_reasons(order: Order, rules: Rules, at: datetime) -> tuple[Reason, ...]:
    if order.state == State.CANCELED:
        return (Reason(Cause.CANCELED, "La orden está cancelada.", order.canceled_at),)
    if order.state not in LIVE:
        return (Reason(Cause.ENDED, "La orden ya tiene resultado."),)
    if order.approved_at is None or order.approved_at > at:
        return (Reason(Cause.NOT_APPROVED, "Falta que otra persona la apruebe."),)
    if order.approved_at + timedelta(days=rules.approval_days) <= at:
        return (Reason(Cause.LAPSED, f"La aprobación venció a los {rules.approval_days} días."),)
    return ()


def judge_execution(
    *,
    order: Order,
    verdict: Verdict,
    rules: Rules,
    done_at: datetime,
    begun_at: datetime | None = None,
    was_online: bool = False,
) -> tuple[Reason, ...]:
    """What was wrong with a cut already made; nothing if it was right. Whatever began to hold later does not count.

    :param verdict: of the account as it is known now, for the law of the day on which it was done
    :param begun_at: when the crew set to work; when it was done, if nobody says
    :param was_online: there was network at the door, and the last look had to be of a moment ago
    """
    found: list[Reason] = []
    if order.approved_at is None or order.approved_at > done_at:
        found.append(Reason(Cause.NOT_APPROVED, "Nadie la había aprobado."))
    if order.dispatched_at is None or order.dispatched_at > done_at:
        found.append(Reason(Cause.NOT_DISPATCHED, "No se había entregado a la cuadrilla."))
    if order.canceled_at and order.canceled_at <= done_at:
        found.append(Reason(Cause.CANCELED, "La orden ya estaba cancelada."))
    if order.checked_at is None or not order.check_is_go or order.checked_at > done_at:
        found.append(Reason(Cause.NO_CHECK, "No se verificó en la puerta que procediera."))
    else:
        begun = begun_at if begun_at and begun_at <= done_at else done_at
        found += _age_reasons(order.checked_at, begun, done_at, rules, was_online)
    found += [each for each in verdict.reasons if each.since is None or each.since <= done_at]
    return tuple(found)


def _age_reasons(
    checked_at: datetime, begun_at: datetime, done_at: datetime, rules: Rules, was_online: bool
) -> tuple[Reason, ...]:
    if done_at - checked_at > timedelta(hours=rules.offline_hours):
        words = f"La verificación tenía más de {rules.offline_hours} horas."
        return (Reason(Cause.OLD_CHECK, words),)
    if was_online and begun_at - checked_at > timedelta(minutes=rules.online_minutes):
        words = f"Había señal y la verificación tenía más de {rules.online_minutes} minutos."
        return (Reason(Cause.OLD_CHECK, words),)
    return ()

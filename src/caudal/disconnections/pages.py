"""Rows for the pages of cuts: candidates and why not, batches, orders with their looks, reconnections with their clock."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from caudal.access import queries as people
from caudal.cases import pages as clocks
from caudal.cases.pages import Ring
from caudal.disconnections.models import (
    DisconnectionOrder,
    OrderCheck,
    OrderStep,
    ReconnectionOrder,
)
from caudal.disconnections.policy import MEASURE_NAMES, STATE_NAMES, Cause, Measure, State, Verdict
from caudal.disconnections.queries import Candidate, Counted, OrderJudged, Where
from caudal.kernel.pills import Pill

STATE_PILLS: Final = {
    State.PROPOSED: ("watch", "clock"),
    State.APPROVED: ("watch", "check"),
    State.DISPATCHED: ("", "send"),
    State.DONE: ("good", "circle-check"),
    State.NOT_DONE: ("bad", "alert-triangle"),
    State.CANCELED: ("", "ban"),
}
_WATER_PILLS: Final = {
    "open": ("watch", "clock"),
    "done": ("good", "circle-check"),
    "withdrawn": ("", "ban"),
}
CAUSES: Final = {
    Cause.NO_SERVICE: "sin servicio vigente",
    Cause.INTERRUPTED: "ya suspendidas o reducidas",
    Cause.PROTECTED_PREMISE: "predio protegido",
    Cause.PROTECTED_USE: "uso que nunca se corta",
    Cause.PROTECTED_HOUSEHOLD: "hogar protegido",
    Cause.NO_DEBT: "no deben nada vencido",
    Cause.SMALL_DEBT: "deben muy poco",
    Cause.RECENT_DEBT: "vencido reciente",
    Cause.FEW_PERIODS: "pocos recibos vencidos",
    Cause.ARRANGEMENT: "convenio vigente",
    Cause.CLAIM: "aclaración abierta",
    Cause.IN_TRANSIT: "pago en tránsito",
    Cause.RECENT_PAYMENT: "pago reciente",
    Cause.NOT_NOTIFIED: "sin notificar",
}
# what comes after what within one moment: each look before the step it lets pass
_ORDERED: Final = (
    "proposal", "proposed", "approval", "approved", "dispatch", "dispatched", "door", "sweep", "result", "done",
    "not_done", "canceled",
)  # fmt: skip
_RANKS: Final = {name: rank for rank, name in enumerate(_ORDERED)}
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """An account that owes, as the list shows it (centavos)."""

    where: Where
    due_cents: int
    due_periods: int
    oldest_due_on: Any
    measure: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order as lists show it (centavos)."""

    folio: str
    batch: str
    account: str
    where: Where | None
    measure: str
    due_cents: int
    due_periods: int
    pill: Pill
    last_look: str
    reasons: tuple[str, ...]
    is_go: bool | None  # nothing: it is over, nobody asks any more


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch as lists show it (centavos)."""

    folio: str
    title: str
    proposed_by: str
    proposed_at: datetime
    n_orders: int
    due_cents: int
    n_done: int
    n_canceled: int
    pill: Pill


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened with an order: a step, or a look with its verdict."""

    at: datetime
    words: str
    detail: str
    who: str
    icon: str
    kind: str


@dataclass(frozen=True, slots=True)
class WaterRow:
    """A reconnection as lists show it (centavos)."""

    folio: str
    account: str
    where: Where | None
    cause: str
    document: str
    created_at: datetime
    due_at: datetime
    fee_cents: int
    field_order: str
    ring: Ring
    pill: Pill


def candidate_rows(*, found: Iterable[Candidate], places: dict[int, Where]) -> list[CandidateRow]:
    """Accounts that owe, with where they are, what may be done and every reason why not."""
    return [_candidate_row(each, places[each.judged.account_id]) for each in found]


def why_not(*, found: Iterable[Candidate]) -> list[tuple[str, int]]:
    """How many accounts each reason leaves out; one account may have several."""
    causes: Counter[str] = Counter()
    for each in found:
        causes.update(CAUSES.get(cause, cause.value) for cause in each.judged.verdict.causes)
        causes.update(["ya tienen una orden"] if each.live_order else [])
    return causes.most_common()


def batch_rows(*, batches: Sequence[Counted]) -> list[BatchRow]:
    """Batches with how far they are."""
    names = people.names_of(usernames={each.batch.proposed_by for each in batches})
    return [
        BatchRow(
            each.batch.folio, each.batch.title, names.get(each.batch.proposed_by, each.batch.proposed_by),
            each.batch.proposed_at, each.n_orders, each.due_cents, each.n(State.DONE), each.n(State.CANCELED),
            _batch_pill(each),
        )
        for each in batches
    ]  # fmt: skip


def order_rows(
    *,
    orders: Sequence[DisconnectionOrder],
    judged: dict[int, OrderJudged],
    places: dict[int, Where],
    at: datetime,
) -> list[OrderRow]:
    """Orders with their state, the verdict of now for those under way, and how old their last look is."""
    return [_order_row(each, judged.get(each.pk), places.get(each.account_id), at) for each in orders]


def state_pill(*, state: str) -> Pill:
    """How far an order is."""
    return Pill(*STATE_PILLS[State(state)], STATE_NAMES[State(state)])


def water_rows(
    *, orders: Sequence[ReconnectionOrder], places: dict[int, Where], at: datetime
) -> list[WaterRow]:
    """Reconnections with their clock."""
    return [_water_row(each, places.get(each.account_id), at) for each in orders]


def lines(*, order: DisconnectionOrder) -> list[Line]:
    """All that happened with an order, the newest first."""
    steps, looks = list(order.steps.all()), list(order.checks.all())
    names = people.names_of(usernames={each.by for each in steps} | {each.by for each in looks})
    found = [(each.at, _RANKS[each.state], _step_line(each, names)) for each in steps]
    found += [(each.at, _RANKS[each.stage], _look_line(each, names)) for each in looks]
    return [line for _, _, line in sorted(found, key=lambda each: each[:2], reverse=True)]


def age(*, since: datetime, at: datetime) -> str:
    """`hace 12 min`, `hace 3 h`, `hace 2 días`."""
    minutes = max((at - since) // _MINUTE, 0)
    if minutes < 1:
        return "hace un momento"
    if minutes < 60:
        return f"hace {minutes} min"
    if minutes < 48 * 60:
        return f"hace {minutes // 60} h"
    return f"hace {minutes // (24 * 60)} días"


def moved_words(*, verb: str, n: int, where: str) -> str:
    """`Se entregó 1 orden, en el recorrido REC-000001.`, `Se entregaron 2 órdenes…`."""
    said = f"Se {verb} 1 orden" if n == 1 else f"Se {verb[:-1]}aron {n} órdenes"
    return f"{said}{where}."


def lost_words(*, n: int) -> str:
    """How many were called off because they no longer proceeded; nothing if none."""
    if not n:
        return ""
    return " Se canceló 1, ya no procedía." if n == 1 else f" Se cancelaron {n}, ya no procedían."


def verdict_words(*, verdict: Verdict) -> str:
    """`Sí: reducción de flujo`, or `No`."""
    return f"Sí: {MEASURE_NAMES[verdict.measure]}" if verdict.is_go else "No"


def measure_words(*, measure: str) -> str:
    """`Corte`, `Reducción de flujo`."""
    return MEASURE_NAMES[Measure(measure)].capitalize()


def _candidate_row(found: Candidate, where: Where) -> CandidateRow:
    facts, verdict = found.judged.facts, found.judged.verdict
    reasons = tuple(each.words for each in verdict.reasons)
    if found.live_order:
        reasons += (f"Ya tiene la orden {found.live_order}.",)
    return CandidateRow(
        where, facts.due_cents, facts.due_periods, facts.oldest_due_on,
        MEASURE_NAMES[verdict.measure].capitalize(), reasons,
    )  # fmt: skip


def _batch_pill(batch: Counted) -> Pill:
    if batch.n(State.PROPOSED):
        return Pill("watch", "clock", "por aprobar")
    if batch.n(State.APPROVED):
        return Pill("watch", "check", "por entregar")
    if batch.n(State.DISPATCHED):
        return Pill("", "send", "con la cuadrilla")
    if batch.n(State.DONE, State.NOT_DONE):
        return Pill("good", "circle-check", "terminado")
    return Pill("", "ban", "cancelado")


def _order_row(
    order: DisconnectionOrder, judged: OrderJudged | None, where: Where | None, at: datetime
) -> OrderRow:
    looks = list(order.checks.all())
    last = looks[-1] if looks else None
    return OrderRow(
        folio=order.folio, batch=order.batch.folio, account=order.account.number, where=where,
        measure=measure_words(measure=order.measure), due_cents=order.due_cents, due_periods=order.due_periods,
        pill=state_pill(state=order.state), last_look=age(since=last.at, at=at) if last else "",
        reasons=tuple(each.words for each in judged.reasons) if judged else _last_words(order, last),
        is_go=judged.is_go if judged else None,
    )  # fmt: skip


def _last_words(order: DisconnectionOrder, last: OrderCheck | None) -> tuple[str, ...]:
    """Why an order died, if a look called it off."""
    if order.state == State.CANCELED and last and not last.is_go:
        return tuple(each["words"] for each in last.reasons)
    return ()


def _water_row(order: ReconnectionOrder, where: Where | None, at: datetime) -> WaterRow:
    ring = clocks.clock_ring(
        started_at=order.created_at, due_at=order.due_at, at=at, finished_at=order.ended_at
    )
    return WaterRow(
        folio=order.folio, account=order.account.number, where=where, cause=order.get_cause_display(),
        document=order.document, created_at=order.created_at, due_at=order.due_at, fee_cents=order.fee_cents,
        field_order=order.field_order.folio, ring=ring,
        pill=Pill(*_WATER_PILLS[order.state], order.get_state_display()),
    )  # fmt: skip


def _step_line(step: OrderStep, names: dict[str, str]) -> Line:
    kind, icon = STATE_PILLS[State(step.state)]
    words = STATE_NAMES[State(step.state)].capitalize()
    return Line(step.at, words, step.reason, names.get(step.by, step.by), icon, kind)


def _look_line(look: OrderCheck, names: dict[str, str]) -> Line:
    words = f"Verificada {look.get_stage_display()}: {'procede' if look.is_go else 'no procede'}"
    detail = " ".join(each["words"] for each in look.reasons)
    kind, icon = ("good", "circle-check") if look.is_go else ("bad", "hand-stop")
    return Line(look.at, words, detail, names.get(look.by, look.by), icon, kind)

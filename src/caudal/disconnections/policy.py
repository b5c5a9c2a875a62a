"""Pure decisions about cuts: may this account be cut, may this order be carried out, was it carried out well.

One function judges accounts for the list, the approval, the dispatch, the door and the result: facts in, every
reason out. It knows no database and no clock.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from caudal.kernel.wording import pesos, short_date
from caudal.rules.bounds import MAX_PPM

# lower case, so that no till can have a receipt series of that name
ORDER_SERIES: Final = "corte"
BATCH_SERIES: Final = "lote-cortes"
RECONNECTION_SERIES: Final = "reconexion"


class Measure(StrEnum):
    """What may be done to a service, from the mildest to the hardest."""

    NEVER = "never"
    RESTRICTION = "restriction"
    CUT = "cut"


MEASURE_NAMES: Final = {
    Measure.NEVER: "nada",
    Measure.RESTRICTION: "reducción de flujo",
    Measure.CUT: "corte",
}
_HARDNESS: Final = (Measure.NEVER, Measure.RESTRICTION, Measure.CUT)


class Cause(StrEnum):
    """Why an account may not be cut. The words are what a clerk reads."""

    NO_SERVICE = "no_service"
    INTERRUPTED = "interrupted"
    PROTECTED_PREMISE = "protected_premise"
    PROTECTED_USE = "protected_use"
    PROTECTED_HOUSEHOLD = "protected_household"
    ONLY_RESTRICTION = "only_restriction"
    NO_DEBT = "no_debt"
    SMALL_DEBT = "small_debt"
    RECENT_DEBT = "recent_debt"
    FEW_PERIODS = "few_periods"
    ARRANGEMENT = "arrangement"
    CLAIM = "claim"
    IN_TRANSIT = "in_transit"
    RECENT_PAYMENT = "recent_payment"
    NOT_NOTIFIED = "not_notified"
    # of an order
    NOT_APPROVED = "not_approved"
    LAPSED = "lapsed"
    CANCELED = "canceled"
    ENDED = "ended"
    NOT_DISPATCHED = "not_dispatched"
    NO_CHECK = "no_check"
    OLD_CHECK = "old_check"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason against, in words; `since` is the moment it began to hold, if that is known."""

    cause: Cause
    words: str
    since: datetime | None = None


class Rules(Protocol):
    """What the utility and the law say on a day (a `DisconnectionPolicy`)."""

    measures: Mapping[str, str]
    benefit_measures: Mapping[str, str]
    least_overdue_days: int
    least_debt_cents: int
    least_periods: int
    notice_stage: str
    payment_grace_days: int
    any_claim_blocks: bool
    late_arrangement_blocks: bool
    approval_days: int
    online_minutes: int
    offline_hours: int
    reconnection_on: str
    reconnection_share_ppm: int
    arrangement_reconnects: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an account at a moment (centavos)."""

    use: str
    has_service: bool = True
    interruption: str = ""
    protected_reason: str = ""
    protected_at: datetime | None = None
    benefits: Collection[str] = ()
    # past due, surcharges included, less what is in favor
    due_cents: int = 0
    due_periods: int = 0
    oldest_due_on: date | None = None
    claims: tuple["Claim", ...] = ()
    arrangement: str = ""  # folio of the one in force
    arrangement_is_late: bool = False
    arrangement_at: datetime | None = None
    transits: tuple["Transit", ...] = ()
    last_payment_at: datetime | None = None
    last_payment_on: date | None = None
    served_stages: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """An open claim about bills (centavos); nothing, while nobody has said how much."""

    folio: str
    cents: int
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Transit:
    """Money on its way that nobody has applied yet (centavos)."""

    reference: str
    cents: int
    until: date
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may be done to an account: the measure of its use, and every reason why not."""

    measure: Measure
    reasons: tuple[Reason, ...] = ()
    due_cents: int = 0

    @property
    def is_go(self) -> bool:
        return not self.reasons

    @property
    def causes(self) -> frozenset[Cause]:
        return frozenset(reason.cause for reason in self.reasons)

    @property
    def words(self) -> str:
        """All the reasons in one line; `Procede` without any."""
        return " ".join(reason.words for reason in self.reasons) or "Procede."


def hardest(*, facts: Facts, rules: Rules) -> Measure:
    """The most that may be done to a service for debt: by its use, and milder if the household is protected."""
    allowed = [Measure(rules.measures.get(facts.use, Measure.NEVER))]
    allowed += [
        Measure(rules.benefit_measures[each]) for each in facts.benefits if each in rules.benefit_measures
    ]
    return min(allowed, key=_HARDNESS.index)


def judge(*, facts: Facts, rules: Rules, on: date, asked: Measure | None = None) -> Verdict:
    """Whether an account may be cut or restricted for debt on a day, and every reason why not.

    :param asked: the measure of an order made before; what is milder than allowed may be done, what is harder not
    """
    measure = hardest(facts=facts, rules=rules)
    due = max(facts.due_cents - _claimed(facts), 0)
    reasons = (
        *_service_reasons(facts, rules, measure, asked),
        *_debt_reasons(facts, rules, due, on),
        *_lock_reasons(facts, rules, on),
    )
    chosen = measure if asked is None else min(measure, asked, key=_HARDNESS.index)
    return Verdict(chosen, reasons, due)


def _claimed(facts: Facts) -> int:
    return sum(claim.cents for claim in facts.claims)


def _service_reasons(
    facts: Facts, rules: Rules, measure: Measure, asked: Measure | None
) -> tuple[Reason, ...]:
    found = []
    if not facts.has_service:
        found.append(Reason(Cause.NO_SERVICE, "La cuenta no tiene servicio vigente."))
    if facts.interruption:
        found.append(Reason(Cause.INTERRUPTED, "El servicio ya está suspendido o reducido."))
    if facts.protected_reason:
        found.append(
            Reason(
                Cause.PROTECTED_PREMISE, f"Predio protegido: {facts.protected_reason}.", facts.protected_at
            )
        )
    if Measure(rules.measures.get(facts.use, Measure.NEVER)) == Measure.NEVER:
        found.append(Reason(Cause.PROTECTED_USE, "Su uso nunca se corta ni se reduce."))
    elif measure == Measure.NEVER:
        found.append(Reason(Cause.PROTECTED_HOUSEHOLD, "Hogar protegido por su beneficio."))
    elif asked == Measure.CUT and measure == Measure.RESTRICTION:
        found.append(Reason(Cause.ONLY_RESTRICTION, "La ley solo permite reducir el flujo, no cortar."))
    return tuple(found)


def _debt_reasons(facts: Facts, rules: Rules, due: int, on: date) -> tuple[Reason, ...]:
    # a debt gets smaller by being paid, or by becoming installments
    moments = [each for each in (facts.last_payment_at, facts.arrangement_at) if each]
    since = max(moments, default=None)
    if due <= 0:
        return (Reason(Cause.NO_DEBT, "No debe nada vencido.", since),)
    found = []
    if due < rules.least_debt_cents:
        words = f"Debe menos de {pesos(rules.least_debt_cents)}."
        found.append(Reason(Cause.SMALL_DEBT, words, since))
    days = (on - facts.oldest_due_on).days if facts.oldest_due_on else 0
    if days < rules.least_overdue_days:
        words = f"Tiene {days} días de vencido; se piden {rules.least_overdue_days}."
        found.append(Reason(Cause.RECENT_DEBT, words, since))
    if facts.due_periods < rules.least_periods:
        words = f"Debe {facts.due_periods} recibos; se piden {rules.least_periods}."
        found.append(Reason(Cause.FEW_PERIODS, words, since))
    return tuple(found)


def _lock_reasons(facts: Facts, rules: Rules, on: date) -> tuple[Reason, ...]:
    found = []
    if facts.arrangement and (rules.late_arrangement_blocks or not facts.arrangement_is_late):
        words = f"Tiene un convenio vigente, {facts.arrangement}."
        found.append(Reason(Cause.ARRANGEMENT, words, facts.arrangement_at))
    for claim in facts.claims:
        if rules.any_claim_blocks or not claim.cents:
            words = f"Tiene una aclaración abierta, {claim.folio}."
            found.append(Reason(Cause.CLAIM, words, claim.since))
    for transit in facts.transits:
        if transit.until >= on:
            words = f"Hay un pago en tránsito hasta el {short_date(transit.until)}."
            found.append(Reason(Cause.IN_TRANSIT, words, transit.since))
    paid_on = facts.last_payment_on
    if paid_on and rules.payment_grace_days and on < paid_on + timedelta(days=rules.payment_grace_days):
        words = f"Pagó el {short_date(paid_on)}."
        found.append(Reason(Cause.RECENT_PAYMENT, words, facts.last_payment_at))
    if rules.notice_stage and rules.notice_stage not in facts.served_stages:
        found.append(Reason(Cause.NOT_NOTIFIED, "Falta notificarle el adeudo."))
    return tuple(found)


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


def judge_execution(*, order: Order, verdict: Verdict, rules: Rules, done_at: datetime) -> tuple[Reason, ...]:
    """What was wrong with a cut already made; nothing if it was right. Whatever began to hold later does not count.

    :param verdict: of the account as it is known now, for the law of the day on which it was done
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
    elif done_at - order.checked_at > timedelta(hours=rules.offline_hours):
        words = f"La verificación tenía más de {rules.offline_hours} horas."
        found.append(Reason(Cause.OLD_CHECK, words))
    found += [each for each in verdict.reasons if each.since is None or each.since <= done_at]
    return tuple(found)


class Pays(StrEnum):
    """What earns a reconnection."""

    ALL_DUE = "all_due"
    SHARE = "share"


class Agrees(StrEnum):
    """When an agreement earns a reconnection."""

    SIGNED = "signed"
    DOWN_PAYMENT = "down_payment"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What somebody without water has done about the debt since they were cut (centavos)."""

    due_cents: int
    debt_at_cut_cents: int
    paid_since_cents: int
    arrangement: str = ""
    arrangement_is_late: bool = False
    down_payment_is_paid: bool = False


def earns_reconnection(*, standing: Standing, rules: Rules) -> str:
    """Why the water must come back: "payment", "arrangement", or empty while nothing was done that earns it."""
    if standing.arrangement and not standing.arrangement_is_late:
        if rules.arrangement_reconnects == Agrees.SIGNED:
            return "arrangement"
        if rules.arrangement_reconnects == Agrees.DOWN_PAYMENT and standing.down_payment_is_paid:
            return "arrangement"
    if standing.due_cents <= 0:
        return "payment"
    if rules.reconnection_on == Pays.SHARE and standing.debt_at_cut_cents > 0:
        needed = standing.debt_at_cut_cents * rules.reconnection_share_ppm
        if standing.paid_since_cents * MAX_PPM >= needed > 0:
            return "payment"
    return ""


def order_folio(number: int) -> str:
    """`COR-000012`."""
    return f"COR-{number:06d}"


def batch_folio(number: int) -> str:
    """`LCO-000012`."""
    return f"LCO-{number:06d}"


def reconnection_folio(number: int) -> str:
    """`RCX-000012`."""
    return f"RCX-{number:06d}"

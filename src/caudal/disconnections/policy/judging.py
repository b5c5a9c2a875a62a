"""May this account be cut: facts in, every reason out. One function for the list, the approval, the door, the night."""

from datetime import date, timedelta

from caudal.disconnections.policy.facts import HARDNESS, Cause, Facts, Measure, Reason, Rules, Verdict
from caudal.kernel.wording import pesos, short_date


def hardest(*, facts: Facts, rules: Rules) -> Measure:
    """The most that may be done to a service for debt: by its use, and milder if the household is protected."""
    allowed = [Measure(rules.measures.get(facts.use, Measure.NEVER))]
    allowed += [
        Measure(rules.benefit_measures[each]) for each in facts.benefits if each in rules.benefit_measures
    ]
    return min(allowed, key=HARDNESS.index)


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
    chosen = measure if asked is None else min(measure, asked, key=HARDNESS.index)
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

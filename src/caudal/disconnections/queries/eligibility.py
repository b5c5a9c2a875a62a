"""Who may be cut: of each account every reason why not, and of each order whether it may go on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.utils.timezone import localdate

from caudal.disconnections import policy
from caudal.disconnections.models import DisconnectionOrder, OrderCheck
from caudal.disconnections.policy import Facts, Measure, Order, Reason, Verdict
from caudal.disconnections.queries.gathering import facts_of
from caudal.disconnections.queries.policies import policy_on

# whoever owes anything past due: the rest have no reason to be looked at
OWING = """
    SELECT DISTINCT balance.account_id FROM ledger_periodbalance AS balance
    JOIN registry_serviceagreement AS agreement ON agreement.account_id = balance.account_id
         AND agreement.effective_from <= %(on)s AND (agreement.effective_to IS NULL OR agreement.effective_to > %(on)s)
    JOIN registry_servicepoint AS point ON point.id = agreement.service_point_id
    JOIN registry_route AS route ON route.id = point.route_id
    JOIN registry_premise AS premise ON premise.id = point.premise_id
    JOIN registry_locality AS locality ON locality.id = premise.locality_id
    JOIN registry_tariffclass AS class ON class.id = agreement.tariff_class_id
    WHERE balance.due_on < %(on)s AND balance.open_principal_cents + balance.open_accessory_cents > 0
      AND (%(route)s = '' OR route.code = %(route)s) AND (%(locality)s = '' OR locality.code = %(locality)s)
      AND (%(use)s = '' OR class.use = %(use)s)
    ORDER BY 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Which part of the portfolio is looked at (centavos); empty is all of it."""

    route: str = ""
    locality: str = ""
    use: str = ""
    least_due_cents: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """An account, what is known of it, and what may be done."""

    account_id: int
    facts: Facts
    verdict: Verdict


def eligibility(*, account_ids: Sequence[int], on: date, at: datetime) -> dict[int, Judged]:
    """Whether each account may be cut on a day, with every reason why not.

    :raises NoDisconnectionPolicy: if no policy is in force that day
    """
    rules = policy_on(on=on)
    found = facts_of(account_ids=account_ids, rules=rules, on=on, at=at)
    return {
        account: Judged(account, facts, policy.judge(facts=facts, rules=rules, on=on))
        for account, facts in found.items()
    }


def portfolio(*, segment: Segment, on: date, at: datetime) -> list[Judged]:
    """Everybody of a segment who owes anything past due, judged; who owes most above.

    :raises NoDisconnectionPolicy: if no policy is in force that day
    """
    told: dict[str, str | date] = {
        "on": on,
        "route": segment.route,
        "locality": segment.locality,
        "use": segment.use,
    }
    with connection.cursor() as cursor:
        cursor.execute(OWING, told)
        ids = [row[0] for row in cursor.fetchall()]
    judged = eligibility(account_ids=ids, on=on, at=at).values()
    enough = (each for each in judged if each.facts.due_cents >= max(segment.least_due_cents, 1))
    return sorted(enough, key=lambda each: (-each.facts.due_cents, each.account_id))


@dataclass(frozen=True, slots=True)
class OrderJudged:
    """An order, and every reason why it may not go on."""

    order: DisconnectionOrder
    reasons: tuple[Reason, ...]
    due_cents: int

    @property
    def is_go(self) -> bool:
        return not self.reasons


def judge_orders(
    *, orders: Iterable[DisconnectionOrder], at: datetime, are_proposed: bool = False
) -> dict[int, OrderJudged]:
    """Whether each order may go on at a moment, by id. By the law of that moment, not of when it was proposed.

    :param are_proposed: only their accounts are judged: nobody has approved them yet
    """
    found = list(orders)
    on = localdate(at)
    rules = policy_on(on=on)
    facts = facts_of(account_ids=[each.account_id for each in found], rules=rules, on=on, at=at)
    judged = {}
    for each in found:
        verdict = policy.judge(facts=facts[each.account_id], rules=rules, on=on, asked=Measure(each.measure))
        reasons = (
            verdict.reasons
            if are_proposed
            else policy.judge_order(order=order_facts(order=each), verdict=verdict, rules=rules, at=at)
        )
        judged[each.pk] = OrderJudged(each, reasons, verdict.due_cents)
    return judged


def order_facts(*, order: DisconnectionOrder, check: OrderCheck | None = None) -> Order:
    """What the rules ask of an order; the check is the last one made before going."""
    return Order(
        state=order.state, measure=Measure(order.measure), approved_at=order.approved_at,
        dispatched_at=order.dispatched_at, canceled_at=order.canceled_at,
        checked_at=check.at if check else None, check_is_go=check.is_go if check else False,
    )  # fmt: skip

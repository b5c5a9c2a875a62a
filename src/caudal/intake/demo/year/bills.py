"""The month's bills: computed, looked at, issued, and taken to some of their doors."""

from datetime import timedelta
from random import Random
from typing import Final

from caudal.billing import commands as billing
from caudal.billing.models import BillingRun, HeldBill
from caudal.intake.demo.stage import moment
from caudal.intake.demo.year.almanac import Month
from caudal.intake.demo.year.phone import Phone
from caudal.registry.models import BillingCycle, Route

ANALYST: Final = "laura"
CARRIER: Final = "beto"
# of a hundred doors: nobody opens and it is left; it cannot be delivered
POSTED, NOT_DELIVERED = 22, 4


def issue(*, cycle: BillingCycle, month: Month) -> BillingRun:
    """Laura computes and lets out what she looked at; engineer Salas issues."""
    on, at = month.issue_day, moment(month.issue_day, 10)
    run = billing.open_run(cycle=cycle, period=month.period, issued_on=on, by=ANALYST, at=at)
    run = billing.compute(run=run, by=ANALYST, at=at)
    for place, held in enumerate(HeldBill.objects.filter(run=run, decision="").order_by("account__number")):
        billing.release_held(
            held=held, reason="Se revisó con la lectura y la historia de la casa.", by=ANALYST, on=on,
            at=at + timedelta(minutes=10, seconds=10 * place),
        )  # fmt: skip
    run = billing.review(run=run, by=ANALYST, at=moment(on, 13), reason="Cifras revisadas")
    return billing.issue(run=run, by="salas", at=moment(on, 13, 20))


def deliver(*, run: BillingRun, month: Month, phone: Phone, n_routes: int, rng: Random) -> int:
    """Beto takes the bills of some routes to their doors → how many he told of."""
    routes = sorted(_routes(run))
    start = (month.month - 1) * n_routes % max(len(routes), 1)
    walked = (routes[start:] + routes[:start])[:n_routes]
    on = month.delivery_days[0]
    planned = billing.plan_delivery(
        run=run, on=on, carriers=[CARRIER], routes=walked, at=moment(on, 7), by=ANALYST
    )
    now, count = moment(on, 8), 0
    for each in planned:
        for stop in each.stops.order_by("sequence"):
            now += timedelta(seconds=30)
            draw = rng.randrange(100)
            outcome = "not_delivered" if draw < NOT_DELIVERED else "posted" if draw < POSTED else "delivered"
            phone.deliver(stop, outcome, now)
            count += 1
    phone.send(max(now, moment(on, 18)))
    return count


def _routes(run: BillingRun) -> set[str]:
    return set(Route.objects.filter(cycle=run.cycle).values_list("code", flat=True))

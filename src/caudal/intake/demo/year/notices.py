"""Papers to whoever owes: the demands of February, and the slips from May on, taken to their doors."""

from datetime import date, timedelta
from random import Random
from typing import Final

from caudal.access.models import Clerk
from caudal.dunning import commands as dunning
from caudal.dunning.models import Notice, NoticeBatch
from caudal.dunning.queries import SegmentFilter
from caudal.fieldwork.models import Round
from caudal.intake.demo.stage import moment
from caudal.intake.demo.year.phone import Phone
from caudal.kernel.wording import month_name

SERVER: Final = "beto"
REFUSED, POSTED, ABSENT = 4, 20, 28


def issue(*, stage: str, name: str, most: int, on: date) -> NoticeBatch | None:
    """Laura prepares a batch for the debts from which most is expected, and issues it; None, if it is for nobody."""
    within = SegmentFilter(most_accounts=most)
    try:
        batch = dunning.prepare_batch(
            name=name, stage=stage, within=within, on=on, at=moment(on, 10), by="laura"
        )
        return dunning.issue_batch(batch=batch, on=on, at=moment(on, 10, 20), by="laura")
    except (dunning.CannotPrepareBatch, dunning.CannotIssueBatch):
        return None


def serve(*, batch: NoticeBatch, on: date, phone: Phone, rng: Random, may_be_absent: bool = False) -> int:
    """Beto takes what is left of a batch to its doors → how many were served."""
    notices = list(
        Notice.objects.filter(batch=batch).select_related("stage", "account", "service_point__route")
    )
    clerk = Clerk.objects.get(username=SERVER)
    name = f"{batch.stage.get_code_display()} {month_name(on.year * 100 + on.month)}"[:80]
    try:
        rounds = dunning.plan_service(
            notices=notices, name=name, on=on, servers=[clerk], at=moment(on, 7, 30), by="laura"
        )
    except dunning.CannotPlanService:
        return 0
    return sum(_walk(each, on, phone, rng, may_be_absent) for each in rounds)


def _walk(planned: Round, on: date, phone: Phone, rng: Random, may_be_absent: bool) -> int:
    now, served = moment(on, 9), 0
    for place, stop in enumerate(planned.stops.order_by("sequence")):
        now += timedelta(minutes=3)
        draw = rng.randrange(100) if place else 99  # the first one opens the door
        outcome = "delivered"
        if draw < REFUSED:
            outcome = "refused"
        elif draw < ABSENT and may_be_absent:
            outcome = "absent"
        elif draw < POSTED and not may_be_absent:
            outcome = "posted"
        phone.deliver(stop, outcome, now)
        served += outcome != "absent"
    phone.send(max(now, moment(on, 16)))
    return served

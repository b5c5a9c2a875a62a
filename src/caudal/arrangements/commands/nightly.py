"""What happens by itself: agreements that their policy breaks, and those that are paid. Running it again is safe."""

from datetime import date, datetime

from django.db import transaction

from caudal.arrangements.commands import ending
from caudal.arrangements.models import ArrangementEnd, LiveArrangement, PaymentArrangement
from caudal.arrangements.queries import finding
from caudal.arrangements.queries.standings import standings
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger


def default_overdue(*, on: date, at: datetime, by: str) -> list[ArrangementEnd]:
    """Break the agreements whose policy says so on a day: payments missed, or bills of the month unpaid.

    Each in its own transaction: what is done stays done if the night is cut short. One that cannot be broken does not
    stop the others: its refusal is raised when they are done.
    """
    ends, refusals = [], []
    for arrangement, _ in finding.overdue(on=on):
        try:
            end = _break_if_still_overdue(arrangement, on, at, by)
        except Refusal as refusal:
            refusals.append(refusal)
        else:
            ends += [end] if end else []
    if refusals:
        raise refusals[0]
    return ends


@transaction.atomic
def _break_if_still_overdue(
    arrangement: PaymentArrangement, on: date, at: datetime, by: str
) -> ArrangementEnd | None:
    """Somebody may have paid since it was looked at."""
    ledger.lock_accounts(account_ids=[arrangement.account_id])
    reason = finding.broken_by(arrangement=arrangement, on=on)
    if not reason:
        return None
    return ending.default_arrangement(arrangement=arrangement, reason=reason, on=on, at=at, by=by)


def finish_paid(*, on: date, at: datetime, by: str) -> list[ArrangementEnd]:
    """Write that the agreements paid whole were kept."""
    live = LiveArrangement.objects.select_related("arrangement__account", "arrangement__policy")
    told = standings(arrangements=[each.arrangement for each in live.order_by("arrangement_id")], on=on)
    ended = (
        ending.finish(arrangement=each.arrangement, on=on, at=at, by=by)
        for each in told.values()
        if each.open_cents == 0
    )
    return [end for end in ended if end]

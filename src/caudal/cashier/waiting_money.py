"""Money of a channel that is here and that nobody has recognized yet: whose it may be, so that nobody is cut meanwhile."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from caudal.cashier.channel_pages import waiting_lines
from caudal.cashier.channels import layout
from caudal.cashier.channels.suggestions import suggestions
from caudal.registry.models import Account


@dataclass(frozen=True, slots=True)
class MoneyWaiting:
    """A movement of a channel that may be of an account (centavos)."""

    reference: str
    cents: int
    paid_on: date
    loaded_at: datetime


def money_waiting(*, since: date) -> dict[int, list[MoneyWaiting]]:
    """Movements paid since a day that wait to be identified, by id of each account they may be of."""
    found: dict[str, list[MoneyWaiting]] = defaultdict(list)
    for line in waiting_lines().filter(amount_cents__gt=0, paid_on__gte=since):
        told = MoneyWaiting(
            f"{line.channel_id} {line.reference}", line.amount_cents, line.paid_on, line.settlement.loaded_at
        )
        described = layout.from_document(document=line.channel.layout)
        for each in suggestions(layout=described, reference=line.reference, amount_cents=line.amount_cents):
            found[each.number].append(told)
    ids = dict(Account.objects.filter(number__in=found).values_list("number", "id"))
    return {ids[number]: told for number, told in found.items()}

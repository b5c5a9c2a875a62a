"""Finding agreements: by folio, by account, by how they stand, by what is due."""

from datetime import date

from django.db import connection
from django.db.models import QuerySet

from caudal.arrangements import policy
from caudal.arrangements.models import ArrangementPolicy, LiveArrangement, PaymentArrangement
from caudal.arrangements.policy import State
from caudal.arrangements.queries.standings import InstallmentRow, Standing, standings
from caudal.kernel.refusals import Refusal
from caudal.registry.models import Account

CURRENT_BILLS = """
    SELECT account_id, count(*) FROM ledger_periodbalance
    WHERE account_id = ANY(%s::int[]) AND period > 0 AND due_on < %s
      AND open_principal_cents + open_accessory_cents > 0
    GROUP BY account_id
"""


class UnknownArrangement(Refusal):
    """No agreement has that folio."""


def arrangements() -> QuerySet[PaymentArrangement]:
    """Every agreement, the newest first, with its account, policy and end."""
    return PaymentArrangement.objects.select_related("account", "policy", "end", "approval").order_by(
        "-number"
    )


def arrangement_by_folio(*, folio: str) -> PaymentArrangement:
    """The agreement of a folio such as `CON-000001`; `con 1` and `1` are understood.

    :raises UnknownArrangement: if there is none
    """
    number = policy.arrangement_number(folio)
    found = arrangements().filter(number=number).first() if number is not None else None
    if found is None:
        raise UnknownArrangement(
            f"No hay un convenio con el folio {folio.strip()}.",
            "Revíselo, o búsquelo en su cuenta.",
            field="folio",
        )
    return found


def live_of(*, account: Account) -> PaymentArrangement | None:
    """The agreement of an account that is in force."""
    return arrangements().filter(live__account=account).first()


def find(
    *,
    on: date,
    state: State | None = None,
    account: Account | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[Standing]:
    """Agreements signed in a span of days (both included), of an account, or in a state; the newest first."""
    found = arrangements()
    if account:
        found = found.filter(account=account)
    if since:
        found = found.filter(signed_on__gte=since)
    if until:
        found = found.filter(signed_on__lte=until)
    if state in (State.LIVE, State.LATE, State.PAID):
        found = found.filter(end=None)
    elif state:
        found = found.exclude(end=None)
    chosen = list(found)
    told = standings(arrangements=chosen, on=on)
    return [told[each.pk] for each in chosen if state in (None, told[each.pk].state)]


def due_on_day(*, on: date) -> list[tuple[Standing, InstallmentRow]]:
    """Payments of agreements in force that are due on a day and not made, in order of folio."""
    live = list(arrangements().filter(end=None, installments__due_on=on).order_by("number"))
    told = standings(arrangements=live, on=on)
    return [
        (told[each.pk], row)
        for each in live
        for row in told[each.pk].rows
        if row.due_on == on and row.open_cents
    ]


def overdue(*, on: date) -> list[tuple[PaymentArrangement, str]]:
    """Agreements in force that their policy breaks on a day, each with the reason."""
    live = list(
        arrangements().filter(pk__in=LiveArrangement.objects.values("arrangement_id")).order_by("number")
    )
    told = standings(arrangements=live, on=on)
    bills = _current_bills([each.account_id for each in live], on)
    reasons = ((each, _broken(told[each.pk], bills.get(each.account_id, 0), on)) for each in live)
    return [(each, reason) for each, reason in reasons if reason]


def broken_by(*, arrangement: PaymentArrangement, on: date) -> str:
    """Why its policy breaks one agreement on a day; empty while it does not, or once it ended."""
    told = standings(arrangements=[arrangement], on=on)[arrangement.pk]
    bills = _current_bills([arrangement.account_id], on)
    return "" if told.end else _broken(told, bills.get(arrangement.account_id, 0), on)


def _current_bills(account_ids: list[int], on: date) -> dict[int, int]:
    """How many periods each account owes past due: what was owed on signing is none of them."""
    with connection.cursor() as cursor:
        cursor.execute(CURRENT_BILLS, [account_ids, on])
        return dict(cursor.fetchall())


def _broken(standing: Standing, n_bills: int, on: date) -> str:
    """Why the policy of its day breaks an agreement; empty while it does not."""
    rules: ArrangementPolicy = standing.arrangement.policy
    if standing.open_cents == 0:
        return ""
    down = next((row for row in standing.rows if row.number == 0), None)
    if down and down.open_cents and (on - down.due_on).days > rules.down_payment_days:
        return "No se hizo el pago inicial."
    missed = sum(row.number > 0 and row.due_on < on and row.open_cents > 0 for row in standing.rows)
    if missed >= rules.missed_to_default:
        return f"Parcialidades vencidas sin pagar: {missed}."
    if rules.current_bill_missed and n_bills >= rules.current_bill_missed:
        return f"Recibos del mes vencidos sin pagar: {n_bills}."
    return ""

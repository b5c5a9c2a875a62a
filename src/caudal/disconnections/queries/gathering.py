"""The facts of many accounts at a moment, in columns: what they owe, what protects them, what is on its way."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np
from django.db import connection
from django.utils.timezone import localdate

from caudal.arrangements import queries as arrangements
from caudal.arrangements.models import PaymentArrangement
from caudal.cashier import queries as cashier
from caudal.disconnections import neighbors
from caudal.disconnections.models import DisconnectionPolicy, TransitPayment
from caudal.disconnections.policy import Facts, Transit
from caudal.disconnections.queries.policies import waited_until
from caudal.ledger import queries as ledger
from caudal.ledger.models import CreditBalance
from caudal.tariffs import queries as tariffs

SERVICES: Final = """
    SELECT agreement.account_id, class.use, point.protected_reason, COALESCE(cut.kind, ''),
           ARRAY(SELECT benefit.category FROM registry_benefit AS benefit
                 WHERE benefit.account_id = agreement.account_id AND benefit.effective_from <= %(on)s
                   AND (benefit.effective_to IS NULL OR benefit.effective_to > %(on)s))
    FROM registry_serviceagreement AS agreement
    JOIN registry_tariffclass AS class ON class.id = agreement.tariff_class_id
    JOIN registry_servicepoint AS point ON point.id = agreement.service_point_id
    LEFT JOIN registry_serviceinterruption AS cut ON cut.agreement_id = agreement.id
         AND cut.effective_from <= %(on)s AND (cut.effective_to IS NULL OR cut.effective_to > %(on)s)
    WHERE agreement.account_id = ANY(%(accounts)s::int[]) AND agreement.effective_from <= %(on)s
      AND (agreement.effective_to IS NULL OR agreement.effective_to > %(on)s)
"""
# a cancellation is another payment, below zero; a payment it took back was none
PAYMENTS: Final = """
    SELECT DISTINCT ON (payment.account_id) payment.account_id, receipt.paid_at, receipt.business_on
    FROM cashier_payment AS payment JOIN cashier_receipt AS receipt ON receipt.id = payment.receipt_id
    WHERE payment.account_id = ANY(%s::int[]) AND receipt.reverses_id IS NULL
      AND NOT EXISTS (SELECT FROM cashier_receipt AS taken WHERE taken.reverses_id = receipt.id)
    ORDER BY payment.account_id, receipt.paid_at DESC
"""


@dataclass(frozen=True, slots=True)
class Due:
    """What an account owes past due (centavos), of how many bills, since when."""

    cents: int = 0
    periods: int = 0
    oldest_on: date | None = None


def facts_of(
    *, account_ids: Sequence[int], rules: DisconnectionPolicy, on: date, at: datetime
) -> dict[int, Facts]:
    """Everything that decides whether each account may be cut, as it stands at a moment."""
    ids = sorted(set(account_ids))
    services = {row[0]: row[1:] for row in _rows(SERVICES, {"accounts": ids, "on": on})}
    due = due_of(account_ids=ids, on=on)
    paid = {row[0]: row[1:] for row in _rows(PAYMENTS, [ids])}
    signed = _arrangements(ids, on)
    claims = neighbors.open_claims(account_ids=ids, at=at)
    transits = _transits(ids, rules, on, at)
    oldest = {account: owed.oldest_on for account, owed in due.items() if owed.oldest_on}
    served = neighbors.served_stages(oldest=oldest, on=on) if rules.notice_stage else {}
    facts = {}
    for account in ids:
        use, protected, interruption, benefits = services.get(account, ("", "", "", ()))
        paid_at, paid_on = paid.get(account, (None, None))
        owed = due.get(account, Due())
        facts[account] = Facts(
            use=use, has_service=account in services, interruption=interruption, protected_reason=protected,
            benefits=tuple(benefits), due_cents=owed.cents, due_periods=owed.periods, oldest_due_on=owed.oldest_on,
            claims=claims.get(account, ()), transits=tuple(transits.get(account, ())), last_payment_at=paid_at,
            last_payment_on=paid_on, served_stages=served.get(account, frozenset()), **signed.get(account, {}),
        )  # fmt: skip
    return facts


def due_of(*, account_ids: Sequence[int], on: date) -> dict[int, Due]:
    """What is past due on a day with its surcharges, less what is in favor; only of who owes any."""
    terms = tariffs.terms_on(on=on)
    items = ledger.position(account_ids=list(account_ids), on=on, terms=terms).items
    late = items.take(items.due_ordinal < on.toordinal())
    favor = dict(
        CreditBalance.objects.filter(account_id__in=list(account_ids)).values_list(
            "account_id", "unallocated_cents"
        )
    )
    found: dict[int, Due] = {}
    for account in np.unique(late.account_id).tolist():
        mine = late.take(late.account_id == account)
        cents = int(mine.open_cents.sum()) - favor.get(account, 0)
        owing = mine.open_cents > 0
        if cents <= 0 or not owing.any():
            continue
        # one-off charges are told apart by their document; a period is one bill
        bills = np.where(mine.period > 0, mine.period * 100_000, mine.document_kind * 10_000 + mine.sequence)
        found[account] = Due(
            cents, int(np.unique(bills[owing]).size), date.fromordinal(int(mine.due_ordinal[owing].min()))
        )
    return found


def _arrangements(ids: Sequence[int], on: date) -> dict[int, dict[str, Any]]:
    live = list(PaymentArrangement.objects.select_related("policy").filter(live__account_id__in=ids))
    if not live:
        return {}
    told = arrangements.standings(arrangements=live, on=on)
    return {
        each.account_id: {
            "arrangement": each.folio,
            "arrangement_is_late": told[each.pk].n_late > 0,
            "arrangement_at": each.at,
        }
        for each in live
    }


def _transits(
    ids: Sequence[int], rules: DisconnectionPolicy, on: date, at: datetime
) -> dict[int, list[Transit]]:
    """Payments declared at the desk, and money of a bank that nobody has recognized yet."""
    days = rules.transit_business_days
    found: dict[int, list[Transit]] = defaultdict(list)
    declared = TransitPayment.objects.filter(account_id__in=ids, until__gte=on, declared_at__lte=at)
    for each in declared.order_by("id"):
        found[each.account_id].append(
            Transit(each.reference, each.amount_cents, each.until, each.declared_at)
        )
    asked = set(ids)
    # two weeks hold any so many business days with their holidays
    for account, lines in cashier.money_waiting(since=on - timedelta(days=14 + days)).items():
        for line in lines if account in asked else ():
            until = waited_until(since=max(line.paid_on, localdate(line.loaded_at)), days=days)
            if until >= on:
                found[account].append(Transit(line.reference, line.cents, until, line.loaded_at))
    return found


def _rows(sql: str, params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())

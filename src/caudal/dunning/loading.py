"""Overdue debts, places and notices out of the database as columns: for one account or for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from caudal.ledger import loading as ledger
from caudal.ledger.queries import DebtTerms, position, positions
from caudal.registry.models import ServiceAgreement
from caudal.rules.bounds import Int64, Mask

_COLUMNS: Final = (
    "account_id",
    "account__number",
    "tariff_class__use",
    "service_point__premise__locality__code",
    "service_point__route__code",
    "service_point__walk_sequence",
    "service_point_id",
    "service_point__protected_reason",
)
LATEST: Final = """
    SELECT DISTINCT ON (notice.account_id) notice.account_id, notice.id, stage.position, notice.issued_on,
           served.term_ends_on,
           COALESCE((SELECT sum(balance.open_principal_cents + balance.open_accessory_cents)
                     FROM dunning_noticedebt AS debt JOIN ledger_periodbalance AS balance
                          ON balance.period = debt.period AND balance.account_id = notice.account_id
                     WHERE debt.notice_id = notice.id), 0) <= 0
    FROM dunning_notice AS notice JOIN dunning_dunningstage AS stage ON stage.id = notice.stage_id
    LEFT JOIN dunning_serviceofnotice AS served ON served.notice_id = notice.id AND served.effects_on IS NOT NULL
    WHERE notice.account_id = ANY(%s::int[])
          AND NOT EXISTS (SELECT FROM dunning_noticecancellation AS gone WHERE gone.notice_id = notice.id)
    ORDER BY notice.account_id, notice.number DESC
"""
PAID: Final = """
    SELECT DISTINCT credit.account_id FROM ledger_credit AS credit
    WHERE credit.kind = 'payment' AND credit.amount_cents > 0 AND credit."on" > %s AND credit.account_id = ANY(%s::int[])
          AND NOT EXISTS (SELECT FROM ledger_credit AS back WHERE back.reverses_id = credit.id)
"""
SETTLED: Final = """
    SELECT notice.id FROM dunning_notice AS notice
    WHERE notice.id = ANY(%s::bigint[])
          AND COALESCE((SELECT sum(balance.open_principal_cents + balance.open_accessory_cents)
                        FROM dunning_noticedebt AS debt JOIN ledger_periodbalance AS balance
                             ON balance.period = debt.period AND balance.account_id = notice.account_id
                        WHERE debt.notice_id = notice.id), 0) <= 0
"""
# payments after each service and before the next one of the account; never more than the notice asked for
RECOVERED: Final = """
    WITH served AS (
        SELECT notice.id, notice.batch_id, notice.account_id, notice.total_cents, notice.age_days, stage.code,
               service.served_on,
               lead(service.served_on) OVER (PARTITION BY notice.account_id ORDER BY service.served_at) AS next_on
        FROM dunning_notice AS notice JOIN dunning_serviceofnotice AS service ON service.notice_id = notice.id
        JOIN dunning_dunningstage AS stage ON stage.id = notice.stage_id
        WHERE service.effects_on IS NOT NULL
              AND NOT EXISTS (SELECT FROM dunning_noticecancellation AS gone WHERE gone.notice_id = notice.id))
    SELECT served.id, served.batch_id, served.code, served.age_days, served.total_cents, served.served_on,
           LEAST(served.total_cents, COALESCE(sum(credit.amount_cents)
                 FILTER (WHERE credit."on" <= served.served_on + 30), 0))::bigint,
           LEAST(served.total_cents, COALESCE(sum(credit.amount_cents), 0))::bigint
    FROM served LEFT JOIN ledger_credit AS credit
         ON credit.account_id = served.account_id AND credit.kind = 'payment'
            AND credit."on" >= served.served_on AND credit."on" <= served.served_on + 90
            AND credit."on" <= %s AND (served.next_on IS NULL OR credit."on" < served.next_on)
            AND credit.amount_cents > 0
            AND NOT EXISTS (SELECT FROM ledger_credit AS back WHERE back.reverses_id = credit.id)
    WHERE served.served_on <= %s
    GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Overdue:
    """What was due before a day, as columns: a row a period and account, with surcharges to the day (centavos)."""

    account_id: Int64
    period: Int64
    age_days: Int64
    open_cents: Int64


@dataclass(frozen=True, slots=True)
class Places:
    """Where accounts stand in the padrón, as columns; accounts ascend."""

    account_id: Int64
    number: NDArray[np.str_]
    use: NDArray[np.str_]
    locality: NDArray[np.str_]
    route: NDArray[np.str_]
    walk_sequence: Int64
    service_point_id: Int64
    is_protected: Mask


@dataclass(frozen=True, slots=True)
class LastNotice:
    """The newest notice of an account that was not canceled."""

    notice_id: int
    position: int
    issued_on: date
    term_ends_on: date | None
    is_settled: bool


@dataclass(frozen=True, slots=True)
class Recovered:
    """What came after a notice was served, up to what it asked for, within 30 and within 90 days (centavos)."""

    notice_id: int
    batch_id: int
    stage: str
    age_days: int
    total_cents: int
    served_on: date
    within_30_cents: int
    within_90_cents: int


def overdue(*, on: date, terms: DebtTerms, account_ids: Sequence[int] | None = None) -> Overdue:
    """What was due before a day and is still owed, of these accounts (None: all).

    :raises CannotComputeSurcharges: if a month late falls in a year the terms have no rate for
    """
    debts = ledger.debts(account_ids=account_ids)
    late = positions.late_surcharges(debts=debts, on=on, terms=terms)
    of_period = (debts.period > 0) & (debts.due_ordinal < on.toordinal())
    parts = [
        (
            debts.account_id[of_period], debts.period[of_period], on.toordinal() - debts.due_ordinal[of_period],
            (debts.open_principal_cents + debts.open_accessory_cents + late.amount_cents)[of_period],
        )
    ]  # fmt: skip
    # one-off charges and installments are each due on their own day
    others = np.unique(debts.account_id[debts.period == 0]).tolist()
    if others:
        items = position(account_ids=others, on=on, terms=None).items
        is_due = (items.period == 0) & (items.open_cents != 0) & (items.due_ordinal < on.toordinal())
        parts.append(
            (
                items.account_id[is_due], items.period[is_due], on.toordinal() - items.due_ordinal[is_due],
                items.open_cents[is_due],
            )
        )  # fmt: skip
    return Overdue(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def places(*, on: date, account_ids: Sequence[int] | None = None) -> Places:
    """Where these accounts (None: all) are by the newest agreement a day knows; one that was closed keeps its last."""
    agreements = ServiceAgreement.objects.filter(effective_from__lte=on)
    if account_ids is not None:
        agreements = agreements.filter(account_id__in=list(account_ids))
    rows = list(
        agreements.order_by("account_id", "-effective_from").distinct("account_id").values_list(*_COLUMNS)
    )
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(_COLUMNS)
    account, number, use, locality, route, walk, point, protected = columns
    return Places(
        account_id=np.array(account, dtype=np.int64),
        number=np.array(number, dtype=np.str_),
        use=np.array(use, dtype=np.str_),
        locality=np.array(locality, dtype=np.str_),
        route=np.array(route, dtype=np.str_),
        walk_sequence=np.array(walk, dtype=np.int64),
        service_point_id=np.array(point, dtype=np.int64),
        is_protected=np.array([bool(each) for each in protected], dtype=bool),
    )


def last_notices(*, account_ids: Sequence[int]) -> dict[int, LastNotice]:
    """The newest notice that stands of each account, by account."""
    with connection.cursor() as cursor:
        cursor.execute(LATEST, [list(account_ids)])
        return {row[0]: LastNotice(*row[1:]) for row in cursor.fetchall()}


def paid_since(*, account_ids: Sequence[int], on: date, days: int) -> set[int]:
    """Which accounts paid in the last days, the day itself included."""
    with connection.cursor() as cursor:
        cursor.execute(PAID, [on - timedelta(days=days), list(account_ids)])
        return {row[0] for row in cursor.fetchall()}


def settled(*, notice_ids: Sequence[int]) -> set[int]:
    """Of some notices, those whose periods owe nothing any more."""
    with connection.cursor() as cursor:
        cursor.execute(SETTLED, [list(notice_ids)])
        return {row[0] for row in cursor.fetchall()}


def recovered(*, on: date) -> list[Recovered]:
    """What came after each notice that was served up to a day."""
    with connection.cursor() as cursor:
        cursor.execute(RECOVERED, [on, on])
        return [Recovered(*row) for row in cursor.fetchall()]

"""Every centavo forgiven between two days: by which rule, to which account, by whom, with which paper."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection

from caudal.kernel.wording import in_reading_case

# what a rule took off a month that was paid ahead is told beside what it forgave of a debt
FORGIVEN: Final = """
    SELECT waiver.on, waiver.at, waiver.rule, COALESCE(campaign.name, ''), account.number, waiver.account_id,
           waiver.by, waiver.document, waiver.cents, COALESCE(-back.amount_cents, 0), back.on, back.recorded_by,
           COALESCE(back.reason, ''), waiver.is_conditional, FALSE, 0
    FROM campaigns_waiver AS waiver
    JOIN registry_account AS account ON account.id = waiver.account_id
    LEFT JOIN campaigns_campaign AS campaign ON campaign.id = waiver.campaign_id
    LEFT JOIN ledger_credit AS back ON back.reverses_id = waiver.credit_id
    WHERE waiver.on BETWEEN %(since)s AND %(until)s AND (%(rule)s = '' OR waiver.rule = %(rule)s)
    UNION ALL
    SELECT credit.on, month.at, COALESCE(campaign.code, book.code), COALESCE(campaign.name, book.name), account.number,
           month.account_id, month.by, credit.document, month.reduction_cents,
           CASE WHEN ended.month_id IS NULL THEN 0 ELSE month.reduction_cents END, ended.on, ended.by,
           COALESCE(ended.reason, ''), FALSE, TRUE, month.period
    FROM campaigns_prepaidmonth AS month
    JOIN registry_account AS account ON account.id = month.account_id
    JOIN tariffs_tariffbook AS book ON book.id = month.book_id
    JOIN ledger_credit AS credit ON credit.id = month.credit_id
    LEFT JOIN campaigns_campaign AS campaign ON campaign.id = month.campaign_id
    LEFT JOIN campaigns_prepaidmonthend AS ended ON ended.month_id = month.id
    WHERE month.reduction_cents > 0 AND credit.on BETWEEN %(since)s AND %(until)s
      AND (%(rule)s = '' OR COALESCE(campaign.code, book.code) = %(rule)s)
    ORDER BY 2, 8, 5, 16
"""
TOTALS: Final = """
    SELECT rule, sum(waiver.cents + COALESCE(back.amount_cents, 0))::bigint
    FROM campaigns_waiver AS waiver LEFT JOIN ledger_credit AS back ON back.reverses_id = waiver.credit_id
    GROUP BY rule
    UNION ALL
    SELECT campaign.code, sum(month.reduction_cents)::bigint
    FROM campaigns_prepaidmonth AS month JOIN campaigns_campaign AS campaign ON campaign.id = month.campaign_id
    WHERE NOT EXISTS (SELECT FROM campaigns_prepaidmonthend AS ended WHERE ended.month_id = month.id)
    GROUP BY campaign.code
"""


@dataclass(frozen=True, slots=True)
class ForgivenRow:
    """What one rule forgave to one account with one paper (centavos), and what was taken back of it later.

    `period` is the month it was paid ahead for, 0 for debts.
    """

    on: date
    rule: str
    name: str
    account: str
    by: str
    document: str
    cents: int
    taken_back_cents: int
    taken_back_on: date | None
    taken_back_by: str
    reason: str
    is_conditional: bool
    is_prepaid: bool
    period: int

    @property
    def net_cents(self) -> int:
        """What stays forgiven."""
        return self.cents - self.taken_back_cents


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of rows that share something (centavos)."""

    of: str
    n: int
    cents: int
    taken_back_cents: int

    @property
    def net_cents(self) -> int:
        return self.cents - self.taken_back_cents


@dataclass(frozen=True, slots=True)
class Report:
    """What was forgiven between two days, both inside."""

    since: date
    until: date
    rows: tuple[ForgivenRow, ...]

    @property
    def total(self) -> Sum:
        """All of it."""
        return self._sum("", self.rows)

    @property
    def by_rule(self) -> list[Sum]:
        return self._grouped(lambda row: row.rule)

    @property
    def by_clerk(self) -> list[Sum]:
        return self._grouped(lambda row: row.by)

    @property
    def by_account(self) -> list[Sum]:
        return self._grouped(lambda row: row.account)

    @property
    def by_document(self) -> list[Sum]:
        return self._grouped(lambda row: row.document)

    def _grouped(self, key: Callable[[ForgivenRow], str]) -> list[Sum]:
        groups: dict[str, list[ForgivenRow]] = {}
        for row in self.rows:
            groups.setdefault(key(row), []).append(row)
        sums = [self._sum(of, rows) for of, rows in groups.items()]
        return sorted(sums, key=lambda each: (-each.net_cents, each.of))

    @staticmethod
    def _sum(of: str, rows: Sequence[ForgivenRow]) -> Sum:
        return Sum(of, len(rows), sum(row.cents for row in rows), sum(row.taken_back_cents for row in rows))


def forgiven(*, since: date, until: date, rule: str = "") -> Report:
    """Everything forgiven between two days, both inside; of one rule, if its code is given."""
    with connection.cursor() as cursor:
        cursor.execute(FORGIVEN, {"since": since, "until": until, "rule": rule})
        rows = tuple(
            ForgivenRow(
                on=row[0], rule=row[2], name=row[3], account=row[4], by=row[6], document=row[7], cents=row[8],
                taken_back_cents=row[9], taken_back_on=row[10], taken_back_by=row[11] or "",
                reason=in_reading_case(row[12]), is_conditional=row[13], is_prepaid=row[14], period=row[15],
            )
            for row in cursor.fetchall()
        )  # fmt: skip
    return Report(since, until, rows)


def forgiven_by_rule() -> dict[str, int]:
    """What each rule has forgiven until now and was not taken back (centavos), by its code."""
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(TOTALS)
        for rule, cents in cursor.fetchall():
            found[rule] = found.get(rule, 0) + cents
    return found

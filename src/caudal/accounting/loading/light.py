"""What the light asks of several rooms at once: runs against their services, services against what they need, seals."""

from datetime import date
from typing import Any, Final, NamedTuple

from django.db import connection

# of each run issued lately: how many services were computed, of how many something was said, and how many words
RUNS: Final = """
    SELECT run.id, run.period, run.n_accounts, count(DISTINCT said.account_id), count(said.account_id)
    FROM billing_billingrun AS run
    LEFT JOIN (
        SELECT run_id, account_id FROM billing_bill WHERE revision = 1 AND period >= %(period)s
        UNION ALL SELECT run_id, account_id FROM billing_heldbill WHERE issued_at IS NULL
        UNION ALL SELECT run_id, account_id FROM billing_unbilledaccount) AS said ON said.run_id = run.id
    WHERE run.state = 'issued' AND run.period >= %(period)s GROUP BY run.id ORDER BY run.period DESC, run.id
"""
# a cycle, its last issued run, and the services of that month of which the run says nothing
SILENT: Final = """
    SELECT run.id, run.period, account.number
    FROM (SELECT DISTINCT ON (cycle_id) id, cycle_id, period,
                 (make_date(period / 100, period %% 100, 1) + interval '1 month' - interval '1 day')::date AS last
          FROM billing_billingrun WHERE state = 'issued' ORDER BY cycle_id, period DESC) AS run
    JOIN registry_route AS route ON route.cycle_id = run.cycle_id
    JOIN registry_servicepoint AS point ON point.route_id = route.id
    JOIN registry_serviceagreement AS agreement ON agreement.service_point_id = point.id
         AND agreement.effective_from <= run.last
         AND (agreement.effective_to IS NULL OR agreement.effective_to > run.last)
    JOIN registry_account AS account ON account.id = agreement.account_id
    LEFT JOIN billing_bill AS bill ON bill.period = run.period AND bill.account_id = account.id AND bill.revision = 1
    LEFT JOIN billing_heldbill AS held ON held.run_id = run.id AND held.account_id = account.id
    LEFT JOIN billing_unbilledaccount AS unbilled ON unbilled.run_id = run.id AND unbilled.account_id = account.id
    WHERE bill.account_id IS NULL AND held.id IS NULL AND unbilled.id IS NULL ORDER BY 2, 3 LIMIT 20
"""
ACTIVE: Final = """
    SELECT count(*),
           count(*) FILTER (WHERE agreement.tariff_class_id IS NULL OR point.route_id IS NULL OR route.cycle_id IS NULL),
           (array_agg(account.number) FILTER (
               WHERE agreement.tariff_class_id IS NULL OR point.route_id IS NULL OR route.cycle_id IS NULL))[1:20],
           (array_agg(account.number) FILTER (WHERE NOT EXISTS (
               SELECT FROM registry_accountholder AS holder WHERE holder.account_id = account.id
                   AND holder.effective_from <= %(on)s
                   AND (holder.effective_to IS NULL OR holder.effective_to > %(on)s))))[1:20]
    FROM registry_serviceagreement AS agreement
    JOIN registry_account AS account ON account.id = agreement.account_id
    LEFT JOIN registry_servicepoint AS point ON point.id = agreement.service_point_id
    LEFT JOIN registry_route AS route ON route.id = point.route_id
    WHERE agreement.effective_from <= %(on)s AND (agreement.effective_to IS NULL OR agreement.effective_to > %(on)s)
"""
# each receipt of these days follows the one before it in its series; the seals themselves are walked by `caudal payments chain`
BROKEN_LINKS: Final = """
    SELECT receipt.series, receipt.number
    FROM cashier_receipt AS receipt
    LEFT JOIN cashier_receipt AS before ON before.series = receipt.series AND before.number = receipt.number - 1
    WHERE receipt.business_on >= %(since)s AND receipt.business_on < %(until)s AND receipt.number > 1
      AND before.hash IS DISTINCT FROM receipt.previous_hash
    ORDER BY 1, 2 LIMIT 20
"""
N_RECEIPTS: Final = """
    SELECT count(*) FROM cashier_receipt AS receipt
    WHERE receipt.business_on >= %(since)s AND receipt.business_on < %(until)s
"""


class Run(NamedTuple):
    """An issued run: services computed, services of which it says something, and how many things it says."""

    id: int
    period: int
    n_accounts: int
    n_said: int
    n_words: int


class Services(NamedTuple):
    """Services in force: how many, how many lack class, route or cycle, which, and which have no holder."""

    n: int
    n_lacking: int
    lacking: list[str] | None
    without_holder: list[str] | None


def runs(*, since: int) -> list[Run]:
    """Runs issued of a period or later."""
    return [Run(*row) for row in _ask(RUNS, period=since)]


def silent() -> list[tuple[int, int, str]]:
    """Services of which the last run of their cycle says nothing: run, period, account."""
    return _ask(SILENT)


def services(*, on: date) -> Services:
    """The services in force on a day."""
    [row] = _ask(ACTIVE, on=on)
    return Services(*row)


def broken_links(*, since: date, until: date) -> tuple[int, list[tuple[str, int]]]:
    """How many receipts of some days there are, and those that do not follow the one before."""
    [(n,)] = _ask(N_RECEIPTS, since=since, until=until)
    return n, _ask(BROKEN_LINKS, since=since, until=until)


def _ask(sql: str, **params: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())

"""The year 2019 lived through public doors: its report has every activity that the report of 2019 has, and no other.

The town is built once for the module: sixty-odd accounts, every day of business of the year. At the end of each day
the balances, the journal, the till and the bills are added up again from raw rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import connection, transaction
from django.test import override_settings

from caudal.accounting import registers
from caudal.cashier.models import Identification, Receipt, SettlementLine
from caudal.intake.demo import stage
from caudal.intake.demo.year import play, telling
from caudal.intake.demo.year.agenda import SOME_CENTS
from caudal.intake.demo.year.state import Year
from caudal.ledger import catalog
from caudal.ledger.models import MonthClose
from caudal.reports import board, checking, papers
from caudal.reports.activities import building
from caudal.reports.activities.report import ActivityReport
from caudal.reports.cli import ROOMS_WITH_CHECKS
from caudal.reports.editions import report_of
from caudal.reports.models import ReportEdition
from caudal.reports.targets import all_targets
from caudal.reports.tests import reading_back
from caudal.reports.verifying import verify
from caudal.rules.periods import Period
from tests.scenarios.raw_figures import raw

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
N_ACCOUNTS: Final = 96
SEED: Final = 2019

ALWAYS: Final = frozenset({"counter", "arrangements", "meter_work"})
# what the commercial area of SIBAPAS reported of 2019, month by month, besides what it did in all of them
REPORTED: Final[dict[int, frozenset[str]]] = {
    1: ALWAYS | {"campaign:PRONTO-15", "benefits"},
    2: ALWAYS | {"campaign:PRONTO-15", "benefits", "demands"},
    3: ALWAYS | {"campaign:PRONTO-5", "outreach"},
    4: ALWAYS | {"campaign:RECARGOS-ABRIL"},
    5: ALWAYS | {"notices"},
    6: ALWAYS | {"notices"},
    7: ALWAYS | {"notices", "cuts", "reconnections"},
    8: ALWAYS | {"notices", "cases"},
    9: ALWAYS | {"notices", "cases"},
    10: ALWAYS | {"notices", "cases"},
    11: ALWAYS | {"notices"},
    12: ALWAYS | {"notices", "campaign:RECARGOS-DICIEMBRE", "outreach"},
}


@dataclass
class Lived:
    """The year, and what did not add up at the end of some day."""

    year: Year
    n_days: int
    wrong: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def lived(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lived]:
    """The town and its year, in one transaction that is undone when the last test of the module ends."""
    directory: Path = tmp_path_factory.mktemp("year")
    print(f"seed {SEED}")
    with django_db_blocker.unblock(), override_settings(REPORT_KEY=directory / "report-key.pem"):
        undone = transaction.atomic()
        # as the blocks that Django's own tests undo: what must be outermost (counting a wrong PIN) may stand in it
        undone._from_testcase = True
        undone.__enter__()
        connection.needs_rollback = False
        try:
            proof = Proof()
            staged = stage.stage(directory=directory, n_accounts=N_ACCOUNTS, tell=lambda _: None)
            year = play.live(
                staged=staged, tell=lambda _: None, seed=SEED, nights=5, n_by_phone=20, watch=proof.of_day
            )
            yield Lived(year, proof.n_days, proof.wrong)
        finally:
            connection.set_rollback(True)
            undone.__exit__(None, None, None)


@pytest.fixture(scope="module")
def report(lived: Lived, django_db_blocker: Any) -> ActivityReport:
    """What the system says that was done in the year."""
    with django_db_blocker.unblock():
        return building.activity_report(since=date(2019, 1, 1), until=date(2020, 1, 1))


# what must be nothing at the end of every day, said in raw rows
ZERO: Final = {
    "every entry of the journal adds up to zero": """
        SELECT count(*) FROM (SELECT 1 FROM ledger_journalline GROUP BY entry_id HAVING sum(amount_cents) <> 0) AS bad""",
    "each balance is its charges less what extinguished them": """
        WITH owed AS (
            SELECT account_id, sum(cents) AS cents FROM (
                SELECT account_id, amount_cents + vat_cents AS cents FROM ledger_charge
                UNION ALL SELECT account_id, -amount_cents FROM ledger_allocation) AS moves GROUP BY account_id),
        kept AS (
            SELECT account_id, sum(open_principal_cents + open_accessory_cents) AS cents FROM ledger_periodbalance
            GROUP BY account_id)
        SELECT count(*) FROM owed FULL JOIN kept USING (account_id)
        WHERE COALESCE(owed.cents, 0) <> COALESCE(kept.cents, 0)""",
    "what is in favor is the credits less what they extinguished": """
        WITH left_over AS (
            SELECT account_id, sum(cents) AS cents FROM (
                SELECT account_id, amount_cents AS cents FROM ledger_credit
                UNION ALL SELECT account_id, -amount_cents FROM ledger_allocation) AS moves GROUP BY account_id)
        SELECT count(*) FROM left_over FULL JOIN ledger_creditbalance AS kept USING (account_id)
        WHERE COALESCE(left_over.cents, 0) <> COALESCE(kept.unallocated_cents, 0)""",
    "each receipt is what its accounts paid and how they paid": """
        SELECT count(*) FROM cashier_receipt AS receipt WHERE total_cents <>
            (SELECT COALESCE(sum(amount_cents), 0) FROM cashier_payment WHERE receipt_id = receipt.id)
            OR total_cents <> (SELECT COALESCE(sum(amount_cents), 0) FROM cashier_tender WHERE receipt_id = receipt.id)""",
    "each session counted what its receipts say": """
        SELECT count(*) FROM cashier_tenderbalance AS balance
        JOIN cashier_tillclosing AS closing ON closing.id = balance.closing_id
        JOIN cashier_tillsession AS session ON session.id = closing.session_id
        WHERE balance.declared_cents <> (
            SELECT COALESCE(sum(tender.amount_cents), 0) FROM cashier_tender AS tender
            JOIN cashier_receipt AS receipt ON receipt.id = tender.receipt_id
            WHERE receipt.session_id = session.id AND tender.kind = balance.kind)
            + CASE balance.kind WHEN 'cash' THEN session.float_cents ELSE 0 END""",
    "every service has its bill, waits, or says why not, in each issued run": """
        SELECT count(*) FROM billing_billingrun AS run
        JOIN registry_serviceagreement AS agreement ON agreement.effective_from <= run.issued_on
             AND (agreement.effective_to IS NULL OR agreement.effective_to > run.issued_on)
        WHERE run.state = 'issued' AND (
            EXISTS (SELECT FROM billing_bill WHERE period = run.period AND account_id = agreement.account_id)::int
            + EXISTS (SELECT FROM billing_heldbill AS held WHERE held.run_id = run.id
                      AND held.account_id = agreement.account_id AND held.decision <> 'released')::int
            + EXISTS (SELECT FROM billing_unbilledaccount AS without WHERE without.run_id = run.id
                      AND without.account_id = agreement.account_id)::int) <> 1""",
}  # fmt: skip


@dataclass
class Proof:
    """Adds up every day again, with the triggers that wait for the end of a transaction let loose."""

    n_days: int = 0
    wrong: list[str] = field(default_factory=list)

    def of_day(self, on: date) -> None:
        self.n_days += 1
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            for words, sql in ZERO.items():
                cursor.execute(sql)
                [(found,)] = cursor.fetchall()
                if found:
                    self.wrong.append(f"{on}: not so that {words} ({found})")


@pytest.mark.parametrize("month", range(1, 13))
def test_each_month_tells_of_what_the_report_of_2019_tells_and_of_nothing_else(
    report: ActivityReport, month: int
) -> None:
    told = {each.period: frozenset(each.codes) for each in report.months}[2019 * 100 + month]
    assert told - REPORTED[month] == frozenset(), "invented"
    assert REPORTED[month] - told == frozenset(), "missing"


def test_every_day_adds_up_from_raw_rows(lived: Lived) -> None:
    # 261 days from Monday to Friday, less seven of rest by law: 1 January, 4 February, 18 March, 1 May,
    # 16 September, 18 November and 25 December
    assert lived.n_days == 254
    assert lived.wrong == []


def test_each_month_is_closed_by_two_people_with_what_the_report_says_was_collected(
    lived: Lived, report: ActivityReport
) -> None:
    """From the month of the old system to November; what entered cash and banks is what the report tells, and what
    came in that nobody knows whose it is."""
    closed = MonthClose.objects.order_by("month")
    assert [each.month for each in closed] == [201812, *range(201901, 201912)]
    assert {(each.reviewed_by, each.closed_by) for each in closed} == {("laura", "salas")}
    for each, month in zip(closed.exclude(month=201812), report.months, strict=False):
        moved = {it[0]: it[1] - it[2] for it in each.figures}
        money = sum(cents for account, cents in moved.items() if account.startswith(("1111", "1112")))
        unknown = -moved.get(catalog.UNIDENTIFIED_DEPOSITS, 0)
        assert unknown == (SOME_CENTS if each.month == 201911 else 0)
        assert money - unknown == month.value("counter", "collected_cents") > 0


def test_a_payment_of_the_account_next_door_is_taken_back_and_charged_to_the_right_one(lived: Lived) -> None:
    """Four mornings of the year; each time the receipt, its cancellation and the next receipt of the till."""
    undone = Receipt.objects.filter(reverses__isnull=False).select_related("reverses").order_by("number")
    assert [each.business_on.month for each in undone] == [3, 6, 9, 10]
    for each in undone:
        first = each.reverses
        right = Receipt.objects.get(series=first.series, number=first.number + 1)
        assert first.total_cents == -each.total_cents == right.total_cents
        assert first.payments.get().account_id != right.payments.get().account_id


def test_money_that_nobody_knew_is_given_to_its_owner_and_the_last_of_the_year_waits(lived: Lived) -> None:
    unknown = SettlementLine.objects.filter(reference__startswith="9990").order_by("paid_on")
    assert [each.reference for each in unknown] == ["999002", "999005", "999008", "999011"]
    assert {each.amount_cents for each in unknown} == {SOME_CENTS}
    found = Identification.objects.filter(line__in=unknown, outcome="applied").order_by("at")
    assert [each.line.reference for each in found] == ["999002", "999005", "999008"]


def test_the_board_tells_the_last_month_against_what_should_be_reached(lived: Lived) -> None:
    n = len(lived.year.town.households)
    told = board.collected(today=date(2019, 12, 31), aims=all_targets())
    assert told.goal_cents == n * 230_00
    goals = {each.label: each.goal_cents for each in told.by_place}
    assert goals == {"Caja 1": n * 110_40, "Banco, ventanillas y banca en línea": n * 119_60}
    assert sum(each.month.value for each in told.by_place) == told.month.value > 0


def test_the_council_has_three_quarters_signed(lived: Lived) -> None:
    editions = ReportEdition.objects.order_by("number")
    assert [(each.since, each.until) for each in editions] == [
        (date(2019, first, 1), date(2019, first + 3, 1)) for first in (1, 4, 7)
    ]
    for each in editions:
        assert verify(edition=each).findings == ()
        assert (
            report_of(edition=each).months
            == building.whole_report(since=each.since, until=each.until, today=date(2019, 12, 31)).months
        )


def test_what_was_owed_at_each_month_end_is_in_the_books(lived: Lived) -> None:
    ends = [Period(201900 + month).last_day for month in range(1, 13)]
    ages = registers.debt_ages(days=ends)
    adeudos = registers.find(code="adeudos")
    told = [registers.fill(register=adeudos, since=on, last=on) for on in ends]
    assert [(each.total_cents, sum(ages[each.last])) for each in told] == [
        (each.booked_cents,) * 2 for each in told
    ]
    assert min(each.total_cents for each in told) > 0


def test_at_the_end_nothing_disagrees(lived: Lived) -> None:
    wrong = [each for each in checking.run(rooms=ROOMS_WITH_CHECKS) if each.findings]
    assert [(each.question, each.findings[0]) for each in wrong] == []


# figures of the year, counted again from the tables where each thing was written
RAW: Final = {
    ("counter", "collected_cents"): "SELECT sum(total_cents) FROM cashier_receipt",
    ("meter_work", "bills"): "SELECT count(*) FROM billing_bill WHERE period BETWEEN 201901 AND 201912",
    (
        "meter_work",
        "bills_cents",
    ): "SELECT sum(total_cents) FROM billing_bill WHERE period BETWEEN 201901 AND 201912",
    ("arrangements", "signed"): "SELECT count(*) FROM arrangements_paymentarrangement",
    ("arrangements", "debt_cents"): "SELECT sum(total_cents) FROM arrangements_paymentarrangement",
    ("cuts", "cuts"): "SELECT count(*) FROM disconnections_disconnection WHERE measure = 'cut'",
    ("reconnections", "done"): "SELECT count(*) FROM disconnections_reconnectionorder WHERE state = 'done'",
    ("outreach", "actions"): "SELECT count(*) FROM outreach_outreachentry",
}


@pytest.mark.parametrize(("code", "name"), RAW)
def test_the_months_of_a_figure_add_up_to_what_was_written(
    report: ActivityReport, code: str, name: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(RAW[code, name])
        [(written,)] = cursor.fetchall()
    assert sum(month.value(code, name) for month in report.months) == written > 0


def test_the_year_is_told_month_by_month_in_spanish(lived: Lived) -> None:
    checked = {"is_right": True, "asked": 60, "first": ""}
    told = telling.story(year=lived.year, checked=checked, report=["/tmp/informe.pdf"])
    assert [each["period"] for each in told["months"]] == [201901 + month for month in range(12)]
    assert told["journal"]["debits_cents"] == told["journal"]["credits_cents"] > 0
    text = telling.text(told, year=lived.year)
    for words in (
        "julio 2019: ",
        "cortes",
        "reconexiones",
        "caudal check: 60 preguntas, todo cuadra",
        "/tmp/informe.pdf",
    ):
        assert words in text


def test_every_figure_is_what_the_raw_tables_say(report: ActivityReport) -> None:
    asked = [
        (month.title, each.code, it.name, it.value, raw(code=each.code, name=it.name, since=month.since, until=month.until))
        for month in report.months
        for each in month.activities
        for it in each.figures
    ]  # fmt: skip
    assert len(asked) > 200
    assert [row for row in asked if row[-1] != row[-2]] == []


def test_the_papers_of_the_year_tell_the_same_figures(report: ActivityReport) -> None:
    on = date(2020, 1, 8)
    expected = reading_back.told(report)
    bodies = {form: papers.of_report(report=report, form=form, on=on) for form in ("pdf", "docx", "md")}
    assert reading_back.of_docx(bodies["docx"]) == reading_back.of_markdown(bodies["md"]) == expected
    assert reading_back.of_pdf(bodies["pdf"], expected) == []

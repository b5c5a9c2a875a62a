"""What accounts owe, asked one by one and all at once."""

from datetime import date

import numpy as np
import pytest

from caudal.ledger import catalog, queries
from caudal.ledger.commands import ChargeLine
from caudal.ledger.models import DocumentKind
from caudal.ledger.tests.builders import CHARGED_ON, account, bill, pay, terms

pytestmark = pytest.mark.django_db
WATER, TREATMENT = catalog.WATER, catalog.WASTEWATER_TREATMENT
MARCH_5 = date(2019, 3, 5)


def test_the_statement_shows_each_concept_what_was_paid_and_what_is_late() -> None:
    """January: water $70.00, treatment $14.00, due 20 January; $30.00 paid in time. On 5 March two months:
    2 % of $54.00 = $1.08. March: $84.00, due on the 20th."""
    chuy = account("010117")
    bill(chuy, ChargeLine(WATER, 7_000), ChargeLine(TREATMENT, 1_400))
    pay(chuy, 3_000, on=date(2019, 1, 18))
    bill(
        chuy, ChargeLine(WATER, 7_000), ChargeLine(TREATMENT, 1_400), period=201903, due_on=date(2019, 3, 20)
    )

    found = queries.statement(account_id=chuy.id, on=MARCH_5, terms=terms())

    january, march = found.periods
    assert [(i.concept, i.charged_cents, i.paid_cents, i.open_cents) for i in january.items] == [
        ("Agua potable", 7_000, 3_000, 4_000),
        ("Saneamiento", 1_400, 0, 1_400),
    ]
    assert (january.surcharge_cents, january.surcharge_months, january.total_cents) == (108, 2, 5_508)
    assert (march.surcharge_cents, march.total_cents) == (0, 8_400)
    assert (found.principal_cents, found.accessory_cents, found.surcharge_cents) == (13_800, 0, 108)
    assert (found.total_cents, found.overdue_cents, found.next_due_on) == (13_908, 5_508, date(2019, 3, 20))


def test_an_account_without_debts_owes_nothing() -> None:
    school = account("010512")
    pay(school, 5_000, on=MARCH_5)

    found = queries.statement(account_id=school.id, on=MARCH_5, terms=terms())

    assert (found.periods, found.total_cents, found.next_due_on, found.credit_balance_cents) == (
        (),
        0,
        None,
        5_000,
    )


def test_columns_for_a_run_say_the_same_as_each_statement() -> None:
    """Four accounts, one of them not asked and one without debts; in the order of the run."""
    chuy, school, hotel, rancho = (account(n) for n in ("010117", "010512", "010620", "020031"))
    for period, due_on in ((201901, date(2019, 1, 20)), (201902, date(2019, 2, 20))):
        for holder, cents in ((chuy, 10_000), (hotel, 123_457), (rancho, 9_999)):
            bill(holder, ChargeLine(WATER, cents), period=period, due_on=due_on)
    pay(school, 700, on=date(2019, 2, 1))

    asked = np.array(sorted([chuy.id, school.id, rancho.id]), dtype=np.int64)
    columns = queries.open_columns(account_ids=asked, on=MARCH_5, terms=terms())

    for row, account_id in enumerate(asked.tolist()):
        one = queries.statement(account_id=account_id, on=MARCH_5, terms=terms())
        assert columns.prior_balance_cents[row] == one.principal_cents + one.accessory_cents
        assert columns.surcharge_cents[row] == one.surcharge_cents
        assert columns.credit_balance_cents[row] == one.credit_balance_cents
        assert columns.n_periods[row] == len(one.periods)
    assert columns.surcharge_cents.sum() == 200 + 100 + 200 + 100  # 2 % and 1 % of 100.00, of 99.99 rounded


def test_columns_of_nobody_are_empty() -> None:
    columns = queries.open_columns(account_ids=np.zeros(0, dtype=np.int64), on=MARCH_5, terms=terms())
    assert columns.prior_balance_cents.size == 0


def test_movements_tell_the_story_in_order() -> None:
    chuy = account("010117")
    bill(chuy, ChargeLine(WATER, 10_000))
    posted = pay(chuy, 4_200, on=MARCH_5)

    told = queries.movements(account_id=chuy.id)

    assert [(m.on, m.kind, m.amount_cents, m.open_cents) for m in told] == [
        (date(2019, 1, 20), "bill", 10_000, 6_000),
        (MARCH_5, "surcharge", 200, 0),
        (MARCH_5, "payment", -4_200, 0),
    ]
    assert told[2].credit_id == posted.credit.id and not told[2].is_reversed
    assert [m.kind for m in queries.movements(account_id=chuy.id, periods=[201902])] == ["payment"]


def test_charges_are_dated_when_they_were_written_if_that_is_known() -> None:
    """January was issued on the 5th and is due on the 20th; a fee was charged on 5 January, due 1 March."""
    chuy = account("010117")
    bill(chuy, ChargeLine(WATER, 10_000))
    bill(
        chuy,
        ChargeLine(catalog.WATER_TANKER_FEE, 48_000),
        period=0,
        due_on=date(2019, 3, 1),
        kind=DocumentKind.FEE,
    )
    known = {(201901, 1): date(2019, 1, 4)}

    told = queries.movements(account_id=chuy.id, issued_on=known)

    assert [(m.on, m.due_on, m.kind, m.document_kind, m.sequence) for m in told] == [
        (date(2019, 1, 4), date(2019, 1, 20), "bill", 1, 1),
        (CHARGED_ON, date(2019, 3, 1), "fee", 3, 1),
    ]
    assert [m.on for m in queries.movements(account_id=chuy.id)] == [CHARGED_ON, date(2019, 1, 20)]


def test_receivables_add_up_what_everybody_owes_by_concept() -> None:
    for number in ("010117", "010512"):
        bill(account(number), ChargeLine(WATER, 10_000, vat_cents=1_600), ChargeLine(TREATMENT, 2_000))

    assert [(row["concept"], row["open_cents"]) for row in queries.receivables()] == [
        ("water", 23_200),
        ("wastewater_treatment", 4_000),
    ]

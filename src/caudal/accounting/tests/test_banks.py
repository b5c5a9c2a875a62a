"""Files of the bank in the days they are of: what has an account, what waits, what comes for a closed month.

A file of 5 March 2019 brings $100.00 of 30 January for Chuy, $70.50 of 5 March for Lupita, and $9.99 for nobody known.
"""

from datetime import date

import pytest
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.accounting import reconciling
from caudal.cashier import commands as cashier
from caudal.cashier.models import SettlementLine
from caudal.cashier.tests.channel_stories import MARCH_5, load, open_channel
from caudal.ledger import commands as ledger
from caudal.ledger import queries
from caudal.ledger.models import JournalEntry
from caudal.registry.models import Account
from caudal.rules.periods import Period

pytestmark = pytest.mark.django_db

ROWS = "010117,100.00,2019-01-30,1\n010293,70.50,2019-03-05,2\n999999,9.99,2019-03-05,3\n"
JANUARY_30 = date(2019, 1, 30)


@pytest.fixture
def loaded(town: Town, books: None) -> Town:
    load(open_channel(), ROWS)
    return town


def test_each_day_agrees_with_what_the_bank_says_of_it(loaded: Town) -> None:
    january, march = reconciling.day(on=JANUARY_30), reconciling.day(on=MARCH_5)
    assert january.all_findings == march.all_findings == []
    [control] = march.controls
    assert (control.title, control.receipts_cents, control.control_cents) == ("plain", 7_050, 7_050)
    [waits] = march.waiting
    assert (waits.cents, waits.holds, waits.link.route) == (999, False, "unidentified_line")


def test_money_that_is_recognized_moves_from_one_side_to_the_other_on_all_three(loaded: Town) -> None:
    """The $9.99 were the hotel's: no longer wait, and the day still agrees; taken back, they wait again."""
    line = SettlementLine.objects.get(receipt=None)
    cashier.identify(
        line=line, account=Account.objects.get(number="010620"), reason="Lo dijo el hotel", at=moment(MARCH_5, 19),
        by="salas",
    )  # fmt: skip
    found = reconciling.day(on=MARCH_5)
    assert (found.all_findings, found.waiting, found.receipts_cents) == ([], [], 8_049)
    cashier.withdraw(line=line, reason="No era", at=moment(MARCH_5, 20), by="salas")
    found = reconciling.day(on=MARCH_5)
    assert (found.all_findings, found.receipts_cents, len(found.waiting)) == ([], 7_050, 1)


def test_money_given_back_is_told_on_its_day(loaded: Town) -> None:
    cashier.give_back(line=SettlementLine.objects.get(receipt=None), reason="Se equivocaron", at=moment(MARCH_5, 19),
                      by="salas")  # fmt: skip
    found = reconciling.day(on=MARCH_5)
    assert (found.all_findings, found.waiting) == ([], [])


def test_a_file_of_a_closed_month_is_loaded_whole_and_the_month_does_not_move(
    town: Town, books: None
) -> None:
    """January was closed with $40.00 of the window; then the bank tells of $100.00 of 30 January."""
    counter.pay(town.hotel, 4_000, on=date(2019, 1, 15))
    january = Period(201901)
    digest = queries.month_figures(month=january).digest
    close = ledger.close_month(
        month=january, digest=digest, reviewed_by="laura", closed_by="salas", at=moment(date(2019, 2, 2))
    )
    load(open_channel(), ROWS)
    assert queries.month_figures(month=january).by_account == close.figures
    late = JournalEntry.objects.get(happened_on=JANUARY_30)
    assert late.on == date(2019, 2, 1)
    assert reconciling.day(on=JANUARY_30).all_findings == []
    assert reconciling.day(on=JANUARY_30).receipts_cents == 10_000

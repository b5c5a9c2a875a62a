"""A closed month of the books: its figures never change, and nobody at the window notices.

Chuy pays $100.00 in January and $50.00 in February. Laura reviews January and Salas closes it.
"""

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.ledger import commands, queries
from caudal.ledger.commands import journal
from caudal.ledger.models import JournalEntry, JournalLine, MonthClose
from caudal.rules.periods import Period

pytestmark = pytest.mark.django_db

JANUARY, FEBRUARY = Period(201901), Period(201902)
FEBRUARY_5 = date(2019, 2, 5)


@pytest.fixture
def paid(town: Town, books: None) -> Town:
    counter.pay(town.chuy, 10_000, on=date(2019, 1, 15))
    counter.pay(town.chuy, 5_000, on=date(2019, 2, 4))
    return town


def _close(month: Period = JANUARY, **changes: Any) -> MonthClose:
    told = {"digest": queries.month_figures(month=month).digest, "reviewed_by": "laura", "closed_by": "salas"}
    return commands.close_month(month=month, at=moment(FEBRUARY_5), **(told | changes))


def _cash(month: Period) -> int:
    return sum(each.net_cents for each in queries.month_figures(month=month).accounts if each.code == "1111")


def test_the_figures_of_a_month_are_its_entries(paid: Town) -> None:
    figures = queries.month_figures(month=JANUARY)
    assert [(each.code, each.debit_cents, each.credit_cents) for each in figures.accounts] == [
        ("1111", 10_000, 0),
        ("2119", 0, 10_000),
    ]
    assert (figures.n_entries, figures.debit_cents, figures.credit_cents) == (1, 10_000, 10_000)


def test_a_close_keeps_the_figures_and_seals_them(paid: Town) -> None:
    close = _close()
    assert (close.n_entries, close.debit_cents, close.previous_seal) == (1, 10_000, "")
    assert close.figures == [["1111", 10_000, 0], ["2119", 0, 10_000]]
    assert len(close.seal) == 64
    assert queries.closed_through() == JANUARY
    february = _close(FEBRUARY)
    assert february.previous_seal == close.seal != february.seal


def test_what_comes_later_for_a_closed_month_is_entered_on_the_next_open_day(paid: Town) -> None:
    """A bank tells on 5 February of money of 30 January: the cashier is not refused, and January stays as it was."""
    close = _close()
    commands.post_transfer(
        document="late", cents=700, source="1111", target="1112-01", description="Depósito de enero",
        on=date(2019, 1, 30), at=moment(FEBRUARY_5), by="laura",
    )  # fmt: skip
    late = JournalEntry.objects.get(document="late")
    assert (late.on, late.happened_on) == (date(2019, 2, 1), date(2019, 1, 30))
    assert queries.month_figures(month=JANUARY).by_account == close.figures


def test_a_payment_of_a_closed_month_keeps_its_own_day(paid: Town) -> None:
    _close()
    told = counter.pay(paid.chuy, 1_000, on=date(2019, 1, 31))
    entry = JournalEntry.objects.get(document=told["receipt_folio"])
    assert (entry.on, entry.happened_on) == (date(2019, 2, 1), date(2019, 1, 31))
    assert paid.chuy.credits.latest("id").on == date(2019, 1, 31)
    assert (_cash(JANUARY), _cash(FEBRUARY)) == (10_000, 6_000)


def test_months_are_closed_in_order(paid: Town) -> None:
    with pytest.raises(commands.CannotCloseMonth, match="Antes falta cerrar enero 2019"):
        _close(FEBRUARY)
    _close()
    with pytest.raises(commands.CannotCloseMonth, match="Enero 2019 ya está cerrado"):
        _close()
    assert MonthClose.objects.count() == 1


def test_nobody_closes_what_they_reviewed(paid: Town) -> None:
    with pytest.raises(commands.CannotCloseMonth, match="Quien revisa"):
        _close(reviewed_by="salas")
    with pytest.raises(IntegrityError, match="ledger_month_closed_by_two"), transaction.atomic():
        _insert(reviewed_by="salas")
    assert not MonthClose.objects.exists()


def test_other_figures_than_the_reviewed_are_refused(paid: Town) -> None:
    reviewed = queries.month_figures(month=JANUARY).digest
    counter.pay(paid.lupita, 1, on=date(2019, 1, 31))
    with pytest.raises(commands.CannotCloseMonth, match="ya no son las que se revisaron"):
        _close(digest=reviewed)
    assert not MonthClose.objects.exists()


@pytest.mark.parametrize(
    ("changes", "guard"),
    [
        ({"debit_cents": 9_999}, "ledger_close_says_the_month"),
        ({"n_entries": 2}, "ledger_close_says_the_month"),
        ({"month": 201902, "debit_cents": 5_000}, "ledger_months_in_order"),
    ],
)
def test_the_database_knows_what_a_month_says(paid: Town, changes: dict[str, Any], guard: str) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        _insert(**changes)
    assert refused.value.__cause__.diag.constraint_name == guard  # type: ignore[union-attr]


def test_no_line_is_added_to_an_entry_of_a_closed_month(paid: Town) -> None:
    """Not even two that cancel out: they would change what each account moved."""
    entry = JournalEntry.objects.get(on__lt=FEBRUARY.first_day)
    _close()
    for cents in (1, -1):
        with pytest.raises(IntegrityError, match="mes cerrado"), transaction.atomic():
            JournalLine.objects.create(entry=entry, ledger_account_id="1111", amount_cents=cents)
    assert entry.lines.count() == 2


def test_a_day_of_an_open_month_is_not_moved(paid: Town) -> None:
    _close()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ledger_open_day('2019-01-31'), ledger_open_day('2019-02-28'), ledger_open_day('2018-05-01')"
        )
        assert cursor.fetchone() == (date(2019, 2, 1), date(2019, 2, 28), date(2019, 2, 1))


def test_a_month_without_entries_is_closed_too(paid: Town) -> None:
    _close()
    _close(FEBRUARY)
    march = _close(Period(201903))
    assert (march.n_entries, march.debit_cents, march.figures) == (0, 0, [])


def test_a_run_entered_after_its_month_closed(paid: Town) -> None:
    _close()
    stamp = journal.Stamp(date(2019, 1, 31), moment(FEBRUARY_5), "laura")
    journal.write(
        kind="charges", document="x", description="Pipa", stamp=stamp,
        lines=[journal.Line("1124-09", 50), journal.Line("4173", -50)],
    )  # fmt: skip
    assert JournalEntry.objects.get(document="x").on == date(2019, 2, 1)


def _insert(**changes: Any) -> None:
    told: dict[str, Any] = {
        "month": 201901, "n_entries": 1, "debit_cents": 10_000, "figures": [], "seal": "", "previous_seal": "",
        "reviewed_by": "laura", "closed_by": "salas", "closed_at": moment(FEBRUARY_5),
    }  # fmt: skip
    MonthClose.objects.create(**(told | changes))

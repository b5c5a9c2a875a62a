"""What was owed at the end of a past day, whatever happened later to what was owed.

The witness lives the days: at the end of each it notes what the balances of the ledger said then. Months later the register
of that day must say the same, account by account and bucket by bucket, and so must the books.
"""

from dataclasses import dataclass, field
from datetime import date

import pytest
from django.db import connection
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.accounting import policy, registers
from caudal.arrangements.policy import Terms
from caudal.arrangements.tests import desk
from caudal.kernel.models import Utility
from caudal.ledger import catalog
from caudal.ledger import commands as ledger
from caudal.ledger.models import DocumentKind
from caudal.tariffs import queries as tariffs

pytestmark = pytest.mark.django_db

N_BUCKETS = len(policy.BUCKETS)


def _as_of(on: date) -> registers.Filled:
    return registers.fill(register=registers.find(code="adeudos"), since=on, last=on)


@dataclass
class Witness:
    """What each account owed at the end of each day, as the balances said that very day (centavos)."""

    noted: dict[date, dict[str, int]] = field(default_factory=dict)

    def note(self, on: date) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT number, sum(open_principal_cents + open_accessory_cents)::bigint"
                " FROM ledger_periodbalance JOIN registry_account AS account ON account.id = account_id"
                " GROUP BY 1 HAVING sum(open_principal_cents + open_accessory_cents) <> 0"
            )
            self.noted[on] = dict(cursor.fetchall())

    def is_borne_out(self) -> None:
        """The register of each day, its foot, and the books say what was noted."""
        ages = registers.debt_ages(days=list(self.noted))
        assert set(ages) == set(self.noted)
        for on, owed in self.noted.items():
            told = _as_of(on)
            assert {row[0]: row[-1] for row in told.rows} == owed, on
            assert told.booked_cents == told.total_cents == sum(owed.values()), on
            assert ages[on] == told.totals[2 : 2 + N_BUCKETS] and sum(ages[on]) == told.total_cents, on


@pytest.fixture
def witness(town: Town, books: None) -> Witness:
    return Witness()


def _in(**cents: int) -> tuple[int, ...]:
    """So many centavos in some buckets, and nothing in the others."""
    return tuple(cents.get(code, 0) for code, *_ in policy.BUCKETS)


@pytest.fixture
def owing(town: Town, books: None, utility: Utility) -> Town:
    """Don Chuy owes $100.00 of January and of February, due on the 15th of the month after."""
    desk.owe(town.chuy, 100_00, period=201901, due_on=date(2019, 2, 15))
    desk.owe(town.chuy, 100_00, period=201902, due_on=date(2019, 3, 15))
    return town


MARCH_19, MARCH_20, APRIL_20, APRIL_30 = (
    date(2019, 3, 19), date(2019, 3, 20), date(2019, 4, 20), date(2019, 4, 30),
)  # fmt: skip
MAY_31, JUNE_20, JUNE_30, JULY_31 = date(2019, 5, 31), date(2019, 6, 20), date(2019, 6, 30), date(2019, 7, 31)


def test_an_agreement_broken_in_june_was_kept_in_april(owing: Town, witness: Witness) -> None:
    """Signed on 20 March: 200.00 and surcharges of 2.00 and 1.00; 63.00 down and two of 70.00, of which one is paid.

    Broken on 20 June: 63.00 goes to January (2.00 + 61.00); 70.00 of 20 April, to the 39.00 that are left of it with 0.39,
    and 30.61 to February: 2.00 of two months and 28.61. Of February 71.39 are left.
    """
    witness.note(MARCH_19)
    signed = desk.sign(owing.chuy, Terms(down_cents=63_00, count=2, first_due_on=APRIL_20), on=MARCH_20)
    desk.pay(owing.chuy, 63_00, on=MARCH_20)
    witness.note(MARCH_20)
    desk.pay(owing.chuy, 70_00, on=APRIL_20)
    witness.note(APRIL_30)
    witness.note(MAY_31)
    desk.default(signed, on=JUNE_20)
    witness.note(JUNE_20)
    desk.pay(owing.chuy, 1_39, on=JUNE_30)
    witness.note(JULY_31)

    witness.is_borne_out()
    told = registers.debt_ages(days=list(witness.noted))
    assert told == {
        MARCH_19: _in(**{"30": 100_00, "60": 100_00}),  # 4 and 32 days
        MARCH_20: _in(current=140_00),  # of 20 April and 20 May
        APRIL_30: _in(current=70_00),
        MAY_31: _in(**{"30": 70_00}),
        JUNE_20: _in(**{"180": 71_39}),  # 15 March was 97 days before
        # by 30 June two months more of 71.39 were charged, 1.43, of which 0.04 are left
        JULY_31: _in(**{"60": 4, "180": 71_39}),
    }


def test_what_was_forgiven_on_condition_was_forgiven_until_it_was_owed_again(
    owing: Town, witness: Witness
) -> None:
    """Signed on 20 April with three quarters of the surcharges forgiven, broken on 21 July with a fine of $50.00."""
    desk.campaign()
    desk.set_policy(penalty_fixed_cents=50_00)
    signed = desk.sign(
        owing.chuy, Terms(down_cents=50_00, count=2, first_due_on=date(2019, 5, 20)), on=APRIL_20
    )
    witness.note(APRIL_20)
    desk.pay(owing.chuy, 50_00, on=APRIL_30)
    witness.note(APRIL_30)
    witness.note(JUNE_30)
    desk.default(signed, on=date(2019, 7, 21))
    witness.note(date(2019, 7, 21))
    # and he signs again
    again = Terms(down_cents=80_00, count=1, first_due_on=date(2019, 8, 20))
    desk.sign(owing.chuy, again, on=JULY_31, approval=desk.approve(owing.chuy, again, on=JULY_31))
    witness.note(JULY_31)
    witness.is_borne_out()


def test_money_given_back_was_there_until_then(town: Town, witness: Witness) -> None:
    """La Espiga's $30.00 of the 5th of February are taken back on the 7th; it pays again on the 9th."""
    desk.owe(town.espiga, 30_00, period=201901, due_on=date(2019, 2, 15))
    witness.note(date(2019, 2, 4))
    first = counter.pay(town.espiga, 30_00, on=date(2019, 2, 5))
    witness.note(date(2019, 2, 5))
    witness.note(date(2019, 2, 6))
    counter.cancel(first["receipt_folio"], on=date(2019, 2, 7))
    witness.note(date(2019, 2, 7))
    counter.pay(town.espiga, 30_00, on=date(2019, 2, 9))
    witness.note(date(2019, 2, 9))
    witness.is_borne_out()
    assert [sum(owed.values()) for owed in witness.noted.values()] == [30_00, 0, 0, 30_00, 0]


def test_what_a_canceled_bill_had_been_paid_meets_another_one_later(owing: Town, witness: Witness) -> None:
    """January is paid on 1 March and canceled on the 5th: its $100.00 wait in favor, and meet February on 2 April."""
    desk.pay(owing.chuy, 101_00, on=date(2019, 3, 1))
    witness.note(date(2019, 3, 1))
    ledger.cancel_document_charges(
        account=owing.chuy, period=201901, document_kind=DocumentKind.BILL, sequence=1, on=date(2019, 3, 5),
        at=moment(date(2019, 3, 5)), by="laura", reason="Se cobró dos veces",
    )  # fmt: skip
    witness.note(date(2019, 3, 5))
    witness.note(date(2019, 3, 31))
    ledger.apply_credit_balance(
        account_ids=[owing.chuy.pk], on=date(2019, 4, 2), at=moment(date(2019, 4, 2)), by="laura", document="run:9",
        terms=tariffs.terms_on(on=date(2019, 4, 2)),
    )  # fmt: skip
    witness.note(date(2019, 4, 2))
    witness.is_borne_out()
    # of the 100.00, 1.00 went to the surcharge of one month of February
    assert [sum(owed.values()) for owed in witness.noted.values()] == [100_00, 100_00, 100_00, 1_00]


def test_each_debt_is_told_by_the_days_since_it_fell_due(town: Town) -> None:
    """Hotel owes $10.00 due on 31 January and $20.00 due on 28 February; the ranch, $5.00 due on 15 July 2017."""
    desk.owe(town.hotel, 10_00, period=201812, due_on=date(2019, 1, 31))
    desk.owe(town.hotel, 20_00, period=201901, due_on=date(2019, 2, 28))
    desk.owe(town.rancho, 5_00, period=201706, due_on=date(2017, 7, 15), concept=catalog.SEWERAGE)
    days = [date(2019, 1, 31), date(2019, 2, 1), date(2019, 3, 2), date(2019, 3, 3), date(2022, 7, 14)]
    names = [code for code, *_ in policy.BUCKETS]
    told = {
        on: {code: cents for code, cents in zip(names, each, strict=True) if cents}
        for on, each in registers.debt_ages(days=days).items()
    }
    assert told == {
        date(2019, 1, 31): {"current": 30_00, "730": 5_00},
        date(2019, 2, 1): {"current": 20_00, "30": 10_00, "730": 5_00},
        date(2019, 3, 2): {"30": 30_00, "730": 5_00},
        date(2019, 3, 3): {"30": 20_00, "60": 10_00, "730": 5_00},
        date(2022, 7, 14): {"1825": 35_00},
    }
    assert registers.debt_ages(days=[]) == {}
    assert registers.debt_ages(days=[date(2017, 1, 1)]) == {date(2017, 1, 1): (0,) * N_BUCKETS}

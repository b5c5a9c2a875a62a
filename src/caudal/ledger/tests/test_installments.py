"""A debt becomes installments, and becomes a debt again as if nothing had been signed."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caudal.ledger import catalog, checks, queries
from caudal.ledger import commands as ledger
from caudal.ledger.commands import CannotReplaceDebt, ChargeLine, Part
from caudal.ledger.models import Charge, Credit, DocumentKind, JournalLine
from caudal.ledger.tests.builders import account, bill, moment, pay, terms
from caudal.registry.models import Account
from caudal.rules.periods import Period

pytestmark = pytest.mark.django_db
SIGNED = date(2019, 4, 10)
WATER = catalog.WATER


def in_arrears(number: str = "010117") -> Account:
    """Chuy owes $200.00 of January (due on the 20th) and $100.00 of February (due on 20 February)."""
    chuy = account(number)
    bill(chuy, ChargeLine(WATER, 200_00), period=201901, due_on=date(2019, 1, 20))
    bill(chuy, ChargeLine(WATER, 100_00), period=201902, due_on=date(2019, 2, 20))
    return chuy


def sign(chuy: Account, *parts: Part, on: date = SIGNED, folio: str = "CON-000001") -> ledger.ReplacedDebt:
    return ledger.replace_by_installments(
        account=chuy, parts=parts, on=on, at=moment(on), by="veronica", document=folio, terms=terms()
    )


def restore(chuy: Account, signed: ledger.ReplacedDebt, on: date) -> ledger.RestoredDebt:
    return ledger.restore_debt(
        account=chuy, credit=signed.credit, sequences=signed.sequences, on=on, at=moment(on), by="salas",
        terms=terms(), reason="dos parcialidades vencidas",
    )  # fmt: skip


def owed(chuy: Account, on: date) -> dict[int, int]:
    """Centavos by period, with surcharges to the day."""
    statement = queries.statement(account_id=chuy.id, on=on, terms=terms())
    found: dict[int, int] = {}
    for each in statement.periods:
        found[int(each.period)] = found.get(int(each.period), 0) + each.total_cents
    return {period: cents for period, cents in found.items() if cents}


# 10 April is 3 months or fractions after 20 January and 2 after 20 February: 200 × 3 % + 100 × 2 % = 6.00 + 2.00
PARTS = (
    Part(SIGNED, 108_00),
    Part(date(2019, 5, 10), 100_00),
    Part(date(2019, 6, 10), 100_00),
)


def test_signing_extinguishes_the_debt_and_charges_its_parts() -> None:
    chuy = in_arrears()
    signed = sign(chuy, *PARTS)

    assert (signed.credit.amount_cents, signed.surcharge_cents, signed.sequences) == (308_00, 8_00, (1, 2, 3))
    assert owed(chuy, SIGNED) == {0: 308_00}
    assert owed(chuy, date(2019, 12, 31)) == {0: 308_00}  # parts bear no late surcharge
    assert [
        (charge.due_on, charge.amount_cents)
        for charge in Charge.objects.filter(document_kind=DocumentKind.INSTALLMENT).order_by("sequence")
    ] == [(part.due_on, part.principal_cents) for part in PARTS]


def test_revenue_does_not_move_when_a_debt_changes_its_name() -> None:
    """Receivables 308.00 pass to arrangements; the account they pass through ends at zero."""
    sign(in_arrears(), *PARTS)
    sums: dict[str, int] = {}
    for line in JournalLine.objects.all():
        sums[line.ledger_account_id] = sums.get(line.ledger_account_id, 0) + line.amount_cents
    assert {code: cents for code, cents in sums.items() if cents} == {
        catalog.ARRANGEMENTS_RECEIVABLE: 308_00,
        catalog.DUES_REVENUE: -300_00,
        catalog.SUNDRY_REVENUE: -8_00,
    }


def test_what_deferring_costs_is_told_apart() -> None:
    chuy = in_arrears()
    sign(chuy, Part(SIGNED, 158_00), Part(date(2019, 5, 10), 150_00, deferral_cents=1_50))
    assert owed(chuy, SIGNED) == {0: 309_50}
    assert Charge.objects.get(concept_id=catalog.DEFERRAL_SURCHARGE).amount_cents == 1_50


def test_parts_are_paid_the_oldest_first() -> None:
    chuy = in_arrears()
    sign(chuy, *PARTS)
    posted = pay(chuy, 150_00, on=date(2019, 5, 9))
    assert [(share.sequence, share.amount_cents) for share in posted.shares] == [(1, 108_00), (2, 42_00)]


def test_parts_that_do_not_add_up_are_refused_and_nothing_moves() -> None:
    chuy = in_arrears()
    with pytest.raises(CannotReplaceDebt, match="no suman"):
        sign(chuy, Part(SIGNED, 307_99))
    assert not Credit.objects.exists() and owed(chuy, SIGNED) == {201901: 206_00, 201902: 102_00}


def test_who_owes_nothing_has_nothing_to_sign() -> None:
    with pytest.raises(CannotReplaceDebt, match="no debe nada"):
        sign(account("010293"), Part(SIGNED, 1))


def test_without_payments_the_debt_is_what_it_would_have_been() -> None:
    """On 15 July: 200 × 6 % and 100 × 5 %, signed or not."""
    chuy, twin = in_arrears(), in_arrears("010999")
    restored = restore(chuy, sign(chuy, *PARTS), date(2019, 7, 15))
    assert restored == ledger.RestoredDebt(308_00, 0, 0)
    assert owed(chuy, date(2019, 7, 15)) == owed(twin, date(2019, 7, 15)) == {201901: 212_00, 201902: 105_00}


def test_what_was_paid_counts_on_the_day_it_was_paid() -> None:
    """The down payment of 108.00 on signing and 100.00 on 10 May, as the neighbor who signed nothing."""
    chuy, twin = in_arrears(), in_arrears("010999")
    signed = sign(chuy, *PARTS)
    for who, receipt in ((chuy, "A-1"), (twin, "A-2")):
        pay(who, 108_00, on=SIGNED, receipt=receipt)
        pay(who, 100_00, on=date(2019, 5, 10), receipt=f"{receipt}b")
    restored = restore(chuy, signed, date(2019, 8, 1))
    assert (restored.replayed_cents, restored.in_favor_cents) == (208_00, 0)
    assert owed(chuy, date(2019, 8, 1)) == owed(twin, date(2019, 8, 1))


def test_it_is_taken_back_once() -> None:
    chuy = in_arrears()
    signed = sign(chuy, *PARTS)
    restore(chuy, signed, date(2019, 7, 15))
    with pytest.raises(CannotReplaceDebt, match="ya se deshizo"):
        restore(chuy, signed, date(2019, 7, 16))


def test_the_bill_of_the_month_and_its_payment_stay_out_of_it() -> None:
    """A bill of May paid whole on time by money beyond the parts due: the restored debt does not touch it."""
    chuy = in_arrears()
    signed = sign(chuy, *PARTS)
    bill(chuy, ChargeLine(WATER, 90_00), period=201905, due_on=date(2019, 6, 20))
    restore(chuy, signed, date(2019, 6, 15))
    assert owed(chuy, date(2019, 6, 15))[201905] == 90_00


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    debts=st.lists(st.integers(1, 90_000), min_size=1, max_size=4),
    count=st.integers(1, 6),
    payments=st.lists(st.tuples(st.integers(0, 150), st.integers(1, 40_000)), max_size=4),
)
def test_whatever_was_paid_and_when_the_debt_is_what_it_would_have_been(
    debts: list[int], count: int, payments: list[tuple[int, int]]
) -> None:
    """The oracle is a neighbor with the same debts who pays the same money on the same days and signs nothing."""
    number = f"{Account.objects.count():06d}"
    chuy, twin = account(f"1{number}"), account(f"2{number}")
    for month, cents in enumerate(debts):
        period = Period(201810).shift(month)
        for who in (chuy, twin):
            bill(who, ChargeLine(WATER, cents), period=period, due_on=period.last_day)
    total = queries.statement(account_id=chuy.id, on=SIGNED, terms=terms()).total_cents
    parts = [total // count + (total % count if place == 0 else 0) for place in range(count)]
    signed = sign(
        chuy, *(Part(Period(201905).shift(place).first_day, part) for place, part in enumerate(parts) if part),
        folio=f"CON-{number}",
    )  # fmt: skip
    left = total
    for place, (days, cents) in enumerate(sorted(payments)):
        cents = min(cents, left)
        if cents:
            on = date.fromordinal(SIGNED.toordinal() + days)
            pay(chuy, cents, on=on, receipt=f"{number}-{place}-1")
            pay(twin, cents, on=on, receipt=f"{number}-{place}-2")
            left -= cents
    ended = date(2019, 10, 1)
    restore(chuy, signed, ended)
    assert owed(chuy, ended) == owed(twin, ended)
    assert [finding for check in checks.CHECKS for finding in check.find()] == []

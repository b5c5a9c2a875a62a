"""Payments meet debts: order, surcharges to the day, money in favor, centavos that add up."""

from datetime import date

import pytest

from caudal.ledger import catalog, queries
from caudal.ledger import commands as ledger
from caudal.ledger.commands import ChargeLine, Source, Target
from caudal.ledger.models import (
    Allocation,
    Charge,
    Credit,
    CreditBalance,
    DocumentKind,
    JournalEntry,
    JournalLine,
    PeriodBalance,
)
from caudal.ledger.tests.builders import account, bill, moment, pay, terms
from caudal.registry.models import Account

pytestmark = pytest.mark.django_db
WATER, TREATMENT = catalog.WATER, catalog.WASTEWATER_TREATMENT
MARCH_5 = date(2019, 3, 5)


def paid_by_concept(posted: ledger.PostedCredit) -> dict[tuple[int, int], int]:
    return {(share.period, share.concept_id): share.amount_cents for share in posted.shares}


def lines_of(kind: str) -> dict[tuple[str, int | None], int]:
    return {
        (line.ledger_account_id, line.concept_id): line.amount_cents
        for line in JournalLine.objects.filter(entry__kind=kind)
    }


def test_don_chuy_pays_two_months_late_and_owes_nothing() -> None:
    """His bill of $246.00 was due on 20 January; he comes on 5 March: two months or fractions at 1 %."""
    chuy = account("010117")
    bill(
        chuy,
        ChargeLine(WATER, 20_000),
        ChargeLine(TREATMENT, 4_000),
        ChargeLine(catalog.INFRASTRUCTURE_CHARGE, 600),
    )

    posted = pay(chuy, 25_092, on=MARCH_5)  # 246.00 + 2 × 1 % × 246.00 = 246.00 + 4.92

    assert paid_by_concept(posted) == {
        (201901, catalog.SURCHARGE): 492,
        (201901, WATER): 20_000,
        (201901, TREATMENT): 4_000,
        (201901, catalog.INFRASTRUCTURE_CHARGE): 600,
    }
    assert (posted.surcharge_cents, posted.unallocated_cents) == (492, 0)
    assert queries.balance(account_id=chuy.id) == 0
    assert lines_of("surcharges") == {("1124-05", catalog.SURCHARGE): 492, ("4169", catalog.SURCHARGE): -492}
    assert lines_of("credit.payment") == {
        ("1111", None): 25_092,
        ("1124-05", catalog.SURCHARGE): -492,
        ("1124-03", WATER): -20_000,
        ("1124-03", TREATMENT): -4_000,
        ("1124-03", catalog.INFRASTRUCTURE_CHARGE): -600,
    }


def test_the_oldest_month_is_paid_first_and_inside_it_the_surcharge() -> None:
    """Three months of $100.00; he brings $150.00 on 5 March.

    December (due 20 Dec): 3 months late → $3.00 and $100.00. January (due 20 Jan): 2 months → $2.00, and
    150 − 103 − 2 = $45.00 of its water. February is not reached: its surcharge stays on paper.
    """
    chuy = account("010117")
    for period, due_on in (
        (201812, date(2018, 12, 20)),
        (201901, date(2019, 1, 20)),
        (201902, date(2019, 2, 20)),
    ):
        bill(chuy, ChargeLine(WATER, 10_000), period=period, due_on=due_on)

    posted = pay(chuy, 15_000, on=MARCH_5)

    assert paid_by_concept(posted) == {
        (201812, catalog.SURCHARGE): 300,
        (201812, WATER): 10_000,
        (201901, catalog.SURCHARGE): 200,
        (201901, WATER): 4_500,
    }
    assert not Charge.objects.filter(period=201902, document_kind=DocumentKind.SURCHARGE).exists()
    held = PeriodBalance.objects.get(period=201901, account_id=chuy.id)
    assert (held.open_principal_cents, held.open_accessory_cents, held.surcharged_months) == (5_500, 0, 2)


def test_months_that_were_charged_are_not_charged_again() -> None:
    """$100.00 due 20 January. On 5 March $42.00: two months ($2.00) and $40.00. On 1 April two and a
    fraction: one more month on the $60.00 that was left = $0.60."""
    chuy = account("010117")
    bill(chuy, ChargeLine(WATER, 10_000))
    pay(chuy, 4_200, on=MARCH_5)

    found = queries.statement(account_id=chuy.id, on=date(2019, 4, 1), terms=terms())

    assert [(period.open_principal_cents, period.surcharge_cents) for period in found.periods] == [
        (6_000, 60)
    ]
    assert found.total_cents == 6_060
    pay(chuy, 6_060, on=date(2019, 4, 1), receipt="A-000002")
    assert queries.balance(account_id=chuy.id) == 0
    surcharges = Charge.objects.filter(document_kind=DocumentKind.SURCHARGE).order_by("sequence")
    assert [(each.sequence, each.amount_cents) for each in surcharges] == [(1, 200), (2, 60)]


def test_a_surcharge_is_charged_whole_even_when_the_money_ends_inside_it() -> None:
    """$100.00 two months late bears $2.00; she brings one peso. The other peso of surcharge stays owed."""
    chuy = account("010117")
    bill(chuy, ChargeLine(WATER, 10_000))

    posted = pay(chuy, 100, on=MARCH_5)

    assert paid_by_concept(posted) == {(201901, catalog.SURCHARGE): 100}
    held = PeriodBalance.objects.get(period=201901, account_id=chuy.id)
    assert (held.open_principal_cents, held.open_accessory_cents) == (10_000, 100)
    assert queries.balance(account_id=chuy.id) == 10_100


def test_what_is_paid_too_much_stays_in_favor() -> None:
    """La Espiga owes $116.00 (VAT inside) and pays $200.00 by transfer: $84.00 in favor."""
    espiga = account("010405")
    bill(espiga, ChargeLine(WATER, 10_000, vat_cents=1_600))

    posted = pay(espiga, 20_000, on=date(2019, 1, 15))

    assert posted.unallocated_cents == 8_400
    assert CreditBalance.objects.get(account_id=espiga.id).unallocated_cents == 8_400
    assert queries.balance(account_id=espiga.id) == -8_400
    assert lines_of("credit.payment")["2119", None] == -8_400


def test_a_reduction_is_not_paid_it_lowers_what_is() -> None:
    """Doña Lupita: water $140.00, half of it reduced by right: she owes $70.00 of water and pays it."""
    lupita = account("010293")
    bill(lupita, ChargeLine(WATER, 14_000), ChargeLine(catalog.BENEFIT, -7_000, reduces_id=WATER))

    posted = pay(lupita, 7_000, on=date(2019, 1, 15))

    assert paid_by_concept(posted) == {(201901, WATER): 7_000}
    assert posted.unallocated_cents == 0
    assert lines_of("charges") == {
        ("1124-03", WATER): 7_000,
        ("4143-08", WATER): -14_000,
        ("4143-08", catalog.BENEFIT): 7_000,
    }


def test_a_regularization_in_favor_is_used_up_by_its_own_period_only() -> None:
    """The school: January $300.00, and −$80.00 because estimates ran high; December $50.00 untouched by it.

    $220.00 pay January whole: 300 − 80.
    """
    school = account("010512")
    bill(school, ChargeLine(WATER, 30_000))
    ledger.post_charges(
        account=school,
        lines=[ChargeLine(WATER, 5_000)],
        document_kind=DocumentKind.BILL,
        period=201902,
        due_on=date(2019, 2, 20),
        on=date(2019, 2, 5),
        at=moment(date(2019, 2, 5)),
        by="laura",
    )
    Charge.objects.create(
        period=201901,
        account_id=school.id,
        document_kind=DocumentKind.REGULARIZATION,
        sequence=1,
        concept_id=WATER,
        reduces_id=0,
        due_on=date(2019, 1, 20),
        amount_cents=-8_000,
    )
    PeriodBalance.objects.filter(period=201901, account_id=school.id).update(open_principal_cents=22_000)
    ledger.post_run_entry(
        document="run:1",
        on=date(2019, 1, 5),
        description="Regularización",
        totals=[ledger.RunTotal(WATER, -8_000)],
        at=moment(date(2019, 1, 5)),
        by="laura",
    )

    posted = pay(school, 22_000, on=date(2019, 1, 15))

    assert [(s.document_kind, s.amount_cents) for s in posted.shares] == [
        (DocumentKind.REGULARIZATION, -8_000),
        (DocumentKind.BILL, 30_000),
    ]
    assert queries.balance(account_id=school.id) == 5_000


def test_one_off_services_bear_no_surcharge() -> None:
    """A reconnection of $450.00 due on 10 January is still $450.00 in March."""
    chuy = account("010117")
    ledger.post_charges(
        account=chuy,
        lines=[ChargeLine(catalog.RECONNECTION_FEE, 45_000)],
        document_kind=DocumentKind.FEE,
        due_on=date(2019, 1, 10),
        on=date(2019, 1, 5),
        at=moment(date(2019, 1, 5)),
        by="veronica",
    )
    assert queries.statement(account_id=chuy.id, on=MARCH_5, terms=terms()).total_cents == 45_000


def test_another_order_pays_all_accessories_before_any_principal() -> None:
    """By rank before date: $5.00 pay the surcharges of both months ($2.00 and $1.00) and $2.00 of the older."""
    chuy = account("010117")
    bill(chuy, ChargeLine(WATER, 10_000))
    bill(chuy, ChargeLine(WATER, 10_000), period=201902, due_on=date(2019, 2, 20))

    posted = pay(chuy, 500, on=MARCH_5, terms=terms(oldest_first=False))

    assert paid_by_concept(posted) == {
        (201901, catalog.SURCHARGE): 200,
        (201902, catalog.SURCHARGE): 100,
        (201901, WATER): 200,
    }


def adjust(chuy: Account, amount_cents: int, targets: list[Target]) -> ledger.PostedCredit:
    return ledger.post_credit(
        account=chuy,
        kind=Credit.Kind.ADJUSTMENT,
        amount_cents=amount_cents,
        on=MARCH_5,
        at=moment(MARCH_5),
        by="salas",
        document="AJ-1",
        targets=targets,
        reason="Fuga no visible, oficio 12",
    )


def test_an_adjustment_gives_back_revenue_and_its_share_of_vat() -> None:
    """The hotel owes $1,160.00, of it $160.00 VAT; $100.00 are forgiven: 100 × 160 ÷ 1,160 = 13.793 → $13.79."""
    hotel = account("010620")
    bill(hotel, ChargeLine(WATER, 100_000, vat_cents=16_000))

    adjust(hotel, 10_000, [Target(201901, DocumentKind.BILL, 1, WATER, 10_000)])

    assert lines_of("credit.adjustment") == {
        ("4143-08", WATER): 8_621,
        ("2117", WATER): 1_379,
        ("1124-03", WATER): -10_000,
    }
    assert queries.balance(account_id=hotel.id) == 106_000


@pytest.mark.parametrize(
    ("amount_cents", "target_cents", "says"),
    [
        (10_001, 10_001, "no debe tanto"),
        (10_000, 5_000, "mayor que lo que la cuenta debe"),
        (5_000, 0, "no debe tanto"),
    ],
)
def test_an_adjustment_beyond_the_debt_is_refused(amount_cents: int, target_cents: int, says: str) -> None:
    chuy = account("010117")
    bill(chuy, ChargeLine(WATER, 10_000))

    with pytest.raises(ledger.CannotPostCredit, match=says):
        adjust(chuy, amount_cents, [Target(201901, DocumentKind.BILL, 1, WATER, target_cents)])

    assert not Credit.objects.exists() and not Allocation.objects.exists()
    assert queries.balance(account_id=chuy.id) == 10_000


@pytest.mark.parametrize("amount_cents", [0, -100, 10**13])
def test_an_amount_that_is_none_is_refused(amount_cents: int) -> None:
    chuy = account("010117")

    with pytest.raises(ledger.CannotPostCredit):
        pay(chuy, amount_cents, on=MARCH_5)

    assert not Credit.objects.exists() and not JournalEntry.objects.exists()


def test_a_regularization_in_favor_after_payment_becomes_money_in_favor() -> None:
    """La Espiga paid months of estimates; reading shows 20 m³ less: $200.00 and $32.00 of VAT come back."""
    espiga = account("010405")

    posted = ledger.post_credit(
        account=espiga,
        kind=Credit.Kind.REGULARIZATION,
        amount_cents=23_200,
        on=MARCH_5,
        at=moment(MARCH_5),
        by="laura",
        document="201901/010405",
        terms=terms(),
        sources=[Source(WATER, 20_000, 3_200)],
    )

    assert posted.unallocated_cents == 23_200
    assert lines_of("credit.regularization") == {
        ("4143-08", WATER): 20_000,
        ("2117", WATER): 3_200,
        ("2119", None): -23_200,
    }


def test_a_year_without_a_rate_is_said_by_name() -> None:
    """A debt of 2009 and rates that start in 2015: nothing is guessed, nothing is posted."""
    chuy = account("010117")
    bill(chuy, ChargeLine(WATER, 10_000), period=200901, due_on=date(2009, 1, 20))

    with pytest.raises(queries.CannotComputeSurcharges, match="2009"):
        pay(chuy, 10_000, on=MARCH_5)

    assert not Credit.objects.exists()

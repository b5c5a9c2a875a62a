"""The relief of the 2019 report, case by case, through the doors a clerk would use.

January and February, 15 %; March, 5 %; half for vulnerable people; April and December, three quarters off the
surcharges, in a single payment or by arrangement; arrangements by what each can pay.
"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import numpy as np
import pytest

from caudal.arrangements import commands as arrangements
from caudal.arrangements import queries as agreements
from caudal.arrangements.models import ArrangementEnd
from caudal.arrangements.policy import Ability, Terms
from caudal.campaigns import commands as campaigns
from caudal.campaigns.models import Campaign, Waiver
from caudal.cashier import queries as cashier
from caudal.cashier.printing import sheets
from caudal.kernel import nightly
from caudal.kernel.refusals import Refusal
from caudal.ledger import catalog
from caudal.ledger import checks as ledger_checks
from caudal.ledger import commands as ledger
from caudal.ledger import queries as debts
from caudal.ledger.models import Credit, DocumentKind
from caudal.quotes import queries as quotes
from caudal.registry.models import Account
from caudal.tariffs import commands as tariff_commands
from caudal.tariffs import queries as tariffs
from tests.town import counter
from tests.town.cast import ZONE, Town, moment

pytestmark = pytest.mark.django_db
APRIL_10, DECEMBER_2 = date(2019, 4, 10), date(2019, 12, 2)


@pytest.fixture
def priced(town: Town) -> Town:
    """The books of 2018 and 2019."""
    for code in ("la-barca-demo-2018", "la-barca-demo-2019"):
        book = tariff_commands.load_book(body=tariffs.shipped_text(code=code), by="laura", at=town.at)
        tariff_commands.publish_book(book=book, by="salas", at=town.at)
    return town


def publish(code: str, first: date, last: date, **terms: Any) -> Campaign:
    """Laura prepares it in December of 2018 and asks; engineer Salas says yes, and it is published."""
    on = date(2018, 12, 20)
    draft = campaigns.draft_campaign(
        terms=campaigns.CampaignTerms(
            code=code, name=terms.pop("name"), starts_on=first, last_on=last, council_agreement="CA-12/2018", **terms
        ),
        at=moment(on, 9), by="laura",
    )  # fmt: skip
    request = campaigns.ask_to_publish(
        campaign=draft, reason="Lo acordó el consejo", at=moment(on, 10), by="laura"
    )
    counter.approvals.decide(request=request, is_granted=True, by="salas", at=moment(on, 11))
    return Campaign.objects.get(code=code)


def surcharges_off(code: str, month: int) -> Campaign:
    """Three quarters off the surcharges, all of a month of 2019."""
    first = date(2019, month, 1)
    last = date(2019, month, 30 if month == 4 else 31)
    return publish(
        code, first, last, name="75 % en recargos", reduces=("surcharge",), ppm=750_000, on_single_payment=True,
        on_arrangement=True,
    )  # fmt: skip


def early(code: str, ppm: int, first: date, last: date) -> Campaign:
    return publish(
        code, first, last, name=f"Pronto pago {ppm // 10_000} %", ppm=ppm, on_prepayment=True, least_months=1,
        uses=("residential",),
    )  # fmt: skip


def owe(account: Account, cents: int, period: int = 201812, due_on: date = date(2019, 1, 13)) -> None:
    """A bill of water as a run would have issued it."""
    on = date(2018, 12, 29)
    ledger.post_charges(
        account=account, lines=[ledger.ChargeLine(catalog.WATER, cents)], document_kind=DocumentKind.BILL,
        due_on=due_on, on=on, at=moment(on), by="laura", period=period,
    )  # fmt: skip


def owed(account: Account, on: date) -> int:
    return debts.statement(account_id=account.pk, on=on, terms=tariffs.terms_on(on=on)).total_cents


def disagreements() -> list[str]:
    return [told for check in ledger_checks.CHECKS for told in check.find()]


def forgiven(account: Account) -> int:
    """What stands forgiven: what was taken back does not count (centavos)."""
    return sum(
        Waiver.objects.filter(account=account, credit__credit__isnull=True).values_list("cents", flat=True)
    )


def month_quoted(account: Account, on: date) -> tuple[int, int, str]:
    """Full price, reduction and rule of the next month paid ahead."""
    ahead = quotes.months_ahead(account=account, months=1, on=on)
    [month] = ahead.lines
    return month.full_cents, month.reduction_cents, ahead.campaign


def test_case_1_january_and_february_take_fifteen_percent_off_months_paid_ahead(priced: Town) -> None:
    """Flat home: 110.00 + 22.00 + 3.30 = 135.30; 15 % of each line: 16.50 + 3.30 + 0.50 (0.495) = 20.30."""
    early("PRONTO-15", 150_000, date(2019, 1, 1), date(2019, 2, 28))
    assert month_quoted(priced.chuy, date(2019, 1, 2)) == (135_30, 20_30, "PRONTO-15")
    assert month_quoted(priced.chuy, date(2019, 2, 28)) == (135_30, 20_30, "PRONTO-15")
    assert month_quoted(priced.chuy, date(2019, 3, 1)) == (135_30, 0, "")


def test_case_2_march_takes_five(priced: Town) -> None:
    """5 %: 5.50 + 1.10 + 0.17 (0.165, half a centavo away from zero) = 6.77; the shop is no home."""
    early("PRONTO-15", 150_000, date(2019, 1, 1), date(2019, 2, 28))
    early("PRONTO-5", 50_000, date(2019, 3, 1), date(2019, 3, 31))
    assert month_quoted(priced.chuy, date(2019, 3, 1)) == (135_30, 6_77, "PRONTO-5")
    assert month_quoted(priced.espiga, date(2019, 3, 1))[1:] == (0, "")
    assert month_quoted(priced.chuy, date(2019, 4, 1))[1:] == (0, "")


def test_case_3_vulnerable_people_pay_half_and_only_the_larger_counts(priced: Town) -> None:
    """Doña Lupita's minimum: 140.00 + 28.00 + 4.20 = 172.20; half of each line leaves 86.10, and 15 % adds nothing."""
    early("PRONTO-15", 150_000, date(2019, 1, 1), date(2019, 2, 28))
    [month] = quotes.months_ahead(account=priced.lupita, months=1, on=date(2019, 1, 2)).lines
    assert (month.full_cents, month.reduction_cents) == (86_10, 0)


def test_case_4_april_forgives_three_quarters_to_who_pays_at_once(priced: Town) -> None:
    """1,000.00 due on 13 January: on 10 April 3 months at 1 % = 30.00; 75 % = 22.50; he pays 1,007.50."""
    rule = surcharges_off("ABRIL-2019", 4)
    owe(priced.chuy, 1_000_00)
    standing = quotes.standing(account=priced.chuy, on=APRIL_10, at=moment(APRIL_10))
    assert (standing.total_cents, standing.relief_cents, standing.payable_cents) == (
        1_030_00,
        22_50,
        1_007_50,
    )
    [told] = cashier.preview_payment(parts=[(priced.chuy, 1_007_50)], at=moment(APRIL_10, 11))

    receipt = counter.pay(priced.chuy, 1_007_50, on=APRIL_10)

    assert (told["allocations"], told["balance_cents"]) == (receipt["allocations"], receipt["balance_cents"])
    assert (receipt["balance_cents"], owed(priced.chuy, APRIL_10)) == (0, 0)
    waiver = Waiver.objects.get()
    assert (waiver.campaign, waiver.cents, waiver.document, waiver.by) == (
        rule, 22_50, receipt["receipt_folio"], "veronica",
    )  # fmt: skip
    paper = sheets.sheet(receipt=cashier.receipt_by_folio(folio=receipt["receipt_folio"]))
    assert ("Se condonó: 75 % en recargos", -22_50) in paper.accounts[0].notes
    assert disagreements() == []


def test_case_4_a_centavo_less_forgives_nothing_and_the_screen_says_so(priced: Town) -> None:
    """1,007.49 pays the 30.00 of surcharge first and leaves 1,030.00 − 1,007.49 = 22.51."""
    surcharges_off("ABRIL-2019", 4)
    owe(priced.chuy, 1_000_00)
    [told] = cashier.preview_payment(parts=[(priced.chuy, 1_007_49)], at=moment(APRIL_10, 11))
    receipt = counter.pay(priced.chuy, 1_007_49, on=APRIL_10)
    assert told["balance_cents"] == receipt["balance_cents"] == 22_51
    assert not Waiver.objects.exists()


def test_case_4_a_canceled_receipt_takes_the_forgiving_back_and_it_can_be_earned_again(priced: Town) -> None:
    surcharges_off("ABRIL-2019", 4)
    owe(priced.chuy, 1_000_00)
    receipt = counter.pay(priced.chuy, 1_007_50, on=APRIL_10)
    counter.cancel(receipt["receipt_folio"], on=APRIL_10)
    assert (owed(priced.chuy, APRIL_10), forgiven(priced.chuy)) == (1_030_00, 0)

    counter.pay(priced.chuy, 1_007_50, on=APRIL_10, hour=13)
    assert (owed(priced.chuy, APRIL_10), forgiven(priced.chuy)) == (0, 22_50)
    assert disagreements() == []


def sign_in_april(town: Town, count: int = 2) -> Any:
    """1,007.50 agreed: 301.50 on signing and the rest in equal parts on the 10th of the months to come."""
    return arrangements.sign_arrangement(
        account=town.chuy, terms=Terms(down_cents=307_50, count=count, first_due_on=date(2019, 5, 10)), on=APRIL_10,
        at=moment(APRIL_10), signer=arrangements.Signer(name="Jesús Ramírez Ochoa", document="INE 0455"),
        by="veronica", key=uuid4(),
    )  # fmt: skip


def test_case_5_april_forgives_it_by_arrangement_to_who_keeps_it(priced: Town) -> None:
    """1,030.00 − 22.50 = 1,007.50 = 307.50 + 350.00 + 350.00."""
    surcharges_off("ABRIL-2019", 4)
    owe(priced.chuy, 1_000_00)
    signed = sign_in_april(priced)
    assert (signed.total_cents, signed.waived_cents) == (1_030_00, 22_50)
    for cents, on in ((307_50, APRIL_10), (350_00, date(2019, 5, 10)), (350_00, date(2019, 6, 10))):
        counter.pay(priced.chuy, cents, on=on)
    arrangements.finish_paid(on=date(2019, 6, 11), at=moment(date(2019, 6, 11), 3), by="sistema")

    assert ArrangementEnd.objects.get().kind == ArrangementEnd.Kind.FINISHED
    assert (owed(priced.chuy, date(2019, 6, 11)), forgiven(priced.chuy)) == (0, 22_50)
    assert disagreements() == []


def test_case_6_who_breaks_it_owes_what_would_have_been_owed(priced: Town) -> None:
    """The ranch owes the same, pays the same 307.50 the same day and signs nothing: in July both owe the same."""
    surcharges_off("ABRIL-2019", 4)
    for account in (priced.chuy, priced.rancho):
        owe(account, 1_000_00)
    sign_in_april(priced)
    for account in (priced.chuy, priced.rancho):
        counter.pay(account, 307_50, on=APRIL_10)
    july = date(2019, 7, 12)
    told = nightly.run(at=moment(july, 3))
    assert (told["convenios pagados"], told["convenios incumplidos"]) == ("0", "1")
    end = ArrangementEnd.objects.get()

    # 307.50 paid the 30.00 of surcharge and 277.50 of water; 722.50 × 3 months (to 13 July) × 1 % = 21.68 (21.675)
    assert owed(priced.chuy, july) == owed(priced.rancho, july) == 722_50 + 21_68
    assert (end.kind, forgiven(priced.chuy)) == (ArrangementEnd.Kind.DEFAULTED, 0)
    assert disagreements() == []


def test_case_7_december_starts_and_ends_by_itself(priced: Town) -> None:
    """A second before the first of December nothing; then three quarters; a second into January, nothing."""
    surcharges_off("DICIEMBRE-2019", 12)
    owe(priced.chuy, 1_000_00)

    def cents(at: datetime) -> int:
        return quotes.standing(account=priced.chuy, on=at.date(), at=at).relief_cents

    starts, ends = datetime(2019, 12, 1, tzinfo=ZONE), datetime(2020, 1, 1, tzinfo=ZONE)
    second = timedelta(seconds=1)
    # 11 months at 1 % on 1 December: 110.00; 75 % = 82.50. On 31 December 12 months: 120.00 → 90.00
    assert [cents(at) for at in (starts - second, starts, ends - second)] == [0, 82_50, 90_00]
    assert not Credit.objects.filter(kind="waiver").exists()
    counter.pay(priced.chuy, 1_110_00 - 82_50, on=DECEMBER_2)
    assert (owed(priced.chuy, DECEMBER_2), Waiver.objects.get().rule) == (0, "DICIEMBRE-2019")


def test_terms_come_from_what_each_can_pay(priced: Town) -> None:
    """A home of 9,500.00 with two dependents: what is suggested fits, adds up, and can be signed by one person."""
    owe(priced.chuy, 4_000_00)
    suggested = agreements.suggest_terms(
        account=priced.chuy, ability=Ability(
            income_cents=9_500_00, dependents=2, expenses_cents=5_000_00, can_pay_cents=400_00
        ), on=APRIL_10, at=moment(APRIL_10),
    )  # fmt: skip
    simulated = agreements.simulate(account=priced.chuy, terms=suggested, on=APRIL_10, at=moment(APRIL_10))
    amounts = [each.amount_cents for each in simulated.table]
    assert sum(amounts) == 4_120_00  # 4,000.00 and 3 months at 1 %
    assert max(amounts[1:]) <= 400_00


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_forgiven_and_paid_and_owed_is_what_was_charged(priced: Town, seed: int) -> None:
    """Random debts, payments, arrangements and defaults of two homes, with both campaigns in the calendar."""
    print(f"seed {seed}")
    dice = np.random.default_rng(seed)
    surcharges_off("ABRIL-2019", 4)
    surcharges_off("DICIEMBRE-2019", 12)
    people = [priced.chuy, priced.rancho]
    for account in people:
        for month in range(int(dice.integers(1, 4))):
            owe(account, int(dice.integers(50_00, 900_00)), 201810 + month, date(2019, 1, 10 + month))
    on = date(2019, 3, 20)
    while on < date(2019, 12, 28):
        on += timedelta(days=int(dice.integers(1, 26)))
        account = people[int(dice.integers(0, 2))]
        debt = owed(account, on)
        arrangements.default_overdue(on=on, at=moment(on, 3), by="sistema")
        if debt > 400_00 and dice.random() < 0.4 and agreements.live_of(account=account) is None:
            first = on + timedelta(days=28)
            try:
                arrangements.sign_arrangement(
                    account=account, terms=Terms(down_cents=debt // 3, count=3, first_due_on=first), on=on,
                    at=moment(on, 10), signer=arrangements.Signer(name="Quien firma", document="INE 1"),
                    by="veronica", key=uuid4(),
                )  # fmt: skip
            except Refusal:
                continue
        elif debt:
            offer = quotes.standing(account=account, on=on, at=moment(on, 11)).payable_cents
            counter.pay(account, offer if dice.random() < 0.4 else int(dice.integers(1, debt + 1)), on=on)
        assert _adds_up(people, on)
    assert disagreements() == []


def _adds_up(people: list[Account], on: date) -> bool:
    """Σ charges − Σ cancellations − Σ waivers − Σ payments = what is owed − what is in favor, account by account."""
    for account in people:
        moves = debts.movements(account_id=account.pk)
        charged = sum(each.amount_cents for each in moves if each.credit_id is None)
        other = sum(
            -each.amount_cents
            for each in moves
            if each.credit_id and each.kind in ("bill_cancellation", "agreement")
        )
        paid = sum(-each.amount_cents for each in moves if each.credit_id and each.kind == "payment")
        balance = debts.balance(account_id=account.pk)
        if forgiven(account) + paid + balance != charged - other:
            return False
    return True

"""Random debts, campaigns, agreements and payments: to the centavo, always, what somebody works out by hand.

Forgiven + paid + owed = charged while it lasts; broken, what is owed is what would have been owed without it.
"""

from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from random import Random
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.oracle import arrangements as oracle
from tests.oracle.bill import to_centavos
from tests.town import counter
from tests.town.cast import ZONE, Town, moment

from caudal.arrangements import checks, queries
from caudal.arrangements import commands as arrangements
from caudal.arrangements.models import PaymentArrangement
from caudal.arrangements.policy import Terms
from caudal.campaigns.models import Campaign, Waiver
from caudal.ledger import catalog
from caudal.ledger import checks as ledger_checks
from caudal.ledger import commands as ledger
from caudal.ledger import queries as positions
from caudal.ledger.models import Credit, CreditBalance, DocumentKind
from caudal.registry.models import Account
from caudal.rules.periods import Period, monthly_dates
from caudal.tariffs import commands as tariffs
from caudal.tariffs import queries as books

pytestmark = pytest.mark.django_db

SIGNED = date(2019, 4, 20)
PUBLISHED = moment(date(2018, 12, 20))


@pytest.fixture
def priced(town: Town) -> Town:
    for code in ("la-barca-demo-2018", "la-barca-demo-2019"):
        book = tariffs.load_book(body=books.shipped_text(code=code), by="laura", at=PUBLISHED)
        tariffs.publish_book(book=book, by="salas", at=PUBLISHED)
    return town


@dataclass
class Story:
    """One random account in arrears, what it signed, and the oracle's account of the same."""

    account: Account
    dice: Random
    arrears: oracle.Arrears
    is_frozen: bool
    monthly: Fraction
    penalty: tuple[int, int]
    waived_ppm: int
    signed: PaymentArrangement
    agreement: oracle.Agreement
    frozen_cents: int = 0


@settings(
    max_examples=25,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32 - 1))
def test_kept_or_broken_every_centavo_is_accounted_for(priced: Town, seed: int) -> None:
    with transaction.atomic():
        story = _signed(priced.rancho, Random(seed))
        day = _lived(story)
        without = _broken(story, day)
        if without and without.owed(day):
            _again(story, without, day)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for check in (*ledger_checks.CHECKS, *checks.CHECKS):
            assert check.find() == [], check.name
        transaction.set_rollback(True)


def _signed(account: Account, dice: Random) -> Story:
    """Owe some months, decide a policy and perhaps a campaign, sign; the table is the oracle's."""
    arrears = oracle.Arrears([])
    for back in range(dice.randint(1, 4)):
        period = Period(201903).shift(-back)
        due_on = period.next().first_day + timedelta(days=dice.randint(4, 27))
        arrears.months.append(oracle.Month(int(period), due_on, dice.randint(12_00, 900_00)))
        _owe(account, arrears.months[-1])
    is_frozen, is_running = dice.random() < 0.4, dice.random() < 0.4
    monthly_ppm = dice.randint(1, 30_000) if is_running else 0
    penalty = (dice.choice([0, 50_000]), dice.choice([0, 25_00]))
    _decide(is_frozen, monthly_ppm, penalty)
    waived_ppm = dice.choice([0, 750_000, 1_000_000, dice.randint(1, 999_999)])
    if waived_ppm:
        _publish(waived_ppm)
    waived = sum(
        to_centavos(Fraction(month.running(SIGNED), 100) * Fraction(waived_ppm, 10**6))
        for month in arrears.months
    )
    owed = arrears.owed(SIGNED)
    count, down = dice.randint(1, 12), dice.choice([0, dice.randint(1, (owed - waived) // 2)])
    terms = Terms(down_cents=down, count=count, first_due_on=SIGNED + timedelta(days=dice.randint(1, 45)))
    signed = arrangements.sign_arrangement(
        account=account, terms=terms, signer=arrangements.Signer(name="Martín Íñiguez"), on=SIGNED,
        at=moment(SIGNED), by="veronica", key=uuid4(),
    )  # fmt: skip
    parts = oracle.table(owed - waived, down, count, Fraction(monthly_ppm, 10**6))
    days = [*([SIGNED] if down else []), *monthly_dates(first_on=terms.first_due_on, count=count)]
    assert [each.total_cents for each in signed.installments.order_by("number")] == parts
    assert (signed.total_cents, signed.waived_cents) == (owed, waived)
    return Story(
        account, dice, arrears, is_frozen, Fraction(monthly_ppm, 10**6), penalty, waived_ppm, signed,
        oracle.Agreement(list(zip(days, parts, strict=True)), []),
    )  # fmt: skip


def _lived(story: Story) -> date:
    """Some payments and perhaps a bill; after each, forgiven + paid + owed = charged. Gives the last day."""
    day, paid, billed = SIGNED, 0, 0
    charged = story.signed.total_cents + story.signed.deferral_cents
    for _ in range(story.dice.randint(0, 4)):
        day += timedelta(days=story.dice.choice([0, 1, 17, 30, 45]))
        if story.dice.random() < 0.3 and not story.agreement.bills:
            bill = oracle.Month(201904, date(2019, 5, 15), story.dice.randint(50_00, 300_00))
            _owe(story.account, bill)
            story.agreement.bills.append(bill)
            billed += bill.principal
        owed = story.agreement.owed(day)
        assert _owed(story.account, day) == owed
        if owed <= 1:
            break
        money = story.dice.randint(1, max(owed - 1, 1))
        assert story.agreement.pay(money, day) == 0
        counter.pay(story.account, money, on=day)
        paid += money
        told = queries.standing(arrangement=story.signed, on=day)
        assert told.paid_cents == sum(cents for _, cents in story.agreement.paid)
        assert told.open_cents == story.agreement.left
        surcharges = sum(bill.written + bill.running(day) for bill in story.agreement.bills)
        assert charged + billed + surcharges == story.signed.waived_cents + paid + _owed(story.account, day)
    return day + timedelta(days=story.dice.randint(0, 90))


def _broken(story: Story, day: date) -> oracle.Arrears | None:
    """Break it: the debt is what the oracle owes, had the same money gone to it on the same days.

    Gives what is owed then, bills and fine with it; nothing where the months of the agreement were forgiven.
    """
    paid = list(story.agreement.paid)
    left = sum(
        min(row.open_cents, row.principal_cents)
        for row in queries.standing(arrangement=story.signed, on=day).rows
    )  # fmt: skip
    if story.agreement.left == 0:
        return None
    end = arrangements.default_arrangement(
        arrangement=story.signed, reason="No vino más", on=day, at=moment(day, 18), by="salas"
    )
    without = deepcopy(story.arrears)
    in_favor = sum(without.pay(cents, SIGNED if story.is_frozen else on) for on, cents in paid)
    bills = sum(bill.owed(day) for bill in story.agreement.bills)
    fine = to_centavos(Fraction(left, 100) * Fraction(story.penalty[0], 10**6)) + story.penalty[1]
    debt = without.owed(SIGNED if story.is_frozen else day)

    assert _owed(story.account, day) == debt + bills + fine
    assert end.forgiven_cents == (without.owed(day) - debt if story.is_frozen else 0)
    assert (end.paid_cents, end.in_favor_cents, end.penalty_cents) == (
        sum(cents for _, cents in paid), in_favor, fine,
    )  # fmt: skip
    favor = CreditBalance.objects.filter(account_id=story.account.pk).first()
    assert (favor.unallocated_cents if favor else 0) == in_favor
    # nothing forgiven stands, but what the policy itself forgives
    standing = Waiver.objects.exclude(
        credit__in=Credit.objects.filter(reverses__isnull=False).values("reverses")
    )
    assert sum(each.cents for each in standing) == end.forgiven_cents
    if story.is_frozen or in_favor or any(month.due_on == day for month in without.months):
        return None
    penalty = [oracle.Fine(0, day, fine)] if fine else []
    return oracle.Arrears([*without.months, *story.agreement.bills, *penalty])


def _again(story: Story, arrears: oracle.Arrears, day: date) -> None:
    """Sign all that came back the next day, pay a part of it, and break it again."""
    signed_on = day + timedelta(days=1)
    owed = arrears.owed(signed_on)
    if story.waived_ppm and signed_on < date(2019, 5, 1):
        return  # a second campaign over charged surcharges is the campaigns' own story
    down = owed // 3
    if down == 0:
        return
    again = arrangements.sign_arrangement(
        account=story.account, terms=Terms(down_cents=down, count=2, first_due_on=signed_on + timedelta(days=30)),
        signer=arrangements.Signer(name="Martín Íñiguez"), on=signed_on, at=moment(signed_on), by="veronica",
        key=uuid4(),
    )  # fmt: skip
    assert again.total_cents == owed
    counter.pay(story.account, down, on=signed_on)
    arrears.pay(down, signed_on)
    last = signed_on + timedelta(days=story.dice.randint(0, 70))
    end = arrangements.default_arrangement(
        arrangement=again, reason="Otra vez no vino", on=last, at=moment(last, 18), by="salas"
    )
    assert _owed(story.account, last) == arrears.owed(last) + end.penalty_cents


def _owe(account: Account, month: oracle.Month) -> None:
    on = Period(month.period).last_day
    ledger.post_charges(
        account=account, lines=[ledger.ChargeLine(catalog.WATER, month.principal)],
        document_kind=DocumentKind.BILL, due_on=month.due_on, on=on, at=moment(on), by="laura", period=month.period,
    )  # fmt: skip


def _owed(account: Account, on: date) -> int:
    found = positions.statement(account_id=account.pk, on=on, terms=books.terms_on(on=on))
    return found.total_cents


def _decide(is_frozen: bool, monthly_ppm: int, penalty: tuple[int, int]) -> None:
    """No limits, so that every random agreement may be signed by one person."""
    arrangements.set_policy(
        effective_from=date(2019, 4, 1), article="Acuerdo CA-7/2019", on=date(2019, 3, 1),
        at=moment(date(2019, 3, 1)), by="salas", least_down_ppm=0, most_installments=120, least_installment_cents=1,
        most_debt_cents=10**10, most_days_to_first=366, surcharges="running" if monthly_ppm else "stopped",
        deferral_ppm=monthly_ppm, surcharges_resume="from_default" if is_frozen else "from_due_date",
        penalty_ppm=penalty[0], penalty_fixed_cents=penalty[1], another_after_default=True,
    )  # fmt: skip


def _publish(ppm: int) -> None:
    starts = datetime(2019, 4, 1, tzinfo=ZONE)
    Campaign.objects.create(
        code="ABRIL-2019", name="Abril sin recargos", starts_at=starts, ends_at=datetime(2019, 5, 1, tzinfo=ZONE),
        on_arrangement=True, reduces=["surcharge"], ppm=ppm, council_agreement="CA-12/2019", drafted_at=starts,
        drafted_by="laura", published_at=starts, published_by="salas",
    )  # fmt: skip

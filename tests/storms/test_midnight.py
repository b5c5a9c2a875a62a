"""R14: around midnight, month ends, new tariffs and the clock change, each act has one business date and one book.

The town is six hours behind UTC (five in summer, until 2022): its evening is another day in UTC.
`CAUDAL_STORM_CASES` asks for more moments, `CAUDAL_STORM_SEED` for the same ones again.
"""

import os
import random
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from tests.oracle import debts
from tests.scenarios.world import office as of
from tests.storms.street import at_once, everything_agrees, settle
from tests.town import counter

from caudal.cashier import commands as cashier
from caudal.cashier import queries
from caudal.cashier.models import Receipt, TillSession
from caudal.kernel.refusals import Refusal
from caudal.ledger import catalog
from caudal.ledger.commands import ChargeLine
from caudal.ledger.models import Charge, DocumentKind, JournalEntry
from caudal.ledger.tests.builders import account, bill
from caudal.registry.models import Account

CASES = int(os.environ.get("CAUDAL_STORM_CASES", "60"))
SEED = int(os.environ.get("CAUDAL_STORM_SEED", str(random.SystemRandom().randrange(10**6))))
ZONE = ZoneInfo("America/Mexico_City")
# the first instants of these days: a year and its tariffs, months, a leap-less February, summer time on and off
DAYS = [
    date(2019, 1, 1),
    date(2019, 2, 1),
    date(2019, 3, 1),
    date(2019, 3, 5),
    date(2019, 4, 7),
    date(2019, 10, 27),
]
MIDNIGHT = {day: datetime(day.year, day.month, day.day, tzinfo=ZONE) for day in DAYS}
EVENING_BEFORE = timedelta(seconds=-1)


@pytest.fixture
def chuy(db: None) -> Account:
    """Chuy owes November 2018: $1,000.00 of water, due on 20 November. The books of 2018 and 2019 are published."""
    of.publish("la-barca-demo-2018", "la-barca-demo-2019")
    chuy = account("010117")
    bill(chuy, ChargeLine(catalog.WATER, 100_000), period=201811, due_on=date(2018, 11, 20))
    return chuy


def pay(
    holder: Account, session: TillSession, at: datetime, cents: int = 100, *, by: str = "veronica"
) -> dict[str, Any]:
    return cashier.take_payment(
        session=session, parts=[cashier.AccountPart(holder, cents)], tenders=[cashier.TenderPart("cash", cents)],
        at=at, by=by, key=uuid4(),
    )  # fmt: skip


def open_at(at: datetime, *, by: str = "veronica", code: str = "1", series: str = "A") -> TillSession:
    return cashier.open_session(till=counter.till(code, series), cashier=by, pieces=counter.FLOAT, at=at)


def dates_of(receipt: Receipt) -> set[date]:
    """Every date an act left anywhere."""
    credits = [payment.credit for payment in receipt.payments.select_related("credit")]
    entries = JournalEntry.objects.filter(document__in=[receipt.folio, f"payment/{receipt.folio}"])
    assert entries.exists()
    return {receipt.business_on, *(credit.on for credit in credits), *(entry.on for entry in entries)}


@pytest.mark.django_db
def test_whatever_the_moment_an_act_has_one_date_and_its_books_surcharge(chuy: Account) -> None:
    """Moments drawn within ten minutes of a midnight, of ours or of UTC: the date is the session's, and ours.

    The surcharge is the one of that date, worked out again: 1 % of $1,000.00 by month or fraction since 21 November.
    """
    print(f"seed {SEED}")
    chance, owed = random.Random(SEED), 100_000
    moments = sorted(
        MIDNIGHT[chance.choice(DAYS)]
        + chance.choice((timedelta(0), timedelta(hours=-6), timedelta(hours=-5)))
        + timedelta(milliseconds=chance.randrange(-600_000, 600_000))
        for _ in range(CASES)
    )
    charged = months = 0
    for at in moments:
        on = at.astimezone(ZONE).date()
        live = queries.live_session(cashier="veronica")
        if live and live.business_on != on:
            with pytest.raises(cashier.CannotTakePayment, match="Haga su corte"):
                pay(chuy, live, at)
            counter.close(live)
        session = counter.session(on)
        # the same instant told by another clock is the same act
        told_at = chance.choice((at, at.astimezone(UTC), at.astimezone(ZoneInfo("Asia/Tokyo"))))

        reply = pay(chuy, session, told_at)

        receipt = Receipt.objects.get(series="A", number=int(reply["receipt_folio"][2:]))
        assert dates_of(receipt) == {on}, f"seed {SEED}: {at}"
        assert receipt.paid_at == at
        expected = debts.surcharge(
            owed, date(2018, 11, 20), on, months, dict.fromkeys((2018, 2019), Fraction(1, 100)), Fraction(1)
        )
        assert reply["payments"][0]["surcharge_cents"] == expected, f"seed {SEED}: {at}"
        charged += expected
        months = len(debts.month_starts(date(2018, 11, 20), on))
        # surcharges are paid first: principal falls only by what is left of the peso
        owed -= sum(
            each["amount_cents"] for each in reply["payments"][0]["allocations"] if each["document"] == "bill"
        )
    surcharges = Charge.objects.filter(account_id=chuy.pk, document_kind=DocumentKind.SURCHARGE)
    assert sum(surcharges.values_list("amount_cents", flat=True)) == charged
    assert everything_agrees()


@pytest.mark.django_db
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_one_second_before_and_one_second_after_are_two_days(chuy: Account, day: date) -> None:
    """At 23:59:59 the drawer of the day takes money; at 00:00:00 it says to close and open today's."""
    eve = day - timedelta(days=1)
    session = open_at(MIDNIGHT[day] - timedelta(hours=3))

    before = pay(chuy, session, MIDNIGHT[day] + EVENING_BEFORE)
    with pytest.raises(cashier.CannotTakePayment, match=f"El turno es del {eve:%d/%m/%Y}") as refused:
        pay(chuy, session, MIDNIGHT[day])
    counter.close(session)
    after = pay(chuy, open_at(MIDNIGHT[day]), MIDNIGHT[day])

    assert refused.value.field == "session"
    assert (before["business_on"], after["business_on"]) == (eve.isoformat(), day.isoformat())
    assert [dates_of(receipt) for receipt in Receipt.objects.order_by("number")] == [{eve}, {day}]
    assert everything_agrees()


@pytest.mark.django_db
def test_a_receipt_of_yesterday_is_canceled_today_with_todays_date(chuy: Account) -> None:
    """It stays in yesterday's closing; what gives the money back is of today."""
    day = date(2019, 3, 5)
    session = open_at(MIDNIGHT[day] - timedelta(hours=3))
    reply = pay(chuy, session, MIDNIGHT[day] + EVENING_BEFORE)
    counter.close(session)

    canceled = counter.cancel(reply["receipt_folio"], on=day)

    assert dates_of(Receipt.objects.get(series="A")) == {date(2019, 3, 4)}
    reversal = queries.receipt_by_folio(folio=canceled["cancellation_folio"])
    assert reversal.business_on == day and reversal.session.business_on == day
    assert {payment.credit.on for payment in reversal.payments.all()} == {day}
    assert everything_agrees()


def test_two_clocks_around_midnight_agree_on_what_they_did(own_database: str) -> None:
    """One window's clock says 23:59:59 and the other's 00:00:01, at the same instant, on one account, in two drawers.

    Whoever comes first, each payment keeps its own day everywhere, and a drawer takes nothing by the other's clock.
    """
    day = date(2019, 3, 5)
    [chuy, *_] = settle(houses=2)
    slow, fast = MIDNIGHT[day] + EVENING_BEFORE, MIDNIGHT[day] - EVENING_BEFORE
    yesterday = open_at(slow - timedelta(hours=1), by="cashier1", code="1", series="S1")
    today = open_at(fast, by="cashier2", code="2", series="S2")
    acts = [
        lambda session=session, at=at: pay(chuy, session, at, by=session.cashier)
        for _ in range(8)
        for session, at in ((yesterday, slow), (today, fast), (yesterday, fast), (today, slow))
    ]

    results = at_once(acts, hands=8)

    taken = [each for each in results if isinstance(each, dict)]
    assert len(taken) == 16 and sum(isinstance(each, Refusal) for each in results) == 16
    for receipt in Receipt.objects.all():
        assert dates_of(receipt) == {day - timedelta(days=1) if receipt.series == "S1" else day}
    assert everything_agrees()

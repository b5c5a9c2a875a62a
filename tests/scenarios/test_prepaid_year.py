"""The year paid ahead: quoted and paid at the window, met by each bill as it comes, kept or ended by policy."""

from datetime import date, datetime
from typing import Any

import pytest
from tests.town import counter
from tests.town.cast import ZONE, Town, moment

from caudal.billing import checks as billing_checks
from caudal.billing import commands as billing
from caudal.billing.models import Bill, BillingRun
from caudal.campaigns import commands as campaigns
from caudal.campaigns import queries as relief
from caudal.campaigns.models import Campaign, PrepaidMonth, PrepaidMonthEnd
from caudal.cashier import commands as cashier
from caudal.cashier.models import Prepayment, Receipt
from caudal.kernel.refusals import Refusal
from caudal.ledger import checks as ledger_checks
from caudal.ledger import queries as ledger
from caudal.ledger.models import Charge, CreditBalance, Working
from caudal.metering import commands as metering
from caudal.quotes import queries as quotes
from caudal.registry.models import Account
from caudal.rules.periods import Period
from caudal.tariffs import commands as tariff_commands
from caudal.tariffs import queries as tariffs

DECEMBER, JANUARY, YEAR = 201812, 201901, tuple(range(201901, 201913))
JANUARY_15 = date(2019, 1, 15)
EARLY, HELD, WATER, TREATMENT, INFRASTRUCTURE = 11, 13, 1, 3, 4


@pytest.fixture
def priced(town: Town) -> Town:
    """The books of 2018 and 2019, and the two campaigns of the 2019 report: 15 % to February, 5 % in March."""
    for code in ("la-barca-demo-2018", "la-barca-demo-2019"):
        book = tariff_commands.load_book(body=tariffs.shipped_text(code=code), by="laura", at=town.at)
        tariff_commands.publish_book(book=book, by="salas", at=town.at)
    campaign("PRONTO-15", 150_000, (2018, 12), (2019, 3))
    campaign("PRONTO-5", 50_000, (2019, 3), (2019, 4))
    return town


def campaign(code: str, ppm: int, start: tuple[int, int], end: tuple[int, int], **more: Any) -> Campaign:
    starts = datetime(*start, 1, tzinfo=ZONE)
    return Campaign.objects.create(
        **{
            "code": code, "name": f"Pronto pago {ppm // 10_000} %", "starts_at": starts,
            "ends_at": datetime(*end, 1, tzinfo=ZONE), "on_prepayment": True, "least_months": 1,
            "requires_up_to_date": True, "uses": ["residential"], "ppm": ppm, "council_agreement": "CA-1/2019",
            "drafted_at": starts, "drafted_by": "laura", "published_at": starts, "published_by": "salas",
        } | more
    )  # fmt: skip


def policy(on: date = date(2018, 1, 1), **answers: str) -> None:
    campaigns.set_prepayment_policy(
        **{
            "effective_from": on, "article": "Acuerdo 3/2018", "on_tariff_change": "honor", "on_closing": "refund",
            "at": moment(on), "by": "salas",
        } | answers
    )  # fmt: skip


def bill(town: Town, period: int) -> BillingRun:
    """Assess, open, compute, review and issue a month, whoever has readings."""
    on = Period(period).next().first_day
    at = moment(on)
    metering.assess_period(cycle=town.cycle, period=period, by="laura", at=at)
    run = billing.open_run(cycle=town.cycle, period=period, issued_on=on, by="laura", at=at)
    run = billing.compute(run=run, by="laura", at=at)
    run = billing.review(run=run, by="laura", at=at)
    return billing.issue(run=run, by="salas", at=at)


def pay_ahead(account: Account, months: int, on: date, hour: int = 11) -> dict[str, Any]:
    """At the window: the debt and so many months, exactly."""
    ahead = quotes.months_ahead(account=account, months=months, on=on)
    return hand_over(account, ahead, owed(account, on) + ahead.months_cents, on, hour)


def hand_over(
    account: Account, ahead: quotes.MonthsAhead, cents: int, on: date, hour: int = 11
) -> dict[str, Any]:
    return cashier.take_payment(
        session=counter.session(on),
        parts=[
            cashier.AccountPart(
                account, cents, cashier.PrepaidMonths(ahead.months, ahead.book, ahead.campaign, ahead.reductions)
            )
        ],
        tenders=[cashier.TenderPart("cash", cents)],
        at=moment(on, hour),
        by="veronica",
        key=counter.uuid4(),
    )


def owed(account: Account, on: date) -> int:
    return ledger.statement(account_id=account.pk, on=on, terms=tariffs.terms_on(on=on)).total_cents


def in_favor(account: Account) -> int:
    return sum(CreditBalance.objects.filter(pk=account.pk).values_list("unallocated_cents", flat=True))


def total(account: Account, period: int) -> int:
    return Bill.objects.filter(account_id=account.pk, period=period).latest("revision").total_cents


def lines(account: Account, period: int) -> list[tuple[int, int, int]]:
    charges = Charge.objects.filter(period=period, account_id=account.pk, document_kind=1)
    return list(
        charges.order_by("sequence", "concept_id", "reduces_id").values_list(
            "concept_id", "reduces_id", "amount_cents"
        )
    )


def disagreements() -> list[str]:
    return [told for check in (*billing_checks.CHECKS, *ledger_checks.CHECKS) for told in check.find()]


def test_don_chuy_pays_the_year_in_january_and_twelve_bills_come_out_paid(priced: Town) -> None:
    """Flat: 110.00 + 22.00 + 3.30 = 135.30; 15 % of each: 16.50 + 3.30 + 0.50 = 20.30; he pays 115.00 a month."""
    bill(priced, DECEMBER)
    ahead = quotes.months_ahead(account=priced.chuy, months=12, on=JANUARY_15)
    assert [(each.period, each.full_cents, each.reduction_cents, each.pay_cents) for each in ahead.lines] == [
        (period, 135_30, 20_30, 115_00) for period in YEAR
    ]
    # December, not due yet: 105.77 + 21.15 + 3.17
    assert (ahead.owed_cents, ahead.total_cents) == (130_09, 130_09 + 12 * 115_00)
    assert (ahead.campaign, ahead.campaign_name) == ("PRONTO-15", "Pronto pago 15 %")

    receipt = pay_ahead(priced.chuy, 12, JANUARY_15)

    assert receipt["total_cents"] == 1_510_09
    kept = PrepaidMonth.objects.filter(account=priced.chuy).order_by("period")
    assert [
        (int(m.period), m.quoted_cents, m.ppm, m.reduction_cents, m.paid_cents, str(m.campaign)) for m in kept
    ] == [(period, 135_30, 150_000, 20_30, 115_00, "PRONTO-15") for period in YEAR]
    for place, period in enumerate(YEAR, start=1):
        run = bill(priced, period)
        on = run.issued_on
        assert (total(priced.chuy, period), owed(priced.chuy, on)) == (115_00, 0)
        assert in_favor(priced.chuy) == (12 - place) * 115_00
    assert lines(priced.chuy, JANUARY) == [
        (WATER, 0, 110_00),
        (TREATMENT, 0, 22_00),
        (INFRASTRUCTURE, 0, 3_30),
        (EARLY, WATER, -16_50),
        (EARLY, TREATMENT, -3_30),
        (EARLY, INFRASTRUCTURE, -50),
    ]
    [water] = Charge.objects.filter(
        period=JANUARY, account_id=priced.chuy.pk, concept_id=EARLY, reduces_id=WATER
    )
    body = Working.objects.get(pk=water.working_id).body
    assert (body["rule"], body["campaign"], body["ppm"], body["article"]) == (
        "PRONTO-15", "Pronto pago 15 %", 150_000, "Art. 49",
    )  # fmt: skip
    assert "campaña PRONTO-15" in tariffs.working_text(body=body, base_cents=110_00)
    # January 2020 is nobody's: full price again
    bill(priced, 202001)
    assert total(priced.chuy, 202001) == 135_30
    assert disagreements() == []

"""The year paid ahead: quoted and paid at the window, met by each bill as it comes, kept or ended by policy."""

import random
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from caudal.billing import checks as billing_checks
from caudal.billing import commands as billing
from caudal.billing.models import Bill, BillingRun
from caudal.campaigns import commands as campaigns
from caudal.campaigns import prepaid_checks
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
from tests.town import counter
from tests.town.cast import METERS, ZONE, Town, moment

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
    """Assess, open, compute, review and issue a month, whoever has readings; what is oddly low is looked at first."""
    on = Period(period).next().first_day
    at = moment(on)
    metering.assess_period(cycle=town.cycle, period=period, by="laura", at=at)
    run = billing.open_run(cycle=town.cycle, period=period, issued_on=on, by="laura", at=at)
    run = billing.compute(run=run, by="laura", at=at)
    for held in run.held.filter(decision=""):
        billing.release_held(held=held, reason="Estuvo fuera, se verificó", by="laura", on=on, at=at)
    run = billing.review(run=run, by="laura", at=at)
    return billing.issue(run=run, by="salas", at=at)


def pay_ahead(account: Account, months: int, on: date, hour: int = 11) -> dict[str, Any]:
    """At the window: the debt and so many months, exactly."""
    ahead = quotes.months_ahead(account=account, months=months, on=on)
    return hand_over(account, ahead, owed(account, on) + ahead.months_cents, on, hour)


def hand_over(
    account: Account, ahead: quotes.MonthsAhead, cents: int, on: date, hour: int = 11
) -> dict[str, Any]:
    return counter.pay_ahead(account, ahead, cents, on=on, hour=hour)


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
    return [
        told
        for check in (*billing_checks.CHECKS, *ledger_checks.CHECKS, *prepaid_checks.CHECKS)
        for told in check.find()
    ]


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


def test_her_benefit_is_larger_and_the_difference_in_water_is_hers(priced: Town) -> None:
    """Doña Lupita: 25 m³ are 179.00 + 35.80 + 5.37; the half of 10 m³ (43.05) beats 15 % (33.03)."""
    for period, dial in ((201811, 975), (DECEMBER, 1000)):
        priced.read(priced.lupita, period=period, value=dial)
        metering.assess_period(cycle=priced.cycle, period=period, by="laura", at=moment(date(2019, 1, 1)))
    bill(priced, DECEMBER)

    ahead = quotes.months_ahead(account=priced.lupita, months=2, on=JANUARY_15)
    assert [
        (each.full_cents, each.benefit_cents, each.reduction_cents, each.pay_cents) for each in ahead.lines
    ] == [(220_17, 43_05, 0, 177_12)] * 2
    assert ahead.campaign_name == "" and ahead.consumption_m3 == 25
    pay_ahead(priced.lupita, 2, JANUARY_15)

    # January: 27 m³, 195.82; her 177.12 pay it down and February's money is not touched
    priced.read(priced.lupita, period=JANUARY, value=1027)
    run = bill(priced, JANUARY)
    assert total(priced.lupita, JANUARY) == 195_82
    assert (owed(priced.lupita, run.issued_on), in_favor(priced.lupita)) == (195_82 - 177_12, 177_12)
    # February: 10 m³, 86.10 − 43.05; what is left pays the 18.70 of January and 1 % of it, and stays in favor
    priced.read(priced.lupita, period=201902, value=1037)
    run = bill(priced, 201902)
    assert total(priced.lupita, 201902) == 43_05
    assert owed(priced.lupita, run.issued_on) == 0
    assert in_favor(priced.lupita) == 177_12 - 43_05 - 18_70 - 19
    assert disagreements() == []


def test_if_her_benefit_ends_the_months_keep_the_rate_they_were_paid_with(priced: Town) -> None:
    pay_ahead(priced.lupita, 1, JANUARY_15)

    [month] = PrepaidMonth.objects.all()
    assert (month.ppm, month.reduction_cents, month.quoted_cents) == (150_000, 0, month.paid_cents)


@pytest.mark.parametrize(
    ("on", "code", "pay"),
    [
        (date(2019, 2, 28), "PRONTO-15", 115_00),
        (date(2019, 3, 1), "PRONTO-5", 135_30 - 6_77),  # 5.50 + 1.10 + 0.17
        (date(2019, 3, 31), "PRONTO-5", 128_53),
        (date(2019, 4, 1), "", 135_30),
    ],
)
def test_the_last_of_february_and_the_first_of_march(priced: Town, on: date, code: str, pay: int) -> None:
    ahead = quotes.months_ahead(account=priced.chuy, months=1, on=on)

    assert (ahead.campaign, ahead.months_cents) == (code, pay)
    pay_ahead(priced.chuy, 1, on)
    assert PrepaidMonth.objects.get().paid_cents == pay


def test_what_was_shown_in_february_is_not_charged_in_march(priced: Town) -> None:
    shown = quotes.months_ahead(account=priced.chuy, months=2, on=date(2019, 2, 28))
    counter.session(date(2019, 3, 1))

    with pytest.raises(campaigns.CannotKeepPrepaidMonths, match="ya no es la que se mostró") as refused:
        hand_over(priced.chuy, shown, shown.months_cents, date(2019, 3, 1), hour=0)

    assert refused.value.field == "months"
    assert not Receipt.objects.exists() and not PrepaidMonth.objects.exists()
    # a second before, it is
    hand_over(priced.lupita, quotes.months_ahead(account=priced.lupita, months=1, on=date(2019, 2, 28)),
              quotes.months_ahead(account=priced.lupita, months=1, on=date(2019, 2, 28)).months_cents,
              date(2019, 2, 28), hour=23)  # fmt: skip
    assert PrepaidMonth.objects.count() == 1


def test_a_part_of_the_year_and_later_the_rest(priced: Town) -> None:
    """Three months in January at 15 %; in March the next two, at 5 %; each keeps its own."""
    bill(priced, DECEMBER)
    pay_ahead(priced.chuy, 3, JANUARY_15)
    ahead = quotes.months_ahead(account=priced.chuy, months=2, on=date(2019, 3, 5))
    assert ahead.first_period == 201904
    pay_ahead(priced.chuy, 2, date(2019, 3, 5))

    kept = PrepaidMonth.objects.order_by("period").values_list("period", "paid_cents")
    assert [(int(period), cents) for period, cents in kept] == [
        (201901, 115_00), (201902, 115_00), (201903, 115_00), (201904, 128_53), (201905, 128_53),
    ]  # fmt: skip
    for period, cents in ((201901, 115_00), (201902, 115_00), (201903, 115_00), (201904, 128_53)):
        run = bill(priced, period)
        assert (total(priced.chuy, period), owed(priced.chuy, run.issued_on)) == (cents, 0)
    assert in_favor(priced.chuy) == 128_53
    assert [row.is_waiting for row in relief.prepaid_rows(account_id=priced.chuy.pk)] == [False] * 4 + [True]


def test_a_campaign_for_the_whole_year_does_not_reduce_less(priced: Town) -> None:
    campaign("ANUAL-20", 200_000, (2019, 1), (2019, 2), least_months=12)

    eleven, twelve = (quotes.months_ahead(account=priced.chuy, months=n, on=JANUARY_15) for n in (11, 12))

    assert (eleven.campaign, twelve.campaign) == ("PRONTO-15", "ANUAL-20")
    # 20 % of 135.30: 22.00 + 4.40 + 0.66
    assert twelve.months_cents == 12 * (135_30 - 27_06)


def test_past_its_ceiling_a_campaign_takes_off_nothing_more(priced: Town) -> None:
    campaign("TOPE-20", 200_000, (2019, 1), (2019, 2), cap_cents=60_00)

    ahead = quotes.months_ahead(account=priced.chuy, months=4, on=JANUARY_15)

    assert [each.reduction_cents for each in ahead.lines] == [27_06, 27_06, 0, 0]  # a third would be 81.18
    pay_ahead(priced.chuy, 4, JANUARY_15)
    assert (
        list(PrepaidMonth.objects.order_by("period").values_list("ppm", flat=True)) == [200_000] * 2 + [0] * 2
    )


def test_no_more_than_a_year_waits(priced: Town) -> None:
    pay_ahead(priced.chuy, 10, JANUARY_15)

    with pytest.raises(
        quotes.CannotQuotePayment, match="ya tiene 10 meses pagados por adelantado"
    ) as refused:
        quotes.months_ahead(account=priced.chuy, months=3, on=JANUARY_15)
    assert (refused.value.remedy, refused.value.field) == ("Elija de 1 a 2.", "months")
    assert quotes.months_ahead(account=priced.chuy, months=2, on=JANUARY_15).first_period == 201911
    bill(priced, JANUARY)
    assert quotes.months_ahead(account=priced.chuy, months=3, on=date(2019, 2, 1)).first_period == 201911


@pytest.mark.parametrize("name", ["espiga", "hotel", "rancho"])
def test_who_is_not_residential_pays_ahead_at_full_price(priced: Town, name: str) -> None:
    ahead = quotes.months_ahead(account=getattr(priced, name), months=2, on=JANUARY_15)

    assert (ahead.campaign, ahead.reduction_cents) == ("", 0)
    pay_ahead(getattr(priced, name), 2, JANUARY_15)
    assert set(PrepaidMonth.objects.values_list("ppm", "campaign")) == {(0, None)}


def test_the_same_month_is_not_paid_twice(priced: Town) -> None:
    """Two windows quoted the same months; the second is told which receipt paid them."""
    ahead = quotes.months_ahead(account=priced.chuy, months=2, on=JANUARY_15)
    first = hand_over(priced.chuy, ahead, 230_00, JANUARY_15)

    with pytest.raises(campaigns.CannotKeepPrepaidMonths) as refused:
        hand_over(priced.chuy, ahead, 230_00, JANUARY_15, hour=12)

    assert f"ya tiene pagado enero 2019 por adelantado, con el comprobante {first['receipt_folio']}" in str(
        refused.value
    )
    assert (Receipt.objects.count(), Prepayment.objects.count(), in_favor(priced.chuy)) == (1, 1, 230_00)


@pytest.mark.parametrize(
    ("code", "taken_off"),
    [
        ("PRONTO-15", (150_000, 60_00)),
        ("", (150_000, 20_30)),
        ("PRONTO-15", (500_000, 67_65)),
        ("", (0, 20_30)),
    ],
)
def test_a_reduction_of_somebodys_choice_is_refused(
    priced: Town, code: str, taken_off: tuple[int, int]
) -> None:
    counter.session(JANUARY_15)
    paid = 135_30 - taken_off[1]

    with pytest.raises(campaigns.CannotKeepPrepaidMonths, match="ya no es la que se mostró"):
        cashier.take_payment(
            session=counter.session(JANUARY_15),
            parts=[
                cashier.AccountPart(
                    priced.chuy,
                    paid,
                    cashier.PrepaidMonths(((JANUARY, paid),), "la-barca-demo-2019", code, (taken_off,)),
                )
            ],
            tenders=[cashier.TenderPart("cash", paid)],
            at=moment(JANUARY_15, 11),
            by="veronica",
            key=counter.uuid4(),
        )
    assert not PrepaidMonth.objects.exists() and not Receipt.objects.exists()


def test_canceling_the_receipt_ends_its_months(priced: Town) -> None:
    receipt = pay_ahead(priced.chuy, 2, JANUARY_15)

    counter.cancel(receipt["receipt_folio"], on=JANUARY_15)

    assert set(PrepaidMonthEnd.objects.values_list("kind", "difference_cents")) == {("canceled", 0)}
    assert in_favor(priced.chuy) == 0
    bill(priced, JANUARY)
    assert total(priced.chuy, JANUARY) == 135_30
    # and they may be paid again
    assert quotes.months_ahead(account=priced.chuy, months=1, on=date(2019, 2, 5)).first_period == 201902


def test_a_month_billed_before_its_receipt_is_canceled_is_asked_for(priced: Town) -> None:
    """January went out at 115.00; without its payment it is 135.30, and somebody is told until it is."""
    receipt = pay_ahead(priced.chuy, 2, JANUARY_15)
    bill(priced, JANUARY)
    on, account = date(2019, 2, 5), priced.chuy

    counter.cancel(receipt["receipt_folio"], on=on)

    ends = PrepaidMonthEnd.objects.order_by("month__period").values_list("kind", "difference_cents")
    assert list(ends) == [("canceled", -20_30), ("canceled", 0)]
    assert (owed(account, on), in_favor(account)) == (115_00, 0)
    [told] = [told for check in prepaid_checks.CHECKS for told in check.find()]
    assert told.startswith("Cuenta 010117: el recibo de enero 2019 lleva la reducción")
    billing.cancel_bill(
        account=account,
        period=JANUARY,
        reason="Se canceló su pago",
        authorized_by="salas",
        on=on,
        at=moment(on),
    )
    billing.rebill(account=account, period=JANUARY, by="laura", on=on, at=moment(on))
    assert (total(account, JANUARY), owed(account, on)) == (135_30, 135_30)
    assert disagreements() == []


def paid_at_2018(town: Town) -> None:
    """In December, three months by the book of 2018: 130.09 − (15.87 + 3.17 + 0.48) = 110.57 each."""
    ahead = quotes.months_ahead(account=town.chuy, months=3, on=date(2018, 12, 15))
    assert (ahead.first_period, ahead.book) == (DECEMBER, "la-barca-demo-2018")
    assert [each.pay_cents for each in ahead.lines] == [110_57] * 3
    pay_ahead(town.chuy, 3, date(2018, 12, 15))


def test_the_price_holds_when_the_tariff_changes(priced: Town) -> None:
    """January by the book of 2019 is 115.00; a line for each concept brings it back to 110.57."""
    policy(on_tariff_change="honor")
    paid_at_2018(priced)
    bill(priced, DECEMBER)
    run = bill(priced, JANUARY)

    assert (total(priced.chuy, DECEMBER), total(priced.chuy, JANUARY)) == (110_57, 110_57)
    assert (owed(priced.chuy, run.issued_on), in_favor(priced.chuy)) == (0, 110_57)
    assert lines(priced.chuy, JANUARY)[3:] == [
        (EARLY, WATER, -16_50),
        (EARLY, TREATMENT, -3_30),
        (EARLY, INFRASTRUCTURE, -50),
        (HELD, WATER, -3_60),  # (105.77 − 15.87) − (110.00 − 16.50)
        (HELD, TREATMENT, -72),  # (21.15 − 3.17) − (22.00 − 3.30)
        (HELD, INFRASTRUCTURE, -11),  # (3.17 − 0.48) − (3.30 − 0.50)
    ]
    assert not [each for each in lines(priced.chuy, DECEMBER) if each[0] == HELD]
    held = Charge.objects.filter(period=JANUARY, account_id=priced.chuy.pk, concept_id=HELD).first()
    assert held is not None
    assert "la-barca-demo-2018" in tariffs.working_text(body=Working.objects.get(pk=held.working_id).body)
    assert disagreements() == []


@pytest.mark.parametrize("is_said", [True, False])
def test_or_the_difference_is_owed_and_no_later_month_pays_it(priced: Town, is_said: bool) -> None:
    """The policy says so; without any, nothing is given that no rule gives. 115.00 − 110.57 = 4.43."""
    if is_said:
        policy(on_tariff_change="settle")
    paid_at_2018(priced)
    bill(priced, DECEMBER)
    run = bill(priced, JANUARY)

    assert total(priced.chuy, JANUARY) == 115_00
    assert (owed(priced.chuy, run.issued_on), in_favor(priced.chuy)) == (4_43, 110_57)
    assert disagreements() == []


def test_a_policy_holds_for_what_is_paid_from_its_day(priced: Town) -> None:
    policy(on_tariff_change="honor")
    policy(on=date(2018, 12, 20), on_tariff_change="settle")
    paid_at_2018(priced)
    bill(priced, DECEMBER)
    bill(priced, JANUARY)

    assert total(priced.chuy, JANUARY) == 110_57


def test_when_the_account_closes_what_was_not_used_is_given_back(priced: Town) -> None:
    policy(on_closing="refund")
    pay_ahead(priced.chuy, 12, JANUARY_15)
    bill(priced, JANUARY)
    on = date(2019, 2, 20)

    ended = campaigns.end_prepaid_months(
        account=priced.chuy, reason="Vendió la casa", on=on, at=moment(on), by="salas"
    )

    assert ended == campaigns.EndedMonths(YEAR[1:], 11 * 115_00, 0)
    assert set(PrepaidMonthEnd.objects.values_list("kind", "difference_cents")) == {("refunded", 115_00)}
    assert in_favor(priced.chuy) == 11 * 115_00
    with pytest.raises(campaigns.CannotEndPrepaidMonths, match="no tiene meses adelantados por usar"):
        campaigns.end_prepaid_months(account=priced.chuy, reason="Otra vez", on=on, at=moment(on), by="salas")
    # whoever stays is billed at full price from here on
    bill(priced, 201902)
    assert total(priced.chuy, 201902) == 135_30


def test_or_it_first_pays_what_the_account_owes(priced: Town) -> None:
    """3 × 110.57 paid in 2018 and settled: January came to 115.00, so 4.43 are owed when he leaves."""
    policy(on_closing="settle", on_tariff_change="settle")
    paid_at_2018(priced)
    bill(priced, DECEMBER)
    bill(priced, JANUARY)
    on = date(2019, 2, 10)

    ended = campaigns.end_prepaid_months(
        account=priced.chuy, reason="Se muda", on=on, at=moment(on), by="salas"
    )

    assert ended == campaigns.EndedMonths((201902,), 110_57, 4_43)
    assert (owed(priced.chuy, on), in_favor(priced.chuy)) == (0, 110_57 - 4_43)
    assert [end.kind for end in PrepaidMonthEnd.objects.all()] == ["settled"]
    assert disagreements() == []


@pytest.mark.parametrize("reason", ["", "   "])
def test_months_do_not_end_without_a_reason(priced: Town, reason: str) -> None:
    pay_ahead(priced.chuy, 2, JANUARY_15)

    with pytest.raises(campaigns.CannotEndPrepaidMonths, match="Falta el motivo"):
        campaigns.end_prepaid_months(
            account=priced.chuy, reason=reason, on=JANUARY_15, at=moment(JANUARY_15), by="salas"
        )
    assert not PrepaidMonthEnd.objects.exists()


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"article": " "}, "article"),
        ({"on_closing": "keep"}, "on_closing"),
        ({"on_tariff_change": ""}, "on_tariff_change"),
    ],
)
def test_a_policy_without_what_founds_it_is_refused(db: None, answers: dict[str, str], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        policy(**answers)
    assert refused.value.field == field
    assert relief.prepayment_policy(on=date(2019, 1, 1)) is None


def test_a_bill_made_again_after_paying_it_ahead_is_reduced_and_paid(priced: Town) -> None:
    """January went out at 135.30 by mistake; it is taken back, paid ahead by nobody else, and issued anew."""
    bill(priced, DECEMBER)
    bill(priced, JANUARY)
    account, on = priced.chuy, date(2019, 2, 5)
    billing.cancel_bill(
        account=account, period=JANUARY, reason="Error", authorized_by="salas", on=on, at=moment(on)
    )
    counter.pay(account, owed(account, on), on=on)
    months = (campaigns.MonthTerms(JANUARY, 135_30, 150_000, 20_30),)
    receipt = cashier.take_payment(
        session=counter.session(on),
        parts=[
            cashier.AccountPart(
                account, 115_00,
                cashier.PrepaidMonths(((JANUARY, 115_00),), "la-barca-demo-2019", "PRONTO-15", ((150_000, 20_30),)),
            )
        ],
        tenders=[cashier.TenderPart("cash", 115_00)], at=moment(on, 12), by="veronica", key=counter.uuid4(),
    )  # fmt: skip
    assert receipt["total_cents"] == months[0].paid_cents

    billing.rebill(account=account, period=JANUARY, by="laura", on=on, at=moment(on))

    assert (total(account, JANUARY), owed(account, on), in_favor(account)) == (115_00, 0, 0)
    assert disagreements() == []


def test_a_payment_without_months_ahead_asks_nothing_of_them(priced: Town) -> None:
    bill(priced, DECEMBER)
    counter.session(JANUARY_15)
    with CaptureQueriesContext(
        connection,
    ) as told:
        counter.pay(priced.chuy, 100_00, on=JANUARY_15)

    assert not [each for each in told.captured_queries if "campaigns_prepaid" in each["sql"]]


@pytest.mark.parametrize("seed", [20190115, 4471293])
def test_whatever_months_are_paid_and_ended_everything_adds_up(priced: Town, seed: int) -> None:
    """Four months of a town where anybody pays some months ahead and some change their mind.

    After each run: what is in favor holds the months that wait, a flat house that waits for nothing else owes
    nothing of the months it paid, and everything `caudal check` asks agrees.
    """
    dice = random.Random(seed)
    print(f"seed {seed}")
    policy(on_tariff_change=dice.choice(["honor", "settle"]), on_closing=dice.choice(["refund", "settle"]))
    dials = {name: dial for name, (_, dial, _) in METERS.items()}
    for period in (DECEMBER, *YEAR[:3]):
        for name in dials:
            dials[name] += dice.randrange(8, 40)
            priced.read(getattr(priced, name), period=period, value=dials[name] % 100_000)
        run = bill(priced, period)
        on = run.issued_on.replace(day=dice.randrange(2, 14))
        for account in priced.accounts:
            waits = relief.prepaid_reserved(account_ids=[account.pk]).get(account.pk, 0)
            assert in_favor(account) >= waits, account.number
            paid = PrepaidMonth.objects.filter(account=account, period=period, end__isnull=True).first()
            if paid and account == priced.chuy and paid.book_id == run.book_id:
                assert total(account, period) == paid.paid_cents
            if dice.random() < 0.5:
                pay_ahead(account, dice.randrange(1, 4), on)
                assert owed(account, on) == 0
            elif waits and dice.random() < 0.3:
                ended = campaigns.end_prepaid_months(
                    account=account, reason="Cambió de idea", on=on, at=moment(on), by="salas"
                )
                assert ended.cents == waits
        assert disagreements() == []
    months = PrepaidMonth.objects.all()
    assert months and all(m.quoted_cents == m.reduction_cents + m.paid_cents for m in months)

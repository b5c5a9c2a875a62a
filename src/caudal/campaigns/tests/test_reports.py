"""What a campaign would do is what it does, and every centavo it forgave is told."""

from datetime import date

import pytest
from tests.town.cast import Town, moment

from caudal.campaigns import checks, queries
from caudal.campaigns import commands as campaigns
from caudal.campaigns.models import Waiver
from caudal.campaigns.tests.stories import APRIL, TODAY, draft, in_force, owe, owed, pay_at_once
from caudal.ledger.models import Credit
from caudal.tariffs import queries as tariffs

pytestmark = pytest.mark.django_db
FIRST_DAY = date(2019, 4, 1)


def test_a_preview_equals_what_happens_when_everybody_pays_on_the_first_day(priced: Town) -> None:
    rule = in_force(uses=["residential", "mixed_rural"])
    owe(priced.chuy, water=1_000_00)
    owe(priced.lupita, water=333_33)
    owe(priced.rancho, water=200_00, due_on=date(2019, 5, 13), period=201904)
    owe(priced.hotel, water=9_000_00)

    told = queries.preview(campaign=rule, at=moment(date(2019, 3, 20)))

    # on 1 April three months late. Chuy: 30.00 × 75 % = 22.50. Lupita: 333.33 × 3 % = 10.00 × 75 % = 7.50. The
    # ranch owes nothing late; the hotel is another use
    assert (told.on, told.n_accounts, told.forgiven_cents) == (FIRST_DAY, 2, 22_50 + 7_50)
    # 1 030.00 − 22.50 = 1 007.50; 343.33 − 7.50 = 335.83
    assert told.expected_cents == 1_007_50 + 335_83
    assert [(each.use, each.n_accounts) for each in told.by_use] == [("habitacional", 2)]
    assert [(each.number, each.payable_cents) for each in told.largest] == [
        ("010117", 1_007_50), ("010293", 335_83),
    ]  # fmt: skip
    for place, account in enumerate((priced.chuy, priced.lupita)):
        found = queries.offers(
            account_ids=[account.pk], at=moment(FIRST_DAY), terms=tariffs.terms_on(on=FIRST_DAY)
        )
        pay_at_once(account, found[account.pk].payable_cents, on=FIRST_DAY, document=f"A-{place}")
        assert owed(account, on=FIRST_DAY) == 0
    assert queries.forgiven(since=FIRST_DAY, until=FIRST_DAY).total.net_cents == told.forgiven_cents
    paid = Credit.objects.filter(kind="payment").values_list("amount_cents", flat=True)
    assert sum(paid) == told.expected_cents


def test_a_preview_of_months_ahead_prices_every_service_in_scope(priced: Town) -> None:
    rule = draft(
        code="ANUAL-2020", on_single_payment=False, on_arrangement=False, on_prepayment=True, least_months=12,
        reduces=[], ppm=150_000, uses=["residential"], regime="flat",
    )  # fmt: skip

    told = queries.preview(campaign=rule, at=moment(FIRST_DAY)).months_ahead

    case = tariffs.Case(tariff_class="HAB-GEN", is_metered=False, locality="La Barca", month=4)
    book = tariffs.book_in_force(on=FIRST_DAY)
    usual = tariffs.quote(book=book, case=case).total_cents
    # only Chuy is residential and flat: twelve times his month
    assert told is not None
    assert (told.n_accounts, told.full_cents) == (1, 12 * usual)
    assert 0 < told.reduction_cents <= 12 * usual * 15 // 100 + 12
    assert told.expected_cents == told.full_cents - told.reduction_cents


def test_an_empty_town_has_an_empty_preview(priced: Town) -> None:
    told = queries.preview(campaign=draft(), at=moment(TODAY))

    assert (told.n_accounts, told.forgiven_cents, told.expected_cents, told.largest) == (0, 0, 0, ())


def test_every_centavo_is_told_by_rule_account_clerk_and_paper(priced: Town) -> None:
    in_force()
    owe(priced.chuy, water=1_000_00)
    owe(priced.rancho, water=500_00)
    pay_at_once(priced.chuy, 1_007_50, document="A-000001")
    pay_at_once(priced.rancho, 600_00, document="A-000002")
    campaigns.take_back_waivers(
        document="A-000002", reversal="A-000003", reason="Se cobró a otra cuenta", on=TODAY, at=moment(TODAY, 12),
        by="rosa",
    )  # fmt: skip

    report = queries.forgiven(since=date(2019, 4, 1), until=date(2019, 4, 30))

    # 30.00 × 75 % = 22.50, and 15.00 × 75 % = 11.25 that was taken back
    assert (report.total.cents, report.total.taken_back_cents, report.total.net_cents) == (
        33_75, 11_25, 22_50,
    )  # fmt: skip
    assert [(row.account, row.document, row.net_cents, row.by) for row in report.rows] == [
        ("010117", "A-000001", 22_50, "veronica"), ("020031", "A-000002", 0, "veronica"),
    ]  # fmt: skip
    assert report.rows[1].taken_back_by == "rosa"
    for grouped, names in (
        (report.by_rule, ["ABRIL-2019"]), (report.by_clerk, ["veronica"]), (report.by_account, ["010117", "020031"]),
        (report.by_document, ["A-000001", "A-000002"]),
    ):  # fmt: skip
        assert [each.of for each in grouped] == names
        assert sum(each.net_cents for each in grouped) == 22_50
    assert queries.forgiven_by_rule() == {"ABRIL-2019": 22_50}
    assert not queries.forgiven(since=date(2019, 4, 1), until=date(2019, 4, 30), rule="OTRA").rows
    assert not queries.forgiven(since=date(2019, 5, 1), until=date(2019, 5, 31)).rows
    assert not [finding for check in checks.CHECKS for finding in check.find()]


def test_a_check_tells_a_waiver_outside_its_window(priced: Town) -> None:
    rule = in_force()
    credit = Credit.objects.create(
        account=priced.chuy, kind="waiver", amount_cents=1_00, on=TODAY, recorded_at=APRIL, recorded_by="veronica",
        document="A-1",
    )  # fmt: skip
    Waiver.objects.create(
        campaign=rule, rule=rule.code, account=priced.chuy, credit=credit, cents=1_00, document="A-1",
        on=date(2019, 5, 1), at=rule.ends_at, by="veronica",
    )  # fmt: skip

    found = {check.name: check.find() for check in checks.CHECKS}

    assert found["waiver_windows"] == [
        "La cuenta 010117 recibió con A-1 una condonación de ABRIL-2019 fuera de su vigencia."
    ]
    assert found["waivers"] == found["waiver_sums"] == []

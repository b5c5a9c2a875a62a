"""April of 2019: whoever pays everything at once is forgiven three quarters of the surcharges, to the centavo."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from tests.town.cast import ZONE, Town, moment

from caudal.campaigns import commands as campaigns
from caudal.campaigns import queries
from caudal.campaigns.models import Waiver
from caudal.campaigns.tests.stories import APRIL, MAY, TODAY, in_force, owe, owed, pay_at_once, written
from caudal.kernel.models import AuditEntry
from caudal.ledger import catalog, checks
from caudal.ledger import commands as ledger
from caudal.ledger import queries as debts
from caudal.ledger.models import DocumentKind, JournalLine
from caudal.tariffs import queries as tariffs

pytestmark = pytest.mark.django_db


def offer_of(town: Town, at: datetime | None = None) -> queries.Offer | None:
    at = at or moment(TODAY)
    found = queries.offers(account_ids=[town.chuy.pk], at=at, terms=tariffs.terms_on(on=TODAY))
    return found.get(town.chuy.pk)


def test_an_offer_tells_what_is_forgiven_of_what_and_what_is_left(priced: Town) -> None:
    in_force()
    owe(priced.chuy, water=1_000_00)

    offer = offer_of(priced)

    # 1 000.00 × 3 months × 1 % = 30.00 of surcharge; 75 % of it = 22.50; 1 030.00 − 22.50 = 1 007.50
    assert offer is not None
    assert (offer.rule, offer.name) == ("ABRIL-2019", "Abril sin recargos")
    assert (offer.open_cents, offer.cents, offer.payable_cents) == (1_030_00, 22_50, 1_007_50)
    [line] = offer.lines
    assert (line.period, line.concept, line.open_cents, line.cents) == (201812, "Recargos", 30_00, 22_50)
    assert "una sola exhibición" in offer.condition


def test_paying_what_is_left_at_once_forgives_the_rest_and_nothing_is_owed(priced: Town) -> None:
    rule = in_force()
    owe(priced.chuy, water=1_000_00)

    [waiver] = pay_at_once(priced.chuy, 1_007_50)

    assert (waiver.cents, waiver.rule, waiver.document) == (22_50, "ABRIL-2019", "A-000001")
    assert (waiver.campaign, waiver.by, waiver.is_conditional) == (rule, "veronica", False)
    assert owed(priced.chuy) == 0
    # the 22.50 are no revenue: the aprovechamientos that were charged (30.00) are taken back by that much
    revenue = JournalLine.objects.filter(ledger_account_id=catalog.SUNDRY_REVENUE)
    assert sorted(revenue.values_list("amount_cents", flat=True)) == [-30_00, 22_50]
    assert AuditEntry.objects.filter(act="campaigns.forgive", object_id="ABRIL-2019").count() == 1
    assert not [finding for check in checks.CHECKS for finding in check.find()]


def test_a_centavo_less_is_an_ordinary_payment(priced: Town) -> None:
    in_force()
    owe(priced.chuy, water=1_000_00)

    assert pay_at_once(priced.chuy, 1_007_49) == []

    # 1 030.00 − 1 007.49 = 22.51, all of it water: surcharges are paid first
    assert owed(priced.chuy) == 22_51
    assert not Waiver.objects.exists()


def test_a_canceled_receipt_takes_back_what_it_forgave(priced: Town) -> None:
    in_force()
    owe(priced.chuy, water=1_000_00)
    [waiver] = pay_at_once(priced.chuy, 1_007_50)
    payment = priced.chuy.credits.get(kind="payment")

    later = {"on": TODAY, "at": moment(TODAY, 13), "by": "veronica", "reason": "Se cobró a otra cuenta"}
    taken = campaigns.take_back_waivers(document="A-000001", reversal="A-000002", **later)
    again = campaigns.take_back_waivers(document="A-000001", reversal="A-000003", **later)
    ledger.reverse_credit(credit=payment, document="A-000002", **later)

    assert (taken, again) == ([waiver], [])
    assert owed(priced.chuy) == 1_030_00
    assert Waiver.objects.count() == 1
    assert not [finding for check in checks.CHECKS for finding in check.find()]


def test_what_an_arrangement_forgives_is_conditional(priced: Town) -> None:
    in_force(on_single_payment=False)
    owe(priced.chuy, water=1_000_00)

    assert pay_at_once(priced.chuy, 10_00) == []
    [waiver] = campaigns.waive_for_arrangement(
        account=priced.chuy, on=TODAY, at=moment(TODAY), by="marta", document="CON-000001",
        terms=tariffs.terms_on(on=TODAY),
    )  # fmt: skip

    # the 10.00 paid surcharge: 30.00 − 10.00 = 20.00 was left of it, and 75 % is 15.00
    assert (waiver.cents, waiver.is_conditional, waiver.document) == (15_00, True, "CON-000001")
    assert owed(priced.chuy) == 1_005_00
    campaigns.take_back_waivers(
        document="CON-000001", reversal="CON-000001 incumplido", reason="No pagó tres parcialidades", on=TODAY,
        at=moment(TODAY, 12), by="salas",
    )  # fmt: skip
    assert owed(priced.chuy) == 1_020_00


@pytest.mark.parametrize(
    ("seconds", "rule", "cents"),
    [(-1, "ABRIL-2019", 22_50), (0, "MAYO-2019", 12_00), (1, "MAYO-2019", 12_00)],
)
def test_two_clocks_a_second_apart_have_one_rule_each(
    priced: Town, seconds: int, rule: str, cents: int
) -> None:
    # April ends where May starts: at 00:00:00 of 1 May in Mexico City, which is May's
    in_force()
    in_force(code="MAYO-2019", starts_at=MAY, ends_at=MAY + timedelta(days=31), ppm=400_000)
    owe(priced.chuy, water=1_000_00)
    at = MAY + timedelta(seconds=seconds)

    # the business day of the till is 30 April for both: 1 030.00 … of surcharge, 4 months from 13 April on
    [waiver] = pay_at_once(priced.chuy, 1_040_00, on=date(2019, 4, 10), at=at)

    # 30.00 × 75 % = 22.50; 30.00 × 40 % = 12.00
    assert (waiver.rule, waiver.cents, waiver.at) == (rule, cents, at)
    assert [each.code for each in queries.campaigns_in_force(at=at)] == [rule]


def test_only_the_largest_and_on_equal_amounts_the_one_with_precedence(priced: Town) -> None:
    owe(priced.chuy, water=1_000_00)
    in_force(code="MITAD", ppm=500_000)
    in_force(code="FIJO", ppm=0, fixed_cents=22_50, precedence=1)
    in_force(code="TRES-CUARTOS", ppm=750_000, precedence=2)

    offer = offer_of(priced)

    # MITAD 15.00 < FIJO 22.50 = TRES-CUARTOS 22.50: FIJO goes first
    assert offer is not None
    assert [(rule.code, rule.cents) for rule in offer.rules] == [("FIJO", 22_50)]


def test_rules_that_stack_forgive_of_what_the_one_before_left(priced: Town) -> None:
    owe(priced.chuy, water=1_000_00)
    in_force()
    in_force(code="AGUA", reduces=["water"], ppm=100_000, stacks=True, precedence=2)
    in_force(code="RESTO", reduces=["surcharge"], ppm=500_000, stacks=True, precedence=3)

    given = pay_at_once(priced.chuy, 903_75)

    # 30.00 × 75 % = 22.50; 1 000.00 × 10 % = 100.00; (30.00 − 22.50) × 50 % = 3.75
    # 1 030.00 − 22.50 − 100.00 − 3.75 = 903.75
    assert [(each.rule, each.cents) for each in given] == [
        ("ABRIL-2019", 22_50), ("AGUA", 100_00), ("RESTO", 3_75),
    ]  # fmt: skip
    assert owed(priced.chuy) == 0
    assert not [finding for check in checks.CHECKS for finding in check.find()]


@pytest.mark.parametrize(
    ("changes", "is_inside"),
    [
        ({"uses": ["residential", "mixed_rural"]}, True),
        ({"uses": ["commercial"]}, False),
        ({"regime": "flat"}, True),
        ({"regime": "metered"}, False),
        ({"localities": ["elsewhere"]}, False),
        # he owes 1 030.00, 87 days late: from 13 January to 10 April = 18 + 28 + 31 + 10
        ({"least_balance_cents": 1_030_00, "most_balance_cents": 1_030_00}, True),
        ({"least_balance_cents": 1_030_01}, False),
        ({"most_balance_cents": 1_029_99}, False),
        ({"least_age_days": 87, "most_age_days": 87}, True),
        ({"least_age_days": 88}, False),
        ({"most_age_days": 86}, False),
        ({"requires_up_to_date": True}, False),
    ],
)
def test_a_rule_reaches_whoever_is_in_its_scope(
    priced: Town, changes: dict[str, object], is_inside: bool
) -> None:
    in_force(**changes)
    owe(priced.chuy, water=1_000_00)

    assert (offer_of(priced) is not None) == is_inside


def test_a_locality_is_a_scope(priced: Town) -> None:
    in_force(localities=[priced.el_carmen.code])
    owe(priced.chuy, water=1_000_00)
    owe(priced.rancho, water=1_000_00)

    found = queries.offers(
        account_ids=[priced.chuy.pk, priced.rancho.pk], at=moment(TODAY), terms=tariffs.terms_on(on=TODAY)
    )

    assert list(found) == [priced.rancho.pk]


def test_a_cap_is_the_most_an_account_is_forgiven(priced: Town) -> None:
    in_force(cap_cents=10_00)
    owe(priced.chuy, water=1_000_00)
    owe(priced.chuy, water=500_00, period=201901, due_on=date(2019, 2, 13))

    [waiver] = pay_at_once(priced.chuy, 2_000_00)

    # 30.00 and 500.00 × 2 % = 10.00: 75 % is 22.50 and 7.50, capped to 10.00 in that proportion: 7.50 and 2.50
    assert waiver.cents == 10_00
    shares = waiver.credit.allocations.order_by("period").values_list("period", "amount_cents")
    assert list(shares) == [(201812, 7_50), (201901, 2_50)]


def test_money_in_favor_counts_and_a_debt_is_never_forgiven_below_what_it_nets(priced: Town) -> None:
    owe(priced.chuy, water=100_00)
    # an estimated month that turned out to be less water, 60.00, and more of something else
    owe(
        priced.chuy, ledger.ChargeLine(catalog.WATER, -60_00), ledger.ChargeLine(catalog.SEWERAGE, 60_00),
        kind=DocumentKind.REGULARIZATION,
    )  # fmt: skip
    in_force(reduces=["water"], ppm=1_000_000)

    offer = offer_of(priced)

    # 100.00 − 60.00 = 40.00 of water: all of that, not 100.00. Left: 60.00 of sewerage, and 100.00 × 3 % = 3.00
    assert offer is not None
    assert (offer.cents, offer.payable_cents) == (40_00, 63_00)
    pay_at_once(priced.chuy, 63_00)
    assert owed(priced.chuy) == 0


def test_outside_every_rule_nothing_is_forgiven(priced: Town) -> None:
    owe(priced.chuy, water=1_000_00)
    in_force(starts_at=MAY, ends_at=MAY + timedelta(days=1), published_at=APRIL)
    in_force(
        code="RETIRADA", withdrawn_at=APRIL, withdrawn_by="salas", withdrawal_reason="El consejo la revocó."
    )
    before = written()

    assert offer_of(priced) is None
    assert queries.waived_by_payment(money_cents={priced.chuy.pk: 1}, at=moment(TODAY), on=TODAY) is None
    assert pay_at_once(priced.chuy, 1_030_00) == []

    waivers, credits, charges = written()
    # the payment, and the surcharge that became a charge
    assert (waivers, credits, charges) == (before[0], before[1] + 1, before[2] + 1)


def test_a_payment_is_previewed_with_the_same_plan(priced: Town) -> None:
    in_force()
    owe(priced.chuy, water=1_000_00)
    money = {priced.chuy.pk: 1_007_50}

    [preview] = debts.preview_payments(
        money_cents=money, on=TODAY, terms=tariffs.terms_on(on=TODAY),
        waive=queries.waived_by_payment(money_cents=money, at=moment(TODAY), on=TODAY),
    )  # fmt: skip

    # 1 000.00 of water and 30.00 − 22.50 = 7.50 of surcharge
    assert {share.concept: share.amount_cents for share in preview.shares} == {
        "Agua potable": 1_000_00, "Recargos": 7_50,
    }  # fmt: skip
    assert (preview.balance_cents, preview.unallocated_cents) == (0, 0)


def test_one_receipt_of_two_accounts_forgives_only_to_whoever_pays_it_all(priced: Town) -> None:
    in_force()
    owe(priced.chuy, water=1_000_00)
    owe(priced.rancho, water=1_000_00)
    asked = []

    given = campaigns.waive_single_payment(
        account_cents={priced.chuy.pk: 1_007_50, priced.rancho.pk: 500_00}, on=TODAY, at=moment(TODAY),
        by="veronica", document=lambda: asked.append("A-000009") or "A-000009", terms=tariffs.terms_on(on=TODAY),
    )  # fmt: skip

    assert list(given) == [priced.chuy.pk]
    assert asked == ["A-000009"]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_window_is_of_mexico_city(priced: Town) -> None:
    rule = in_force()

    # the last second of April there is 04:59:59 of 1 May in UTC (summer time of 2019)
    assert list(queries.campaigns_in_force(at=datetime(2019, 4, 30, 23, 59, 59, tzinfo=ZONE))) == [rule]
    assert not queries.campaigns_in_force(at=MAY).exists()
    assert not queries.campaigns_in_force(at=APRIL - timedelta(seconds=1)).exists()

"""Months of the small town, told one after the other: what was read, billed, paid and owed, to the centavo.

After every act of the office everything `caudal check` asks is asked again, and nothing may disagree.
"""

from datetime import date

import pytest

from caudal.billing import queries as bills
from caudal.ledger.models import CreditBalance
from caudal.metering import commands as metering
from caudal.registry import commands as registry
from caudal.registry import queries as padron
from caudal.registry.models import Benefit
from tests.scenarios.world import office as of
from tests.scenarios.world.office import Office, charges, paid
from tests.town.cast import Town, moment

SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = 201809, 201810, 201811, 201812
JANUARY, FEBRUARY, MARCH = 201901, 201902, 201903
WATER, TREATMENT, INFRASTRUCTURE, BENEFIT = 1, 3, 4, 10
# dials at the end of September, October and November 2018
DIALS = {
    "lupita": (974, 999, 1025),  # 24, 25, 26 m³: a mean of 25
    "espiga": (4128, 4156, 4186),  # 28, 28, 30
    "school": (20395, 20440, 20490),  # 45, 45, 50
    "hotel": (99970, 140, 320),  # 170, 170 round the dial, 180
    "ponderosa": (480, 960, 1440),  # 480 each
}
DECEMBER_DIALS = {"espiga": 4217, "school": 20535, "hotel": 500, "ponderosa": 1920}
JANUARY_DIALS = {"espiga": 4247, "school": 20585, "hotel": 690, "ponderosa": 2420}


@pytest.fixture
def office(town: Town) -> Office:
    """The town with its books of 2018 and 2019 and three months read: December is next."""
    of.publish("la-barca-demo-2018", "la-barca-demo-2019")
    office = Office(town)
    for place, period in enumerate((SEPTEMBER, OCTOBER, NOVEMBER)):
        office.read(period, **{name: dials[place] for name, dials in DIALS.items()})
        office.assess(period)
    return office


def test_december_2018_of_everybody(office: Office) -> None:
    """Doña Lupita's house was closed: her 25 m³ are the mean of 24, 25 and 26."""
    run = office.bill_month(DECEMBER, lupita=(None, "01"), **DECEMBER_DIALS)

    town = office.town
    totals = {account.number: office.bill(account, DECEMBER).total_cents for account in town.accounts}
    assert totals == {
        "010117": 105_77 + 21_15 + 3_17,  # flat; 20 % = 21.154, 3 % = 3.1731
        # 67.31 + 10 × 6.83 + 5 × 7.31 = 172.16; 20 %; 3 %; less 50 % of 67.31, 13.46 and 2.02
        "010293": 172_16 + 34_43 + 5_16 - 33_66 - 6_73 - 1_01,
        # 31 m³: 105.77 + 107.70 + 115.40 + 12.50 = 341.37, and 16 % of each line
        "010405": 341_37 + 68_27 + 10_24 + 54_62 + 10_92 + 1_64,
        # 45 m³: 81.73 + 81.70 + 87.50 + 15 × 9.42 = 392.23
        "010512": 392_23 + 78_45 + 11_77 + 62_76 + 12_55 + 1_88,
        # 180 m³: 120.19 + 120.20 + 128.80 + 278.80 + 303.80 + 501.90 + 928.00 + 30 × 20.67 = 3,001.79
        "010620": 3_001_79 + 600_36 + 90_05 + 480_29 + 96_06 + 14_41,
        "010733": 43_27 + 5_00 + 9_65 + 1_45 + 7_72 + 1_54 + 23,  # lot of 300 m²: 50 of them at 0.10
        # 480 m³: 144.23 + 144.20 + 153.80 + 332.60 + 361.60 + 594.30 + 1,091.50 + 330 × 24.04 = 10,755.43
        "010818": 10_755_43 + 2_151_09 + 322_66 + 1_720_87 + 344_17 + 51_63,
        "020031": 59_62 + 11_92 + 1_79 + 9_54 + 1_91 + 29,  # El Carmen, flat
    }
    assert run.summary["total_cents"] == sum(totals.values())
    assert of.journal_sum("1124-03") == sum(totals.values())
    assert run.due_on == date(2019, 1, 16)


@pytest.mark.parametrize(
    ("dial", "december_m3", "january_m3", "settled", "january_own"),
    [
        # 58 m³ in 61 days: 58 × 30 / 61 = 28.52 and 29.48 → 29 and 29. December: 4 m³ more at 7.31 of 2018;
        # treatment 40.28 − 34.43, infrastructure 6.04 − 5.16. January: 70.00 + 71.00 + 9 × 7.60
        (1083, 29, 29, (29_24, 5_85, 88), 209_40 + 41_88 + 6_28 - 35_00 - 7_00 - 1_05),
        # 46 m³: 22.62 and 23.38 → 23 and 23. December: 2 m³ less; 31.51 − 34.43; 4.73 − 5.16
        (1071, 23, 23, (-14_62, -2_92, -43), 163_80 + 32_76 + 4_91 - 35_00 - 7_00 - 1_05),
    ],
)
def test_a_closed_house_is_settled_by_the_next_reading_once(
    office: Office,
    dial: int,
    december_m3: int,
    january_m3: int,
    settled: tuple[int, int, int],
    january_own: int,
) -> None:
    """December was estimated at 25 m³ by the prices of 2018; January's dial says what the two months were."""
    office.bill_month(DECEMBER, lupita=(None, "01"), **DECEMBER_DIALS)
    office.bill_month(JANUARY, lupita=dial, **JANUARY_DIALS)
    lupita = office.town.lupita

    assert december_m3 + january_m3 == dial - 1025
    assert office.m3(lupita, JANUARY) == january_m3
    assert charges(lupita, JANUARY, kind=5) == {
        (WATER, 0): settled[0],
        (TREATMENT, 0): settled[1],
        (INFRASTRUCTURE, 0): settled[2],
    }
    assert sum(charges(lupita, JANUARY).values()) == january_own
    assert office.bill(lupita, JANUARY).total_cents == january_own + sum(settled)

    office.bill_month(FEBRUARY, lupita=dial + 26, **{n: d + 30 for n, d in JANUARY_DIALS.items()})
    assert charges(lupita, FEBRUARY, kind=5) == {}  # once
    # 26 m³: 70.00 + 71.00 + 6 × 7.60 = 186.60
    assert office.bill(lupita, FEBRUARY).total_cents == 186_60 + 37_32 + 5_60 - 43_05


def test_three_months_at_the_window_of_don_chuy(office: Office) -> None:
    """He owes three flat months; pays a part, then too much; what stays in favor meets the next bill."""
    chuy = office.town.chuy
    office.bill_month(DECEMBER, lupita=1050, **DECEMBER_DIALS)
    office.bill_month(JANUARY, lupita=1075, **JANUARY_DIALS)

    # December 130.09, due 16 January: on 5 February one month late, 1 % = 1.30. January 135.30 is not due
    on = date(2019, 2, 5)
    assert office.owes(chuy, on) == 130_09 + 1_30 + 135_30
    receipt = office.pay(chuy, 100_00, on=on)
    assert sum(cents for *_, cents in paid(receipt)) == 100_00
    assert (DECEMBER, "Recargos", 1_30) in paid(receipt)  # the surcharge first, whole: now it is a charge
    assert charges(chuy, DECEMBER, kind=2) == {(20, 0): 1_30}
    assert {period for period, *_ in paid(receipt)} == {DECEMBER}  # the older month alone
    assert office.owes(chuy, on) == (130_09 + 1_30 - 100_00) + 135_30

    # the month already charged is not charged again; the next one bears on what is left: 31.39 × 1 % = 0.31
    later = date(2019, 2, 18)
    due = {each.period: each for each in office.statement(chuy, later).periods}
    assert (due[DECEMBER].open_principal_cents, due[DECEMBER].open_accessory_cents) == (31_39, 0)
    assert (due[DECEMBER].surcharge_cents, due[DECEMBER].surcharge_months) == (31, 1)
    assert (due[JANUARY].surcharge_cents, due[JANUARY].surcharge_months) == (1_35, 1)  # due 16 February
    owed = 31_39 + 31 + 135_30 + 1_35
    assert office.owes(chuy, later) == owed

    receipt = office.pay(chuy, owed + 50_00, on=later)
    assert receipt["unallocated_cents"] == 50_00
    assert receipt["balance_cents"] == -50_00
    assert office.owes(chuy, later) == 0

    office.bill_month(FEBRUARY, lupita=1100, **{n: d + 30 for n, d in JANUARY_DIALS.items()})
    assert CreditBalance.objects.get(pk=chuy.pk).unallocated_cents == 0
    assert office.owes(chuy, date(2019, 3, 1)) == 135_30 - 50_00
    sheet = next(s for s in bills.bill_sheets(bills=[office.bill(chuy, FEBRUARY)]))
    assert (sheet.charges_cents, sheet.credit_balance_cents, sheet.total_cents) == (135_30, 50_00, 85_30)


def test_a_payment_taken_back_opens_the_debt_and_keeps_the_surcharge(office: Office) -> None:
    """The check had no funds: the bill is owed again, and so is the surcharge that was charged with it."""
    espiga = office.town.espiga
    office.bill_month(DECEMBER, lupita=1050, **DECEMBER_DIALS)
    total, late, on = 487_06, 4_87, date(2019, 1, 21)  # 1 % of 487.06

    receipt = office.pay(espiga, total + late, on=on, tender="check")
    assert office.owes(espiga, on) == 0
    assert (of.journal_sum("1112-01"), of.journal_sum("1111")) == (total + late, 0)
    back = office.cancel_payment(receipt, on=date(2019, 1, 23), reason="Cheque sin fondos")

    assert back["cancellation_folio"] == "A-CAN-000001"
    assert office.owes(espiga, date(2019, 1, 23)) == total + late
    assert of.journal_sum("1112-01") == 0
    # a second month late from 17 February
    assert office.owes(espiga, date(2019, 2, 18)) == total + late + late
    again = office.pay(espiga, total + 2 * late, on=date(2019, 2, 18))
    assert (again["receipt_folio"], again["balance_cents"]) == ("A-000002", 0)
    assert charges(espiga, DECEMBER, kind=2, sequence=2) == {(20, 0): late}


def test_a_meter_changed_in_the_middle_loses_no_water(office: Office) -> None:
    """The school's dial stopped being legible: 20,535 → 20,560 on the old one, 7 → 32 on the new one."""
    office.bill_month(DECEMBER, lupita=1050, **DECEMBER_DIALS)
    school, on = office.town.school, date(2019, 1, 12)
    metering.exchange_meter(
        service_point=office.town.point(school), on=on, final_reading=20_560, serial="AZ5309999",
        initial_reading=7, diameter_mm=25, reason="Carátula ilegible", by="laura", at=moment(on),
    )  # fmt: skip
    office.bill_month(JANUARY, lupita=1075, **(JANUARY_DIALS | {"school": 32}))

    bill = office.bill(school, JANUARY)
    assert bill.consumption_m3 == (20_560 - 20_535) + (32 - 7) == 50
    # 2019: 85.00 + 85.00 + 91.00 + 20 × 9.80 = 457.00, and 16 % of each line
    assert bill.total_cents == 457_00 + 91_40 + 13_71 + 73_12 + 14_62 + 2_19
    office.bill_month(
        FEBRUARY, lupita=1100, **{n: d + 30 for n, d in (JANUARY_DIALS | {"school": 32}).items()}
    )
    assert office.bill(school, FEBRUARY).consumption_m3 == 30


def test_a_new_holder_takes_the_account_and_what_it_owes(office: Office) -> None:
    """La Espiga is sold on 10 January: December's paper keeps its name, January's bears the new one."""
    office.bill_month(DECEMBER, lupita=1050, **DECEMBER_DIALS)
    espiga, on = office.town.espiga, date(2019, 1, 10)
    registry.change_holder(
        account=espiga, holder=registry.Holder(full_name="Ofelia Magaña Robles"), on=on, reason="Traspaso",
        by="laura", at=moment(on),
    )  # fmt: skip
    office.bill_month(JANUARY, lupita=1075, **JANUARY_DIALS)

    papers = [office.bill(espiga, DECEMBER), office.bill(espiga, JANUARY)]
    names = [sheet.holder_name for sheet in bills.bill_sheets(bills=papers)]
    assert names == ["Tortillería La Espiga", "Ofelia Magaña Robles"]
    assert papers[1].prior_balance_cents == papers[0].total_cents == 487_06
    # 30 m³: 110.00 + 112.00 + 120.00 = 342.00
    assert papers[1].total_cents == 342_00 + 68_40 + 10_26 + 54_72 + 10_94 + 1_64
    assert padron.account_card(account=espiga, on=date(2019, 2, 1)).holder == "Ofelia Magaña Robles"


def test_a_benefit_granted_and_ended(office: Office) -> None:
    """Don Chuy shows his pension card on 10 January; on 5 March he moves his card to another house."""
    chuy = office.town.chuy
    office.bill_month(DECEMBER, lupita=1050, **DECEMBER_DIALS)
    on = date(2019, 1, 10)
    registry.grant_benefit(
        account=chuy, category=Benefit.Category.PENSIONER, on=on, evidence="IMSS 0417-55-1", by="laura", at=moment(on)
    )  # fmt: skip
    office.bill_month(JANUARY, lupita=1075, **JANUARY_DIALS)
    office.bill_month(FEBRUARY, lupita=1100, **{n: d + 30 for n, d in JANUARY_DIALS.items()})
    end = date(2019, 3, 5)
    registry.end_benefit(
        account=chuy, category=Benefit.Category.PENSIONER, on=end, reason="Cambió de casa", by="laura", at=moment(end)
    )  # fmt: skip
    office.bill_month(MARCH, lupita=1125, **{n: d + 60 for n, d in JANUARY_DIALS.items()})

    half = 110_00 + 22_00 + 3_30 - 55_00 - 11_00 - 1_65
    totals = [office.bill(chuy, period).total_cents for period in (DECEMBER, JANUARY, FEBRUARY, MARCH)]
    assert totals == [130_09, half, half, 135_30]
    assert charges(chuy, JANUARY)[BENEFIT, WATER] == -55_00


@pytest.mark.parametrize(
    ("policy", "january"),
    [("as_usual", 135_30), ("nothing", None)],
)
def test_a_cut_house_owes_what_the_book_says(town: Town, policy: str, january: int | None) -> None:
    """Don Chuy is cut on 8 January and connected again on 12 February."""
    of.publish("la-barca-demo-2018")
    body = of.shipped("la-barca-demo-2019").replace(
        'volume_unit = "m3"', f'volume_unit = "m3"\nwhile_interrupted = "{policy}"'
    )
    of.publish_text(body.encode())
    office, chuy = Office(town), town.chuy
    on, until = date(2019, 1, 8), date(2019, 2, 12)
    registry.interrupt_service(account=chuy, on=on, reason="Orden 118", by="laura", at=moment(on))

    town.read(town.lupita, period=JANUARY, value=980)
    office.assess(JANUARY)
    run = office.issue(office.computed(JANUARY))
    owed = office.owes(chuy, until)
    registry.restore_service(account=chuy, on=until, by="laura", at=moment(until))
    office.assess(FEBRUARY)
    office.issue(office.computed(FEBRUARY))

    if january is None:
        assert run.unbilled.get(account=chuy).cause == "interrupted"
        assert owed == 0
    else:
        assert owed == office.bill(chuy, JANUARY).total_cents == january
    assert office.bill(chuy, FEBRUARY).total_cents == 135_30


def test_the_vacant_lot_pays_by_its_area_and_grows_a_house(office: Office) -> None:
    """Doña Rosa Elena's 300 m² pay 71.34 a month of 2019; in February she builds and asks for a house's tariff."""
    lot, town = office.town.lot, office.town
    office.bill_month(DECEMBER, lupita=1050, **DECEMBER_DIALS)
    office.bill_month(JANUARY, lupita=1075, **JANUARY_DIALS)
    on = date(2019, 2, 14)
    town.change_terms(lot, tariff_class=town.classes["HAB-MIN"], on=on, reason="Terminó de construir")
    office.bill_month(FEBRUARY, lupita=1100, **{n: d + 30 for n, d in JANUARY_DIALS.items()})

    totals = [office.bill(lot, period).total_cents for period in (DECEMBER, JANUARY, FEBRUARY)]
    assert totals == [
        68_86,
        50_00 + 10_00 + 1_50 + 8_00 + 1_60 + 24,  # 45.00 + 50 × 0.10, with 16 %
        85_00 + 17_00 + 2_55,  # HAB-MIN flat, without VAT
    ]

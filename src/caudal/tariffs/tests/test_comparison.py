"""What would the town pay under the book the council proposes?"""

from datetime import date

import pytest
from django.db import connection

from caudal.kernel import partitions
from caudal.registry import commands as registry
from caudal.registry.models import Account, BillingCycle, Locality, Route, ServiceAgreement, TariffClass
from caudal.tariffs import commands, queries
from caudal.tariffs.models import TariffBook
from caudal.tariffs.tests.conftest import AT

ON = date(2019, 1, 15)


@pytest.fixture
def proposal(book_2019: TariffBook) -> TariffBook:
    """Tiers of houses dearer, flat price of houses cheaper, commerce without metered price."""
    text = queries.as_text(book=book_2019)
    for old, new in (
        ('code = "la-barca-demo-2019"', 'code = "propuesta"'),
        ('price = "7.10"', 'price = "8.10"'),
        ('flat = "110.00"', 'flat = "100.00"'),
        ('"COM-SEC",\n    "COM-ALT"', '"COM-ALT"'),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    return commands.load_book(body=text.encode(), by="consejo", at=AT)


@pytest.fixture
def town(book_2019: TariffBook) -> dict[str, Account]:
    cycle = BillingCycle.objects.create(code="M", name="Mensual", months=1)
    route = Route.objects.create(code="01-004", sector="01", cycle=cycle)
    seat = Locality.objects.create(code="001", name="La Barca", is_municipal_seat=True)
    people = {
        "Lupita Núñez": ("010293", "HAB-GEN", True),
        "Familia Ochoa": ("010294", "HAB-GEN", True),
        "Don Chuy": ("010295", "HAB-GEN", False),
        "Tortillería La Espiga": ("010296", "COM-SEC", True),
        "Escuela Benito Juárez": ("010297", "PUB", True),
        "Casa sola": ("010298", "HAB-GEN", True),
    }
    accounts = {
        name: registry.open_account(
            holder=registry.Holder(full_name=name),
            place=registry.Place(
                address=f"Hidalgo {number}", locality=seat, route=route, walk_sequence=int(number)
            ),
            tariff_class=TariffClass.objects.get(code=tariff_class),
            is_metered=is_metered,
            opened_on=date(2018, 1, 2),
            by="laura",
            at=AT,
            number=number,
        )
        for name, (number, tariff_class, is_metered) in people.items()
    }
    registry.grant_benefit(
        account=accounts["Lupita Núñez"],
        category="pensioner",
        on=date(2018, 2, 1),
        evidence="IMSS",
        by="laura",
        at=AT,
    )
    read(accounts, {"Lupita Núñez": 12, "Familia Ochoa": 99, "Escuela Benito Juárez": 11}, period=201811)
    read(accounts, {"Lupita Núñez": 8, "Familia Ochoa": 27, "Tortillería La Espiga": 35}, period=201812)
    return accounts


def read(accounts: dict[str, Account], m3: dict[str, int], *, period: int) -> None:
    partitions.ensure(parent="metering_consumption", period=period)
    with connection.cursor() as cursor:
        for name, volume in m3.items():
            point = ServiceAgreement.objects.get(account=accounts[name]).service_point_id
            cursor.execute(
                "INSERT INTO metering_consumption (period, service_point_id, installation_id, basis, consumption_m3,"
                " days, previous_reading, current_reading, previous_on, current_on, exception_code, mean_m3, doubts,"
                " estimated_periods) VALUES (%s, %s, 0, 1, %s, 30, 0, 0, %s, %s, 0, -1, 0, 0)",
                [period, point, volume, ON, ON],
            )


def test_each_account_is_priced_at_its_last_known_consumption(
    town: dict[str, Account], book_2019: TariffBook, proposal: TariffBook
) -> None:
    """Houses: Lupita 8 m³ 43.05 (half of 86.10) both times; Ochoa 27 m³ 238.87 → 251.17 (+10 × 1.00 × 1.23);
    Chuy 135.30 → 123.00. School 11 m³ (read in November): 93.50 × 1.23 = 115.01 (93.50 + 18.70 + 2.81),
    VAT 14.96 + 2.99 + 0.45."""
    found = queries.compare(first=book_2019, second=proposal, on=ON)
    rows = {
        each.code: (each.accounts, each.volume_m3, each.first_cents, each.second_cents)
        for each in found.by_class
    }
    assert rows == {
        "HAB-GEN": (3, 35, 4305 + 23887 + 13530, 4305 + 25117 + 12300),
        "PUB": (1, 11, 11501 + 1840, 11501 + 1840),
    }
    assert (found.first_cents, found.second_cents) == (41722 + 13341, 41722 + 13341)
    assert (found.pay_more, found.pay_less, found.pay_same) == (1, 1, 2)
    (up,) = found.largest_increases
    assert (up.account, up.consumption_m3, up.change_cents) == ("010294", 27, 1230)
    (down,) = found.largest_decreases
    assert (down.account, down.change_cents) == ("010295", -1230)


def test_what_cannot_be_compared_is_counted_not_hidden(
    town: dict[str, Account], book_2019: TariffBook, proposal: TariffBook
) -> None:
    """«Casa sola» was never read; the tortillería has no metered price in the proposal."""
    found = queries.compare(first=book_2019, second=proposal, on=ON)
    assert found.without_reading == 1
    assert found.without_price == (0, 1)


def test_a_cut_service_under_a_book_that_charges_it_the_minimum(
    town: dict[str, Account], book_2019: TariffBook
) -> None:
    """Ochoa cut: 2019 goes on charging 27 m³; 2026 charges the minimum 48.30 + 20 % + 3 % and VAT on both."""
    registry.interrupt_service(
        account=town["Familia Ochoa"], on=date(2019, 1, 10), reason="adeudo", by="laura", at=AT
    )
    new = commands.load_book(body=queries.shipped_text(code="la-barca-demo-2026"), by="jefa", at=AT)
    found = queries.compare(first=book_2019, second=new, on=ON)
    ochoa = next(each for each in found.largest_decreases if each.account == "010294")
    # 48.30 + 9.66 + 1.45 = 59.41; VAT 1.55 + 0.23
    assert (ochoa.first_cents, ochoa.second_cents) == (23887, 5941 + 178)


def test_before_anybody_was_served_there_is_nothing_to_compare(
    town: dict[str, Account], book_2019: TariffBook, proposal: TariffBook
) -> None:
    found = queries.compare(first=book_2019, second=proposal, on=date(2017, 12, 31))
    assert (found.by_class, found.first_cents, found.largest_increases) == ((), 0, ())

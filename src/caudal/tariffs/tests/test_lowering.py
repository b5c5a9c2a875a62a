"""Which changes of class and regime could cost an account less, by the book of the day."""

from datetime import date

import pytest
from tests.town.cast import Town, moment

from caudal.access.approvals import NeedsApproval
from caudal.registry import commands as registry
from caudal.registry import pricing
from caudal.registry.models import TariffClass
from caudal.tariffs import commands, queries

ON = date(2019, 3, 1)


@pytest.fixture
def priced(town: Town) -> Town:
    """The town with the book of 2019 in force."""
    at = moment(date(2018, 12, 1))
    book = commands.load_book(body=queries.shipped_text(code="la-barca-demo-2019"), by="laura", at=at)
    commands.publish_book(book=book, by="salas", at=at)
    return town


@pytest.mark.parametrize(
    ("name", "tariff_class", "is_metered", "may"),
    [
        ("chuy", "MIX-COM", False, False),  # flat 110.00 → 150.00
        ("chuy", "HAB-MIN", False, True),  # 110.00 → 85.00
        ("chuy", "HAB-GEN", True, True),  # 110.00 → 70.00 in a month of 10 m³
        ("chuy", "IND", True, False),
        ("lupita", "MIX-COM", True, False),  # 70.00 + … → 90.00 + …, dearer at every step
        ("lupita", "HAB-GEN", False, True),  # 110.00 is less than 70.00 + 71.00 + 76.00 of 30 m³
        ("lupita", "HAB-ALTA", True, False),  # the very same price
        ("espiga", "MIX-COM", True, True),  # 342.00 → 274.00 of 30 m³
        ("rancho", "HAB-GEN", False, True),  # El Carmen pays 62.00 for both uses, but a house no VAT
    ],
)
def test_every_volume_of_the_year_is_compared(
    priced: Town, name: str, tariff_class: str, is_metered: bool, may: bool
) -> None:
    account = getattr(priced, name)
    current = account.agreements.get()
    change = pricing.TermsChange(
        account=account, on=ON, old_class=current.tariff_class, old_is_metered=current.is_metered,
        new_class=priced.classes[tariff_class], new_is_metered=is_metered,
    )  # fmt: skip
    assert pricing.may_lower(change=change) is may


def test_what_the_book_does_not_price_would_not_be_billed(priced: Town) -> None:
    unknown = TariffClass.objects.create(code="PILA", name="Pila pública", use=TariffClass.Use.PUBLIC)
    house = (priced.classes["HAB-GEN"], False)
    told = {"account": priced.chuy, "on": ON}
    assert queries.may_lower(**told, before=house, after=(unknown, False))
    assert queries.may_lower(**told, before=(unknown, False), after=house)


def test_without_a_book_nobody_knows(town: Town) -> None:
    dearer = (town.classes["HAB-ALTA"], False)
    assert queries.may_lower(account=town.chuy, on=ON, before=(town.classes["HAB-MIN"], False), after=dearer)


def test_the_change_that_raises_the_bill_goes_alone(priced: Town) -> None:
    told = {"account": priced.chuy, "on": ON, "reason": "Puso tienda", "by": "laura", "at": moment(ON)}
    registry.change_terms(**told, tariff_class=priced.classes["MIX-COM"])
    later = told | {"on": date(2019, 4, 1), "reason": "La cerró"}
    with pytest.raises(NeedsApproval):
        registry.change_terms(**later, tariff_class=priced.classes["HAB-GEN"])
    with pytest.raises(registry.CannotChangeTerms, match="empezaron el 01/03/2019"):
        registry.change_terms(**told, tariff_class=priced.classes["HAB-GEN"])
    assert [each.tariff_class.code for each in priced.chuy.agreements.order_by("effective_from")] == [
        "HAB-GEN", "MIX-COM",
    ]  # fmt: skip

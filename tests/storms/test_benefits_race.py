"""Two windows, one pensioner, two houses: only one of them gets the benefit, whatever the order of the clerks."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError
from tests.storms.street import at_once
from tests.town import cast
from tests.town.cast import Town, moment

from caudal.benefits import checks
from caudal.benefits import commands as benefits
from caudal.benefits.models import BenefitEvidence
from caudal.benefits.tests.conftest import home
from caudal.kernel.refusals import Refusal
from caudal.registry import commands as registry
from caudal.registry.models import Account, Benefit
from caudal.tariffs import commands as tariffs
from caudal.tariffs import queries as books

pytestmark = pytest.mark.slow
TODAY = date(2019, 1, 31)


@pytest.fixture
def houses(own_database: str) -> list[Account]:
    """Eight houses that Don Félix bought, all in his name."""
    town: Town = cast.build()
    for code in ("la-barca-demo-2018", "la-barca-demo-2019"):
        book = tariffs.load_book(body=books.shipped_text(code=code), by="laura", at=town.at)
        tariffs.publish_book(book=book, by="salas", at=town.at)
    first = home(town, "010950", "Félix Ochoa", "Zaragoza 50")
    felix = first.holders.get().person
    others = [home(town, f"01096{number}", "Antes", f"Zaragoza 6{number}") for number in range(7)]
    for each in others:
        registry.change_holder(
            account=each, holder=felix, on=date(2018, 6, 1), reason="Compró", by="laura", at=town.at
        )
    return [first, *others]


def register(account: Account) -> Benefit:
    return benefits.register_benefit(
        account=account, category="senior", shown=benefits.Shown(folio="4471"), lives_there=True, on=TODAY,
        at=moment(TODAY), by="veronica", key=uuid4(),
    )  # fmt: skip


def test_eight_windows_give_it_on_one_house(houses: list[Account]) -> None:
    results = at_once([lambda each=each: register(each) for each in houses], hands=8)  # type: ignore[misc]

    assert sum(isinstance(each, Benefit) for each in results) == 1
    refused = [each for each in results if isinstance(each, Refusal)]
    assert len(refused) == 7 and all("en un solo predio" in str(each) for each in refused)
    given = Benefit.objects.exclude(account__number="010293").get()
    assert BenefitEvidence.objects.get().benefit == given
    assert [told for check in checks.CHECKS for told in check.find()] == []


def test_whoever_goes_round_the_window_is_stopped_by_the_database(houses: list[Account]) -> None:
    """The registry's own verb asks nothing about other houses; the database does, one after the other."""

    def grant(account: Account) -> object:
        try:
            return registry.grant_benefit(
                account=account, category="senior", on=TODAY, evidence="INAPAM", by="laura", at=moment(TODAY)
            )
        except IntegrityError as problem:
            return str(problem)

    results = at_once([lambda each=each: grant(each) for each in houses], hands=8)  # type: ignore[misc]
    assert sum(isinstance(each, Benefit) for each in results) == 1
    assert sum("another property" in str(each) for each in results) == 7
    assert Benefit.objects.exclude(account__number="010293").count() == 1

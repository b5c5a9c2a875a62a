"""`caudal check` finds a benefit that somebody changed behind the window's back."""

from datetime import date

import pytest

from caudal.benefits import checks
from caudal.benefits.tests.window import lose, register
from caudal.registry.models import Account, Benefit

pytestmark = pytest.mark.django_db


def told() -> list[str]:
    return [words for check in checks.CHECKS for words in check.find()]


def test_a_sound_registry_says_nothing(chayo: Account) -> None:
    lose(register(chayo), on=date(2019, 3, 1))
    register(chayo, "widowed", folio="118")
    assert told() == []


def test_a_benefit_that_outlives_its_document_is_named(chayo: Account) -> None:
    register(chayo)
    Benefit.objects.filter(account=chayo).update(effective_to=None)
    assert told() == [
        "El beneficio de la cuenta 010950 dura más que su documento: sin fecha, y el documento cuenta hasta el "
        "31/01/2020."
    ]


def test_a_lost_benefit_that_came_back_is_named(chayo: Account) -> None:
    lose(register(chayo), on=date(2019, 3, 1))
    Benefit.objects.filter(account=chayo).update(effective_to=date(2019, 9, 1))
    assert told() == ["El beneficio de la cuenta 010950 se perdió el 01/03/2019 y el padrón dice otra fecha."]

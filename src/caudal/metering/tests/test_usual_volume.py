"""The usual month of a service: the mean by which a month nobody saw is estimated, asked for one service."""

from datetime import date

import pytest

from caudal.metering import queries
from caudal.registry.models import Account, ServiceAgreement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]


def usual(number: str, *, mean_of: int, before: int = 201901) -> int:
    account = Account.objects.get(number=number)
    agreement = ServiceAgreement.objects.filter(account=account).in_effect(on=date(2019, 1, 31)).get()
    return queries.usual_volume(service_point_id=agreement.service_point_id, before=before, mean_of=mean_of)


def test_it_is_the_mean_of_the_last_real_months() -> None:
    """La Espiga, July to December: 41 + 39 + 47 + 46 + 45 + 44 = 262; 262 / 6 = 43.67."""
    assert usual("010405", mean_of=6) == 44


def test_a_half_goes_up() -> None:
    """November and December: (45 + 44) / 2 = 44.5."""
    assert usual("010405", mean_of=2) == 45


def test_a_month_nobody_saw_does_not_count() -> None:
    """Doña Lupita's November was estimated, 21 m³; October was 20 and December's own share 19: 39 / 2 = 19.5."""
    assert usual("010293", mean_of=2) == 20


def test_without_readings_it_is_nothing() -> None:
    assert usual("010117", mean_of=6) == 0
    assert usual("010405", mean_of=6, before=201801) == 0

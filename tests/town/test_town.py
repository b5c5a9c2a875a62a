"""The town itself stands."""

from caudal.registry.models import ServiceAgreement
from tests.town.cast import Town


def test_the_town_has_eight_services_and_five_meters(town: Town) -> None:
    assert ServiceAgreement.objects.count() == 8
    assert [account.number for account in town.accounts] == [
        "010117", "010293", "010405", "010512", "010620", "010733", "010818", "020031",
    ]  # fmt: skip
    assert [town.point(account).installations.count() for account in town.metered] == [1] * 5

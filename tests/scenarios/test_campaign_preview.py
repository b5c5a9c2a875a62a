"""What was announced is what happens: everybody in the preview pays on the first day, and the figures are the same."""

from datetime import date

import numpy as np
import pytest

from caudal.campaigns import queries as campaigns
from caudal.campaigns.models import Waiver
from caudal.quotes import queries as quotes
from tests.scenarios.test_relief_2019 import owe, owed, priced, surcharges_off
from tests.town import counter
from tests.town.cast import Town, moment

pytestmark = pytest.mark.django_db
FIRST_DAY = date(2019, 4, 1)
__all__ = ["priced"]


@pytest.mark.parametrize("seed", range(3))
def test_a_preview_is_what_happens_when_everybody_pays_on_the_first_day(priced: Town, seed: int) -> None:
    print(f"seed {seed}")
    dice = np.random.default_rng(seed)
    for account in priced.accounts:
        for month in range(int(dice.integers(0, 4))):
            owe(account, int(dice.integers(1, 2_000_00)), 201810 + month, date(2019, 1, 10 + month))
    rule = surcharges_off("ABRIL-2019", 4)
    told = campaigns.preview(campaign=rule, at=moment(date(2019, 3, 1)))

    collected = 0
    for account in priced.accounts:
        if owed(account, FIRST_DAY):
            standing = quotes.standing(account=account, on=FIRST_DAY, at=moment(FIRST_DAY, 11))
            counter.pay(account, standing.payable_cents, on=FIRST_DAY)
            collected += standing.payable_cents if standing.relief_cents else 0
            assert owed(account, FIRST_DAY) == 0

    waivers = list(Waiver.objects.all())
    assert (told.on, told.n_accounts, told.forgiven_cents, told.expected_cents) == (
        FIRST_DAY, len(waivers), sum(each.cents for each in waivers), collected,
    )  # fmt: skip
    assert told.open_cents == told.forgiven_cents + told.expected_cents

import pytest
from tests.town.cast import Town

from caudal.billing.tests import months


@pytest.fixture
def priced(town: Town) -> Town:
    """The town with its books of 2018 and 2019, and two months of history."""
    months.publish_books()
    months.read_history(town)
    return town


@pytest.fixture
def january(priced: Town) -> Town:
    """The same, with January 2019 read and assessed: ready to be billed."""
    months.read_january(priced)
    return priced

"""The fixture `town`: ask for it and the small town stands in the database."""

import pytest

from tests.town import cast


@pytest.fixture
def town(db: None) -> cast.Town:
    """The eight accounts of the cast, with their clerks, routes, meters and one benefit."""
    return cast.build()

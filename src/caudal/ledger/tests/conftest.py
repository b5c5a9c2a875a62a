"""After every story of this room the books are derived again, and must agree."""

from collections.abc import Iterator

import pytest

from caudal.ledger import checks


@pytest.fixture(autouse=True)
def everything_agrees(request: pytest.FixtureRequest) -> Iterator[None]:
    """Ask every check of the ledger when a story that touched the database ends."""
    yield
    if request.node.get_closest_marker("django_db"):
        assert [finding for check in checks.CHECKS for finding in check.find()] == []

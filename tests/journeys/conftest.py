"""The office and the telephones of the street, for journeys that are walked."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.journeys.field_office import Office
    from tests.journeys.telephone import Telephone


@pytest.fixture
def office(living_site: str) -> "Iterator[Office]":
    """The office, open on a day with rounds for Julián."""
    from tests.journeys import field_office

    with field_office.opened(living_site) as opened:
        yield opened


@pytest.fixture
def take_telephone(
    chromium: "Browser", office: "Office", tmp_path: Path
) -> "Iterator[Callable[..., Telephone]]":
    """Take a telephone out of its box: `take_telephone(days=0)`, its clock so many days ahead of this machine's."""
    from tests.journeys.telephone import Telephone

    taken: list[Telephone] = []

    def take(*, days: float = 0) -> Telephone:
        telephone = Telephone(
            browser=chromium, base=office.base, home=tmp_path / f"telephone-{len(taken)}", days=days
        )
        taken.append(telephone)
        return telephone

    yield take
    for each in taken:
        each.switch_off()
    assert [blemish for each in taken for blemish in each.blemishes] == []

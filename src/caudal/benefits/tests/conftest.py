"""The town on the last day of January 2019, nobody owing anything, and Doña Chayo, who just got her pension."""

from datetime import date

import pytest
from tests.town.cast import Town, moment

from caudal.registry import commands as registry
from caudal.registry.models import Account
from caudal.tariffs import commands as tariffs
from caudal.tariffs import queries as books

PUBLISHED = moment(date(2018, 12, 20))


@pytest.fixture
def priced(town: Town) -> Town:
    """The 2018 and 2019 books in force."""
    for code in ("la-barca-demo-2018", "la-barca-demo-2019"):
        book = tariffs.load_book(body=books.shipped_text(code=code), by="laura", at=PUBLISHED)
        tariffs.publish_book(book=book, by="salas", at=PUBLISHED)
    return town


@pytest.fixture
def chayo(priced: Town) -> Account:
    """010950, flat, HAB-GEN: Rosario Villaseñor Ochoa, of Zaragoza 50, with a CURP in her name."""
    return home(priced, "010950", "Rosario Villaseñor Ochoa", "Zaragoza 50", curp="HEGG560427MVZRRL04")


def home(
    town: Town, number: str, name: str, address: str, *, curp: str = "", kind: str = "natural"
) -> Account:
    """A house of flat rate in the center, opened in January 2018."""
    return registry.open_account(
        number=number, holder=registry.Holder(full_name=name, curp=curp, kind=kind, phone="392 925 0950"),
        place=registry.Place(
            address=address, locality=town.la_barca, neighborhood=town.centro, route=town.routes["01-001"],
            walk_sequence=int(number),
        ),
        tariff_class=town.classes["HAB-GEN"], is_metered=False, opened_on=date(2018, 1, 2), by="laura", at=town.at,
    )  # fmt: skip

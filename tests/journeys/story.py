"""The town a year later: thirteen months of readings, two months issued, January computed with its held bills.

Written once for a session and then copied, so every act goes through the public doors and still costs little.
On 31 January 2019 at 10:42: January was computed at 9:00, and waits for people.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from caudal.billing import commands as billing
from caudal.billing.models import BillingRun
from caudal.fees import commands as fees
from caudal.kernel.models import Utility
from caudal.metering import commands as metering
from caudal.tariffs import commands as tariffs
from caudal.tariffs import queries as books
from tests.town import cast, counter
from tests.town.cast import Town, moment

NOW: Final = "2019-01-31T10:42"
TODAY: Final = date(2019, 1, 31)
MONTHS: Final = (*range(201801, 201813), 201901)
PROPOSAL: Final = "propuesta-2020"

# m³ of each month from January 2018 to January 2019; None is a closed house
READ: Final[dict[str, tuple[int | None, ...]]] = {
    "lupita": (18, 20, 17, 22, 26, 24, 19, 18, 21, 20, None, 17, 19),
    "espiga": (40, 42, 38, 45, 50, 44, 41, 39, 47, 46, 45, 44, 43),
    "school": (90, 95, 92, 60, 88, 91, 20, 15, 93, 97, 94, 70, 240),  # January: three times its mean
    "hotel": (120,) * 13,  # its meter turns over, 99,800 → 00,020
    "ponderosa": (300,) * 12 + (0,),  # January: nothing, and it never rested before
}


@dataclass(frozen=True)
class Story:
    """Where the chapters are."""

    town: Town
    november: BillingRun
    december: BillingRun
    january: BillingRun


def write() -> Story:
    """Build the town, read it for thirteen months, issue November and December, compute January."""
    town = cast.build()
    Utility.objects.create(
        id=1, name="SIBAPAS", long_name="Sistema Barquense de Agua Potable, Alcantarillado y Saneamiento",
        rfc="SBA010101AA4", locality="La Barca", address="Morelos 100, Centro", phone="392 935 0000",
        whatsapp="392 100 0000",
    )  # fmt: skip
    _publish_books()
    _read_meters(town)
    november = _issued(town, 201811, moment(date(2018, 11, 30)))
    december = _issued(town, 201812, moment(date(2018, 12, 29)))
    _pay(town)
    _ask_for_water(town)
    january = _opened(town, 201901, moment(TODAY, 9))
    return Story(town, november, december, billing.compute(run=january, by="laura", at=moment(TODAY, 9)))


def _publish_books() -> None:
    """2018 and 2019 in force, and a proposal with dearer water for homes, still a draft."""
    at = moment(date(2017, 12, 20))
    for year in (2018, 2019):
        book = tariffs.load_book(body=books.shipped_text(code=f"la-barca-demo-{year}"), by="laura", at=at)
        tariffs.publish_book(book=book, by="salas", at=at)
    text = books.as_text(book=books.book_by_code(code="la-barca-demo-2019"))
    for old, new in (
        ('code = "la-barca-demo-2019"', f'code = "{PROPOSAL}"'),
        ('name = "DEMO La Barca 2019 (sintético)"', 'name = "Propuesta 2020 (sintética)"'),
        ("effective_from = 2019-01-01", "effective_from = 2020-01-01"),
        ('price = "7.10"', 'price = "8.10"'),
    ):
        assert old in text, old
        text = text.replace(old, new, 1)
    tariffs.load_book(body=text.encode(), by="laura", at=moment(TODAY, 9))


def _read_meters(town: Town) -> None:
    for name, volumes in READ.items():
        account = getattr(town, name)
        shown, turns_at = cast.METERS[name][1], 100_000
        for period, volume in zip(MONTHS, volumes, strict=True):
            if volume is None:
                town.read(account, period=period, value=None, code="01")
                shown += 22
            else:
                shown = (shown + volume) % turns_at
                town.read(account, period=period, value=shown)
    for period in MONTHS:
        metering.assess_period(cycle=town.cycle, period=period, by="laura", at=town.at)


def _opened(town: Town, period: int, at: datetime) -> BillingRun:
    return billing.open_run(cycle=town.cycle, period=period, issued_on=at.date(), by="laura", at=at)


def _issued(town: Town, period: int, at: datetime) -> BillingRun:
    """A month in the past: whatever was held was released."""
    run = billing.compute(run=_opened(town, period, at), by="laura", at=at)
    for held in run.held.filter(decision=""):
        billing.release_held(held=held, reason="Primer recibo", by="laura", on=at.date(), at=at)
    billing.review(run=run, by="laura", at=at)
    return billing.issue(run=run, by="salas", at=at)


def _pay(town: Town) -> None:
    """La Espiga pays November on time, in cash; today Doña Lupita leaves $100.00."""
    for number, (account, cents, on) in enumerate(
        ((town.espiga, 60_000, date(2018, 12, 10)), (town.lupita, 10_000, TODAY))
    ):
        counter.pay(account, cents, on=on, key=UUID(int=number + 1), hour=10)


def _ask_for_water(town: Town) -> None:
    """The ranch asked for a tanker this morning and has not paid it: $480.00 without VAT."""
    fees.ask_service(
        account=town.rancho, code="PIPA-10000", place="Camino Real s/n, junto al establo", on=TODAY,
        at=moment(TODAY, 9), by="veronica", key=UUID(int=90),
    )  # fmt: skip

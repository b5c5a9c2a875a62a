"""The accounts of the town, one by one, before anything happens to them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from caudal.intake.town import words

FIRST_NUMBER = 10_001
LEAST_OWED_TO_BE_CUT = 4


@dataclass(slots=True)
class Household:
    """One account of the old system: who, where, what is charged, and how much water it uses."""

    number: str
    name: str
    address: str
    neighborhood: str
    locality: str
    tariff_class: str
    is_metered: bool
    has_sewerage: bool
    opened_on: date
    diameter: str = "1/2"
    meter: str = ""
    usual_m3: int = 0
    discount: str = ""
    phone: str = ""
    rfc: str = ""
    curp: str = ""
    status: str = "A"
    sector: str = ""
    route: str = ""
    walk_sequence: int = 0
    owed_months: int = 0
    credit_cents: int = 0
    # January of the year after, for the reading round of the demonstration: m³, or a code without reading
    next_m3: int | None = None
    next_code: str = ""
    is_cast: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


def numbers() -> Iterator[str]:
    """The account numbers in order, with the gaps the old system left: 010001, 010005, 010007, 010011…"""
    number, step = FIRST_NUMBER, 4
    while True:
        yield f"{number:06d}"
        number, step = number + step, 6 - step


def settle(*, rng: Random, n_accounts: int, cast: list[Household]) -> list[Household]:
    """The cast and their neighbors, `n_accounts` in all, in route order."""
    taken = {person.number for person in cast}
    town = list(cast[:n_accounts])
    for number in numbers():
        if len(town) >= n_accounts:
            break
        if number not in taken:
            town.append(_neighbor(rng, number))
    town.sort(key=lambda each: each.number)
    _lay_routes(town)
    _gather_neighborhoods(town)
    return town


def _gather_neighborhoods(town: list[Household]) -> None:
    """As many in each as were drawn, one neighborhood after the other along the walk: neighbors are of the same one."""
    drawn = [each for each in town if each.locality == words.SEAT and not each.is_cast]
    names = sorted((each.neighborhood for each in drawn), key=words.NEIGHBORHOODS.index)
    for each, name in zip(drawn, names, strict=True):
        each.neighborhood = name


def _neighbor(rng: Random, number: str) -> Household:
    tariff_class, is_metered, usual_m3 = _service(rng)
    locality = _pick(rng, words.SETTLEMENTS)
    household = Household(
        number=number,
        name=_name(rng, tariff_class),
        address=f"{rng.choice(words.STREETS)}{rng.choice(words.BEARINGS)} {_door(rng)}",
        neighborhood=rng.choice(words.NEIGHBORHOODS) if locality == words.SEAT else "",
        locality=locality,
        tariff_class=tariff_class,
        is_metered=is_metered,
        has_sewerage=rng.random() < 0.88,
        opened_on=date(1975, 1, 1) + timedelta(days=rng.randrange(14_965)),  # up to December 2015
        diameter=_pick(rng, words.DIAMETERS),
        meter=meter_serial(rng) if is_metered else "",
        usual_m3=usual_m3,
        phone=f"3939{rng.randrange(100_000, 400_000)}" if rng.random() < 0.35 else "",
    )
    if tariff_class.startswith("HAB") and rng.random() < 0.07:
        household.discount = "50"
    _burden(rng, household)
    return household


def _service(rng: Random) -> tuple[str, bool, int]:
    name = _pick(rng, [(name, share) for name, share, _, _ in words.CLASSES])
    _, _, metered_percent, middle = next(row for row in words.CLASSES if row[0] == name)
    is_metered = rng.randrange(100) < metered_percent
    usual = max(1, round(middle * rng.lognormvariate(0.0, 0.45))) if is_metered else 0
    return name, is_metered, usual


def _burden(rng: Random, household: Household) -> None:
    """What the account owes, and whether it flows: most pay, some are months behind, a few for years."""
    draw = rng.random()
    if draw < 0.17:
        household.owed_months = rng.randrange(1, 4)
    elif draw < 0.25:
        household.owed_months = rng.randrange(4, 13)
    elif draw < 0.33:
        household.owed_months = rng.randrange(13, 37)
    elif draw < 0.335:
        household.credit_cents = rng.randrange(30, 90) * 1000
    fate = rng.random()
    household.status = "C" if fate < 0.022 else "B" if fate < 0.034 else "A"
    if household.status == "C" and household.owed_months < LEAST_OWED_TO_BE_CUT:
        household.owed_months, household.credit_cents = LEAST_OWED_TO_BE_CUT, 0
    if household.discount and household.owed_months > 1:
        household.discount = ""  # the benefit asks to be up to date


def _name(rng: Random, tariff_class: str) -> str:
    surname = rng.choice(words.SURNAMES)
    if tariff_class in words.TRADES:
        return f"{rng.choice(words.TRADES[tariff_class])} {surname}{rng.choice(words.COMPANIES)}"
    if tariff_class == "PUB":
        return f"{rng.choice(words.PUBLIC_PLACES)} {rng.choice(words.HEROES)}"
    given, mother = rng.choice(words.GIVEN), rng.choice(words.SURNAMES)
    # half of the clerks who captured wrote the surnames first
    return f"{given} {surname} {mother}" if rng.random() < 0.5 else f"{surname} {mother} {given}"


def _door(rng: Random) -> str:
    if rng.random() < 0.2:
        return "S/N"
    return f"{rng.randrange(1, 900)}{rng.choice(('', '', '', '', '-A', '-B', '-C'))}"


def meter_serial(rng: Random) -> str:
    """A serial such as `AZ5307037`: the maker's letters and seven digits."""
    return f"{rng.choice(words.METER_BRANDS)}{rng.randrange(1_000_000, 10_000_000)}"


def _pick(rng: Random, weighted: Any) -> Any:
    draw = rng.randrange(sum(weight for _, weight in weighted))
    for value, weight in weighted:
        draw -= weight
        if draw < 0:
            return value
    raise AssertionError("unreachable: the draw is below the sum")


def _lay_routes(town: list[Household]) -> None:
    """Five sectors of ten routes; the folio of the walk goes by tens, as the old system left room."""
    per_route = max(1, -(-len(town) // 50))
    for position, household in enumerate(town):
        route = min(position // per_route, 49)
        household.sector = f"{route // 10 + 1:02d}"
        household.route = f"{route % 10 + 1:03d}"
        household.walk_sequence = (position - route * per_route) * 10

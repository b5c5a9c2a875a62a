"""Two neighbors report one leak: whoever is near enough and soon enough is offered, and both are told."""

from datetime import timedelta
from math import cos, radians

import pytest
from tests.town.cast import Town

from caudal.cases import commands, queries
from caudal.cases.models import CaseEntry, CaseRules, CaseType
from caudal.cases.policy import State
from caudal.cases.tests.desk import NINE, SQUARE, later, leak, texts
from caudal.kernel import places

pytestmark = pytest.mark.django_db
# a degree of latitude: 6,371,008.8 m × π ÷ 180
DEGREE_M = 111_195.08


def north(metres: float) -> tuple[int, int]:
    return SQUARE[0] + round(metres / DEGREE_M * 1e6), SQUARE[1]


def east(metres: float) -> tuple[int, int]:
    return SQUARE[0], SQUARE[1] + round(metres / (DEGREE_M * cos(radians(SQUARE[0] / 1e6))) * 1e6)


def offered(place: tuple[int, int], **length: float) -> list[int]:
    street_leak = CaseType.objects.get(code="street_leak")
    return [near.metres for near in queries.near(place=place, type=street_leak, at=later(**length))]


@pytest.mark.parametrize(("metres", "found"), [(49, [49]), (51, [])])
@pytest.mark.parametrize("away", [north, east])
def test_fifty_metres_make_a_neighbor(april: Town, away, metres: int, found: list[int]) -> None:  # type: ignore[no-untyped-def]
    leak()
    assert offered(away(metres), hours=1) == found


@pytest.mark.parametrize(("minutes", "found"), [(23 * 60 + 59, [0]), (24 * 60 + 1, [])])
def test_a_day_makes_it_the_same(april: Town, minutes: int, found: list[int]) -> None:
    leak()
    assert offered(SQUARE, minutes=minutes) == found


def test_how_near_and_how_soon_are_data(april: Town) -> None:
    CaseRules.objects.create(id=1, near_metres=100, near_hours=48)
    leak()
    assert offered(north(99), hours=47) == [99]


def test_another_group_a_finished_one_and_one_without_a_place_are_not_offered(april: Town) -> None:
    leak(type="blocked_drain")
    leak(place=None)
    commands.resolve_case(case=leak(), text="Ya.", at=later(minutes=30), by="marta")
    assert offered(SQUARE, hours=1) == []
    leak(type="connection_leak")  # a leak too
    assert offered(SQUARE, hours=1) == [0]


def test_the_nearest_comes_first(april: Town) -> None:
    leak(place=north(30))
    leak(place=east(10))
    assert offered(SQUARE, hours=1) == [10, 30]


def test_both_folios_are_kept_and_both_people_told(april: Town) -> None:
    first = leak()
    second = leak(reporter_phone="3929350000", place=north(20), at=later(hours=1))
    commands.merge_cases(case=second, into=first, at=later(hours=2), by="marta")

    assert queries.standing(case=second, at=later(hours=2)).state == State.MERGED
    assert queries.standing(case=first, at=later(hours=2)).state == State.OPEN
    assert queries.survivor(case=second) == first
    assert texts(second)[-1] == (
        "Su reporte REP-000002 y el REP-000001 son del mismo problema: los atendemos juntos. "
        "Su folio y su clave siguen sirviendo."
    )
    assert texts(first)[-1].startswith("Su reporte REP-000001 y el REP-000002 son del mismo problema")

    commands.resolve_case(case=first, text="Se cambió el tubo.", at=later(hours=5), by="marta")
    for case in (first, second):
        assert texts(case)[-1].startswith(f"Su reporte {case.folio} quedó resuelto: Se cambió el tubo.")


def test_whoever_reported_the_second_may_say_that_it_was_not_resolved(april: Town) -> None:
    first, second = leak(), leak(reporter_phone="3929350000")
    commands.merge_cases(case=second, into=first, at=later(hours=2), by="marta")
    commands.resolve_case(case=first, text="Listo.", at=later(hours=5), by="marta")

    reopened = commands.dispute_case(case=second, text="Sigue", at=later(hours=6))

    assert reopened == first
    assert queries.standing(case=first, at=later(hours=6)).state == State.REOPENED


def test_what_was_merged_into_what_was_merged_is_told_too(april: Town) -> None:
    third, second, first = (leak(reporter_phone=f"392935000{n}") for n in range(3))
    commands.merge_cases(case=third, into=second, at=later(hours=1), by="marta")
    commands.merge_cases(case=second, into=first, at=later(hours=2), by="marta")
    assert queries.survivor(case=third) == first
    assert queries.with_those_merged(case=first) == [first, second, third]


def test_what_cannot_be_one_stays_two(april: Town) -> None:
    first, drain = leak(), leak(type="blocked_drain")
    claim = leak(type="high_consumption", account=april.chuy)
    other = leak(type="missing_payment", account=april.chuy)
    done = leak()
    commands.resolve_case(case=done, text="Ya.", at=NINE + timedelta(minutes=1), by="marta")
    before = CaseEntry.objects.count()
    for case, into, why in (
        (first, first, "Es el mismo reporte"), (drain, first, "problemas distintos"),
        (claim, other, "reclama un importe"), (first, done, "ya está resuelto"), (done, first, "ya está resuelto"),
    ):  # fmt: skip
        with pytest.raises(commands.CannotMergeCases, match=why):
            commands.merge_cases(case=case, into=into, at=later(hours=1), by="marta")
    assert CaseEntry.objects.count() == before


def test_the_box_holds_whatever_is_near() -> None:
    """What the index may leave out is farther than it says, at any latitude of the country."""
    for latitude in (14_600_000, 20_280_000, 32_700_000):
        place = (latitude, -102_550_000)
        south, north_, west, east_ = places.box(place, around_m=50)
        for other in ((south, place[1]), (north_, place[1]), (latitude, west), (latitude, east_)):
            assert places.distance(place, other) > 50

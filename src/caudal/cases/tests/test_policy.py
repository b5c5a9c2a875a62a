"""The clock of a report to the second, its folio however it is typed, its key that nobody guesses."""

from datetime import timedelta

import pytest

from caudal.cases import keys, policy
from caudal.cases.policy import Pace, Step
from caudal.cases.tests.desk import NINE, later

DUE = later(hours=24)


@pytest.mark.parametrize(
    ("at", "pace", "percent", "words"),
    [
        (NINE, Pace.ON_TIME, 0, "1 d"),
        (later(hours=12), Pace.ON_TIME, 50, "12 h"),
        (later(hours=17, minutes=59, seconds=59), Pace.ON_TIME, 74, "6 h 1 min"),
        (later(hours=18), Pace.SOON, 75, "6 h"),
        (DUE, Pace.SOON, 100, "0 min"),  # its last second is on time
        (DUE + timedelta(seconds=1), Pace.LATE, 100, "1 min"),
        (later(hours=75), Pace.LATE, 100, "2 d 3 h"),
    ],
)
def test_the_clock_of_an_open_case(at, pace: Pace, percent: int, words: str) -> None:  # type: ignore[no-untyped-def]
    told = policy.sla(started_at=NINE, due_at=DUE, at=at, finished_at=None)
    assert (told.pace, told.percent, told.words) == (pace, percent, words)


@pytest.mark.parametrize(("seconds", "pace"), [(-1, Pace.MET), (0, Pace.MET), (1, Pace.MISSED)])
def test_the_clock_stops_when_it_is_resolved(seconds: int, pace: Pace) -> None:
    told = policy.sla(
        started_at=NINE, due_at=DUE, at=later(days=90), finished_at=DUE + timedelta(seconds=seconds)
    )
    assert told.pace == pace


@pytest.mark.parametrize("typed", ["REP-000012", "rep 12", "12", " rep-12 ", "REP000012"])
def test_a_folio_is_read_as_people_type_it(typed: str) -> None:
    assert policy.read_folio(typed) == "REP-000012"


@pytest.mark.parametrize("typed", ["", "REP", "A-12", "12x", "1234567890", "¹²"])
def test_what_is_no_folio_is_none(typed: str) -> None:
    assert policy.read_folio(typed) == ""


def test_a_key_opens_its_folio_however_it_is_typed() -> None:
    key = keys.key_of("REP-000001")
    assert len(key.replace("-", "")) == 12
    for typed in (key, key.lower(), key.replace("-", " "), key.replace("-", "")):
        assert keys.is_key_of("REP-000001", typed)
    assert not keys.is_key_of("REP-000002", key)
    assert not keys.is_key_of("REP-000001", "")
    assert not keys.is_key_of("REP-000001", "ñandú")


def test_the_key_is_made_with_the_secret_of_the_house(settings) -> None:  # type: ignore[no-untyped-def]
    before = keys.key_of("REP-000001")
    settings.SECRET_KEY = "another"
    assert keys.key_of("REP-000001") != before


def reached(*kinds: str) -> list[tuple[Step, bool]]:
    moves = [(kind, later(hours=n)) for n, kind in enumerate(kinds)]
    return [(each.step, each.is_now) for each in policy.steps(moves=moves) if each.at or each.is_now]


def test_what_a_citizen_follows() -> None:
    assert reached("opened") == [(Step.RECEIVED, True)]
    assert reached("opened", "ordered") == [(Step.RECEIVED, False), (Step.ASSIGNED, True)]
    assert reached("opened", "ordered", "attended")[-1] == (Step.ON_SITE, True)
    assert reached("opened", "resolved") == [(Step.RECEIVED, False), (Step.RESOLVED, True)]
    assert reached("opened", "ordered", "attended", "resolved", "disputed") == [(Step.RECEIVED, True)]
    assert reached("opened", "resolved", "disputed", "ordered")[-1] == (Step.ASSIGNED, True)

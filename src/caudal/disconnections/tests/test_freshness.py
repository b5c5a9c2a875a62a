"""How old a look may be: two minutes with network at the door, a day without, to the second."""

from datetime import date, datetime, timedelta

import pytest
from tests.town.cast import moment

from caudal.disconnections import policy
from caudal.disconnections.models import DisconnectionPolicy
from caudal.disconnections.policy import Cause, Measure, Order, State, Verdict

CHECKED = moment(date(2019, 7, 20), 10)
RULES = DisconnectionPolicy(online_minutes=2, offline_hours=24)
SECOND = timedelta(seconds=1)


def causes(done_at: datetime, begun_at: datetime | None = None, *, online: bool = False) -> set[Cause]:
    """What was wrong with a cut of an account that may be cut, by a look at ten."""
    order = Order(
        state=State.DISPATCHED, measure=Measure.CUT, approved_at=CHECKED - SECOND, dispatched_at=CHECKED - SECOND,
        checked_at=CHECKED, check_is_go=True,
    )  # fmt: skip
    found = policy.judge_execution(
        order=order,
        verdict=Verdict(Measure.CUT),
        rules=RULES,
        done_at=done_at,
        begun_at=begun_at,
        was_online=online,
    )
    return {each.cause for each in found}


@pytest.mark.parametrize(
    ("after", "online", "is_old"),
    [
        (timedelta(hours=24), False, False),
        (timedelta(hours=24) + SECOND, False, True),
        (timedelta(minutes=2), True, False),
        (timedelta(minutes=2) + SECOND, True, True),
        (timedelta(minutes=2) + SECOND, False, False),
    ],
)
def test_a_look_is_as_old_as_the_network_allows(after: timedelta, online: bool, is_old: bool) -> None:
    assert causes(CHECKED + after, online=online) == ({Cause.OLD_CHECK} if is_old else set())


def test_what_counts_with_network_is_when_the_work_began() -> None:
    """Half an hour of work after a look of a moment ago is right; no work takes more than the day."""
    half_an_hour = CHECKED + timedelta(minutes=30)
    assert causes(half_an_hour, CHECKED + SECOND, online=True) == set()
    assert causes(half_an_hour, CHECKED + timedelta(minutes=3), online=True) == {Cause.OLD_CHECK}
    # a beginning after the end is no beginning
    assert causes(half_an_hour, half_an_hour + SECOND, online=True) == {Cause.OLD_CHECK}
    a_day_later = CHECKED + timedelta(hours=24) + SECOND
    assert causes(a_day_later, CHECKED + SECOND, online=True) == {Cause.OLD_CHECK}


def test_both_lives_are_the_policy_s() -> None:
    strict = DisconnectionPolicy(online_minutes=1, offline_hours=1)
    order = Order(
        state=State.DISPATCHED, measure=Measure.CUT, approved_at=CHECKED, dispatched_at=CHECKED, checked_at=CHECKED,
        check_is_go=True,
    )  # fmt: skip
    judged = [
        policy.judge_execution(
            order=order,
            verdict=Verdict(Measure.CUT),
            rules=strict,
            done_at=CHECKED + after,
            was_online=online,
        )
        for after, online in ((timedelta(minutes=90), False), (timedelta(seconds=90), True))
    ]
    assert [[each.words for each in found] for found in judged] == [
        ["La verificación tenía más de 1 horas."],
        ["Había señal y la verificación tenía más de 1 minutos."],
    ]

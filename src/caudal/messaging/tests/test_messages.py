"""What a citizen is told waits, is sent once, and says how it went; four numbers fail on purpose."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.town.cast import Town, moment

from caudal.messaging import commands, policy
from caudal.messaging.models import Message, MessageTry

pytestmark = pytest.mark.django_db
NINE = moment(date(2019, 4, 1), 9)


def tell(
    phone: str = "392 935 1234", text: str = "Su reporte quedó resuelto.", **said: Any
) -> Message | None:
    told = {"about_kind": "case", "about_folio": "REP-000001", "at": NINE, "by": "marta"} | said
    return commands.tell(phone=phone, text=text, **told)


def outcomes(message: Message | None) -> list[tuple[int, str]]:
    assert message
    message.refresh_from_db()
    return list(message.tries.order_by("number").values_list("number", "outcome"))


def test_it_waits_and_is_sent_once(town: Town) -> None:
    message = tell(account=town.chuy)
    assert message
    assert (message.state, message.phone) == ("queued", "3929351234")
    assert len(commands.send_queued(at=NINE)) == 1
    assert commands.send_queued(at=NINE + timedelta(days=1)) == []
    assert outcomes(message) == [(1, "sent")]
    assert message.state == "sent"


@pytest.mark.parametrize("phone", ["", "12345", "no tiene", "39293512345678"])
def test_whoever_has_no_telephone_is_not_told(db: None, phone: str) -> None:
    assert tell(phone) is None
    assert Message.objects.count() == 0


def test_the_same_thing_is_not_said_twice(db: None) -> None:
    assert tell() == tell(phone="+52 392 935 1234")
    assert Message.objects.count() == 1


def test_an_empty_text_is_refused(db: None) -> None:
    with pytest.raises(commands.CannotTell, match="vacío"):
        tell(text="  ")
    assert Message.objects.count() == 0


def test_a_number_that_does_not_exist_fails_for_good(db: None) -> None:
    message = tell("3900000001")
    commands.send_queued(at=NINE)
    assert outcomes(message) == [(1, "wrong_number")]
    assert message and message.state == "failed"


def test_a_telephone_that_is_off_is_tried_four_times(db: None) -> None:
    """At 9:00, 5 minutes later, an hour after that, 12 hours after that; then it is given up."""
    message = tell("3900000002")
    at = NINE
    for wait, state in ((5, "queued"), (60, "queued"), (720, "queued"), (0, "failed")):
        commands.send_queued(at=at)
        assert commands.send_queued(at=at) == []  # its time has not come
        outcomes(message)
        assert message and message.state == state
        at += timedelta(minutes=wait)
    assert outcomes(message) == [(n, "busy") for n in (1, 2, 3, 4)]


def test_whoever_may_have_heard_is_not_told_again(db: None) -> None:
    message = tell("3900000004")
    commands.send_queued(at=NINE)
    assert commands.send_queued(at=NINE + timedelta(days=3)) == []
    assert outcomes(message) == [(1, "unknown")]
    assert message and message.state == "unknown"


def test_one_number_hears_ten_in_an_hour(db: None) -> None:
    for n in range(12):
        tell(text=f"Aviso {n}")
    assert len(commands.send_queued(at=NINE)) == 10
    assert len(commands.send_queued(at=NINE + timedelta(hours=1))) == 2


def test_one_that_fails_does_not_keep_the_others(db: None) -> None:
    for phone in ("3900000001", "3900000003", "3929351234"):
        tell(phone)
    assert [each.outcome for each in commands.send_queued(at=NINE)] == ["wrong_number", "ours", "sent"]
    assert MessageTry.objects.count() == 3


def test_a_list_shows_four_digits() -> None:
    assert policy.hidden("3929351234") == "······1234"

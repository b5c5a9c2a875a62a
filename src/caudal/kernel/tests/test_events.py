"""News travels up, in the order of the wiring page, in the announcer's transaction."""

from collections import defaultdict
from dataclasses import dataclass

import pytest

from caudal.kernel import events


@dataclass(frozen=True)
class MeterStopped:
    serial: str


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_listeners", defaultdict(list))


def test_listeners_hear_in_the_order_they_were_wired() -> None:
    heard: list[str] = []
    events.on(MeterStopped, lambda news: heard.append(f"order for {news.serial}"))
    events.on(MeterStopped, lambda news: heard.append(f"estimate for {news.serial}"))

    events.announce(MeterStopped("AZ5300293"))

    assert heard == ["order for AZ5300293", "estimate for AZ5300293"]


def test_wired_twice_is_heard_once() -> None:
    heard: list[object] = []
    events.on(MeterStopped, heard.append)
    events.on(MeterStopped, heard.append)
    events.announce(MeterStopped("AZ5300293"))
    assert len(heard) == 1


def test_only_news_of_its_own_kind_is_heard() -> None:
    heard: list[object] = []
    events.on(MeterStopped, heard.append)
    events.announce("something else")
    assert heard == []


def test_a_listener_that_refuses_stops_the_act() -> None:
    """What is announced and what hears it are one act: both happen or neither."""

    def refuse(_: MeterStopped) -> None:
        raise PermissionError

    events.on(MeterStopped, refuse)
    with pytest.raises(PermissionError):
        events.announce(MeterStopped("AZ5300293"))

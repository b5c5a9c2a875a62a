"""Random days without network: whatever way it comes, what the office has is what the phones told, each thing once.

A schedule is one integer seed; a failure prints it, and a red one stays below as an `@example`. In each, two people
and their two phones tell of a handful of stops: batches of anything not yet acknowledged and of some that was, in any
order, cut at any byte, the answer lost now and then, photographs before or after. `CAUDAL_SCHEDULES=100000` runs more.
"""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, note, settings
from hypothesis import strategies as st
from tests.town.cast import Town, moment

from caudal.fieldwork import commands, receiving
from caudal.fieldwork.commands import StopPlan
from caudal.fieldwork.events import ConflictFound
from caudal.fieldwork.models import EventOutcome, FieldEvent, OrderResult, Photo, Stop
from caudal.fieldwork.tests import street
from caudal.fieldwork.tests.telephones import Telephone, picture, telephone_of
from caudal.kernel import events

SCHEDULES = int(os.environ.get("CAUDAL_SCHEDULES", "2000"))
DAWN = moment(street.TODAY, 6)
PICTURE = picture(16, 12)


@dataclass
class Hand:
    """A person in the street with their phone: what they told, what was acknowledged, what waits."""

    phone: Telephone
    lines: dict[str, bytes] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    photos: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class Street:
    """Where it happens: bills and orders, of which Julián had all and Beto has them now."""

    town: Town
    stops: list[Stop]
    julian: Telephone
    beto: Telephone


@pytest.fixture
def our_street(town: Town, settings: Any, tmp_path: Path) -> Iterator[Street]:
    settings.MEDIA_ROOT = tmp_path
    beto = street.crew()
    papers = [StopPlan("bill", f"F-{each.number}", town.point(each)) for each in town.metered]
    delivery = street.plan(town, kind="delivery", stops=papers)
    ordered = [street.order(each, checklist=[]) for each in town.metered[:2]]
    works = commands.plan_order_round(
        orders=ordered, name="Órdenes", on=street.TODAY, assigned_to=town.julian, at=DAWN, by="laura"
    )
    for each in (delivery, works):
        commands.reassign_round(round=each, to=beto, reason="cambio de turno", at=DAWN, by="laura")
    phones = [telephone_of(each, at=DAWN) for each in (town.julian, beto)]
    yield Street(town, [*delivery.stops.order_by("sequence"), *works.stops.order_by("sequence")], *phones)


def told_by(hand: Hand, stops: list[Stop], chance: random.Random) -> None:
    """One or two things, at moments of their own, by a clock that may be years away."""
    for _ in range(chance.randint(1, 2)):
        stop, wrong_s = chance.choice(stops), chance.choice([0, 0, 3, -94_608_000, 94_608_000])
        happened_at = DAWN + timedelta(seconds=chance.randint(0, 40_000))
        clock = happened_at + timedelta(seconds=wrong_s)
        said: dict[str, Any] = {
            "id": str(UUID(int=chance.getrandbits(128), version=4)),
            "clock_offset": -wrong_s,
        }
        if chance.random() < 0.1:
            event = hand.phone.tells(stop, "note", {"text": "portón azul"}, clock, **said)
        elif stop.subject_kind == "order":
            event = hand.phone.tells(stop, "order", {"done": True, "answers": {}}, clock, **said)
        else:
            outcome = chance.choice(["delivered", "delivered", "absent", "refused"])
            event = hand.phone.delivers(stop, clock, outcome, **said)
        hand.lines[event["id"]] = hand.phone.line(event)
        hand.waiting.add(event["id"])
        if chance.random() < 0.15:
            sealed = hand.phone.photo(event, PICTURE)
            hand.photos[sealed["id"]] = sealed


def send(hand: Hand, chance: random.Random, *, is_last: bool) -> None:
    """A batch as the network lets it through. Only what was answered is forgotten."""
    again = [] if is_last else chance.sample(sorted(hand.lines), k=min(len(hand.lines), chance.randint(0, 1)))
    batch = [*sorted(hand.waiting), *again]
    chance.shuffle(batch)
    body = b"\n".join(hand.lines[each] for each in batch) + b"\n"
    if not is_last and chance.random() < 0.5:
        body = body[: chance.randint(0, len(body))]
    at = DAWN + timedelta(days=1, seconds=chance.randint(0, 1000))
    answers = commands.receive_events(device=hand.phone.device, lines=receiving.split(body).whole, at=at)
    if is_last or chance.random() < 0.7:
        hand.waiting -= {each.id for each in answers}


def show(hand: Hand, name: str) -> None:
    """One picture, which may have been shown before."""
    at = DAWN + timedelta(days=1)
    envelope = hand.photos[name]
    commands.receive_photo(device=hand.phone.device, photo_id=UUID(name), envelope=envelope, at=at)


def run(our: Street, seed: int) -> tuple[list[Hand], list[Any]]:
    """A whole schedule; at its end the phones have nothing that waits."""
    chance = random.Random(seed)
    news: list[Any] = []
    announced, events.announce = events.announce, news.append
    try:
        hands = [Hand(our.julian), Hand(our.beto)]
        for hand in hands:
            told_by(hand, our.stops, chance)
        for _ in range(chance.randint(1, 2)):
            hand = chance.choice(hands)
            send(hand, chance, is_last=False)
            if hand.photos and chance.random() < 0.5:
                show(hand, chance.choice(sorted(hand.photos)))
        for hand in hands:
            if hand.waiting:
                send(hand, chance, is_last=True)
            for name in sorted(hand.photos):
                show(hand, name)
    finally:
        events.announce = announced
    return hands, news


def prove(our: Street, hands: list[Hand], news: list[Any]) -> None:
    """Nothing lost, nothing twice, and each stop says the latest that was applied to it."""
    told = {UUID(each) for hand in hands for each in hand.lines}
    kept = {each.pk: each for each in FieldEvent.objects.all()}
    assert set(kept) == told, "the office has what the phones told, no more and no less"
    assert not any(hand.waiting for hand in hands)
    outcomes = list(EventOutcome.objects.values_list("event_id", "kind"))
    assert sorted(event for event, _ in outcomes) == sorted(told), "each has what became of it, once"
    applied = {event for event, kind in outcomes if kind == "applied"}
    assert {UUID(each) for hand in hands for each in hand.photos} == set(
        Photo.objects.values_list("pk", flat=True)
    )
    conflicts = {event for event, kind in outcomes if kind == "conflict"}
    assert conflicts == {each.event.pk for each in news if isinstance(each, ConflictFound)}
    assert len([each for each in news if isinstance(each, ConflictFound)]) == len(conflicts)
    for stop in Stop.objects.all():
        of_stop = [
            kept[each] for each in applied if kept[each].stop_code == stop.code and kept[each].kind != "note"
        ]
        latest = max((each.happened_at for each in of_stop), default=None)
        assert stop.done_at == latest
        if stop.subject_kind == "order":
            done = OrderResult.objects.filter(order__folio=stop.subject_folio).count()
            assert done == len(of_stop) == (1 if any(each.stop_code == stop.code and each.kind == "order"
                                                     for each in kept.values()) else 0)  # fmt: skip
        elif of_stop:
            assert stop.outcome in {each.body["outcome"] for each in of_stop if each.happened_at == latest}


def test_whatever_way_it_comes_the_office_has_what_the_phones_told(our_street: Street) -> None:
    @settings(
        max_examples=SCHEDULES, deadline=None, database=None, print_blob=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(seed=st.integers(0, 2**32 - 1))
    @example(seed=0)
    def schedules(seed: int) -> None:
        with transaction.atomic():
            note(f"seed {seed}")
            try:
                prove(our_street, *run(our_street, seed))
            finally:
                transaction.set_rollback(True)

    schedules()

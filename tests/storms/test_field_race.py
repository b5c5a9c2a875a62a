"""The same batch eight times at the same moment, and two phones at one order: each thing once, and nothing lost."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.storms.street import at_once
from tests.town import cast
from tests.town.cast import Town, moment

from caudal.fieldwork import checks
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.commands import StopPlan
from caudal.fieldwork.models import EventOutcome, FieldEvent, OrderResult, Photo
from caudal.fieldwork.tests import street
from caudal.fieldwork.tests.telephones import picture, telephone_of

pytestmark = pytest.mark.slow
DAWN, NOON = moment(street.TODAY, 6), moment(street.TODAY, 12)
LATER = NOON + timedelta(hours=6)


@pytest.fixture
def town(own_database: str) -> Town:
    return cast.build()


def all_agree() -> bool:
    return [finding for check in checks.CHECKS for finding in check.find()] == []


def test_the_same_batch_eight_times_at_once_is_kept_once(town: Town) -> None:
    plans = [StopPlan("bill", f"F-{each.number}", town.point(each)) for each in town.metered]
    stops = list(street.plan(town, kind="delivery", stops=plans).stops.order_by("sequence"))
    phone = telephone_of(town.julian, at=DAWN)
    lines = [phone.line(phone.delivers(each, NOON)) for each in stops]

    answers = at_once(
        [lambda: fieldwork.receive_events(device=phone.device, lines=lines, at=LATER)] * 8, hands=8
    )

    states = [each.state for batch in answers for each in batch]
    assert (states.count("applied"), states.count("repeated")) == (5, 5 * 7)
    assert FieldEvent.objects.count() == EventOutcome.objects.count() == 5 and all_agree()


def test_two_phones_at_one_order_write_one_result(town: Town) -> None:
    """Julián had it, Beto has it: both say they did it, at the same moment."""
    beto, order = street.crew(), street.order(town.lupita, checklist=[])
    round = fieldwork.plan_order_round(
        orders=[order], name="Órdenes", on=street.TODAY, assigned_to=town.julian, at=DAWN, by="laura"
    )
    fieldwork.reassign_round(round=round, to=beto, reason="moto", at=DAWN, by="laura")
    phones, stop = [telephone_of(each, at=DAWN) for each in (town.julian, beto)], round.stops.get()
    told = [each.tells(stop, "order", {"done": True, "answers": {}}, NOON) for each in phones]

    def send(n: int) -> list[fieldwork.Acknowledgment]:
        return phones[n].sends(told[n], at=LATER)

    answers = at_once([lambda n=n: send(n) for n in (0, 1) * 4], hands=8)  # type: ignore[misc]

    states = sorted(each.state for batch in answers for each in batch)
    assert states == ["applied", "quarantined", *["repeated"] * 6]
    assert OrderResult.objects.count() == 1 and all_agree()


def test_a_picture_sent_eight_times_at_once_is_one(town: Town, settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    phone = telephone_of(town.julian, at=DAWN)
    stop = street.plan(town).stops.get(sequence=1)
    sealed = phone.photo(phone.tells(stop, "note", {}, NOON), picture())

    def send() -> bool:
        kept = fieldwork.receive_photo(
            device=phone.device, photo_id=UUID(sealed["id"]), envelope=dict(sealed), at=LATER
        )
        return kept[1]

    assert sorted(at_once([send] * 8, hands=8)) == [False] * 7 + [True]
    assert Photo.objects.count() == 1

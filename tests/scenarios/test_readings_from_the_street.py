"""What phones tell of a dial: once, whatever else is told; what contradicts what stands is kept beside it.

Doña Lupita's meter AZ5300293 starts at 950.
"""

import random
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from caudal.cases.models import Case
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.models import EventOutcome, FieldEvent, FieldOrder, Round, Stop
from caudal.fieldwork.tests.street import crew
from caudal.fieldwork.tests.telephones import Telephone, telephone_of
from caudal.metering import commands as metering
from caudal.metering import queries
from caudal.metering.models import Reading, ReadingReview
from tests.town.cast import Town, moment

pytestmark = pytest.mark.django_db

JANUARY = 201901
DAY = date(2019, 1, 25)
AT = moment(DAY, 10)
SENT = moment(DAY, 18)


@pytest.fixture
def phone(town: Town) -> Telephone:
    return telephone_of(town.julian, at=AT)


@pytest.fixture
def beto(town: Town) -> Telephone:
    """The one who takes over."""
    return telephone_of(crew(), at=AT, name="Otro")


def planned(town: Town, **said: Any) -> list[Round]:
    return metering.plan_reading_rounds(
        cycle=town.cycle, period=JANUARY, on=DAY, by="laura", at=moment(DAY, 7),
        readers=dict.fromkeys(("01-001", "01-004"), town.julian) | said,
    )  # fmt: skip


def stop_of(town: Town, name: str = "lupita") -> Stop:
    return Stop.objects.filter(service_point=town.point(getattr(town, name))).latest("pk")


def told(phone: Telephone, stop: Stop, value: int | None, at: datetime = AT, **body: Any) -> dict[str, Any]:
    return phone.tells(stop, "reading", {"value": value, "code": "00", "entries": 1, "warned": []} | body, at)


def send(phone: Telephone, *events: dict[str, Any], at: datetime = SENT) -> list[str]:
    return [each.state for each in phone.sends(*events, at=at)]


def values(town: Town, name: str = "lupita") -> list[int | None]:
    found = Reading.objects.filter(
        installation__service_point=town.point(getattr(town, name)), period=JANUARY
    )
    return list(found.order_by("revision").values_list("value", flat=True))


def kept_both(town: Town, n_events: int = 2) -> None:
    """Nothing overwritten: every event is there, one case is open, and the point waits for a person."""
    assert FieldEvent.objects.count() == n_events
    assert Case.objects.count() == 1
    last = queries.last_review(service_point_id=town.point(town.lupita).pk, period=JANUARY)
    assert last is not None and last.decision == "contested"


def test_a_route_is_given_to_a_reader_in_walking_order(town: Town) -> None:
    made = planned(town)
    assert [(each.route and each.route.code, each.assigned_to.username) for each in made] == [
        ("01-001", "julian"), ("01-004", "julian"),
    ]  # fmt: skip
    meters = [town.point(each).installations.get().pk for each in (town.lupita, town.espiga)]
    assert list(made[0].stops.order_by("sequence").values_list("subject_folio", flat=True)) == [
        str(each) for each in meters
    ]


def test_a_route_planned_already_is_not_planned_again(town: Town) -> None:
    planned(town)
    with pytest.raises(metering.CannotPlanReading) as refused:
        planned(town)
    assert "ya" in refused.value.what
    assert Round.objects.count() == 2


def test_a_reading_becomes_one_whatever_is_sent_twice(town: Town, phone: Telephone) -> None:
    planned(town)
    event = told(phone, stop_of(town), 969)
    assert send(phone, event, event) == ["applied", "repeated"]
    reading = Reading.objects.get(period=JANUARY)
    assert (reading.value, reading.observer, reading.read_on, reading.origin) == (969, "julian", DAY, "route")
    assert stop_of(town).outcome == "read"


def test_a_closed_house_is_told_with_its_code(town: Town, phone: Telephone) -> None:
    planned(town)
    assert send(phone, told(phone, stop_of(town), None, code="01")) == ["applied"]
    assert (values(town), stop_of(town).outcome) == ([None], "not_read")


@pytest.mark.parametrize(
    ("value", "body", "why"),
    [
        (100_000, {}, "no cabe"), (-1, {}, "no cabe"), (None, {}, "Falta la lectura"), (9, {"code": "77"}, "no existe"),
        ("969", {}, "número entero"), (969, {"serial": "AZ5300405"}, "es de otra toma"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_reading_is_set_aside(
    town: Town, phone: Telephone, value: Any, body: dict[str, Any], why: str
) -> None:
    planned(town)
    assert send(phone, told(phone, stop_of(town), value, **body)) == ["quarantined"]
    assert why in EventOutcome.objects.get().reason
    assert not Reading.objects.filter(period=JANUARY).exists()


def test_the_reader_may_correct_it_in_the_street_whatever_comes_first(town: Town, phone: Telephone) -> None:
    planned(town)
    wrong = told(phone, stop_of(town), 996)
    right = told(phone, stop_of(town), 969, AT + timedelta(minutes=5))
    assert send(phone, right, wrong) == ["applied", "applied"]
    assert values(town) == [969]
    assert not Case.objects.exists()


def test_two_readers_who_agree_are_one_reading(town: Town, phone: Telephone, beto: Telephone) -> None:
    made = planned(town)
    send(phone, told(phone, stop_of(town), 969))
    fieldwork.reassign_round(round=made[0], to=beto.device.clerk, reason="Enfermó", at=AT, by="laura")
    assert send(beto, told(beto, stop_of(town), 969)) == ["applied"]
    assert values(town) == [969]


def test_two_readers_who_do_not_are_both_kept(town: Town, phone: Telephone, beto: Telephone) -> None:
    made = planned(town)
    send(phone, told(phone, stop_of(town), 969))
    fieldwork.reassign_round(round=made[0], to=beto.device.clerk, reason="Enfermó", at=AT, by="laura")
    assert send(beto, told(beto, stop_of(town), 975)) == ["conflict"]
    assert values(town) == [969]
    kept_both(town)


def test_the_desk_wrote_another_value(town: Town, phone: Telephone) -> None:
    planned(town)
    metering.record_reading(
        service_point=town.point(town.lupita), period=JANUARY, value=970, read_on=DAY, observer="laura", by="laura",
        at=AT, origin=Reading.Origin.DESK,
    )  # fmt: skip
    assert send(phone, told(phone, stop_of(town), 969)) == ["conflict"]
    assert values(town) == [970]
    kept_both(town, n_events=1)


def test_the_meter_was_changed_meanwhile(town: Town, phone: Telephone) -> None:
    planned(town)
    metering.exchange_meter(
        service_point=town.point(town.lupita), on=DAY, final_reading=968, serial="NV-77", initial_reading=0,
        reason="Parado", by="laura", at=SENT,
    )  # fmt: skip
    assert send(phone, told(phone, stop_of(town), 969)) == ["conflict"]
    kept_both(town, n_events=1)


def test_a_serial_nobody_knows_is_a_conflict(town: Town, phone: Telephone) -> None:
    planned(town)
    assert send(phone, told(phone, stop_of(town), 969, serial="OTRO-1")) == ["conflict"]
    assert values(town) == []


def test_the_period_was_billed_meanwhile(town: Town, phone: Telephone) -> None:
    planned(town)
    metering.close_period(cycle=town.cycle, period=JANUARY, by="salas", at=AT)
    assert send(phone, told(phone, stop_of(town), 969)) == ["conflict"]
    assert values(town) == []
    kept_both(town, n_events=1)


def test_a_code_orders_what_it_asks_for_once(town: Town, phone: Telephone) -> None:
    planned(town)
    first = told(phone, stop_of(town), None, code="05")
    again = told(phone, stop_of(town), None, AT + timedelta(minutes=1), code="07")
    send(phone, first, again)
    order = FieldOrder.objects.get()
    assert (order.kind, order.origin_kind, order.account) == ("meter_change", "reading", town.lupita)
    assert order.origin_folio == f"{JANUARY}-{town.point(town.lupita).pk}"


def test_a_person_picks_the_other_reading_and_says_why(town: Town, phone: Telephone, beto: Telephone) -> None:
    made = planned(town)
    send(phone, told(phone, stop_of(town), 969))
    fieldwork.reassign_round(round=made[0], to=beto.device.clerk, reason="Enfermó", at=AT, by="laura")
    send(beto, told(beto, stop_of(town), 975))
    point = town.point(town.lupita)
    review = metering.review_reading(
        service_point=point, period=JANUARY, decision="corrected", value=975, reason="La foto de Beto", by="laura",
        at=SENT,
    )  # fmt: skip
    assert values(town) == [969, 975]
    assert (review.by, review.reason, review.consumption_m3) == ("laura", "La foto de Beto", 975 - 950)
    assert queries.told_apart(service_point_id=point.pk, period=JANUARY) == []
    assert FieldEvent.objects.count() == 2


def test_the_pack_says_the_band_and_nobody_by_name(town: Town) -> None:
    """With ten m³ a month: 5 to 20 more than 960 raise nothing."""
    town.read(town.lupita, period=201812, value=960)
    metering.assess_period(cycle=town.cycle, period=201812, by="laura", at=AT)
    planned(town)
    from caudal.metering import packing

    stop = stop_of(town)
    packed = packing.pack(stops=[stop], at=AT)[str(stop.code)]
    assert packed == {
        "serial": "AZ5300293", "dial_digits": 5, "previous": 960, "low": 965, "high": 980,
        "bars": [None, None, None, None, None, 10],
    }  # fmt: skip


def test_whatever_the_order_everything_is_kept_and_one_reading_counts(
    town: Town, phone: Telephone, beto: Telephone, settings: Any
) -> None:
    """Two people, three values each at their minutes, sent in any order and twice: all kept, and one stands."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    made = planned(town)
    fieldwork.reassign_round(round=made[0], to=beto.device.clerk, reason="Enfermó", at=AT, by="laura")
    stop, minutes = stop_of(town), count()
    everything = [
        (who, told(who, stop, chance.choice((969, 970, 975)), AT + timedelta(minutes=next(minutes))))
        for who in (phone, beto) * 3
    ]  # fmt: skip
    sent = everything * 2
    chance.shuffle(sent)
    for who, event in sent:
        send(who, event)
    assert FieldEvent.objects.count() == len(everything)
    assert Reading.objects.filter(period=JANUARY).values("installation").distinct().count() == 1
    outcomes = EventOutcome.objects.values_list("kind", flat=True)
    assert set(outcomes) <= {"applied", "conflict"} and len(outcomes) == len(everything)
    assert Case.objects.count() == min(1, list(outcomes).count("conflict"))
    assert ReadingReview.objects.count() == list(outcomes).count("conflict")

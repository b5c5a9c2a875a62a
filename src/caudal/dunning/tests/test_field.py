"""Notices on their way: rounds in route order, what a phone knows of them, what it tells becomes their service."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.town.cast import Town, moment

from caudal.dunning import commands, listening, queries
from caudal.dunning.models import Notice, ServiceOfNotice
from caudal.dunning.policy import State
from caudal.dunning.tests.collection import TODAY, costs, issue, owe, serve
from caudal.fieldwork.events import EventApplied
from caudal.fieldwork.models import Device, FieldEvent, Round, Stop
from caudal.kernel import events

pytestmark = pytest.mark.django_db
TUESDAY = date(2019, 2, 12)


@pytest.fixture
def demands(priced: Town) -> list[Notice]:
    """Three accounts of two routes are asked for what they owe since November."""
    for account in (priced.school, priced.chuy, priced.espiga):
        owe(account, 1_000_00)
    return issue()


def plan(town: Town, notices: list[Notice], *, on: date = TUESDAY, **said: Any) -> list[Round]:
    told = {"servers": [town.julian], "name": "Requerimientos", "at": moment(TODAY, 15), "by": "laura"} | said
    return commands.plan_service(notices=notices, on=on, **told)


def tell(town: Town, stop: Stop, outcome: str, *, on: date = TUESDAY) -> None:
    """Julián's phone says what happened, from the door."""
    device = Device.objects.get_or_create(
        code="TEL-0001", defaults={"name": "Moto G", "clerk": town.julian, "token_hash": "0" * 64, "enrolled_at": moment(TODAY),
                                   "enrolled_by": "salas", "share": "s", "public_key": "p", "private_key": "p"},
    )[0]  # fmt: skip
    at = moment(on, 11)
    event = FieldEvent.objects.create(
        id=uuid4(), device=device, stop_code=stop.code, kind="delivery", body={"outcome": outcome, "receiver": "familiar"},
        body_hash="0" * 64, taken_at=at, happened_at=at, received_at=at + timedelta(hours=4), latitude_e6=20_280_000,
        longitude_e6=-102_550_000, accuracy_m=8,
    )  # fmt: skip
    events.announce(EventApplied(event=event, stop=stop, outcome=outcome))


def test_notices_are_walked_in_route_order(priced: Town, demands: list[Notice]) -> None:
    [planned] = plan(priced, list(reversed(demands)))
    assert planned.kind == Round.Kind.NOTICES
    assert list(planned.stops.order_by("sequence").values_list("subject_kind", "subject_folio")) == [
        ("notice", each.folio) for each in demands
    ]
    assert [each.route for each in demands] == ["01-001", "01-001", "01-004"]


def test_what_is_on_its_way_is_not_planned_again(priced: Town, demands: list[Notice]) -> None:
    plan(priced, demands[:1])
    [planned] = plan(priced, demands)
    assert planned.stops.count() == 2
    with pytest.raises(commands.CannotPlanService, match="Ya no hay"):
        plan(priced, demands)


def test_nobody_serves_on_a_day_that_does_not_count(priced: Town, demands: list[Notice]) -> None:
    """18 March 2019: Benito Juárez's birthday, kept on a Monday."""
    with pytest.raises(commands.CannotPlanService, match="no es día hábil"):
        plan(priced, demands, on=date(2019, 3, 18))
    with pytest.raises(commands.CannotPlanService, match="Falta quién"):
        plan(priced, demands, servers=[])
    assert not Round.objects.exists()


def test_the_phone_knows_no_name_and_no_amount(priced: Town, demands: list[Notice]) -> None:
    [planned] = plan(priced, demands)
    told = listening.pack(stops=list(planned.stops.all()), at=moment(TUESDAY, 7))
    first = told[str(planned.stops.get(sequence=1).code)]
    assert first == {
        "folio_tail": "0001", "kind_word": "requerimiento de pago",
        "options": ["delivered", "refused", "absent", "posted", "not_delivered"], "photo_required": True,
    }  # fmt: skip
    assert "Jesús" not in str(told) and "1030" not in str(told)


def test_a_delivery_told_by_a_phone_serves_the_notice(priced: Town, demands: list[Notice]) -> None:
    """2 % of $1,030.00 = $20.60: the floor of $100.00."""
    [planned] = plan(priced, demands)
    tell(priced, planned.stops.get(sequence=1), "delivered")
    service = ServiceOfNotice.objects.get()
    assert (service.notice, service.served_on, service.by) == (demands[0], TUESDAY, "julian")
    assert (service.latitude_e6, service.accuracy_m, service.receiver) == (20_280_000, 8, "familiar")
    assert service.effects_on == date(2019, 2, 13)
    assert costs(priced.chuy) == [100_00]


def test_a_second_visit_is_a_stop_of_the_next_business_day(priced: Town, demands: list[Notice]) -> None:
    [planned] = plan(priced, demands[:1])
    stop = planned.stops.get()
    tell(priced, stop, "absent")
    Stop.objects.filter(pk=stop.pk).update(outcome="absent", done_at=moment(TUESDAY, 11))
    wednesday = date(2019, 2, 13)
    waiting = queries.appointments(on=wednesday)
    assert waiting == demands[:1]
    [second] = plan(priced, waiting, on=wednesday)
    tell(priced, second.stops.get(), "posted", on=wednesday)
    assert queries.standing(notice=demands[0]).state == State.SERVED
    assert costs(priced.chuy) == [100_00]


def test_what_was_served_at_the_desk_is_not_served_again_by_a_phone(
    priced: Town, demands: list[Notice]
) -> None:
    [planned] = plan(priced, demands)
    serve(demands[0])
    with pytest.raises(commands.CannotServeNotice, match="ya se notificó"):
        tell(priced, planned.stops.get(sequence=1), "delivered")
    assert (ServiceOfNotice.objects.count(), costs(priced.chuy)) == (1, [100_00])

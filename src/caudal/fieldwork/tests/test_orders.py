"""Something to do at a place: ordered, called off, told once."""

import pytest
from tests.town.cast import Town, moment

from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.events import OrderDone
from caudal.fieldwork.models import FieldOrder, OrderResult
from caudal.fieldwork.tests import street
from caudal.fieldwork.tests.street import CENTER, TODAY
from caudal.kernel import events
from caudal.kernel.models import AuditEntry, Folio

pytestmark = pytest.mark.django_db


def _tell(order: FieldOrder, *, hour: int = 12, **said: object) -> OrderResult:
    told = fieldwork.Told(**({"is_done": True, "answers": {"found": "fuga en el cuadro"}} | said))
    return fieldwork.record_order_result(
        order=order, told=told, done_at=moment(TODAY, hour), at=moment(TODAY, 14), by="laura"
    )


def test_an_order_of_an_account_takes_its_place_from_the_registry(town: Town) -> None:
    point = town.point(town.lupita)
    point.latitude_e6, point.longitude_e6 = CENTER
    point.save()
    order = street.order(town.lupita, priority=1, instructions="Revisar consumo alto")

    assert (order.folio, order.address, order.service_point) == ("OT-000001", "Morelos 293", point)
    assert (order.latitude_e6, order.longitude_e6) == CENTER
    assert [(each["code"], each["answer"]) for each in order.checklist] == [
        ("found", "text"),
        ("before", "photo"),
    ]
    assert AuditEntry.objects.get(act="order_field_work").after == {
        "kind": "inspection", "origin": "", "account": "010293", "priority": 1,
    }  # fmt: skip


def test_an_order_may_be_anywhere_with_a_checklist_of_its_own(town: Town) -> None:
    order = street.order(address="Hidalgo y Juárez, esquina", place=CENTER, kind="leak", checklist=[])
    assert (order.account, order.latitude_e6, order.checklist) == (None, CENTER[0], [])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"address": " "}, "address"), ({"kind": "swim"}, "kind"), ({"priority": 6}, "priority")],
)
def test_an_order_nobody_could_carry_out_is_not_written(town: Town, wrong: dict, field: str) -> None:
    with pytest.raises(fieldwork.CannotOrderFieldWork) as refused:
        street.order(**({"address": "Morelos 1"} | wrong))
    assert refused.value.field == field
    assert not FieldOrder.objects.exists() and not Folio.objects.filter(series="orden").exists()


def test_a_result_is_told_once_and_ends_the_stop_somebody_carries(town: Town) -> None:
    order = street.order(town.lupita)
    planned = street.plan(town, kind="orders", stops=[fieldwork.StopPlan("order", order.folio)])
    heard: list[OrderDone] = []
    events.on(OrderDone, heard.append)
    result = _tell(order, reading=961)

    assert (result.is_done, result.answers, result.reading) == (True, {"found": "fuga en el cuadro"}, 961)
    stop = planned.stops.get()
    assert (stop.outcome, stop.done_at) == ("done", moment(TODAY, 12))
    assert heard == [OrderDone(order=order, result=result)]
    with pytest.raises(fieldwork.CannotRecordResult, match="OT-000001 ya tiene resultado, de laura"):
        _tell(order)
    assert OrderResult.objects.count() == 1 and len(heard) == 1


def test_what_was_not_done_says_why_and_answers_nothing(town: Town) -> None:
    order = street.order(town.lupita)
    with pytest.raises(fieldwork.CannotRecordResult) as refused:
        _tell(order, is_done=False)
    assert refused.value.field == "reason" and not OrderResult.objects.exists()
    result = _tell(order, is_done=False, reason="perro suelto", answers={})
    assert (result.is_done, result.reason) == (False, "perro suelto")


def test_what_was_done_answers_what_its_checklist_cannot_do_without(town: Town) -> None:
    """An inspection says what was found; its photograph is asked of the phone, not of the desk."""
    order = street.order(town.lupita)
    with pytest.raises(fieldwork.CannotRecordResult, match="Falta: qué se encontró") as refused:
        _tell(order, answers={})
    assert refused.value.field == "found"
    with pytest.raises(fieldwork.CannotRecordResult, match="todavía no llega"):
        _tell(order, hour=18)
    assert not OrderResult.objects.exists()


def test_the_seal_of_a_cut_answers_its_checklist(town: Town) -> None:
    order = street.order(town.chuy, kind="restriction")
    with pytest.raises(fieldwork.CannotRecordResult, match="número de sello"):
        _tell(order, answers={})
    assert _tell(order, answers={}, seal_number="S-0012").seal_number == "S-0012"


def test_an_order_called_off_leaves_the_round_it_was_in(town: Town) -> None:
    order = street.order(town.lupita)
    planned = street.plan(town, kind="orders", stops=[fieldwork.StopPlan("order", order.folio)])
    with pytest.raises(fieldwork.CannotCancelOrder) as refused:
        fieldwork.cancel_order(order=order, reason="", at=moment(TODAY, 9), by="laura")
    assert refused.value.field == "reason"
    fieldwork.cancel_order(order=order, reason="ya pagó", at=moment(TODAY, 9), by="laura")

    order.refresh_from_db()
    assert (order.canceled_by, order.canceled_reason) == ("laura", "ya pagó")
    assert planned.stops.get().outcome == "not_done"
    with pytest.raises(fieldwork.CannotRecordResult, match="está cancelada"):
        _tell(order)
    with pytest.raises(fieldwork.CannotCancelOrder, match="está cancelada"):
        fieldwork.cancel_order(order=order, reason="otra vez", at=moment(TODAY, 9), by="laura")

"""A report goes on: a crew goes, the office answers, it is resolved; and once somebody may say that it was not."""

from datetime import timedelta

import pytest
from tests.town.cast import Town

from caudal.cases import commands, queries
from caudal.cases.models import Case, CaseEntry, CaseRules
from caudal.cases.policy import State
from caudal.cases.tests.desk import NINE, go, later, leak, texts
from caudal.fieldwork.models import FieldOrder
from caudal.messaging.models import Message

pytestmark = pytest.mark.django_db


def state(case: Case, **length: float) -> State:
    return queries.standing(case=case, at=later(**length)).state


def resolve(case: Case, hours: float = 5, **said: str) -> CaseEntry:
    return commands.resolve_case(
        case=case, text="Se cambió el codo.", at=later(hours=hours), by="marta", **said
    )


def test_from_the_call_to_the_repair(april: Town) -> None:
    case = leak()
    order = commands.order_for_case(case=case, at=later(minutes=10), by="marta")
    assert (order.kind, order.origin_kind, order.origin_folio) == ("leak", "case", case.folio)
    assert (order.priority, order.due_at) == (2, case.due_at)
    assert (order.latitude_e6, order.longitude_e6) == (20_280_000, -102_550_000)
    assert state(case, minutes=10) == State.ASSIGNED

    go(order, at=later(hours=4))
    assert state(case, hours=4) == State.ATTENDED

    resolve(case)
    assert state(case, hours=5) == State.RESOLVED
    assert list(case.entries.order_by("id").values_list("kind", flat=True)) == [
        "opened", "ordered", "attended", "resolved",
    ]  # fmt: skip
    assert texts(case)[1:] == [
        "Su reporte REP-000001 ya está asignado a una cuadrilla.",
        "La cuadrilla ya atendió el lugar de su reporte REP-000001. Le avisamos cuando quede resuelto.",
        "Su reporte REP-000001 quedó resuelto: Se cambió el codo. Si no quedó resuelto, dígalo con su folio y su "
        "clave dentro de 10 días.",
    ]


def test_a_crew_that_could_not_leaves_it_open(april: Town) -> None:
    case = leak()
    order = commands.order_for_case(case=case, at=later(minutes=10), by="marta")
    go(order, at=later(hours=4), is_done=False)

    assert state(case, hours=4) == State.OPEN
    assert case.entries.get(kind="not_attended").text == "No hay válvula de repuesto"
    again = commands.order_for_case(case=case, at=later(hours=5), by="marta")
    assert again.folio != order.folio


def test_one_order_at_a_time(april: Town) -> None:
    case = leak()
    commands.order_for_case(case=case, at=NINE, by="marta")
    with pytest.raises(commands.CannotOrderForCase, match="Ya tiene la orden OT-000001"):
        commands.order_for_case(case=case, at=NINE, by="marta")
    assert FieldOrder.objects.count() == 1


def test_it_is_not_resolved_while_its_crew_is_on_the_way(april: Town) -> None:
    case = leak()
    commands.order_for_case(case=case, at=NINE, by="marta")
    with pytest.raises(commands.CannotResolveCase, match="todavía no tiene resultado"):
        resolve(case)
    assert state(case, hours=5) == State.ASSIGNED


def test_an_answer_leaves_it_open_and_is_told(april: Town) -> None:
    case = leak()
    commands.answer_case(case=case, text="Mañana va la cuadrilla.", at=later(hours=1), by="marta")
    assert state(case, hours=1) == State.ANSWERED
    assert texts(case)[-1] == "Respuesta a su reporte REP-000001: Mañana va la cuadrilla."


def test_a_note_is_nobodys_business_outside(april: Town) -> None:
    case = leak()
    commands.note_case(case=case, text="El vecino ya había llamado.", at=later(hours=1), by="marta")
    assert state(case, hours=1) == State.OPEN
    assert len(texts(case)) == 1  # only that it was received


def test_not_resolved_after_all_reopens_first_of_all_once(april: Town) -> None:
    """Resolved at 14:00 on Monday; disputed on Tuesday at 9: due again 24 hours later, with priority 1."""
    case = leak()
    resolve(case)
    disputed = commands.dispute_case(case=case, text="Sigue tirando agua", at=later(days=1))
    assert (disputed.priority, disputed.due_at) == (1, later(days=2))
    assert state(case, days=1) == State.REOPENED

    commands.resolve_case(case=disputed, text="Se cambió el tramo.", at=later(days=1, hours=3), by="marta")
    assert state(case, days=1, hours=3) == State.CLOSED  # what was disputed once is not disputed again
    with pytest.raises(commands.CannotDisputeCase, match="Ya se dijo una vez"):
        commands.dispute_case(case=case, text="Otra vez", at=later(days=1, hours=4))
    assert case.entries.filter(kind="disputed").count() == 1


@pytest.mark.parametrize(("seconds", "is_admitted"), [(0, True), (1, False)])
def test_the_days_to_dispute_are_data_and_their_last_second_counts(
    april: Town, seconds: int, is_admitted: bool
) -> None:
    CaseRules.objects.create(id=1, dispute_days=3)
    case = leak()
    entry = resolve(case)
    at = entry.at + timedelta(days=3, seconds=seconds)
    if is_admitted:
        commands.dispute_case(case=case, text="Sigue", at=at)
    else:
        with pytest.raises(commands.CannotDisputeCase, match="Ya pasaron los 3 días"):
            commands.dispute_case(case=case, text="Sigue", at=at)
    assert case.entries.filter(kind="disputed").exists() is is_admitted


def test_what_is_not_resolved_is_not_disputed(april: Town) -> None:
    with pytest.raises(commands.CannotDisputeCase, match="todavía no está resuelto"):
        commands.dispute_case(case=leak(), text="Sigue", at=later(hours=1))


def test_what_is_finished_moves_no_more(april: Town) -> None:
    case = leak()
    resolve(case)
    before = (CaseEntry.objects.count(), Message.objects.count())
    for act, refusal in (
        (lambda: resolve(case), commands.CannotResolveCase),
        (
            lambda: commands.answer_case(case=case, text="x", at=later(hours=6), by="m"),
            commands.CannotAnswerCase,
        ),
        (lambda: commands.order_for_case(case=case, at=later(hours=6), by="m"), commands.CannotOrderForCase),
    ):
        with pytest.raises(refusal, match="ya está resuelto"):
            act()
    assert (CaseEntry.objects.count(), Message.objects.count()) == before


def test_a_crew_that_tells_after_a_merge_is_heard_where_the_case_went_on(april: Town) -> None:
    first, second = leak(), leak(reporter_phone="3929350000")
    order = commands.order_for_case(case=second, at=later(minutes=5), by="marta")
    commands.merge_cases(case=second, into=first, at=later(minutes=10), by="marta")
    go(order, at=later(hours=2))
    assert state(first, hours=2) == State.ATTENDED
    assert state(second, hours=2) == State.MERGED
    assert texts(second)[-1].startswith("La cuadrilla ya atendió el lugar de su reporte REP-000002")

"""The Crítica: what a person decides of Doña Lupita's 60 m³, who always drinks 25, and what it does to her bill."""

from datetime import date

import pytest
from click.testing import CliRunner
from tests.town.cast import Town, moment

from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.models import FieldOrder
from caudal.metering import commands as metering
from caudal.metering import queries
from caudal.metering.models import Consumption, Reading, ReadingReview, RereadRequest

pytestmark = pytest.mark.django_db
JANUARY = 201901
AT = moment(date(2019, 1, 28))


@pytest.fixture
def doubtful(town: Town) -> Town:
    """December 25 m³ (950 → 975), January 60 (→ 1035): more than twice."""
    for period, value in ((201812, 975), (JANUARY, 1035)):
        town.read(town.lupita, period=period, value=value)
        metering.assess_period(cycle=town.cycle, period=period, by="laura", at=AT)
    return town


def decide(town: Town, decision: str, **said: object) -> ReadingReview:
    told = {"reason": "La foto lo dice", "by": "laura", "at": AT} | said
    return metering.review_reading(
        service_point=town.point(town.lupita), period=JANUARY, decision=decision, **told
    )  # type: ignore[arg-type]


def state(town: Town) -> str:
    cases = queries.cases(cycle=town.cycle, period=JANUARY)
    return next(each.state for each in cases if each.account_number == "010293")


def m3(town: Town) -> int:
    return Consumption.objects.get(period=JANUARY, service_point_id=town.point(town.lupita).pk).consumption_m3


def test_accepted_it_is_decided_with_who_and_why(doubtful: Town) -> None:
    assert state(doubtful) == "pending"
    review = decide(doubtful, "accepted")
    assert (review.by, review.reason, review.consumption_m3, state(doubtful)) == (
        "laura", "La foto lo dice", 60, "decided",
    )  # fmt: skip


def test_corrected_it_is_assessed_at_once_and_undone_it_is_what_it_was(doubtful: Town) -> None:
    review = decide(doubtful, "corrected", value=1003)
    assert (m3(doubtful), review.consumption_m3, state(doubtful)) == (28, 28, "decided")
    metering.reopen_review(review=review, by="laura", at=AT)
    assert (m3(doubtful), state(doubtful)) == (60, "pending")
    found = Reading.objects.filter(period=JANUARY, kind="regular", installation__meter__serial="AZ5300293")
    assert list(found.order_by("revision").values_list("value", flat=True)) == [1035, 1003, 1035]


def test_estimated_the_value_is_put_aside(doubtful: Town) -> None:
    decide(doubtful, "estimated")
    row = Consumption.objects.get(period=JANUARY, service_point_id=doubtful.point(doubtful.lupita).pk)
    assert (row.basis, state(doubtful)) == (Consumption.Basis.ESTIMATED, "decided")


def test_sent_to_be_read_it_waits_and_the_order_brings_the_reading(doubtful: Town) -> None:
    review = decide(doubtful, "reread")
    order = FieldOrder.objects.get(folio=review.order_folio)
    assert (order.kind, state(doubtful), RereadRequest.objects.count()) == ("meter_check", "waiting", 1)
    fieldwork.record_order_result(
        order=order, told=fieldwork.Told(is_done=True, reading=1003, answers={"reading": 1003, "dial": "foto"}),
        done_at=AT, at=AT, by="beto",
    )  # fmt: skip
    assert (m3(doubtful), state(doubtful)) == (28, "decided")


def test_an_order_is_canceled_with_its_decision(doubtful: Town) -> None:
    review = decide(doubtful, "inspection")
    metering.reopen_review(review=review, by="laura", at=AT)
    assert FieldOrder.objects.get().canceled_at == AT
    assert state(doubtful) == "pending"


@pytest.mark.parametrize(
    ("decision", "said", "field"),
    [("accepted", {"reason": " "}, "reason"), ("corrected", {}, "value"), ("contested", {}, "decision"),
     ("corrected", {"value": 100_000}, "value")],
)  # fmt: skip
def test_what_cannot_be_decided_changes_nothing(
    doubtful: Town, decision: str, said: dict[str, object], field: str
) -> None:
    with pytest.raises((metering.CannotReviewReading, metering.CannotCorrectReading)) as refused:
        decide(doubtful, decision, **said)
    assert refused.value.field == field
    assert (ReadingReview.objects.count(), m3(doubtful)) == (0, 60)


def test_what_changed_while_it_was_looked_at_is_looked_at_again(doubtful: Town) -> None:
    point = doubtful.point(doubtful.lupita)
    seen = queries.seen_of(service_point_id=point.pk, period=JANUARY)
    decide(doubtful, "accepted", seen=seen)
    with pytest.raises(metering.CannotReviewReading):
        decide(doubtful, "estimated", seen=seen)
    assert ReadingReview.objects.count() == 1


def test_a_decision_counts_while_the_consumption_is_the_one_that_was_seen(doubtful: Town) -> None:
    decide(doubtful, "accepted")
    latest = queries.latest_reading(service_point=doubtful.point(doubtful.lupita), period=JANUARY)
    assert latest is not None
    metering.correct_reading(reading=latest, value=1099, reason="Otra foto", by="laura", at=AT)
    metering.assess_period(cycle=doubtful.cycle, period=JANUARY, by="laura", at=AT)
    assert state(doubtful) == "pending"


def test_a_decision_with_others_after_it_is_not_undone(doubtful: Town) -> None:
    first = decide(doubtful, "accepted")
    decide(doubtful, "inspection")
    with pytest.raises(metering.CannotReopenReview):
        metering.reopen_review(review=first, by="laura", at=AT)


def test_the_command_line_does_the_same(doubtful: Town) -> None:
    from caudal.metering.cli import reading

    where = ["review", "--cycle", "MENSUAL", "--period", str(JANUARY)]
    run = CliRunner()
    assert "010293" in run.invoke(reading, where).output
    told = run.invoke(
        reading, [*where, "--account", "010293", "--decision", "accepted", "--reason", "Fuga vista"]
    )
    assert told.output.startswith("Lectura aceptada: 60 m³")
    assert "reabierta" in run.invoke(reading, [*where, "--account", "010293", "--undo"]).output
    planned = run.invoke(
        reading, ["rounds", "--cycle", "MENSUAL", "--period", "201902", "--on", "2019-02-25", "--reader",
                  "01-001=julian"],
    )  # fmt: skip
    assert "REC-000001" in planned.output

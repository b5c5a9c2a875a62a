"""The clock, the audit and what a terminal shows."""

import json
from datetime import UTC, date, datetime

import pytest

from caudal.kernel import audit, clock
from caudal.kernel.cli import emit, pesos
from caudal.kernel.models import AuditEntry


@pytest.mark.parametrize(
    ("moved", "today"),
    [
        ("2019-03-05", date(2019, 3, 5)),
        ("2019-03-05T23:59:59", date(2019, 3, 5)),
        ("2019-03-05T23:59:59-06:00", date(2019, 3, 5)),
    ],
)
def test_the_clock_can_be_moved_for_a_practice_day(
    monkeypatch: pytest.MonkeyPatch, moved: str, today: date
) -> None:
    monkeypatch.setenv("CAUDAL_NOW", moved)
    assert clock.today() == today
    assert clock.now().tzinfo is not None


def test_the_day_is_that_of_the_utility_not_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three in the morning of the 6th in Greenwich is nine at night of the 5th in La Barca."""
    monkeypatch.setenv("CAUDAL_NOW", "2019-03-06T03:00:00+00:00")
    assert clock.today() == date(2019, 3, 5)


@pytest.mark.django_db
def test_the_audit_says_who_did_what_to_which_and_how_it_was_before() -> None:
    at = datetime(2019, 3, 5, 17, tzinfo=UTC)
    audit.record(
        act="registry.change_terms", by="laura", at=at, object_kind="account", object_id="010117",
        before={"class": "HAB-GEN"}, after={"class": "MIX-COM"}, reason="Inspección 44",
    )  # fmt: skip
    entry = AuditEntry.objects.get()
    assert (entry.by, entry.at, entry.object_id, entry.reason) == ("laura", at, "010117", "Inspección 44")
    assert (entry.before, entry.after) == ({"class": "HAB-GEN"}, {"class": "MIX-COM"})


@pytest.mark.parametrize(
    ("cents", "told"),
    [(0, "$0.00"), (5, "$0.05"), (-5, "−$0.05"), (123_456, "$1,234.56"), (-100_000_000, "−$1,000,000.00")],
)
def test_an_amount_on_a_terminal(cents: int, told: str) -> None:
    assert pesos(cents) == told


def test_a_result_for_people_or_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"name": "Doña Lupita Núñez", "on": date(2019, 3, 5)}
    emit(value, as_json=False, text=lambda v: f"{v['name']} al {v['on']:%d/%m/%Y}")
    emit(value, as_json=True, text=str)
    told = capsys.readouterr().out
    assert told.startswith("Doña Lupita Núñez al 05/03/2019\n")
    assert "Núñez" in told.split("\n", 1)[1]
    assert json.loads(told.split("\n", 1)[1]) == {"name": "Doña Lupita Núñez", "on": "2019-03-05"}
